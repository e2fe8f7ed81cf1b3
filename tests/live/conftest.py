"""A real server for the live room's tests: Daphne in a process of its own, a file database, all questions.

It trusts a proxy header, so that each test comes from an address of its own and no test uses up
another's allowance.
"""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.factories.live_people import School

ROOT = Path(__file__).parents[2]
PREPARE = """
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("migrate", verbosity=0)
if settings.STATIC_ROOT:
    call_command("collectstatic", interactive=False, verbosity=0)
from quizzes.bank.services import load_questions
load_questions()
"""
_addresses = (f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in count(1))


@dataclass
class LiveSite:
    base: str
    data: Path
    log: Path

    def sql(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """A look into the server's database, or a nudge: what an administrator could do."""
        with sqlite3.connect(self.data / "db.sqlite3", timeout=10) as database:
            return database.execute(statement, values).fetchall()

    def traces(self) -> str:
        """What the server logged as its own failure."""
        text = self.log.read_text("utf-8", "replace")
        return text[text.find("Traceback") :] if "Traceback" in text else ""


@pytest.fixture(scope="session")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    data = tmp_path_factory.mktemp("live-site")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(
            [str(ROOT / "site"), str(ROOT), os.environ.get("PYTHONPATH", "")]
        ),
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings"),
        "SHIWUFANG_DATA": str(data),
        "SHIWUFANG_TRUST_PROXY": "1",
        "SHIWUFANG_SECRET_KEY": "a-key-for-tests-only-" * 3,
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }
    subprocess.run([sys.executable, "-c", PREPARE], cwd=ROOT, env=environment, check=True)
    port = _free_port()
    log = data / "server.log"
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port)]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "config.asgi:application"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            site = LiveSite(f"http://127.0.0.1:{port}", data, log)
            _wait_for(site, server)
            yield site
        finally:
            server.terminate()
            server.wait(timeout=20)


@pytest.fixture
async def school(live_site: LiveSite) -> AsyncIterator[School]:
    """A school on the server, with an address of its own. No test may leave a trace in the log."""
    before = live_site.traces()
    school = School(live_site.base, next(_addresses))
    async with school.stack:
        yield school
    assert live_site.traces() == before


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(site: LiveSite, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{site.base}/j/", timeout=5)
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the server did not come up:\n{site.log.read_text('utf-8', 'replace')[-4000:]}")
