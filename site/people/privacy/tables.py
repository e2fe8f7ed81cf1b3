"""From the map's dotted names to installed models. What is not installed is passed over."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from people.models import User
from people.privacy.holdings import HOLDINGS
from people.privacy.shape import Holding, Table


def model_of(table: Table) -> type[models.Model] | None:
    """The model of a table; None when its app is not installed."""
    try:
        return apps.get_model(table.model)
    except LookupError:
        return None


def installed() -> Iterator[tuple[Holding, Table, type[models.Model]]]:
    """Every table of the map that this site has."""
    for holding in HOLDINGS:
        for table in holding.tables:
            model = model_of(table)
            if model is not None:
                yield holding, table, model


def rows_of(user: User, table: Table, model: type[models.Model]) -> models.QuerySet:
    """The rows of a table that belong to this person; none for a table that belongs to nobody."""
    if not table.person:
        return model._default_manager.none()
    # The throttle counts all spellings of a staff number together, in small letters.
    lookup = f"{table.person}__iexact" if table.by == "username" else table.person
    return model._default_manager.filter(**{lookup: getattr(user, table.by)}).order_by("pk")


def days_of(holding: Holding) -> int | None:
    """The days of its timer as set for this site; None for a kind without one."""
    return int(settings.PRIVACY_DAYS[holding.days]) if holding.days else None


def kept_for(holding: Holding) -> str:
    """How long, in words, with this site's days."""
    return _(holding.kept).format(days=days_of(holding))
