"""Several processes, one class: what happens on one server reaches the phones on the other through Redis."""

from __future__ import annotations

import pytest

from tests.factories.live_people import Line, School, Wall

pytestmark = [pytest.mark.services, pytest.mark.asyncio]


async def test_a_question_asked_on_one_server_is_answered_on_the_other(two_servers):
    left, right = School(two_servers[0].base, "10.9.0.1"), School(two_servers[1].base, "10.9.0.2")
    async with left.stack, right.stack:
        teacher, wall = await left.room()
        phone = await right.phone(teacher.code, "小鱼")
        near = await left.phone(teacher.code, "7")
        await wall.next("tick", players=2)
        shown = await wall.command("start")
        for line in (phone, near):
            asked = await line.next("state", phase="open")
            assert asked["question"] == shown["question"]
            await line.answer(asked, 0)
        await wall.next("tick", players=2, answered=2)
        closed = await wall.command("close")
        assert closed["result"]["rounds"][0]["counts"][0] == 2
        assert (await phone.next("state", phase="closed"))["result"] == closed["result"]


async def test_a_phone_goes_on_at_the_other_server_when_its_own_is_gone(two_servers):
    left, right = School(two_servers[0].base, "10.9.0.3"), School(two_servers[1].base, "10.9.0.4")
    async with left.stack, right.stack:
        teacher, wall = await left.room()
        phone = await right.phone(teacher.code, "小鱼")
        token = phone.token
        await phone.socket.close()
        again = Line(await left.dial(teacher.code))
        assert (await again.hello(token))["role"] == "player"
        await wall.command("start")
        await again.answer(await again.next("state", phase="open"), 1)
        assert isinstance(wall, Wall)
