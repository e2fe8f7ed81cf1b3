"""Live rooms for tests: a small deck whose texts are easy to find in a frame where they must not be."""

from __future__ import annotations

import datetime as dt
from typing import Any

from quizzes.live.domain import rules
from quizzes.live.domain.commands import Event, command
from quizzes.live.domain.room import Kind, Mode, Option, RoomState, Slide

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)

KINDS = (Kind.SINGLE, Kind.MULTIPLE, Kind.JUDGE)
RIGHT = {Kind.SINGLE: {2}, Kind.MULTIPLE: {0, 3}, Kind.JUDGE: {1}}


def slide(number: int, kind: Kind = Kind.SINGLE) -> Slide:
    """Question `number`: single has the key C, multiple A and D, judge 错."""
    texts = ("对", "错") if kind is Kind.JUDGE else ("甲", "乙", "丙", "丁")
    return Slide(
        code=f"q{number:03}",
        kind=kind,
        stem=f"第{number}个题目",
        options=tuple(Option(text, i in RIGHT[kind]) for i, text in enumerate(texts)),
        explanation=f"第{number}个讲解",
        source=f"S{number}来源",
    )


DECK = tuple(slide(i + 1, kind) for i, kind in enumerate(KINDS))
"""Three questions: single, multiple, judge."""


def room(mode: Mode = Mode.PHONES, **changes: Any) -> RoomState:
    """A new room: in the lobby with phones, at the first question with hands."""
    return rules.new_room("246810", mode, "防溺水", changes.pop("deck", DECK), NOON, **changes)


def after(*steps: str, start: RoomState | None = None, **changes: Any) -> RoomState:
    """The room after these commands, for instance `after("start", "close")`."""
    state = start or room(**changes)
    for step in steps:
        state, _ = rules.apply(state, command(step), NOON)
    return state


def step(state: RoomState, word: str) -> tuple[RoomState, tuple[Event, ...]]:
    return rules.apply(state, command(word), NOON)
