"""“用在哪里”: where a question is used. Rooms above the bank register who knows; the bank imports none of them.

    usage.register("课程", lessons_that_embed)      # in the AppConfig.ready() of a room above

A source gets a question and returns its uses, the newest first, in a fixed number of queries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quizzes.bank.models import Question


@dataclass(frozen=True)
class Use:
    """One place. `version` is the primary key of the version that was put there; None for whichever is in use."""

    label: str
    url: str = ""
    when: dt.datetime | None = None
    version: int | None = None


Source = Callable[["Question"], list[Use]]
_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Add a source of uses; the same name again puts the new one in its place."""
    _sources[name] = source


def uses(question: Question) -> list[tuple[str, list[Use]]]:
    """(name of the source, its uses) for every source, in the order they were registered."""
    return [(name, source(question)) for name, source in _sources.items()]
