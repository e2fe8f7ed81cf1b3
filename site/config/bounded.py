"""Keeps a crowd from collapsing the server: a few requests inside Django, the rest wait in the event loop.

Django behind ASGI starts a thread a request; past a few hundred at once it answers nobody. Waiting in
the loop costs a few kilobytes a request, so a thousand wait their turn and every one is answered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

BUSY = "现在访问的人很多，请过几秒刷新一次。".encode()


class BoundedRequests:
    """Let `inside` requests into `app` at once, `waiting` more wait; past that answer 503 at once."""

    def __init__(self, app: Application, inside: int = 6, waiting: int = 4000) -> None:
        self.app = app
        self.inside = inside
        self.waiting = waiting
        self.held = 0
        self.gate: asyncio.Semaphore | None = None

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if self.held >= self.inside + self.waiting:
            await refuse_request(send)
            return
        if self.gate is None:
            self.gate = asyncio.Semaphore(self.inside)
        self.held += 1
        try:
            async with self.gate:
                await self.app(scope, receive, send)
        finally:
            self.held -= 1


async def refuse_request(send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"retry-after", b"5"),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": BUSY})


async def refuse_socket(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """No room lives at this address: close before the handshake is accepted."""
    await receive()
    await send({"type": "websocket.close", "code": 4404})
