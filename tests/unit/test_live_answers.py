"""Which answers are counted, and what they add up to."""

from __future__ import annotations

import pytest

from quizzes.live.domain.answers import check_answer, count, right
from quizzes.live.domain.errors import RoomError
from quizzes.live.domain.room import Mode
from tests.factories.live import DECK, after, room

SINGLE, MULTIPLE, JUDGE = DECK
AT = {0: ("start",), 1: ("start", "skip"), 2: ("start", "skip", "skip")}


def refusal(state, index, round_, chosen):
    with pytest.raises(RoomError) as refused:
        check_answer(state, index, round_, chosen)
    return refused.value.code


@pytest.mark.parametrize(
    ("index", "chosen"),
    [(0, [0]), (0, [3]), (1, [0]), (1, [0, 3]), (1, [0, 1, 2, 3]), (2, [0]), (2, [1])],
)
def test_a_choice_that_fits_the_question_is_counted(index, chosen):
    assert check_answer(after(*AT[index]), index, 1, chosen) == frozenset(chosen)


@pytest.mark.parametrize(
    ("index", "chosen", "code"),
    [
        (0, [4], "answer.bad_option"),
        (0, [-1], "answer.bad_option"),
        (0, [10**9], "answer.bad_option"),
        (0, [1, 1], "answer.bad_option"),
        (0, [], "answer.bad_count"),
        (0, [0, 1], "answer.bad_count"),
        (1, [], "answer.bad_count"),
        (1, [0, 0], "answer.bad_option"),
        (1, [0, 4], "answer.bad_option"),
        (2, [2], "answer.bad_option"),
        (2, [0, 1], "answer.bad_count"),
    ],
)
def test_a_choice_that_does_not_fit_is_refused_with_its_code(index, chosen, code):
    assert refusal(after(*AT[index]), index, 1, chosen) == code


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ((), "question.closed"),
        (("start", "close"), "question.closed"),
        (("start", "reveal"), "question.closed"),
        (("start", "pause"), "room.paused"),
        (("start", "close", "pause"), "question.closed"),
        (("start", "skip"), "question.closed"),
        (("start", "end"), "room.ended"),
    ],
)
def test_an_answer_at_the_wrong_moment_is_refused(steps, code):
    assert refusal(after(*steps), 0, 1, [0]) == code


def test_a_late_answer_is_never_counted_for_the_next_round():
    again = after("start", "close", "rethink")
    assert refusal(again, 0, 1, [0]) == "question.closed"
    assert check_answer(again, 0, 2, [0]) == {0}


def test_an_answer_to_a_coming_round_is_refused():
    assert refusal(after("start"), 0, 2, [0]) == "question.closed"


@pytest.mark.parametrize("index", [-1, 3, 10**6])
def test_an_answer_to_a_question_that_does_not_exist_is_refused(index):
    assert refusal(after("start"), index, 1, [0]) == "question.unknown"


def test_phones_do_not_answer_where_hands_are_raised():
    assert refusal(room(Mode.HANDS), 0, 1, [0]) == "answer.not_asked"


@pytest.mark.parametrize(
    ("slide", "chosen", "expected"),
    [
        (SINGLE, {2}, True),
        (SINGLE, {1}, False),
        (MULTIPLE, {0, 3}, True),
        (MULTIPLE, {0}, False),
        (MULTIPLE, {0, 2, 3}, False),
        (JUDGE, {1}, True),
        (JUDGE, {0}, False),
    ],
)
def test_right_means_exactly_the_right_options(slide, chosen, expected):
    assert right(slide, frozenset(chosen)) is expected


def test_the_tally_counts_options_players_and_right_answers():
    tally = count(MULTIPLE, [(frozenset({0, 3}), 20), (frozenset({0}), 5), (frozenset({1, 3}), 2)])
    assert (tally.counts, tally.answered, tally.right) == ((25, 2, 0, 22), 27, 20)


def test_a_round_that_nobody_answered_counts_zero():
    tally = count(SINGLE, [])
    assert (tally.counts, tally.answered, tally.right) == ((0, 0, 0, 0), 0, 0)
