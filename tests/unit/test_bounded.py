"""A crowd in front of Django: a few inside, the rest wait their turn, past that a plain 503."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from config.bounded import BoundedRequests, refuse_socket


class Inside:
    """An application that notes how many are inside at once and leaves when it is told to."""

    def __init__(self) -> None:
        self.now = self.most = self.served = 0
        self.gate = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self.gate.wait()
            if scope.get("fails"):
                raise RuntimeError("the view failed")
            self.served += 1
        finally:
            self.now -= 1


async def nothing() -> dict[str, Any]:
    return {"type": "websocket.connect"}


def answers() -> tuple[list[Any], Any]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    return sent, send


async def test_a_thousand_wait_their_turn_and_all_are_served():
    app = Inside()
    bounded = BoundedRequests(app, inside=6, waiting=4000)
    _sent, send = answers()
    tasks = [asyncio.create_task(bounded({}, nothing, send)) for _ in range(1000)]
    await asyncio.sleep(0)
    app.gate.set()
    await asyncio.gather(*tasks)
    assert (app.served, app.most, bounded.held) == (1000, 6, 0)


async def test_past_the_queue_a_visitor_is_told_when_to_come_back():
    app = Inside()
    bounded = BoundedRequests(app, inside=1, waiting=1)
    tasks = [asyncio.create_task(bounded({}, nothing, answers()[1])) for _ in range(2)]
    await asyncio.sleep(0)
    sent, send = answers()
    await bounded({}, nothing, send)
    assert sent[0]["status"] == 503
    assert (b"retry-after", b"5") in sent[0]["headers"]
    assert "刷新" in sent[1]["body"].decode()
    app.gate.set()
    await asyncio.gather(*tasks)
    sent, send = answers()
    await bounded({}, nothing, send)
    assert (sent, app.served) == ([], 3)


async def test_a_view_that_fails_gives_its_place_back():
    app = Inside()
    app.gate.set()
    bounded = BoundedRequests(app, inside=1, waiting=0)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            await bounded({"fails": True}, nothing, answers()[1])
    assert bounded.held == 0


async def test_a_visitor_who_leaves_while_waiting_frees_the_queue():
    app = Inside()
    bounded = BoundedRequests(app, inside=1, waiting=1)
    first = asyncio.create_task(bounded({}, nothing, answers()[1]))
    second = asyncio.create_task(bounded({}, nothing, answers()[1]))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    assert bounded.held == 1
    app.gate.set()
    await first
    assert bounded.held == 0


async def test_a_socket_where_no_room_lives_is_closed_before_it_opens():
    sent, send = answers()
    await refuse_socket({}, nothing, send)
    assert sent == [{"type": "websocket.close", "code": 4404}]
