"""Item statistics: facility, discrimination, distractors, time; and what an editor is warned of."""

from __future__ import annotations

import math
import random
import statistics as reference

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.bank.domain.body import Body, Option
from quizzes.bank.domain.statistics import (
    ENOUGH,
    Answered,
    Tally,
    correlation,
    median_time,
    statistics,
    tallied,
)

BODY = Body("single", "油锅起火？", (Option("倒水"), Option("盖锅盖", right=True), Option("扇风"), Option("跑开")))
answers = st.builds(
    Answered,
    share=st.sampled_from([0.0, 0.5, 1.0]),
    rest=st.one_of(st.none(), st.floats(0, 1)),
    chosen=st.one_of(st.just(()), st.tuples(st.integers(0, 3))),
    seconds=st.one_of(st.none(), st.floats(0, 1000)),
)


def chose(option: int, rest: float, times: int = 1) -> list[Answered]:
    return [Answered(float(option == 1), rest, (option,), 12.0)] * times


def test_without_answers_there_are_no_figures_and_no_warnings() -> None:
    found = statistics(BODY, Tally())
    assert (found.count, found.facility, found.discrimination, found.seconds) == (0, None, None, None)
    assert found.options == found.warnings == ()


def test_facility_is_the_mean_share_and_options_are_counted_by_letter() -> None:
    found = statistics(BODY, tallied(chose(1, 0.9, 3) + chose(0, 0.2)))
    assert found.facility == 0.75
    assert [(o.letter, o.count, o.right) for o in found.options] == [
        ("A", 1, False), ("B", 3, True), ("C", 0, False), ("D", 0, False),
    ]  # fmt: skip
    assert found.options[1].rest == pytest.approx(0.9)


def test_discrimination_is_pearson_s_r_with_the_rest_of_the_paper() -> None:
    rng = random.Random(15)
    rests = [rng.random() for _ in range(200)]
    shares = [float(rng.random() < rest) for rest in rests]
    tally = tallied(Answered(share, rest) for share, rest in zip(shares, rests, strict=True))
    assert correlation(tally) == pytest.approx(reference.correlation(shares, rests))


def test_a_question_that_everybody_answers_alike_has_no_discrimination() -> None:
    assert correlation(tallied(chose(1, 0.4) + chose(1, 0.9))) is None


@given(st.lists(answers, max_size=30), st.lists(answers, max_size=30))
def test_counting_in_two_rooms_is_counting_in_one(first: list[Answered], second: list[Answered]) -> None:
    whole, part = tallied(first + second), tallied(first)
    part.merge(tallied(second))
    kept = Tally.from_json(part.to_json())
    for name in ("share", "x", "xx", "r", "rr", "xr"):
        assert math.isclose(getattr(kept, name), getattr(whole, name), abs_tol=1e-9)
    assert (kept.count, kept.paired, kept.chosen, kept.times) == (whole.count, whole.paired, whole.chosen, whole.times)


@given(st.lists(answers, max_size=60))
def test_figures_stay_in_their_ranges(given_: list[Answered]) -> None:
    found = statistics(BODY, tallied(given_))
    assert found.facility is None or 0 <= found.facility <= 1
    assert found.discrimination is None or -1 <= found.discrimination <= 1
    assert all(0 <= option.part <= 1 for option in found.options)


@pytest.mark.parametrize(
    ("times", "median"), [([0] * 16, None), ([1] + [0] * 15, 2.0), ([0] * 15 + [1], math.inf), ([1, 1, 1] + [0] * 13, 4.0)]
)
def test_the_median_time_is_the_upper_bound_of_its_class(times: list[int], median: float | None) -> None:
    assert median_time(times) == median


def test_a_wrong_key_shows() -> None:
    """The good ones choose C, the key says B."""
    found = statistics(BODY, tallied(chose(2, 0.9, 30) + chose(1, 0.2, 10)))
    assert "选 C 的人比选正确答案的还多：请核对答案，或者题干有歧义" in found.warnings
    assert "别的题答得好的人，这道题反而答错：答案可能标错了" in found.warnings
    assert any("C 是不是也说得通" in warning for warning in found.warnings)


def test_an_even_mix_of_knowing_and_not_is_low_discrimination() -> None:
    found = statistics(BODY, tallied((chose(1, 0.9, 5) + chose(1, 0.1, 5) + chose(0, 0.9, 5) + chose(0, 0.1, 5)) * 2))
    assert "区分度低：会的人和不会的人答得差不多" in found.warnings


def test_a_good_question_is_left_in_peace_but_for_a_dead_distractor() -> None:
    good = chose(1, 0.9, 30) + chose(0, 0.3, 8) + chose(2, 0.2, 8)
    assert statistics(BODY, tallied(good)).warnings == ("选项 D 几乎没有人选，不像一个误区",)
    assert statistics(BODY, tallied(good + chose(3, 0.3, 5))).warnings == ()


def test_a_handful_of_answers_is_not_judged() -> None:
    assert statistics(BODY, tallied(chose(2, 0.9, ENOUGH - 1))).warnings == ()
    assert statistics(BODY, tallied(chose(2, 0.9, ENOUGH))).warnings != ()
