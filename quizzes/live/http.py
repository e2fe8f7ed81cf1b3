"""The live room where networks cut sockets: POST /live/api/<code>/ with the same messages.

A lean Channels route beside Django: no session, no cookie, so no other site can make a browser speak
here in a person's name. Who speaks is told by `Authorization: Bearer <token>`.
"""

from __future__ import annotations

import json
import logging
import time
from typing import Any

from channels.generic.http import AsyncHttpConsumer

from common.address import of_scope
from quizzes.live import frames, protocol
from quizzes.live.dialogue import Dialogue
from quizzes.live.domain.errors import RoomError
from quizzes.live.runtime import live_service

log = logging.getLogger(__name__)

STATUS = {
    "frame.media_type": 415,
    "frame.method": 405,
    "frame.too_big": 413,
    "room.unknown": 404,
    "host.only": 403,
    "server.busy": 503,
}
STATUS_BY_FAMILY = {"frame": 400, "name": 422, "answer": 422, "rate": 429, "token": 401}


class LiveHttpConsumer(AsyncHttpConsumer):
    """One request: one message in the body, its frames in the answer."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope = scope
        self.base_send = send
        try:
            raw = await self._body(receive)
            if raw is None:
                return
            answer = await self._answer(raw)
        except RoomError as refused:
            answer = [frames.error(refused)]
        except Exception:
            log.exception("live: a request failed")
            answer = [frames.error(RoomError("server.busy"))]
        await self._respond(answer)

    async def _body(self, receive: Any) -> str | bytes | None:
        """The body, or None when the client left. Nothing is read of what is refused anyway."""
        headers = dict(self.scope["headers"])
        if self.scope["method"] != "POST":
            raise RoomError("frame.method")
        if headers.get(b"content-type", b"").split(b";")[0].strip() != b"application/json":
            raise RoomError("frame.media_type")
        body = b""
        while True:
            event = await receive()
            if event["type"] == "http.disconnect":
                return None
            chunk: bytes = event.get("body", b"")
            body += chunk
            if len(body) > protocol.MAX_FRAME:
                raise RoomError("frame.too_big")
            if not event.get("more_body"):
                return body

    async def _answer(self, raw: str | bytes) -> list[str]:
        service = live_service()
        address = of_scope(self.scope)
        wait = service.limits.polls_by_address.wait(address, time.monotonic())
        if wait:
            raise RoomError("rate.frames", retry=wait)
        message = protocol.parse(raw)
        dialogue = Dialogue(service, self.scope["url_route"]["kwargs"]["code"], address)
        token = self._bearer()
        if isinstance(message, protocol.Hello):
            message = protocol.Hello(message.token or token)
        elif token and isinstance(message, protocol.Answer | protocol.Host | protocol.Sync):
            dialogue.who = await service.identify(dialogue.code, token, address)
        return await dialogue.reply(message)

    def _bearer(self) -> str | None:
        header = dict(self.scope["headers"]).get(b"authorization", b"").decode("latin-1")
        scheme, _, token = header.partition(" ")
        return token.strip()[:400] or None if scheme.lower() == "bearer" else None

    async def _respond(self, answer: list[str]) -> None:
        first = json.loads(answer[0]) if answer else {"t": ""}
        status = 200
        headers = [
            (b"content-type", b"application/json; charset=utf-8"),
            (b"cache-control", b"no-store"),
        ]
        if first["t"] == "error":
            code = first["code"]
            status = STATUS.get(code) or STATUS_BY_FAMILY.get(code.split(".")[0], 409)
            if "retry" in first:
                headers.append((b"retry-after", str(first["retry"]).encode()))
        body = f'{{"frames":[{",".join(answer)}]}}'.encode()
        await self.send_response(status, body, headers=headers)
