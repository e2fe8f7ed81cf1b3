"""The day's topic: steady for a day, of the month, never yesterday's, never one that needs preparing."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from home import today

FOLDER = Path(__file__).parents[2] / "lessons" / "content" / "lessons"
SHIPPED = [
    (data["topic"], data["months"])
    for data in (yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml")))
]
THREE_YEARS = [datetime.date(2026, 1, 1) + datetime.timedelta(days=n) for n in range(3 * 365 + 1)]
SCHOOL_DAYS = [date for date in THREE_YEARS if date.weekday() <= today.FRIDAY]

months = st.lists(st.integers(1, 12), min_size=1, max_size=12, unique=True)
# At least three topics are in season all year: with fewer a month cannot avoid repeating.
lessons = st.lists(months, min_size=0, max_size=12).map(
    lambda rows: [(f"all-{n}", list(range(1, 13))) for n in range(3)] + [(f"t{n}", m) for n, m in enumerate(rows)]
)
dates = st.dates(datetime.date(2000, 1, 1), datetime.date(2090, 12, 31))


def picked(date: datetime.date) -> today.Pick:
    found = today.pick(date, SHIPPED)
    assert found is not None
    return found


def before(date: datetime.date) -> datetime.date:
    return date - datetime.timedelta(days=3 if date.weekday() == 0 else 1)


def test_every_day_of_three_years_shows_a_hazard_of_its_month():
    months_of = dict(SHIPPED)
    assert [date for date in THREE_YEARS if date.month not in months_of[picked(date).slug]] == []


def test_no_school_day_repeats_the_topic_of_the_one_before():
    assert [d for d in SCHOOL_DAYS[1:] if picked(d).slug == picked(before(d)).slug] == []


def test_the_topic_that_needs_a_prepared_teacher_is_never_picked():
    assert "abuse-abduction" in dict(SHIPPED)
    assert {picked(date).slug for date in THREE_YEARS} == set(dict(SHIPPED)) - {"abuse-abduction"}


def test_friday_is_the_long_edition_and_the_weekend_keeps_it():
    friday = datetime.date(2026, 11, 13)
    assert picked(friday).length == 30
    assert {picked(friday + datetime.timedelta(days=n)) for n in range(3)} == {picked(friday)}
    assert {picked(friday - datetime.timedelta(days=n)).length for n in range(1, 5)} == {5}


def test_a_weekend_that_opens_a_month_shows_its_monday():
    saturday = datetime.date(2026, 8, 1)
    assert picked(saturday) == picked(datetime.date(2026, 8, 3))


def test_each_hazard_of_a_month_gets_its_turn_before_one_comes_twice():
    november = [d for d in SCHOOL_DAYS if (d.year, d.month) == (2026, 11)]
    wanted = today.of_month(11, SHIPPED)
    assert {picked(d).slug for d in november[: len(wanted)]} == set(wanted)


@pytest.mark.parametrize(
    ("lessons", "expected"),
    [
        ([], None),
        ([("abuse-abduction", [11])], None),
        ([("fire", [11])], "fire"),
        ([("fire", [2])], "fire"),  # nothing in season: something rather than nothing
    ],
)
def test_few_lessons(lessons, expected):
    found = today.pick(datetime.date(2026, 11, 23), lessons)
    assert (found.slug if found else None) == expected


@given(dates, lessons)
def test_any_site_any_day(date, lessons):
    found = today.pick(date, lessons)
    assert found is not None
    assert found == today.pick(date, list(lessons))
    assert date.month in dict(lessons)[found.slug]
    if date.weekday() <= today.FRIDAY:
        assert found.slug != today.pick(before(date), lessons).slug
