"""The rules of a live room: which command is possible when, and what it does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quizzes.live.domain import commands as c
from quizzes.live.domain import rules
from quizzes.live.domain.errors import RoomError
from quizzes.live.domain.room import MAX_ROUNDS, Mode, Phase, Tally
from tests.factories.live import DECK, NOON, after, room, slide, step

STANDS = {
    "lobby": (),
    "open": ("start",),
    "closed": ("start", "close"),
    "revealed": ("start", "reveal"),
    "paused": ("start", "pause"),
    "ended": ("start", "end"),
}
POSSIBLE = {
    "lobby": {"start": "open", "pause": "lobby", "end": "ended"},
    "open": {
        "skip": "open",
        "close": "closed",
        "reveal": "revealed",
        "pause": "open",
        "end": "ended",
    },
    "closed": {
        "skip": "open",
        "reveal": "revealed",
        "rethink": "open",
        "pause": "closed",
        "end": "ended",
    },
    "revealed": {"next": "open", "rethink": "open", "pause": "revealed", "end": "ended"},
    "paused": {"resume": "open", "end": "ended"},
    "ended": {},
}
WORDS = ("start", "next", "back", "skip", "close", "reveal", "rethink", "pause", "resume", "end")
REFUSED = {"paused": "room.paused", "ended": "room.ended"}


@pytest.mark.parametrize("stand", STANDS)
@pytest.mark.parametrize("word", WORDS)
def test_each_command_in_each_phase_is_carried_out_or_refused_with_its_code(stand, word):
    before = after(*STANDS[stand])
    if word in POSSIBLE[stand]:
        state, _ = step(before, word)
        assert (state.phase, state.rev) == (POSSIBLE[stand][word], before.rev + 1)
    else:
        with pytest.raises(RoomError) as refused:
            step(before, word)
        assert refused.value.code == REFUSED.get(stand, "command.not_now")


def test_a_room_with_hands_needs_no_lobby():
    assert room(Mode.HANDS).phase is Phase.OPEN


def test_starting_opens_the_first_question_in_its_first_round():
    state, events = step(room(), "start")
    assert (state.index, state.round, state.opened_at) == (0, 1, NOON)
    assert events == (c.QuestionOpened(0, 1),)


def test_close_reports_that_the_round_must_be_counted():
    assert step(after("start"), "close")[1] == (c.QuestionClosed(0, 1),)


def test_reveal_of_an_open_question_closes_it_first():
    assert step(after("start"), "reveal")[1] == (c.QuestionClosed(0, 1), c.QuestionRevealed(0, 1))


def test_reveal_of_a_closed_question_does_not_count_it_again():
    assert step(after("start", "close"), "reveal")[1] == (c.QuestionRevealed(0, 1),)


@pytest.mark.parametrize("seen", [("close",), ("reveal",)])
def test_rethink_asks_the_same_question_in_a_new_round(seen):
    state, events = step(after("start", *seen), "rethink")
    assert (state.phase, state.index, state.round) == (Phase.OPEN, 0, 2)
    assert events == (c.QuestionOpened(0, 2),)


def test_rethink_keeps_the_count_of_the_first_round():
    first = rules.with_tally(after("start", "close"), 0, 1, Tally((1, 2, 3, 4), 10, 3))
    second = rules.with_tally(
        after("rethink", "close", start=first), 0, 2, Tally((0, 0, 9, 1), 10, 9)
    )
    assert [(n, t.right) for n, t in second.rounds_counted()] == [(1, 3), (2, 9)]


def test_the_running_round_is_not_among_the_counted_ones():
    first = rules.with_tally(after("start", "close"), 0, 1, Tally((1, 2, 3, 4), 10, 3))
    assert [n for n, _ in after("rethink", start=first).rounds_counted()] == [1]


def test_a_question_is_not_asked_more_often_than_a_class_can_bear():
    state = after("start")
    for _ in range(MAX_ROUNDS - 1):
        state = after("close", "rethink", start=state)
    with pytest.raises(RoomError, match="command.not_now"):
        after("close", "rethink", start=state)


def test_next_after_the_last_question_ends_the_room():
    state = after("start", "reveal", "next", "reveal", "next", "reveal", "next")
    assert (state.phase, state.ended_at) == (Phase.ENDED, NOON)


def test_skipping_the_last_question_ends_the_room_without_revealing_it():
    state = after("start", "skip", "skip", "skip")
    assert state.phase is Phase.ENDED
    assert all(phase is Phase.OPEN for phase, _ in state.left.values())


def test_going_back_finds_the_question_as_it_was_left():
    state = after("start", "close", "rethink", "reveal", "next", "back")
    assert (state.index, state.phase, state.round) == (0, Phase.REVEALED, 2)


def test_going_on_after_going_back_finds_the_open_question_again():
    state = after("start", "reveal", "next", "back", "next")
    assert (state.index, state.phase, state.round) == (1, Phase.OPEN, 1)


def test_leaving_an_open_question_counts_it():
    assert step(after("start", "reveal", "next"), "back")[1] == (c.QuestionClosed(1, 1),)


def test_coming_back_to_a_question_left_open_opens_it_again_in_the_same_round():
    state, events = step(after("start", "skip"), "back")
    assert (state.index, state.phase, state.round) == (0, Phase.OPEN, 1)
    assert events == (c.QuestionClosed(1, 1), c.QuestionOpened(0, 1))


def test_there_is_nothing_before_the_first_question():
    with pytest.raises(RoomError, match="command.not_now"):
        after("start", "back")


@pytest.mark.parametrize("index", [0, 1, 2])
def test_open_puts_any_question_on_the_wall(index):
    state, _ = rules.apply(room(), c.Open(index), NOON)
    assert (state.phase, state.index) == (Phase.OPEN, index)


@pytest.mark.parametrize("index", [3, 99])
def test_open_refuses_a_question_that_does_not_exist(index):
    with pytest.raises(RoomError, match="question.unknown"):
        rules.apply(after("start"), c.Open(index), NOON)


def test_opening_the_question_that_is_on_the_wall_changes_nothing():
    before = after("start", "close")
    assert rules.apply(before, c.Open(0), NOON) == (before, ())


@pytest.mark.parametrize("stand", ["lobby", "open", "closed", "revealed"])
def test_resume_returns_to_the_moment_of_the_pause(stand):
    before = after(*STANDS[stand])
    resumed = after("pause", "resume", start=before)
    assert replace(resumed, rev=before.rev) == before


def test_ending_a_paused_room_lifts_the_pause():
    assert after("start", "pause", "end").paused is False


def test_ending_counts_the_question_that_was_open():
    assert step(after("start"), "end")[1] == (c.QuestionClosed(0, 1), c.RoomEnded())


def hands(counts, state=None):
    return rules.apply(state or room(Mode.HANDS), c.SetHands(counts), NOON)[0]


def test_counted_hands_are_kept_with_how_many_were_right():
    assert hands((4, 0, 30, 2)).tallies[0, 1] == Tally((4, 0, 30, 2), 36, 30)


def test_a_hand_for_one_of_several_right_options_is_not_a_whole_answer():
    state = hands((4, 0, 30, 2), room(Mode.HANDS, deck=(DECK[1],)))
    assert state.tallies[0, 1] == Tally((4, 0, 30, 2), None, None)


def test_the_same_counts_again_change_nothing():
    once = hands((1, 2, 3, 4))
    assert hands((1, 2, 3, 4), once) is once


@pytest.mark.parametrize("counts", [(), (1, 2, 3), (1, 2, 3, 4, 5), (1, -1, 0, 0), (0, 0, 0, 1000)])
def test_counts_that_cannot_be_are_refused(counts):
    with pytest.raises(RoomError, match="answer.bad_count"):
        hands(counts)


def test_hands_are_counted_only_while_the_question_is_open():
    with pytest.raises(RoomError, match="question.closed"):
        hands((1, 0, 0, 0), after("reveal", mode=Mode.HANDS))


def test_hands_are_not_counted_in_a_room_of_phones():
    with pytest.raises(RoomError, match="command.not_now"):
        hands((1, 0, 0, 0), after("start"))


def test_nobody_counts_hands_in_a_quiet_room():
    with pytest.raises(RoomError, match="command.not_now"):
        hands((1, 0, 0, 0), room(Mode.HANDS, quiet=True))


def test_hands_of_a_second_round_start_at_zero():
    state = after("close", "rethink", start=hands((5, 5, 5, 5)))
    assert (0, 2) not in state.tallies
    assert state.tallies[0, 1].counts == (5, 5, 5, 5)


@pytest.mark.parametrize("word", ["", "START", "set_hands", "open", "reset", "__class__"])
def test_words_that_are_no_command_are_refused(word):
    with pytest.raises(RoomError, match="command.unknown"):
        c.command(word)


def test_every_word_of_the_protocol_makes_a_command():
    made = {type(c.command(word, index=0, counts=(1,))) for word in c.WORDS}
    assert len(made) == len(c.WORDS)


def test_a_deck_is_a_frozen_copy():
    with pytest.raises(AttributeError):
        slide(1).stem = "改了"
