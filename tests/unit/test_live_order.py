"""The order in which a phone lists the options."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.live.domain.order import option_order
from quizzes.live.domain.room import Kind

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS, st.integers(0, 200), st.integers(2, 8))
def test_every_option_is_there_once(seed, index, options):
    assert sorted(option_order(seed, index, options, Kind.SINGLE)) == list(range(options))


@given(SEEDS, st.integers(0, 200))
def test_true_and_false_never_change_places(seed, index):
    assert option_order(seed, index, 2, Kind.JUDGE) == [0, 1]


@given(SEEDS, st.integers(0, 200))
def test_a_reload_shows_the_same_order(seed, index):
    assert option_order(seed, index, 4, "single") == option_order(seed, index, 4, Kind.SINGLE)


@pytest.mark.parametrize("place", range(4))
def test_each_option_stands_in_each_place_for_about_a_quarter_of_a_class(place):
    first = Counter(option_order(seed * 7919, 0, 4, Kind.SINGLE)[place] for seed in range(4000))
    assert all(850 < first[option] < 1150 for option in range(4))


def test_one_player_sees_different_orders_in_different_questions():
    assert len({tuple(option_order(12345, index, 4, Kind.SINGLE)) for index in range(20)}) > 8


@pytest.mark.parametrize(
    ("seed", "index", "order"),
    [
        (0, 0, [1, 2, 0, 3]),
        (1, 0, [1, 0, 3, 2]),
        (2**32 - 1, 4, [0, 3, 2, 1]),
        (0x9E3779B1, 0, [2, 0, 3, 1]),
    ],
)
def test_the_documented_examples_hold(seed, index, order):
    assert option_order(seed, index, 4, Kind.SINGLE) == order
