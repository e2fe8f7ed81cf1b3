"""Marking: whether an answer is right. Pure: the one place that decides it for every room.

Options are positions in the order the question stores them, whatever order a pupil saw.
"""

from __future__ import annotations

KINDS = ("single", "multiple", "judge")


def is_right(kind: str, right: frozenset[int], chosen: frozenset[int]) -> bool:
    """True when exactly the right options were chosen; part of a multiple choice is not enough."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind of question: {kind!r}")
    return bool(chosen) and chosen == right
