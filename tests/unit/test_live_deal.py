"""Which questions come into a room, and in which order their options stand."""

from __future__ import annotations

import random

import pytest

from quizzes.live.domain.deal import BANDS, DECK_SIZE, choose, shuffled
from quizzes.live.domain.room import Kind, Mode
from tests.factories.live import slide


def bank(**bands):
    return lambda band: [slide(number, kind) for number, kind in bands.get(band, [])]


def singles(*numbers):
    return [(number, Kind.SINGLE) for number in numbers]


def codes(deck):
    return sorted(card.code for card in deck)


def test_at_most_five_questions_of_the_band_are_taken():
    deck = choose(bank(P2=singles(*range(1, 9))), "P2", Mode.PHONES, random.Random(1))
    assert len(deck) == DECK_SIZE
    assert len(set(codes(deck))) == DECK_SIZE


def test_three_of_the_band_are_enough_and_no_neighbour_is_asked():
    deck = choose(bank(P2=singles(1, 2, 3), J=singles(9)), "P2", Mode.PHONES, random.Random(1))
    assert codes(deck) == ["q001", "q002", "q003"]


def test_fewer_than_three_are_filled_up_from_the_neighbouring_band():
    deck = choose(bank(P2=singles(1), P1=singles(1, 4, 5)), "P2", Mode.PHONES, random.Random(1))
    assert codes(deck) == ["q001", "q004", "q005"]
    assert deck[0].code == "q001"


def test_a_far_band_is_never_asked():
    assert choose(bank(S=singles(1, 2, 3)), "K", Mode.PHONES, random.Random(1)) == ()


@pytest.mark.parametrize("band", BANDS)
def test_an_empty_bank_gives_an_empty_deck(band):
    assert choose(bank(), band, Mode.HANDS, random.Random(1)) == ()


def test_hands_prefer_questions_with_one_right_option():
    cards = [(n, Kind.MULTIPLE) for n in range(1, 6)] + singles(6, 7, 8, 9, 10)
    deck = choose(bank(P2=cards), "P2", Mode.HANDS, random.Random(1))
    assert {card.kind for card in deck} == {Kind.SINGLE}


def test_shuffling_keeps_the_options_and_which_are_right():
    before = slide(1)
    for seed in range(20):
        after = shuffled(before, random.Random(seed))
        assert sorted(after.options, key=lambda o: o.text) == sorted(
            before.options, key=lambda o: o.text
        )
        assert {after.options[i].text for i in after.key} == {"丙"}


def test_shuffling_moves_the_right_option_around():
    places = {next(iter(shuffled(slide(1), random.Random(seed)).key)) for seed in range(40)}
    assert places == {0, 1, 2, 3}


def test_true_and_false_stay_in_their_order():
    judge = slide(1, Kind.JUDGE)
    assert all(shuffled(judge, random.Random(seed)) == judge for seed in range(20))
