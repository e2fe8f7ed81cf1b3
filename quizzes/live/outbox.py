"""What waits to be sent to one socket: bounded, with stale frames replaced, so one slow phone costs little.

A frame with a slot (`state`, `tick`) replaces the one still waiting in that slot: only the newest
snapshot matters. A socket that falls behind is closed; it comes back and gets a fresh snapshot.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MOST_WAITING = 32
MOST_BUFFERED = 256 * 1024
"""Bytes in the server's own buffer for a socket; about 150 snapshots that a phone has not taken."""
SLOWEST_SEND = 20.0


class Outbox:
    """The sending side of one socket. `fell_behind` is called once, when the socket must be closed."""

    def __init__(self, send: Send, fell_behind: Callable[[], None]) -> None:
        self._send = send
        self._fell_behind = fell_behind
        self._waiting: OrderedDict[str, str] = OrderedDict()
        self._count = 0
        self._pump: asyncio.Task[None] | None = None
        self.closed = False

    def put(self, frame: str, slot: str | None = None) -> None:
        """Queue a frame. Never blocks, never raises."""
        if self.closed:
            return
        if slot is None:
            self._count += 1
            slot = f"#{self._count}"
        # A replacement goes to the end: it must not overtake frames that were queued before it.
        self._waiting.pop(slot, None)
        self._waiting[slot] = frame
        if len(self._waiting) > MOST_WAITING or buffered_bytes(self._send) > MOST_BUFFERED:
            self.close()
            self._fell_behind()
        elif self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._drain())

    def close(self) -> None:
        """Forget what waits; nothing more is sent."""
        self.closed = True
        self._waiting.clear()

    async def flush(self) -> None:
        """Wait until everything queued so far has been handed to the server."""
        while self._pump is not None and not self._pump.done():
            await asyncio.wait([self._pump])

    async def _drain(self) -> None:
        while self._waiting:
            _, frame = self._waiting.popitem(last=False)
            try:
                async with asyncio.timeout(SLOWEST_SEND):
                    await self._send({"type": "websocket.send", "text": frame})
            except Exception:  # the socket is gone, in whatever way this server says so
                if not self.closed:
                    self.close()
                    self._fell_behind()
                return


def buffered_bytes(send: Send) -> int:
    """How much Daphne still holds back for this socket.

    Daphne's `send` returns at once whatever the network does, so waiting for it tells nothing. Its
    protocol object is the first argument of the partial that it hands to applications; under any other
    server this is 0 and the time limit in `_drain` does the work.
    """
    bound = getattr(send, "args", ())
    transport = getattr(bound[0], "transport", None) if bound else None
    if transport is None:
        return 0
    return len(getattr(transport, "dataBuffer", b"")) + getattr(transport, "_tempDataLen", 0)
