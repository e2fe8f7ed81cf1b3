"""`start` as a person meets it: what it prints, what it makes, and that a second start changes nothing."""

from __future__ import annotations

import re
import signal
import sqlite3
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import ROOT, environment, launch

LOGIN = re.compile(r"^(\w+)\t([a-z2-9]{4}(?:-[a-z2-9]{4}){2})\t", re.M)


def rows(data: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(data / "db.sqlite3") as database:
        names = [n for (n,) in database.execute("SELECT name FROM sqlite_master WHERE type='table' ORDER BY name")]
        # Sessions and live rooms belong to visitors, full-text shadow tables to SQLite.
        kept = [n for n in names if not n.startswith(("django_session", "live_", "sqlite_", "axes_")) and "_fts" not in n]
        return {name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"'))) for name in kept}


def test_a_second_start_changes_nothing(site):
    before = rows(site.data)
    logins = (site.data / "demo-logins.txt").read_bytes()
    key = (site.data / "secret.key").read_bytes()
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "start", "--no-serve"],
        env=environment(site.data), capture_output=True, text=True, timeout=100,
    )
    assert done.returncode == 0, done.stderr
    assert rows(site.data) == before
    assert (site.data / "demo-logins.txt").read_bytes() == logins
    assert (site.data / "secret.key").read_bytes() == key


def test_it_prints_where_to_go_who_may_log_in_and_a_code_to_scan(site):
    printed = site.printed()
    port = site.base.rsplit(":", 1)[1]
    assert f"http://localhost:{port}/cms/" in printed
    logins = LOGIN.findall((site.data / "demo-logins.txt").read_text("utf-8"))
    assert [name for name, _ in logins] == ["admin", "kaowu", "bianji", "shenhe", "anquan", "xuexiao", "laoshi"]
    assert len({secret for _, secret in logins}) == 7
    assert all(secret in printed for _, secret in logins)
    assert ("手机扫一扫" in printed) == ("同一网络" in printed)


@pytest.mark.parametrize("name", ["demo-logins.txt", "secret.key"])
def test_secrets_are_for_their_owner_alone(site, name):
    assert stat.S_IMODE((site.data / name).stat().st_mode) == 0o600


def test_a_stranger_s_host_name_is_refused(site):
    request = urllib.request.Request(site.base + "/j/", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=20)
    assert refused.value.code == 400
    refused.value.close()


def test_ctrl_c_ends_it_in_peace(site, tmp_path):
    served = launch(site.data, "serve")
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(timeout=20) == 0
    assert "Traceback" not in served.printed()


def test_serve_says_in_words_when_its_port_is_taken(site):
    port = site.base.rsplit(":", 1)[1]
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "serve", "--port", port],
        env=environment(site.data), capture_output=True, text=True, timeout=60,
    )
    assert done.returncode == 1
    assert "端口被占用" in done.stderr
    assert "Traceback" not in done.stderr
