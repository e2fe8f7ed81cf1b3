"""Which topic a day gets on the home page. Pure: the same date gives the same answer everywhere.

The hazards of the month take turns by school day. A weekend shows the edition of the Friday before
it, so that a teacher who prepares on Sunday still finds it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# 性侵与拐骗 must be prepared by the teacher, who knows the class and the way to report; a home page
# that puts it on the wall at one tap would skip just that. Its lesson is one tap away in the grid.
NEVER_PICKED = frozenset({"abuse-abduction"})
FRIDAY = 4
SHORT, LONG = 5, 30
DAY = datetime.timedelta(days=1)

Lessons = Iterable[tuple[str, Sequence[int]]]


@dataclass(frozen=True)
class Pick:
    """A topic and the length to open it at; Friday's is the long edition before the weekend."""

    slug: str
    length: int


def of_month(month: int, lessons: Lessons) -> list[str]:
    """The topics that this month calls for, in the order given."""
    return [slug for slug, months in lessons if month in months]


def pick(date: datetime.date, lessons: Lessons) -> Pick | None:
    """The date's topic among those of its month; any topic if the month has none; None without lessons."""
    allowed = [(slug, months) for slug, months in lessons if slug not in NEVER_PICKED]
    day = school_day(date)
    turn = _turn(day, allowed)
    if not turn:
        return None
    slug = turn[_index(day, turn)]
    following = _next_month(day)
    if len(turn) > 2 and school_day(following - DAY) == day:
        # The last day of a month gives way when the next month begins with the same topic.
        start = school_day(following)
        next_turn = _turn(start, allowed)
        if next_turn[_index(start, next_turn)] == slug:
            slug = turn[(_index(day, turn) + 1) % len(turn)]
    return Pick(slug, LONG if day.weekday() == FRIDAY else SHORT)


def school_day(date: datetime.date) -> datetime.date:
    """The date itself; for a weekend the Friday before, or the Monday after if that Friday is last month's."""
    friday = date - DAY * max(0, date.weekday() - FRIDAY)
    if friday.month == date.month:
        return friday
    return date + DAY * (7 - date.weekday())


def _turn(day: datetime.date, allowed: Sequence[tuple[str, Sequence[int]]]) -> list[str]:
    return of_month(day.month, allowed) or [slug for slug, _months in allowed]


def _index(day: datetime.date, turn: Sequence[str]) -> int:
    """School days of the month before `day`, from a start that moves on with every month and year."""
    before = sum((day.replace(day=n)).weekday() <= FRIDAY for n in range(1, day.day))
    return (day.year * 5 + day.month + before) % len(turn)


def _next_month(day: datetime.date) -> datetime.date:
    return (day.replace(day=1) + DAY * 31).replace(day=1)
