"""A class over real sockets: what a teacher and pupils can rely on, and what nobody can break."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

pytestmark = pytest.mark.asyncio


# --- a lesson ------------------------------------------------------------------------------------


async def test_a_class_answers_sees_the_result_and_nobody_sees_who(school):
    teacher, wall = await school.room()
    one, two = await school.phone(teacher.code, "小鱼"), await school.phone(teacher.code, "7")
    state = await wall.command("start")
    for phone, option in ((one, 0), (two, 1)):
        asked = await phone.next("state", phase="open")
        assert asked["question"] == state["question"]
        await phone.answer(asked, option)
    await wall.next("tick", players=2, answered=2)
    closed = await wall.command("close")
    assert sum(closed["result"]["rounds"][0]["counts"]) == 2
    revealed = await wall.command("reveal")
    key = revealed["result"]["key"]
    for phone, option in ((one, 0), (two, 1)):
        told = await phone.next("me", chosen=[option])
        while told.get("right") is None:
            told = await phone.next("me")
        assert told["right"] is ([option] == key)
    heard = json.dumps(one.frames + wall.frames, ensure_ascii=False)
    assert '"7"' not in heard
    assert "小鱼" not in json.dumps(wall.frames + two.frames, ensure_ascii=False)


async def test_players_and_wall_get_the_same_public_picture(school):
    teacher, wall = await school.room()
    phone = await school.phone(teacher.code)
    for step in ("start", "close", "rethink", "reveal", "next", "skip", "end"):
        public = dict(await wall.command(step))
        mine = await phone.next("state", rev=public["rev"])
        assert {k: v for k, v in public.items() if k not in ("hands", "summary")} == mine


async def test_a_snapshot_asked_for_at_any_time_equals_the_last_broadcast(school):
    teacher, wall = await school.room()
    phone = await school.phone(teacher.code)
    for step in ("start", "pause", "resume", "close", "reveal", "rethink", "reveal", "next", "end"):
        shown = await wall.command(step)
        broadcast = await phone.next("state", rev=shown["rev"])
        await phone.send("sync")
        assert await phone.next("state") == broadcast
        await wall.send("sync")
        assert await wall.next("state") == shown


async def test_the_key_is_in_no_frame_before_the_reveal(school, live_site):
    teacher, wall = await school.room()
    phone = await school.phone(teacher.code)
    state = await wall.command("start")
    await phone.answer(await phone.next("state", phase="open"), 0)
    await wall.command("close")
    await wall.command("rethink")
    await wall.command("pause")
    await wall.command("resume")
    before = json.dumps(phone.frames + wall.frames, ensure_ascii=False)
    revealed = await wall.command("reveal")
    assert revealed["question"] == state["question"]
    assert revealed["result"]["explanation"] not in before
    assert '"key": [' not in before
    assert '"right": true' not in before


async def test_thinking_again_keeps_both_rounds(school):
    teacher, wall = await school.room()
    phone = await school.phone(teacher.code)
    await wall.command("start")
    await phone.answer(await phone.next("state", phase="open"), 0)
    await wall.command("close")
    await wall.command("rethink")
    await phone.answer(await phone.next("state", round=2), 1)
    rounds = (await wall.command("reveal"))["result"]["rounds"]
    assert [(r["round"], r["counts"][:2], r["answered"]) for r in rounds] == [
        (1, [1, 0], 1),
        (2, [0, 1], 1),
    ]


async def test_the_last_answer_before_the_close_counts_once(school):
    teacher, wall = await school.room()
    phone = await school.phone(teacher.code)
    await wall.command("start")
    asked = await phone.next("state", phase="open")
    for option in (0, 1, 0, 1):
        await phone.answer(asked, option)
    rounds = (await wall.command("close"))["result"]["rounds"]
    assert (rounds[0]["counts"][:2], rounds[0]["answered"]) == ([0, 1], 1)


async def test_a_late_comer_sees_the_question_and_may_answer(school):
    teacher, wall = await school.room()
    await wall.command("start")
    late = await school.phone(teacher.code, None)
    state = await late.join("晚到")
    assert state["phase"] == "open"
    await late.answer(state, 0)
    assert (await wall.command("close"))["result"]["rounds"][0]["answered"] == 1


async def test_a_room_of_hands_shows_the_first_question_at_once(school):
    teacher, wall = await school.room(mode="hands")
    assert (wall.state["phase"], wall.state["index"]) == ("open", 0)
    counts = [3] * len(wall.state["question"]["options"])
    assert (await wall.command("set_hands", counts=counts))["hands"] == counts
    assert (await wall.command("reveal"))["result"]["rounds"][0]["counts"] == counts


@pytest.mark.parametrize("topic", ["mental-health", "abuse-abduction"])
async def test_a_quiet_topic_tells_nobody_right_or_wrong(school, topic):
    teacher, wall = await school.room(topic=topic, band="J")
    phone = await school.phone(teacher.code)
    await wall.command("start")
    await phone.answer(await phone.next("state", phase="open"), 0)
    await wall.command("close")
    told = (await wall.command("reveal"))["result"]
    assert (told["rounds"], told["key"], told["help"]) == ([], None, ["12356", "12355", "110"])
    mine = await phone.next("me", chosen=[0])
    assert mine["right"] is None
    await wall.command("end")
    await phone.next("state", phase="ended")
    assert not any(frame.get("right") for frame in phone.frames)


# --- coming back -----------------------------------------------------------------------------------


async def test_a_phone_that_reloads_is_the_same_player_with_the_same_answer(school):
    teacher, wall = await school.room()
    phone = await school.phone(teacher.code, "小鱼")
    await wall.command("start")
    await phone.answer(await phone.next("state", phase="open"), 1)
    again = await school.phone(teacher.code, None)
    await again.hello(phone.token)
    await again.next("state", phase="open")
    mine = await again.next("me")
    assert (mine["name"], mine["chosen"]) == ("小鱼", [1])
    await wall.send("sync")
    await wall.next("tick", players=1, answered=1)


async def test_the_newest_socket_of_a_player_wins(school):
    teacher, wall = await school.room()
    old = await school.phone(teacher.code)
    new = await school.phone(teacher.code, None)
    await new.hello(old.token)
    code, goodbye = await old.closed()
    assert (code, goodbye["code"], goodbye["resume"]) == (1000, "socket.replaced", False)
    await wall.command("start")
    await new.next("state", phase="open")


async def test_a_join_that_is_sent_twice_is_one_player(school):
    teacher, wall = await school.room()
    key = "k" * 32
    first = await school.phone(teacher.code, None)
    await first.join("小鱼", key)
    second = await school.phone(teacher.code, None)
    await second.join("小鱼", key)
    await wall.send("sync")
    await wall.next("tick", players=1)  # a tick from before the joins may still be on its way
    await wall.send("sync")
    assert (await wall.next("tick"))["players"] == 1


@pytest.mark.parametrize(
    "steps", [(), ("start",), ("start", "close"), ("start", "reveal"), ("start", "pause")]
)
async def test_a_wall_that_reloads_comes_back_to_the_same_moment(school, steps):
    teacher, wall = await school.room()
    for step in steps:
        await wall.command(step)
    assert (await school.wall(teacher)).state == wall.state


async def test_a_wall_and_a_tablet_can_lead_one_room(school):
    teacher, wall = await school.room()
    tablet = await school.wall(teacher)
    state = await tablet.command("start")
    assert await wall.next("state") == state


async def test_a_stale_click_changes_nothing_and_brings_the_fresh_picture(school):
    teacher, wall = await school.room()
    tablet = await school.wall(teacher)
    state = await wall.command("start")
    await tablet.send("host", id=1, rev=tablet.state["rev"], do="start")
    await tablet.next("error", code="room.moved_on", id=1)
    assert await tablet.next("state") == state


async def test_a_double_click_is_one_step(school):
    teacher, wall = await school.room()
    rev = wall.state["rev"]
    for number in (1, 2, 3):
        await wall.send("host", id=number, rev=rev, do="start")
    await wall.next("error", code="room.moved_on", id=3)
    await wall.send("sync")
    assert (await wall.next("state"))["rev"] == rev + 1


# --- refusals ----------------------------------------------------------------------------------------


async def test_an_answer_after_the_close_is_refused_and_not_counted(school):
    teacher, wall = await school.room()
    phone = await school.phone(teacher.code)
    await wall.command("start")
    asked = await phone.next("state", phase="open")
    await wall.command("close")
    await phone.send("answer", id=9, index=asked["index"], round=1, chosen=[0])
    await phone.next("error", code="question.closed", id=9)
    assert (await wall.command("reveal"))["result"]["rounds"][0]["answered"] == 0


async def test_a_late_answer_is_not_counted_for_the_next_question(school):
    teacher, wall = await school.room()
    phone = await school.phone(teacher.code)
    await wall.command("start")
    asked = await phone.next("state", phase="open")
    await wall.command("skip")
    await phone.send("answer", id=9, index=asked["index"], round=1, chosen=[0])
    assert await phone.refused() == "question.closed"
    assert (await wall.command("close"))["result"]["rounds"][0]["answered"] == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"chosen": [7]}, "answer.bad_option"),
        ({"chosen": []}, "answer.bad_count"),
        ({"chosen": [0, 0]}, "answer.bad_option"),
        ({"index": 99}, "question.unknown"),
        ({"round": 2}, "question.closed"),
        ({"chosen": "0"}, "frame.bad_field"),
    ],
)
async def test_an_answer_that_cannot_be_is_refused_with_its_reason(school, change, code):
    teacher, wall = await school.room()
    phone = await school.phone(teacher.code)
    await wall.command("start")
    await phone.next("state", phase="open")
    message = {"id": 9, "index": 0, "round": 1, "chosen": [0], **change}
    await phone.send("answer", **message)
    assert await phone.refused() == code


async def test_a_guest_gets_no_question_and_may_not_answer(school):
    teacher, wall = await school.room()
    await wall.command("start")
    guest = await school.phone(teacher.code, None)
    for message in ({"t": "sync"}, {"t": "answer", "id": 1, "index": 0, "round": 1, "chosen": [0]}):
        await guest.send(message.pop("t"), **message)
        assert await guest.refused() == "token.missing"
    assert {frame["t"] for frame in guest.frames} == {"welcome", "error"}


async def test_a_player_cannot_lead_the_room(school):
    teacher, wall = await school.room()
    phone = await school.phone(teacher.code)
    await phone.send("host", id=1, rev=wall.state["rev"], do="start")
    assert await phone.refused() == "host.only"


async def test_a_token_opens_its_own_room_only(school):
    teacher, _ = await school.room()
    other, _ = await school.room()
    phone = await school.phone(teacher.code)
    for token in (phone.token, teacher.token, "x", phone.token + "x", "a:b:c"):
        stranger = await school.phone(other.code, None)
        await stranger.send("hello", token=token)
        assert await stranger.refused() == "token.bad"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name.empty"),
        ("啊" * 400, "name.too_long"),
        ("<img src=x onerror=alert(1)>", "name.bad"),
        ("13800138000", "name.private"),
        ("1000", "name.bad_seat"),
    ],
)
async def test_a_name_that_may_not_be_kept_is_refused_and_another_one_accepted(school, name, code):
    teacher, _ = await school.room()
    phone = await school.phone(teacher.code, None)
    await phone.send("join", name=name, key="k" * 32)
    assert await phone.refused() == code
    await phone.join("小鱼")


async def test_a_full_room_says_so_and_those_inside_stay(school, live_site):
    teacher, wall = await school.room()
    live_site.sql("UPDATE live_room SET max_players = 2 WHERE code = ?", teacher.code)
    inside = [await school.phone(teacher.code, str(n)) for n in (1, 2)]
    late = await school.phone(teacher.code, None)
    await late.send("join", name="3", key="k" * 32)
    assert await late.refused() == "room.full"
    await wall.command("start")
    for phone in inside:
        await phone.answer(await phone.next("state", phase="open"), 0)


async def test_an_ended_room_takes_nobody_and_says_so(school):
    teacher, wall = await school.room()
    phone = await school.phone(teacher.code)
    await wall.command("end")
    assert (await phone.next("state", phase="ended"))["delete_on"]
    late = await school.phone(teacher.code, None)
    await late.send("join", name="3", key="k" * 32)
    assert await late.refused() == "room.ended"
    await wall.send("host", id=9, rev=wall.state["rev"], do="start")
    await wall.next("error", code="room.ended", id=9)


async def test_an_unknown_code_is_said_in_words(school):
    line = await school.dial("000000")
    await line.send('{"v":1,"t":"hello"}')
    assert json.loads(await line.recv())["text"] == "没有找到这个课堂，请核对六位数字。"


async def test_a_deleted_room_is_gone_for_its_players_too(school, live_site):
    teacher, wall = await school.room()
    phone = await school.phone(teacher.code)
    for table in ("live_answer", "live_player"):
        live_site.sql(
            f"DELETE FROM {table} WHERE room_id = (SELECT id FROM live_room WHERE code = ?)",
            teacher.code,
        )
    live_site.sql("DELETE FROM live_room WHERE code = ?", teacher.code)
    for line in (phone, wall):
        await line.send("sync")
        assert await line.refused() == "room.unknown"


# --- hostile or broken clients -----------------------------------------------------------------------


async def going_on(school, teacher, wall) -> None:
    """The room still works for everyone else."""
    phone = await school.phone(teacher.code, "9")
    await wall.command("start")
    await phone.answer(await phone.next("state", phase="open"), 0)
    await wall.next("tick", answered=1)


@pytest.mark.parametrize(
    "raw", ["", "hello", "{", "[1]", '{"v":2,"t":"hello"}', '{"v":1,"t":"nothing"}', "[" * 5000]
)
async def test_a_malformed_frame_is_answered_in_words_and_the_room_goes_on(school, raw):
    teacher, wall = await school.room()
    phone = await school.phone(teacher.code)
    await phone.socket.send(raw)
    assert (await phone.refused()).startswith("frame.")
    await phone.send("ping")
    await phone.next("pong")
    await going_on(school, teacher, wall)


async def test_several_malformed_frames_close_the_socket_with_a_reason(school):
    teacher, wall = await school.room()
    phone = await school.phone(teacher.code)
    for _ in range(6):
        await phone.socket.send("{")
    code, goodbye = await phone.closed()
    assert (code, goodbye["code"]) == (4400, "socket.noisy")
    await going_on(school, teacher, wall)


async def test_a_binary_frame_is_refused_in_words(school):
    teacher, wall = await school.room()
    phone = await school.phone(teacher.code)
    await phone.socket.send(b"\x00\xff" * 100)
    assert await phone.refused() == "frame.binary"
    await going_on(school, teacher, wall)


@pytest.mark.parametrize(
    ("size", "numbers"),
    [(9_000, {4413}), (1_000_000, {4413}), (1_048_576, {4413}), (3_000_000, {1006, 1009})],
)
async def test_a_huge_frame_closes_its_socket_and_no_other(school, size, numbers):
    teacher, wall = await school.room()
    phone = await school.phone(teacher.code)
    with suppress(ConnectionClosed):  # the server may hang up before it has read it all
        await phone.socket.send("x" * size)
    code, _ = await phone.closed()
    assert code in numbers
    await going_on(school, teacher, wall)


async def test_a_socket_that_floods_is_slowed_down_then_closed(school):
    teacher, wall = await school.room()
    phone = await school.phone(teacher.code)
    for _ in range(300):
        await phone.socket.send('{"v":1,"t":"ping"}')
    code, goodbye = await phone.closed()
    assert (code, goodbye["code"]) == (4400, "socket.noisy")
    assert "rate.frames" in {frame.get("code") for frame in phone.frames}
    await going_on(school, teacher, wall)


async def test_a_socket_that_is_cut_without_goodbye_leaves_the_room_working(school):
    teacher, wall = await school.room()
    for _ in range(5):
        phone = await school.phone(teacher.code)
        phone.socket.transport.abort()
    await going_on(school, teacher, wall)


async def test_a_page_of_another_site_cannot_open_a_socket(school):
    teacher, _ = await school.room()
    with pytest.raises(InvalidStatus):
        await school.dial(teacher.code, origin="http://evil.example")


async def test_four_hundred_joins_from_one_address_are_all_answered(school):
    """A hall behind one router: the first two hundred are in at once, the others are told when to come."""
    teacher, wall = await school.room()
    phones = await asyncio.gather(*(school.phone(teacher.code, None) for _ in range(400)))

    async def come_in(number, phone):
        await phone.send("join", name=f"第{number}位", key=f"{number:032}")
        while True:
            frame = json.loads(await asyncio.wait_for(phone.socket.recv(), 20))
            if frame["t"] in ("error", "me"):
                return frame

    answers = await asyncio.gather(*(come_in(n, phone) for n, phone in enumerate(phones)))
    inside = [frame for frame in answers if frame["t"] == "me"]
    later = [frame for frame in answers if frame["t"] == "error"]
    assert len(inside) + len(later) == 400
    assert len(inside) >= 200
    assert {frame["code"] for frame in later} == {"rate.joins"}
    assert all(1 <= frame["retry"] <= 10 for frame in later)
    await wall.send("sync")
    assert (await wall.next("tick", players=len(inside)))["answered"] == 0
    await wall.command("start")
