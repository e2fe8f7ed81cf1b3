"""An answer is right when it names exactly the right options."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.scoring import KINDS, is_right

places = st.frozensets(st.integers(0, 3), min_size=1)


@given(st.sampled_from(KINDS), places, places)
def test_only_the_very_same_options_are_right(
    kind: str, right: frozenset[int], chosen: frozenset[int]
) -> None:
    assert is_right(kind, right, chosen) is (right == chosen)


def test_part_of_a_multiple_choice_is_not_right() -> None:
    assert not is_right("multiple", frozenset({0, 2}), frozenset({0}))
    assert not is_right("multiple", frozenset({0, 2}), frozenset({0, 1, 2}))


@given(st.sampled_from(KINDS))
def test_no_answer_is_never_right(kind: str) -> None:
    assert not is_right(kind, frozenset(), frozenset())


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="essay"):
        is_right("essay", frozenset({0}), frozenset({0}))
