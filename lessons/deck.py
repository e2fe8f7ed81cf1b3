"""Which steps a band sees at a length. Pure: no Django; anything with a `value` mapping will do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lessons.shapes import BANDS, LENGTHS

RUBY_BANDS = frozenset({"K", "P1"})
DEFAULT_BAND = "P2"
DEFAULT_LENGTH = 5


def choose(band: str | None, length: str | None) -> tuple[str, int]:
    """The wanted band and length, or the defaults where the address says nothing sensible."""
    minutes = int(length) if length and length.isdigit() and int(length) in LENGTHS else DEFAULT_LENGTH
    return (band if band in BANDS else DEFAULT_BAND), minutes


def shows(value: Any, band: str, length: int) -> bool:
    return band in value["bands"] and int(value["shortest"]) <= length and not withdrawn(value)


def withdrawn(value: Any) -> bool:
    """Whether a step asks a question that the bank has retired or no longer has: it is not put to a class."""
    question = value.get("question", "")
    return question is None or not getattr(question, "live", True)


def steps_for(steps: Iterable[Any], band: str, length: int) -> list[Any]:
    """The steps of a lesson for one band at one length (1, 5 or 30 minutes), in page order."""
    return [step for step in steps if shows(step.value, band, length)]
