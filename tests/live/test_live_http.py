"""The same room without a socket, for networks that cut them."""

from __future__ import annotations

import asyncio
import http.client
import json
from contextlib import closing

import pytest

pytestmark = pytest.mark.asyncio

KEY = "k" * 32


async def test_a_phone_that_polls_plays_like_one_with_a_socket(school):
    teacher, wall = await school.room()
    status, frames = await school.post(teacher.code, t="join", name="小鱼", key=KEY)
    assert (status, [frame["t"] for frame in frames]) == (200, ["welcome", "state", "me"])
    token = frames[0]["token"]
    asked = await wall.command("start")
    _, frames = await school.post(teacher.code, token, t="sync", rev=1)
    assert frames[0]["question"] == asked["question"]
    _, frames = await school.post(
        teacher.code, token, t="answer", id=5, index=0, round=1, chosen=[1]
    )
    assert frames == [{"v": 1, "t": "ack", "id": 5}]
    await wall.next("tick", players=1, answered=1)
    told = await wall.command("reveal")
    _, (state, me) = await school.post(teacher.code, token, t="sync", rev=2)
    assert state["result"] == told["result"]
    assert (me["chosen"], me["right"]) == ([1], told["result"]["key"] == [1])


async def test_polling_sees_exactly_what_the_socket_sees(school):
    teacher, wall = await school.room()
    phone = await school.phone(teacher.code)
    for step in ("start", "close", "reveal", "rethink", "end"):
        shown = await wall.command(step)
        mine = await phone.next("state", rev=shown["rev"])
        _, (polled, _) = await school.post(teacher.code, phone.token, t="sync")
        assert polled == mine


async def test_a_poll_that_knows_the_newest_picture_is_not_sent_it_again(school):
    teacher, wall = await school.room()
    phone = await school.phone(teacher.code)
    _, frames = await school.post(teacher.code, phone.token, t="sync", rev=wall.state["rev"])
    assert [frame["t"] for frame in frames] == ["me"]


async def test_a_wall_can_lead_without_a_socket(school):
    teacher, wall = await school.room()
    _, frames = await school.post(teacher.code, teacher.token, t="host", id=1, rev=1, do="start")
    assert frames[0]["rev"] == 2
    await wall.next("state", phase="open")
    _, frames = await school.post(teacher.code, teacher.token, t="sync")
    assert [frame["t"] for frame in frames] == ["state", "tick"]


@pytest.mark.parametrize(
    ("message", "status", "code"),
    [
        ({"t": "hello", "token": "x"}, 401, "token.bad"),
        ({"t": "sync"}, 401, "token.missing"),
        ({"t": "nothing"}, 400, "frame.unknown"),
        ({"t": "join", "name": "", "key": KEY}, 422, "name.empty"),
    ],
)
async def test_a_refusal_has_its_status_and_its_words(school, message, status, code):
    teacher, _ = await school.room()
    got, frames = await school.post(teacher.code, **message)
    assert (got, frames[0]["code"]) == (status, code)


async def test_a_stale_command_is_a_conflict_with_the_fresh_picture(school):
    teacher, wall = await school.room()
    await wall.command("start")
    status, (error, state, _) = await school.post(
        teacher.code, teacher.token, t="host", id=1, rev=1, do="start"
    )
    assert (status, error["code"], state["rev"]) == (409, "room.moved_on", 2)


async def test_an_unknown_room_is_not_found(school):
    status, frames = await school.post("000000", t="hello")
    assert (status, frames[0]["code"]) == (404, "room.unknown")


async def test_trying_codes_is_slowed_down(school):
    tries = [await school.post(f"{n:06}", t="hello") for n in range(70)]
    status, frames = tries[-1]
    assert (status, frames[0]["code"]) == (429, "rate.misses")
    assert frames[0]["retry"] >= 1


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
async def test_a_form_of_another_site_is_refused(school, kind):
    teacher, _ = await school.room()
    body = (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n{"v":1,"t":"hello"}\r\n--x--\r\n'
    )
    status, frames = await school.post_raw(teacher.code, body, **{"Content-Type": kind})
    assert (status, frames[0]["code"]) == (415, "frame.media_type")


@pytest.mark.parametrize(
    ("body", "status"), [(b"x" * 9000, 413), (b"{", 400), (b"", 400), (b"\xff\xfe", 400)]
)
async def test_a_body_that_cannot_be_read_is_refused(school, body, status):
    teacher, _ = await school.room()
    assert (await school.post_raw(teacher.code, body))[0] == status


async def test_only_post_is_answered(school, live_site):
    teacher, _ = await school.room()

    def get():
        with closing(http.client.HTTPConnection(live_site.base.removeprefix("http://"))) as line:
            line.request("GET", f"/live/api/{teacher.code}/")
            return line.getresponse().status

    assert await asyncio.to_thread(get) == 405


async def test_no_cookie_is_read_or_set(school, live_site):
    teacher, _ = await school.room()

    def post():
        body = json.dumps({"v": 1, "t": "sync"})
        cookie = "; ".join(f"{c.name}={c.value}" for c in teacher.cookies)
        headers = {
            "Content-Type": "application/json",
            "Cookie": f"live_host={teacher.token}; {cookie}",
        }
        with closing(http.client.HTTPConnection(live_site.base.removeprefix("http://"))) as line:
            line.request("POST", f"/live/api/{teacher.code}/", body, headers)
            response = line.getresponse()
            return response.status, response.headers

    status, headers = await asyncio.to_thread(post)
    assert status == 401
    assert headers["Set-Cookie"] is None
    assert headers["Cache-Control"] == "no-store"
