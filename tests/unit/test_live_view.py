"""What each audience sees of a room."""

from __future__ import annotations

import pytest

from quizzes.live.domain import rules
from quizzes.live.domain.commands import SetHands
from quizzes.live.domain.room import Mode, Tally
from quizzes.live.domain.view import HELP_NUMBERS, host_view, player_view
from tests.factories.live import DECK, NOON, after, room

FIRST = Tally((1, 2, 30, 4), 37, 30)
SECOND = Tally((0, 0, 37, 0), 37, 37)


def counted(*steps, tally=FIRST, round_=1, **changes):
    return rules.with_tally(after(*steps, **changes), 0, round_, tally)


@pytest.mark.parametrize("view", [player_view, host_view])
@pytest.mark.parametrize(
    "steps", [(), ("start",), ("start", "pause"), ("start", "close", "rethink")]
)
def test_while_answers_are_taken_no_result_is_shown_to_anyone(view, steps):
    assert view(counted(*steps))["result"] is None


def test_in_the_lobby_no_question_is_shown():
    assert player_view(room())["question"] is None


def test_the_question_is_shown_without_its_key():
    assert player_view(after("start"))["question"] == {
        "kind": "single",
        "stem": "第1个题目",
        "options": ["甲", "乙", "丙", "丁"],
    }


@pytest.mark.parametrize("view", [player_view, host_view])
def test_a_closed_question_shows_the_distribution_but_not_the_key(view):
    assert view(counted("start", "close"))["result"] == {
        "rounds": [{"round": 1, "counts": [1, 2, 30, 4], "answered": 37}],
        "key": None,
        "explanation": None,
        "source": None,
        "help": [],
    }


@pytest.mark.parametrize("view", [player_view, host_view])
def test_a_revealed_question_shows_distribution_key_explanation_and_source(view):
    assert view(counted("start", "reveal"))["result"] == {
        "rounds": [{"round": 1, "counts": [1, 2, 30, 4], "answered": 37}],
        "key": [2],
        "explanation": "第1个讲解",
        "source": "S1来源",
        "help": [],
    }


def test_after_thinking_again_both_distributions_are_shown():
    state = rules.with_tally(
        after("rethink", "reveal", start=counted("start", "close")), 0, 2, SECOND
    )
    shown = [(r["round"], r["counts"]) for r in host_view(state)["result"]["rounds"]]
    assert shown == [(1, [1, 2, 30, 4]), (2, [0, 0, 37, 0])]


@pytest.mark.parametrize("view", [player_view, host_view])
@pytest.mark.parametrize("last", ["close", "reveal"])
def test_a_quiet_room_shows_no_distribution_and_no_key_on_any_screen(view, last):
    result = view(counted("start", last, quiet=True))["result"]
    assert (result["rounds"], result["key"]) == ([], None)


def test_a_quiet_room_shows_explanation_and_help_numbers():
    result = player_view(counted("start", "reveal", quiet=True))["result"]
    assert (result["explanation"], result["help"]) == ("第1个讲解", list(HELP_NUMBERS))
    assert result["help"] == ["12356", "12355", "110"]


def test_a_quiet_room_ends_without_shares_and_keys():
    rows = host_view(counted("start", "reveal", "end", quiet=True))["summary"]
    assert [(row["share"], row["key"], row["worst"]) for row in rows] == [(None, None, False)]


def test_hosts_see_the_hands_counted_so_far_and_players_do_not():
    state, _ = rules.apply(room(Mode.HANDS), SetHands((3, 0, 20, 1)), NOON)
    assert host_view(state)["hands"] == [3, 0, 20, 1]
    assert "hands" not in player_view(state)


def test_before_the_first_hand_every_counter_is_zero():
    assert host_view(room(Mode.HANDS))["hands"] == [0, 0, 0, 0]


def test_the_number_of_players_is_in_no_snapshot():
    """It changes without a new `rev`; a snapshot that held it would differ from the last broadcast."""
    assert not {"players", "joined", "answered"} & host_view(room()).keys()


def test_the_end_tells_when_everything_is_deleted():
    assert player_view(after("start", "end", delete_after=NOON))["delete_on"] == NOON.isoformat()
    assert player_view(after("start", delete_after=NOON))["delete_on"] is None


def test_the_summary_puts_the_most_missed_first():
    state = after("start", "reveal", "next", "reveal", "next", "reveal", "next")
    for index, right in enumerate([30, 10, 40]):
        state = rules.with_tally(state, index, 1, Tally((0, 0), 40, right))
    rows = host_view(state)["summary"]
    assert [(row["index"], row["share"], row["worst"]) for row in rows] == [
        (1, 25, True),
        (0, 75, True),
        (2, 100, False),
    ]


def test_the_summary_leaves_out_what_was_never_revealed():
    rows = host_view(after("start", "reveal", "next", "skip", "end"))["summary"]
    assert [row["index"] for row in rows] == [0]


def test_a_question_without_answers_has_no_share():
    rows = host_view(counted("start", "reveal", "end", tally=Tally((0, 0, 0, 0), 0, 0)))["summary"]
    assert [(row["share"], row["worst"]) for row in rows] == [(None, False)]


def test_at_most_three_questions_are_called_most_missed():
    state = after("start", "reveal", *["next", "reveal"] * 4, "next", deck=(DECK[0],) * 5)
    for index in range(5):
        state = rules.with_tally(state, index, 1, Tally((0, 0), 40, 10 + index))
    assert [row["worst"] for row in host_view(state)["summary"]] == [True] * 3 + [False] * 2


def test_players_get_no_summary():
    assert "summary" not in player_view(after("start", "end"))
