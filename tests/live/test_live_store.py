"""The room in the database: compare-and-set, batches, sweeping."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.core.management import call_command

from quizzes.live import store
from quizzes.live.batch import AnswerJob, JoinJob, write_batch
from quizzes.live.domain import commands as c
from quizzes.live.domain.errors import RoomError
from quizzes.live.domain.room import Mode, Phase, Tally
from quizzes.live.models import Answer, Player, Room
from quizzes.live.rows import state_of
from quizzes.live.sweep import sweep
from tests.factories.live import DECK, NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened():
    return open_room()


def open_room(mode=Mode.PHONES, now=NOON):
    return store.create_room(
        mode=mode, band="P2", topic_slug="drowning", title="防溺水", deck=DECK, quiet=False, now=now
    )


def join(room_id, *names):
    return write_batch([JoinJob(room_id, name, f"key of {name}", NOON) for name in names])


def answer(room_id, player_id, *chosen, index=0, round_=1):
    return AnswerJob(room_id, player_id, index, round_, chosen, NOON)


def command(room_id, word):
    rev = Room.objects.get(pk=room_id).rev
    return store.host_command(room_id, rev, c.command(word), NOON)[0]


def codes(results):
    return [getattr(result, "code", "ok") for result in results]


def test_a_room_reads_back_as_it_was_written(opened):
    state = store.read(opened.room_id).state
    assert (state.deck, state.phase, state.rev, state.title) == (DECK, Phase.LOBBY, 1, "防溺水")
    assert state == state_of(Room.objects.get())


def test_every_step_of_a_lesson_reads_back_as_it_was_written(opened):
    for word in (
        "start",
        "close",
        "rethink",
        "reveal",
        "next",
        "back",
        "next",
        "pause",
        "resume",
        "end",
    ):
        assert command(opened.room_id, word) == store.read(opened.room_id).state


def test_codes_are_six_digits_and_never_the_same():
    found = {open_room().code for _ in range(30)}
    assert len(found) == 30
    assert all(code.isdecimal() and len(code) == 6 for code in found)


def test_a_taken_code_is_passed_over(monkeypatch):
    digits = iter([23456, 23456, 34567])
    monkeypatch.setattr(store.secrets, "randbelow", lambda most: next(digits))
    assert [open_room().code, open_room().code] == ["123456", "134567"]


def test_the_hosts_secret_is_not_kept(opened):
    assert store.is_host(opened.room_id, opened.secret)
    assert not store.is_host(opened.room_id, opened.secret + "x")
    assert opened.secret not in str(Room.objects.values())


def test_of_two_clicks_on_one_picture_one_is_carried_out(opened):
    store.host_command(opened.room_id, 1, c.Start(), NOON)
    with pytest.raises(RoomError, match="room.moved_on"):
        store.host_command(opened.room_id, 1, c.Start(), NOON)
    assert Room.objects.get().rev == 2


def test_a_refused_command_leaves_the_row_alone(opened):
    before = Room.objects.values().get()
    with pytest.raises(RoomError, match="command.not_now"):
        store.host_command(opened.room_id, 1, c.Reveal(), NOON)
    assert Room.objects.values().get() == before


def test_closing_counts_what_was_written(opened):
    one, two, three = join(opened.room_id, "1", "2", "3")
    command(opened.room_id, "start")
    write_batch([answer(opened.room_id, one, 2), answer(opened.room_id, two, 2)])
    write_batch([answer(opened.room_id, three, 0)])
    assert command(opened.room_id, "close").tallies[0, 1] == Tally((1, 0, 2, 0), 3, 2)


def test_a_whole_answer_of_several_options_is_right_only_as_a_whole(opened):
    one, two = join(opened.room_id, "1", "2")
    command(opened.room_id, "start")
    command(opened.room_id, "skip")
    write_batch(
        [answer(opened.room_id, one, 0, 3, index=1), answer(opened.room_id, two, 0, index=1)]
    )
    assert command(opened.room_id, "reveal").tallies[1, 1] == Tally((2, 0, 0, 1), 2, 1)


def test_a_question_that_is_opened_again_is_counted_anew(opened):
    (one,) = join(opened.room_id, "1")
    command(opened.room_id, "start")
    command(opened.room_id, "skip")
    command(opened.room_id, "back")
    write_batch([answer(opened.room_id, one, 2)])
    assert command(opened.room_id, "close").tallies[0, 1].answered == 1


def test_hands_are_not_overwritten_by_an_empty_count():
    room = open_room(Mode.HANDS)
    store.host_command(room.room_id, 1, c.SetHands((1, 2, 3, 4)), NOON)
    assert command(room.room_id, "reveal").tallies[0, 1].counts == (1, 2, 3, 4)


def test_in_one_batch_the_last_answer_of_a_player_wins(opened):
    (one,) = join(opened.room_id, "1")
    command(opened.room_id, "start")
    results = write_batch([answer(opened.room_id, one, n) for n in (0, 1, 3)])
    assert codes(results) == ["ok"] * 3
    assert [a.chosen for a in Answer.objects.all()] == ["3"]


def test_a_later_batch_replaces_the_answer(opened):
    (one,) = join(opened.room_id, "1")
    command(opened.room_id, "start")
    for option in (0, 3):
        assert codes(write_batch([answer(opened.room_id, one, option)])) == ["ok"]
    assert [a.chosen for a in Answer.objects.all()] == ["3"]


def test_a_batch_refuses_what_may_not_be_counted_and_writes_the_rest(opened):
    one, two = join(opened.room_id, "1", "2")
    command(opened.room_id, "start")
    jobs = [
        answer(opened.room_id, one, 9),
        answer(opened.room_id, one, 0, index=1),
        answer(opened.room_id + 99, one, 0),
        answer(opened.room_id, two, 1),
    ]
    assert codes(write_batch(jobs)) == [
        "answer.bad_option",
        "question.closed",
        "room.unknown",
        "ok",
    ]
    assert [(a.player_id, a.chosen) for a in Answer.objects.all()] == [(two, "1")]


def test_an_answer_that_reaches_the_database_after_the_close_is_refused(opened):
    (one,) = join(opened.room_id, "1")
    command(opened.room_id, "start")
    late = answer(opened.room_id, one, 0)
    command(opened.room_id, "close")
    assert codes(write_batch([late])) == ["question.closed"]
    assert not Answer.objects.exists()


def test_players_are_numbered_in_the_order_in_which_they_came(opened):
    join(opened.room_id, "甲", "乙")
    join(opened.room_id, "丙")
    assert list(Player.objects.order_by("number").values_list("number", "name")) == [
        (1, "甲"),
        (2, "乙"),
        (3, "丙"),
    ]
    assert Room.objects.get().joined == 3


def test_the_same_device_joining_again_is_the_same_player(opened):
    first, again = join(opened.room_id, "1", "1")
    assert first == again == join(opened.room_id, "1")[0]
    assert Room.objects.get().joined == 1


def test_a_full_room_takes_exactly_as_many_as_fit(opened):
    Room.objects.update(max_players=3)
    assert codes(join(opened.room_id, "1", "2")) == ["ok", "ok"]
    assert codes(join(opened.room_id, "3", "4", "5")) == ["ok", "room.full", "room.full"]
    assert codes(join(opened.room_id, "1")) == ["ok"]
    assert Player.objects.count() == 3


def test_an_ended_room_takes_nobody_new(opened):
    join(opened.room_id, "1")
    command(opened.room_id, "end")
    assert codes(join(opened.room_id, "1", "2")) == ["ok", "room.ended"]


@pytest.mark.parametrize("players", [1, 300])
def test_a_batch_costs_the_same_few_queries_for_one_and_for_many(
    opened, players, django_assert_max_num_queries
):
    ids = join(opened.room_id, *(str(n) for n in range(players)))
    command(opened.room_id, "start")
    with django_assert_max_num_queries(5):
        write_batch([answer(opened.room_id, player, random.randrange(4)) for player in ids])
    assert Answer.objects.count() == players


def test_reading_a_room_for_many_players_costs_a_fixed_number_of_queries(
    opened, django_assert_num_queries
):
    ids = join(opened.room_id, *(str(n) for n in range(200)))
    with django_assert_num_queries(4):
        view = store.read(opened.room_id, ids)
    assert len(view.players) == 200


def test_a_player_of_another_room_is_not_read(opened):
    (stranger,) = join(open_room().room_id, "1")
    assert store.read(opened.room_id, [stranger]).players == {}


def test_expired_rooms_are_deleted_with_everything_in_them(opened):
    (one,) = join(opened.room_id, "1")
    command(opened.room_id, "start")
    write_batch([answer(opened.room_id, one, 0)])
    young = open_room(now=NOON + dt.timedelta(days=6))
    assert sweep(NOON + dt.timedelta(days=7)).deleted == 1
    assert [room.pk for room in Room.objects.all()] == [young.room_id]
    assert not Player.objects.exists()
    assert not Answer.objects.exists()


def test_a_room_that_nobody_touches_for_half_a_day_is_ended(opened):
    assert sweep(NOON + dt.timedelta(hours=11)).ended == 0
    assert sweep(NOON + dt.timedelta(hours=13)).ended == 1
    row = Room.objects.get()
    assert (row.phase, row.rev) == ("ended", 2)
    assert sweep(NOON + dt.timedelta(hours=14)).ended == 0


def test_players_who_come_in_keep_a_room_from_being_swept(opened):
    write_batch([JoinJob(opened.room_id, "1", "key", NOON + dt.timedelta(hours=8))])
    assert sweep(NOON + dt.timedelta(hours=13)).ended == 0


def test_the_command_says_what_it_did(opened, capsys):
    call_command("sweep_rooms")
    assert "删除" in capsys.readouterr().out
