"""A whole school opens the site in the same second: everybody is answered, and nothing falls over."""

from __future__ import annotations

import asyncio
import resource
import time
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.factories.live_people import School

pytestmark = [pytest.mark.load, pytest.mark.asyncio]
CROWD = 1000
PATIENCE = 120


@pytest.fixture(autouse=True)
def many_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, hard) if hard > 0 else 8192, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def visit(base: str, path: str) -> tuple[int, bool]:
    """The status of one page, and whether a refusal says when to come back."""
    address = urlsplit(base)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        head = f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode())
        answer = await reader.read()
    finally:
        writer.close()
    return int(answer.split(b" ", 2)[1]), b"retry-after" in answer[:2000].lower()


async def test_a_thousand_pages_at_once_are_all_answered(server):
    await visit(server, "/")
    began = time.monotonic()
    async with asyncio.timeout(PATIENCE):
        paths = ["/", "/lessons/drowning/"] * (CROWD // 2)
        answers = await asyncio.gather(*(visit(server, path) for path in paths))
    took = time.monotonic() - began
    seen = Counter(status for status, _ in answers)
    print(f"{CROWD} pages in {took:.1f} s: {dict(seen)}")
    assert sum(seen.values()) == CROWD
    assert set(seen) <= {200, 503}
    assert all(says_when for status, says_when in answers if status == 503)
    assert seen[200] >= CROWD * 0.95
    assert (await visit(server, "/"))[0] == 200


async def test_a_thousand_sockets_at_once_are_let_in_or_told_why(server):
    school = School(server, "10.8.0.1")
    async with school.stack:
        teacher, wall = await school.room()
        url = f"{server.replace('http', 'ws', 1)}/ws/live/{teacher.code}/"
        sockets: list[Any] = []

        async def dial() -> str:
            try:
                socket = await connect(
                    url, origin=server, compression=None, open_timeout=PATIENCE, proxy=None, ping_interval=None
                )
            except InvalidStatus as refused:
                return f"refused {refused.response.status_code}"
            sockets.append(socket)
            return "in"

        began = time.monotonic()
        async with asyncio.timeout(PATIENCE):
            results = Counter(await asyncio.gather(*(dial() for _ in range(CROWD))))
        print(f"{CROWD} sockets in {time.monotonic() - began:.1f} s: {dict(results)}")
        assert sum(results.values()) == CROWD
        assert set(results) <= {"in", "refused 403", "refused 429", "refused 503"}
        assert results["in"] >= CROWD * 0.95
        await wall.command("start")
        await asyncio.gather(*(socket.close() for socket in sockets))
