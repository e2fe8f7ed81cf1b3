"""The socket of the live room: accept, read frames, let the dialogue answer, close with a reason.

A Channels consumer for routing and origin check, but with its own reading loop and no channel-layer
channel: with those of the stock consumer a crowd waits seconds for an acknowledgement.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

from channels.consumer import AsyncConsumer

from common.address import of_scope
from quizzes.live import frames, protocol
from quizzes.live.dialogue import Dialogue
from quizzes.live.domain.errors import RoomError
from quizzes.live.hub import Connection
from quizzes.live.outbox import Outbox
from quizzes.live.runtime import live_service
from quizzes.live.service import Identity
from quizzes.live.throttle import frames_of_a_socket

log = logging.getLogger(__name__)

PATIENCE = 5
"""So many frames that cannot be read, and the socket is closed."""
FLOOD = 50
"""So many frames beyond the allowance, likewise."""
NORMAL, POLICY, TOO_BIG, TRY_AGAIN = 1000, 4400, 4413, 4503
"""Close codes. Daphne sends 1000 and private codes for an application, and raises on 1008 or 1009."""
SILENCE = 75.0
"""Seconds; a client pings every 25. A phone that fell asleep must not count as present for hours."""


class LiveConsumer(AsyncConsumer):
    """One socket of one device."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        event = await receive()
        if event["type"] != "websocket.connect":
            return
        await send({"type": "websocket.accept"})
        self._send = send
        self._closing: asyncio.Task[None] | None = None
        self._connection: Connection | None = None
        self._outbox = Outbox(send, lambda: self._close("socket.slow", True, TRY_AGAIN))
        service = live_service()
        code = scope["url_route"]["kwargs"]["code"]
        dialogue = Dialogue(service, code, of_scope(scope), attach=self._attach)
        self._hub = service.hub
        try:
            await self._listen(receive, dialogue)
        except Exception:
            log.exception("live: a socket failed")
            self._close("socket.idle", True, TRY_AGAIN)
        finally:
            self._detach()
            if self._closing is not None:
                await self._closing
            self._outbox.close()

    def _attach(self, who: Identity) -> None:
        self._detach()
        self._connection = Connection(
            self._outbox,
            who.room_id,
            who.player_id,
            displaced=lambda: self._close("socket.replaced", False, NORMAL),
        )
        self._hub.attach(self._connection)

    def _detach(self) -> None:
        if self._connection is not None:
            self._hub.detach(self._connection)
            self._connection = None

    async def _listen(self, receive: Any, dialogue: Dialogue) -> None:
        allowance = frames_of_a_socket(time.monotonic())
        misread = 0
        while self._closing is None:
            try:
                async with asyncio.timeout(SILENCE):
                    event = await receive()
            except TimeoutError:
                self._close("socket.idle", True, TRY_AGAIN)
                return
            if event["type"] == "websocket.disconnect":
                return
            if self._closing is not None:
                return
            try:
                if allowance.take(time.monotonic()):
                    raise RoomError("rate.frames", retry=1)
                if event.get("text") is None:
                    raise RoomError("frame.binary")
                message = protocol.parse(event["text"])
            except RoomError as refused:
                self._outbox.put(frames.error(refused))
                misread += 1
                if refused.code == "frame.too_big":
                    self._close("frame.too_big", False, TOO_BIG)
                elif misread >= (FLOOD if refused.code == "rate.frames" else PATIENCE):
                    self._close("socket.noisy", False, POLICY)
            else:
                for frame in await dialogue.reply(message):
                    self._outbox.put(frame)
            # Read on only when the answer is out: who does not take answers is not listened to.
            await self._outbox.flush()

    def _close(self, code: str, resume: bool, number: int) -> None:
        """Say why, then close. The first reason stands."""
        self._detach()
        if self._closing is None:
            self._closing = asyncio.create_task(self._say_bye(code, resume, number))

    async def _say_bye(self, code: str, resume: bool, number: int) -> None:
        if not self._outbox.closed:
            await self._outbox.flush()
        self._outbox.close()
        try:
            await self._send({"type": "websocket.send", "text": frames.bye(code, resume)})
            await self._send({"type": "websocket.close", "code": number})
        except Exception as gone:  # some servers raise when the socket is already closed
            log.debug("live: closing a closed socket: %s", gone)
