"""Item statistics: how a question behaves once people have answered it. Pure.

A `Tally` is all that is kept of the answers: sums and counts by version, nothing about a person. Tallies
add up, so rooms and exams may be counted one at a time and in any order.

Facility (P) is the mean share of the marks. Discrimination (D) is the corrected item–total correlation:
Pearson's r between the share on this item and the mean share on the *other* items of the same person,
so that an item does not correlate with itself. Both as in Crocker & Algina, Introduction to Classical and
Modern Test Theory (1986), chapter 14; for a dichotomous item r is the point-biserial correlation. A
distractor works when somebody takes it, and when those who take it do worse elsewhere than those who
take the key.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quizzes.bank.domain.body import CHOICE_KINDS, LETTERS, Body

ENOUGH = 30
"""Answers below which no judgement is made: with fewer, chance speaks louder than the question."""
TOO_HARD, TOO_EASY = 0.2, 0.95
LOW_DISCRIMINATION = 0.2
DEAD_DISTRACTOR = 0.02
TIME_STEPS = (2, 4, 6, 8, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600)
"""Upper bounds, in seconds, of the classes in which times are counted; the last class is open."""


@dataclass(frozen=True)
class Answered:
    """One answer. `share` is 0 to 1; `rest` is the person's mean share on the other items, if there were any."""

    share: float
    rest: float | None = None
    chosen: tuple[int, ...] = ()
    seconds: float | None = None


