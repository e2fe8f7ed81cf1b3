"""Where organisations stand, for lists and breadcrumbs: the ancestors of a whole page of rows in one query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from people.access import Action, access_of
from people.models import Organisation


def prefixes(path: str) -> list[str]:
    """The paths of the ancestors, from the top."""
    step = Organisation.steplen
    return [path[:end] for end in range(step, len(path), step)]


def with_trails(rows: Iterable[Organisation], user: Any) -> list[Organisation]:
    """The rows, each with `trail`: those ancestors that the user may see, from the top."""
    rows = list(rows)
    wanted = {prefix for row in rows for prefix in prefixes(row.path)}
    access = access_of(user)
    seen = {
        node.path: node
        for node in Organisation.objects.filter(path__in=wanted)
        if access.can(Action.ORGANISATIONS_VIEW, node.path)
    }
    for row in rows:
        row.trail = [seen[prefix] for prefix in prefixes(row.path) if prefix in seen]
    return rows
