"""An answer from outside to a question of any kind: its share of the marks, or a person must look."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.bank.domain.body import KINDS, Body
from quizzes.bank.domain.marking import mark
from tests.factories.questions import GOOD_BODIES, bodies


@pytest.mark.parametrize(
    ("kind", "response", "share"),
    [
        ("single", [1], 1),
        ("single", [0], 0),
        ("single", [0, 1], 0),
        ("multiple", [1, 0], 1),
        ("multiple", [0], Fraction(1, 2)),
        ("multiple", [0, 2], 0),
        ("indefinite", [0], 1),
        ("judge", [0], 1),
        ("blank", ["１１９"], 1),
        ("blank", ["一一九"], 1),
        ("blank", ["110"], 0),
        ("order", [0, 1, 2, 3], 1),
        ("order", [1, 2, 3, 0], Fraction(2, 3)),
        ("match", [0, 1], 1),
        ("match", [0, 2], Fraction(1, 2)),
        ("match", [2, None], 0),
        ("case", [[1], ["119"]], 1),
        ("case", [[1], ["110"]], Fraction(1, 2)),
        ("case", [[1]], Fraction(1, 2)),
        ("case", [], 0),
    ],
)
def test_each_kind_is_marked_by_its_own_rule(kind: str, response: Any, share: Fraction) -> None:
    assert mark(GOOD_BODIES[kind], response) == share


def test_a_short_answer_waits_for_a_person_and_an_empty_one_does_not() -> None:
    assert mark(GOOD_BODIES["short"], "先制止，再疏散") is None
    assert mark(GOOD_BODIES["short"], "  ") == 0
    assert mark(GOOD_BODIES["short"], None) == 0


def test_a_case_waits_for_a_person_as_soon_as_one_part_does() -> None:
    case = Body("case", "材料", parts=(GOOD_BODIES["single"], GOOD_BODIES["short"]))
    assert mark(case, [[1], "先制止"]) is None
    assert mark(case, [[1], ""]) == Fraction(1, 2)


@pytest.mark.parametrize("response", [None, "B", 1, {"0": 1}, [-1], [99], [True], ["1"], [[1]], [1.0]])
def test_what_is_no_answer_earns_nothing(response: Any) -> None:
    assert mark(GOOD_BODIES["single"], response) == 0


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=4), max_leaves=8
)


@given(bodies(), json_values)
def test_nothing_that_is_sent_breaks_the_marking(body: Body, response: Any) -> None:
    share = mark(body, response)
    assert share is None or 0 <= share <= 1


def test_an_unknown_kind_is_refused() -> None:
    assert set(GOOD_BODIES) == set(KINDS)
    with pytest.raises(ValueError, match="essay"):
        mark(Body("essay", "？"), [])
