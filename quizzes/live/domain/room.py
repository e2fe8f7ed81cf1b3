"""What a live room is: frozen dataclasses that the rules turn from one into the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MAX_ROUNDS = 5
"""A question may be asked again four times; after that a class needs a lesson, not a vote."""


class Phase(StrEnum):
    LOBBY = "lobby"
    OPEN = "open"
    CLOSED = "closed"
    REVEALED = "revealed"
    ENDED = "ended"


class Mode(StrEnum):
    HANDS = "hands"
    PHONES = "phones"


class Kind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    JUDGE = "judge"


ASKING = frozenset({Phase.OPEN, Phase.CLOSED, Phase.REVEALED})
"""Phases in which a question is on the wall."""


@dataclass(frozen=True)
class Option:
    text: str
    right: bool


@dataclass(frozen=True)
class Slide:
    """A question as it stood when the room was opened: later edits in the bank do not reach it."""

    code: str
    kind: Kind
    stem: str
    options: tuple[Option, ...]
    explanation: str
    source: str
    version: int | None = None
    """Which version of the question it is; for statistics, never sent to anybody."""

    @property
    def key(self) -> frozenset[int]:
        return frozenset(i for i, option in enumerate(self.options) if option.right)


@dataclass(frozen=True)
class Tally:
    """The count of one question in one round. `answered` and `right` are None when hands cannot tell."""

    counts: tuple[int, ...]
    answered: int | None
    right: int | None


@dataclass(frozen=True)
class RoomState:
    code: str
    mode: Mode
    title: str
    deck: tuple[Slide, ...]
    quiet: bool = False
    max_players: int = 5000
    phase: Phase = Phase.LOBBY
    paused: bool = False
    index: int = 0
    round: int = 1
    rev: int = 1
    left: Mapping[int, tuple[Phase, int]] = field(default_factory=dict)
    """Where a question stood when the host moved away from it, so that going back finds it again."""
    tallies: Mapping[tuple[int, int], Tally] = field(default_factory=dict)
    opened_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    delete_after: dt.datetime | None = None

    @property
    def slide(self) -> Slide:
        return self.deck[self.index]

    @property
    def asking(self) -> bool:
        return self.phase in ASKING

    @property
    def is_last(self) -> bool:
        return self.index == len(self.deck) - 1

    def rounds_counted(self) -> list[tuple[int, Tally]]:
        """Every finished round of the question on the wall, oldest first."""
        done = self.round - 1 if self.phase is Phase.OPEN else self.round
        return [
            (number, self.tallies[self.index, number])
            for number in range(1, done + 1)
            if (self.index, number) in self.tallies
        ]