@dataclass
class Tally:
    """What is kept of the answers to one version."""

    count: int = 0
    share: float = 0.0
    # Sums over the answers whose `rest` is known.
    paired: int = 0
    x: float = 0.0
    xx: float = 0.0
    r: float = 0.0
    rr: float = 0.0
    xr: float = 0.0
    chosen: dict[int, int] = field(default_factory=dict)
    """Option → how many chose it."""
    chosen_rest: dict[int, tuple[int, float]] = field(default_factory=dict)
    """Option → (how many with a known rest chose it, the sum of their rests)."""
    times: list[int] = field(default_factory=lambda: [0] * (len(TIME_STEPS) + 1))

    def add(self, answer: Answered) -> None:
        self.count += 1
        self.share += answer.share
        for option in answer.chosen:
            self.chosen[option] = self.chosen.get(option, 0) + 1
        if answer.rest is not None:
            self.paired += 1
            self.x += answer.share
            self.xx += answer.share**2
            self.r += answer.rest
            self.rr += answer.rest**2
            self.xr += answer.share * answer.rest
            for option in answer.chosen:
                number, total = self.chosen_rest.get(option, (0, 0.0))
                self.chosen_rest[option] = (number + 1, total + answer.rest)
        if answer.seconds is not None:
            self.times[next((i for i, step in enumerate(TIME_STEPS) if answer.seconds <= step), len(TIME_STEPS))] += 1

    def merge(self, other: Tally) -> None:
        for name in ("count", "share", "paired", "x", "xx", "r", "rr", "xr"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for option, number in other.chosen.items():
            self.chosen[option] = self.chosen.get(option, 0) + number
        for option, (number, total) in other.chosen_rest.items():
            mine, sum_ = self.chosen_rest.get(option, (0, 0.0))
            self.chosen_rest[option] = (mine + number, sum_ + total)
        self.times = [a + b for a, b in zip(self.times, other.times, strict=True)]

    def to_json(self) -> dict[str, Any]:
        return {
            "sums": [self.count, self.share, self.paired, self.x, self.xx, self.r, self.rr, self.xr],
            "chosen": {str(option): number for option, number in sorted(self.chosen.items())},
            "chosen_rest": {str(option): list(pair) for option, pair in sorted(self.chosen_rest.items())},
            "times": self.times,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Tally:
        count, share, paired, x, xx, r, rr, xr = data["sums"]
        return cls(
            int(count),
            share,
            int(paired),
            x,
            xx,
            r,
            rr,
            xr,
            {int(option): number for option, number in data["chosen"].items()},
            {int(option): (pair[0], pair[1]) for option, pair in data["chosen_rest"].items()},
            list(data["times"]),
        )


@dataclass(frozen=True)
class OptionStatistic:
    letter: str
    text: str
    misconception: str
    right: bool
    count: int
    part: float
    """Which part of those who answered chose it, 0 to 1."""
    rest: float | None
    """How those who chose it did on the other items, 0 to 1."""


@dataclass(frozen=True)
class ItemStatistics:
    count: int
    facility: float | None
    discrimination: float | None
    seconds: float | None
    """The median, as the upper bound of its class; None when no times were counted."""
    options: tuple[OptionStatistic, ...]
    warnings: tuple[str, ...]
    """What an editor should look at, as sentences; nothing with fewer than `ENOUGH` answers."""


def statistics(body: Body, tally: Tally) -> ItemStatistics:
    """The figures of one version. A figure that the answers cannot give is None."""
    facility = tally.share / tally.count if tally.count else None
    discrimination = correlation(tally)
    options = _options(body, tally)
    warnings = tuple(_warnings(facility, discrimination, options)) if tally.count >= ENOUGH else ()
    return ItemStatistics(tally.count, facility, discrimination, median_time(tally.times), options, warnings)


def correlation(tally: Tally) -> float | None:
    """Pearson's r of share and rest; None when either does not vary."""
    n = tally.paired
    if n < 2:
        return None
    variance_x = n * tally.xx - tally.x**2
    variance_r = n * tally.rr - tally.r**2
    if variance_x <= 1e-9 or variance_r <= 1e-9:
        return None
    value = (n * tally.xr - tally.x * tally.r) / math.sqrt(variance_x * variance_r)
    return max(-1.0, min(1.0, round(value, 6)))  # sums of floats: an exact zero must not look negative


def median_time(times: Sequence[int]) -> float | None:
    whole = sum(times)
    if not whole:
        return None
    seen = 0
    for number, bound in zip(times, (*TIME_STEPS, math.inf), strict=True):
        seen += number
        if 2 * seen >= whole:
            return float(bound)
    return None


def tallied(answers: Iterable[Answered]) -> Tally:
    tally = Tally()
    for answer in answers:
        tally.add(answer)
    return tally


def _options(body: Body, tally: Tally) -> tuple[OptionStatistic, ...]:
    if body.kind not in CHOICE_KINDS or not tally.count:
        return ()
    found = []
    for i, option in enumerate(body.options):
        number, total = tally.chosen_rest.get(i, (0, 0.0))
        count = tally.chosen.get(i, 0)
        rest = total / number if number else None
        found.append(
            OptionStatistic(
                LETTERS[i], option.text, option.misconception, option.right, count, count / tally.count, rest
            )
        )
    return tuple(found)


def _warnings(
    facility: float | None, discrimination: float | None, options: Sequence[OptionStatistic]
) -> Iterable[str]:
    right = [option for option in options if option.right]
    wrong = [option for option in options if not option.right]
    for option in wrong:
        if right and option.count > max(each.count for each in right):
            yield f"选 {option.letter} 的人比选正确答案的还多：请核对答案，或者题干有歧义"
    if discrimination is not None and discrimination < 0:
        yield "别的题答得好的人，这道题反而答错：答案可能标错了"
    elif discrimination is not None and discrimination < LOW_DISCRIMINATION:
        yield "区分度低：会的人和不会的人答得差不多"
    keys = [option.rest for option in right if option.rest is not None]
    for option in wrong:
        if keys and option.rest is not None and option.count >= ENOUGH // 3 and option.rest > max(keys):
            yield f"选 {option.letter} 的人别的题答得更好：请看看 {option.letter} 是不是也说得通"
    if facility is not None and facility < TOO_HARD:
        yield "太难：答对的人不到两成"
    if facility is not None and facility > TOO_EASY:
        yield "太容易：几乎人人答对"
    dead = [option.letter for option in wrong if option.part < DEAD_DISTRACTOR]
    if dead and facility is not None and facility <= TOO_EASY:
        yield f"选项 {'、'.join(dead)} 几乎没有人选，不像一个误区"
