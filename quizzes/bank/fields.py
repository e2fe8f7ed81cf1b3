"""The bands of a question as one column."""

from __future__ import annotations

from typing import Any

from common.fields import Names, NamesField, holding, parse_names
from quizzes.bank.shapes import BANDS

__all__ = ["BandsField", "holding", "parse_bands"]


def parse_bands(value: Any) -> Names:
    """The bands of a text or of any iterable, each once, from the youngest to the parents."""
    return parse_names(value, BANDS)


class BandsField(NamesField):
    """A set of bands, kept in a char column."""

    known = BANDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(*args, **kwargs)
