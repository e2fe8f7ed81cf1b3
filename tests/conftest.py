"""Fixtures of all tests: an isolated data folder, prepared databases, a real server, Chromium.

A Wagtail migration run costs about eleven seconds, so a migrated database is kept in pytest's cache
and copied. `site_content` puts a whole module on a copy that also has lessons, questions and people.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.testing import isolate

DATA = Path(isolate())

import pytest  # noqa: E402

ROOT = Path(__file__).parents[1]
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def missing(what: str) -> None:
    """Skip on a desk that lacks `what`; fail where everything must be there."""
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(f"{what} is missing, and with CI=true nothing is skipped")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    """Pages rendered in this process name files by their plain names: nothing is collected for it."""
    from django.conf import settings
    from django.test.utils import override_settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


# --- database ---------------------------------------------------------------------------------
def schema_fingerprint() -> str:
    """Changes with any migration of ours and with the pinned packages that bring theirs."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted(ROOT.glob("**/migrations/*.py")):
        if ".venv" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


@pytest.fixture(scope="session")
def migrated_database(request: pytest.FixtureRequest) -> Path:
    """A migrated SQLite file without content; never opened itself, only copied."""
    folder = request.config.cache.mkdir("migrated")
    kept: Path = folder / f"{schema_fingerprint()}.sqlite3"
    if not kept.exists():
        work = DATA / "migrating"
        work.mkdir()
        code = "import django; django.setup(); from django.core.management import call_command as c; "
        code += "c('migrate', verbosity=0)"
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment(work), check=True)
        checkpoint(work / "db.sqlite3")
        for old in folder.glob("*.sqlite3"):
            old.unlink(missing_ok=True)
        shutil.copy(work / "db.sqlite3", kept.with_suffix(".part"))
        kept.with_suffix(".part").rename(kept)
    return kept


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    from django.db import connections

    if connections["default"].vendor != "sqlite":
        return  # tests/services runs some tests once more on PostgreSQL
    migrated_database = request.getfixturevalue("migrated_database")
    copy = DATA / "test.sqlite3"
    shutil.copy(migrated_database, copy)
    allow_flush(copy)
    settings = connections["default"].settings_dict
    settings["TEST"]["NAME"] = str(copy)
    # Tests may lose a power cut.
    settings["OPTIONS"]["init_command"] = settings["OPTIONS"]["init_command"].replace("FULL", "OFF")


def allow_flush(path: Path) -> None:
    """Tests with real transactions empty every table afterwards; the audit log's own trigger would refuse it."""
    import sqlite3

    with sqlite3.connect(path) as database:
        database.execute("DROP TRIGGER IF EXISTS audit_no_delete")
    database.close()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    return True


@pytest.fixture(scope="session")
def content_database(django_db_setup: None, django_db_blocker: Any) -> Path:
    """A SQLite file with everything that `start` loads."""
    from django.db import connection

    from home import demo, setup

    path = DATA / "content.sqlite3"
    original = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        shutil.copy(original, path)
        switch(path)
        setup.load(lambda _text: None)
        demo.seed_demo()
        connection.close()
        checkpoint(path)
        switch(Path(original))
    return path


@pytest.fixture(scope="module")
def site_content(content_database: Path, django_db_blocker: Any) -> Iterator[None]:
    """All tests of the module see the loaded site; each still rolls back what it does itself."""
    from django.db import connection

    original = connection.settings_dict["NAME"]
    copy = DATA / f"content-{time.monotonic_ns()}.sqlite3"
    shutil.copy(content_database, copy)
    with django_db_blocker.unblock():
        switch(copy)
    yield
    with django_db_blocker.unblock():
        switch(Path(original))
    copy.unlink(missing_ok=True)


def switch(path: Path) -> None:
    """Put Django's connection on another file, and forget what it cached about the last one."""
    from django.contrib.contenttypes.models import ContentType
    from django.core.cache import cache
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = str(path)
    cache.clear()
    ContentType.objects.clear_cache()


def checkpoint(path: Path) -> None:
    """Bring what is in the write-ahead log into the file, so that a copy of the file is whole."""
    import sqlite3

    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


# --- server -----------------------------------------------------------------------------------
def environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of a process of its own on the data folder `data`."""
    return {
        **{k: v for k, v in os.environ.items() if k not in {"SHIWUFANG_TEST_DATA"}},
        "PYTHONPATH": os.pathsep.join([str(ROOT / "site"), str(ROOT)]),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SHIWUFANG_NO_VENV": "1",
        "SHIWUFANG_DATA": str(data),
        **more,
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """A running `start`: where it answers, where its data is, and what it printed."""

    base: str
    data: Path
    log: Path
    process: subprocess.Popen[bytes]

    def printed(self) -> str:
        return self.log.read_text("utf-8", "replace")


def launch(data: Path, command: str = "start", **more: str) -> Served:
    """Start a server as a person would and wait until it answers."""
    port = free_port()
    data.mkdir(parents=True, exist_ok=True)
    log = data / f"server-{port}.log"
    words = [sys.executable, str(ROOT / "manage.py"), command, "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            words, cwd=ROOT, env=environment(data, **more), stdout=output, stderr=subprocess.STDOUT
        )
    served = Served(f"http://127.0.0.1:{port}", data, log, process)
    until = time.monotonic() + 240
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{served.base}/j/", timeout=5).close()
        except urllib.error.HTTPError as answer:
            answer.close()
            return served
        except OSError:
            time.sleep(0.2)
        else:
            return served
    stop(served)
    pytest.fail(f"the server did not come up:\n{served.printed()[-4000:]}")


def stop(served: Served) -> int:
    served.process.terminate()
    try:
        return served.process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        served.process.kill()
        return served.process.wait()


@pytest.fixture(scope="session")
def site(migrated_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The whole site as `start` serves it, content and demonstration people included."""
    data = tmp_path_factory.mktemp("site")
    shutil.copy(migrated_database, data / "db.sqlite3")
    served = launch(data)
    yield served
    stop(served)


@pytest.fixture(scope="session")
def server(site: Served) -> str:
    """The base URL of the running site."""
    return site.base


# --- browser ----------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The system's own Chromium; tests open contexts of their own.

    A module at a time: while Playwright is running, no asyncio test can run in this thread.
    """
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        missing("Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_ARGS)
        yield browser
        browser.close()
