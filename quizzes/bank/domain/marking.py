"""Marks of a response to a body. Pure.

A response is plain JSON: positions `[0, 2]` for options, texts for blanks, the order of the items,
for each left the position of its right (or null), a text for a short answer, and for a case a list
of its parts' responses. Anything else earns nothing: a response comes from outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from quizzes import scoring
from quizzes.bank.domain.body import CHOICE_KINDS, Body


def mark(body: Body, response: Any) -> Fraction | None:
    """The share of the marks, 0 to 1; None when a person must mark it (short answers, and cases with one)."""
    if body.kind == "short":
        return scoring.NOTHING if not isinstance(response, str) or not response.strip() else None
    if not isinstance(response, list):
        return scoring.NOTHING
    partial = body.marking == "partial"
    if body.kind in CHOICE_KINDS:
        chosen = _positions(response, len(body.options))
        return scoring.NOTHING if chosen is None else scoring.mark_choice(body.right, frozenset(chosen), partial=partial)
    if body.kind == "blank":
        return scoring.mark_blanks(body.blanks, [str(text) for text in response], partial=partial)
    if body.kind == "order":
        placed = _positions(response, len(body.items))
        return scoring.NOTHING if placed is None else scoring.mark_order(len(body.items), placed, partial=partial)
    if body.kind == "match":
        ties = [entry if _is_position(entry, len(body.rights)) else None for entry in response]
        return scoring.mark_match(len(body.lefts), ties, partial=partial)
    if body.kind == "case":
        return _mark_case(body, response)
    raise ValueError(f"unknown kind of question: {body.kind!r}")


def _mark_case(body: Body, response: list[Any]) -> Fraction | None:
    """The parts weigh the same. Waits for a person as soon as one part does."""
    shares = [mark(part, response[i] if i < len(response) else None) for i, part in enumerate(body.parts)]
    known = [share for share in shares if share is not None]
    if len(known) < len(shares):
        return None
    return sum(known, scoring.NOTHING) / len(known) if known else scoring.NOTHING


def _positions(response: Sequence[Any], count: int) -> list[int] | None:
    return list(response) if all(_is_position(entry, count) for entry in response) else None


def _is_position(entry: Any, count: int) -> bool:
    return isinstance(entry, int) and not isinstance(entry, bool) and 0 <= entry < count
