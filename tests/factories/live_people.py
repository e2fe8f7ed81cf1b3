"""The people of a live room, for tests against a real server: a teacher with a wall, pupils with phones.

They speak through real sockets and real requests; each may come from an address of its own. Every frame
that reaches them is held against the table in quizzes/live/protocol.py.
"""

from __future__ import annotations

import asyncio
import html
import http.cookiejar
import json
import re
import secrets
import urllib.error
import urllib.parse
import urllib.request
from contextlib import AsyncExitStack
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from quizzes.live.protocol import check_server_frame

PATIENCE = 8.0
Frame = dict[str, Any]


class Line:
    """One socket to a room and everything that came over it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[Frame] = []
        self.token: str | None = None
        self.sent = 0

    async def send(self, kind: str, **fields: Any) -> None:
        await self.socket.send(json.dumps({"v": 1, "t": kind, **fields}))

    async def next(self, kind: str, **wanted: Any) -> Frame:
        """The next frame of this kind whose fields are as wanted; earlier frames are passed over."""
        async with asyncio.timeout(PATIENCE):
            while True:
                frame = check_server_frame(str(await self.socket.recv()))
                self.frames.append(frame)
                if frame["t"] == "welcome" and "token" in frame:
                    self.token = frame["token"]
                if frame["t"] == kind and all(frame.get(k) == v for k, v in wanted.items()):
                    return frame

    async def closed(self) -> tuple[int, Frame | None]:
        """Read to the end: the close code and the goodbye, if there was one."""
        goodbye = None
        async with asyncio.timeout(PATIENCE):
            try:
                while True:
                    frame = check_server_frame(str(await self.socket.recv()))
                    self.frames.append(frame)
                    goodbye = frame if frame["t"] == "bye" else goodbye
            except ConnectionClosed as end:
                return (end.rcvd.code if end.rcvd else 1006), goodbye

    async def hello(self, token: str | None = None) -> Frame:
        await self.send("hello", **({"token": token} if token else {}))
        return await self.next("welcome")

    async def join(self, name: str = "小鱼", key: str | None = None) -> Frame:
        """Come in; returns the first picture of the room."""
        await self.send("join", name=name, key=key or secrets.token_hex(16))
        await self.next("welcome", role="player")
        state = await self.next("state")
        await self.next("me")
        return state

    async def answer(self, state: Frame, *chosen: int) -> None:
        """Answer what this picture asks, and wait until it is on disk."""
        self.sent += 1
        await self.send(
            "answer", id=self.sent, index=state["index"], round=state["round"], chosen=list(chosen)
        )
        await self.next("ack", id=self.sent)

    async def refused(self) -> str:
        """The code of the next refusal."""
        return str((await self.next("error"))["code"])


class Wall(Line):
    """The teacher's socket: sends commands and keeps the newest picture."""

    state: Frame

    async def command(self, do: str, rev: int | None = None, **more: Any) -> Frame:
        """Give a command and wait for the new picture."""
        self.sent += 1
        seen = self.state["rev"] if rev is None else rev
        await self.send("host", id=self.sent, rev=seen, do=do, **more)
        state = await self.next("state")
        if not any(f["t"] == "ack" and f["id"] == self.sent for f in self.frames):
            await self.next("ack", id=self.sent)
        self.state = state
        return state


class Teacher:
    """A browser without scripts: opens a room from a lesson and holds the cookie for its wall."""

    def __init__(self, base: str, address: str) -> None:
        self.base = base
        self.address = address
        self.cookies = http.cookiejar.CookieJar()
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.code = ""
        self.token = ""

    def get(self, path: str) -> str:
        request = urllib.request.Request(self.base + path, headers=self._headers())
        with self.browser.open(request) as response:
            return str(response.read().decode())

    def open_room(self, mode: str = "phones", topic: str = "drowning", band: str = "P2") -> str:
        """The two taps: 课堂互动, then the mode. Returns the room's code."""
        query = urllib.parse.urlencode({"topic": topic, "band": band, "title": "防溺水"})
        form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', self.get(f"/live/new/?{query}")))
        form["mode"] = mode
        data = urllib.parse.urlencode({k: html.unescape(v) for k, v in form.items()}).encode()
        headers = {**self._headers(), "Referer": self.base + "/live/new/"}
        request = urllib.request.Request(self.base + "/live/open/", data, headers)
        with self.browser.open(request) as response:
            address, page = response.url, response.read().decode()
        found = re.search(r"/live/(\d{6})/wall/$", address)
        assert found, address
        self.code = found[1]
        self.token = config_of(page)["token"]
        return self.code

    def _headers(self) -> dict[str, str]:
        return {"X-Forwarded-For": self.address}


def config_of(page: str) -> dict[str, Any]:
    """What a page hands to its script."""
    found = re.search(r'<script id="live-config" type="application/json">(.*?)</script>', page)
    assert found
    config: dict[str, Any] = json.loads(found[1])
    return config


class School:
    """Opens rooms and sockets on one server and closes what is left at the end of a test."""

    def __init__(self, base: str, address: str) -> None:
        self.base = base
        self.address = address
        self.stack = AsyncExitStack()

    def teacher(self) -> Teacher:
        return Teacher(self.base, self.address)

    async def room(self, **wishes: str) -> tuple[Teacher, Wall]:
        """A teacher with an open room and its wall connected."""
        teacher = self.teacher()
        await asyncio.to_thread(lambda: teacher.open_room(**wishes))
        return teacher, await self.wall(teacher)

    async def wall(self, teacher: Teacher) -> Wall:
        wall = Wall(await self.dial(teacher.code))
        await wall.hello(teacher.token)
        wall.state = await wall.next("state")
        await wall.next("tick")
        return wall

    async def phone(self, code: str, name: str | None = "小鱼") -> Line:
        """A phone in the room; with `name=None` one that has not joined."""
        phone = Line(await self.dial(code))
        if name is None:
            await phone.hello()
        else:
            await phone.join(name)
        return phone

    async def dial(self, code: str, origin: str | None = None) -> ClientConnection:
        return await self.stack.enter_async_context(
            connect(
                f"{self.base.replace('http', 'ws', 1)}/ws/live/{code}/",
                origin=origin or self.base,  # type: ignore[arg-type]
                additional_headers={"X-Forwarded-For": self.address},
                compression=None,
                max_size=None,
                close_timeout=2,
            )
        )

    async def post(
        self, code: str, token: str | None = None, **message: Any
    ) -> tuple[int, list[Frame]]:
        """The same message over HTTP: status and frames."""
        body = json.dumps({"v": 1, **message}).encode()
        return await self.post_raw(code, body, token)

    async def post_raw(
        self, code: str, body: bytes, token: str | None = None, **headers: str
    ) -> tuple[int, list[Frame]]:
        sent = {"Content-Type": "application/json", "X-Forwarded-For": self.address, **headers}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(f"{self.base}/live/api/{code}/", body, sent)
        status, text = await asyncio.to_thread(_open, request)
        return status, [check_server_frame(json.dumps(f)) for f in json.loads(text)["frames"]]


def _open(request: urllib.request.Request) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()
