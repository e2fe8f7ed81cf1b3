"""The same code on PostgreSQL: set-up, pages, search, and the live room's store."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.parse
import urllib.request

import pytest

from tests.conftest import ROOT, environment

pytestmark = pytest.mark.services


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as response:
        return str(response.read().decode())


def test_start_prepares_a_postgresql_site(installed):
    data, _url = installed
    printed = (data / "printed").read_text("utf-8")
    assert "课程 15/15" in printed
    assert not (data / "db.sqlite3").exists()


def test_starting_again_changes_nothing(installed):
    data, url = installed
    logins = (data / "demo-logins.txt").read_bytes()
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "start", "--no-serve"],
        env=environment(data, DATABASE_URL=url), capture_output=True, text=True, timeout=100,
    )
    assert done.returncode == 0, done.stderr
    assert "已是最新" in done.stdout
    assert "课程 1/" not in done.stdout
    assert (data / "demo-logins.txt").read_bytes() == logins


@pytest.mark.parametrize(("words", "found"), [("溺水", "/lessons/drowning/"), ("油锅起火", "/lessons/fire/")])
def test_chinese_search_finds_lessons(two_servers, words, found):
    page = get(f"{two_servers[0].base}/search/?q={urllib.parse.quote(words)}")
    assert found in page


def test_a_lesson_is_read(two_servers):
    assert "溺" in get(f"{two_servers[0].base}/lessons/drowning/")


def test_the_live_rooms_store_keeps_its_promises(postgres, tmp_path):
    """Compare-and-set, batches and sweeping, once more on the database that schools with many rooms use."""
    more = {"DATABASE_URL": postgres, "SHIWUFANG_TEST_DATA": str(tmp_path), "PYTEST_ADDOPTS": ""}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-q", "-p", "no:cacheprovider",
         "--durations=0", "--no-header", "tests/live/test_live_store.py"],
        cwd=ROOT, env={**environment(tmp_path), **more}, capture_output=True, text=True, timeout=240,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
    assert os.environ.get("DATABASE_URL") is None
