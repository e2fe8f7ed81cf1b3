"""PostgreSQL and Redis of our own for a test run: temporary, on a socket or the loopback only."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.conftest import ROOT, Served, environment, free_port, launch, missing, stop


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of an empty database in a cluster that lives for this run."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = str(binaries[-1]) if binaries else shutil.which("initdb")
    if not found:
        missing("PostgreSQL")
    bin_ = Path(found).parent
    home = Path(tempfile.mkdtemp(prefix="shiwufang-pg-"))
    who: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        person = pwd.getpwnam("postgres")
        os.chown(home, person.pw_uid, person.pw_gid)
        who = {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    cluster = home / "data"
    subprocess.run(
        [bin_ / "initdb", "-D", cluster, "-U", "shiwufang", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"],
        check=True, stdout=subprocess.DEVNULL, cwd=home, **who,
    )
    options = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off"
    subprocess.run(
        [bin_ / "pg_ctl", "-D", cluster, "-w", "-l", home / "log", "-o", options, "start"],
        check=True, stdout=subprocess.DEVNULL, cwd=home, **who,
    )
    yield f"postgresql://shiwufang@{quote(str(home), safe='')}/postgres"
    subprocess.run(
        [bin_ / "pg_ctl", "-D", cluster, "-m", "immediate", "stop"], stdout=subprocess.DEVNULL, cwd=home, **who
    )
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def redis() -> Iterator[str]:
    found = shutil.which("redis-server")
    if not found:
        missing("Redis")
    port = free_port()
    words = [found, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, cwd=tempfile.gettempdir())
    time.sleep(0.5)
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture(scope="session")
def installed(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder and a PostgreSQL that `start --no-serve` has prepared; the folder has what it printed."""
    data = tmp_path_factory.mktemp("postgres-site")
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "start", "--no-serve"],
        env=environment(data, DATABASE_URL=postgres),
        capture_output=True, text=True, timeout=400,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (data / "printed").write_text(done.stdout, "utf-8")
    return data, postgres


@pytest.fixture(scope="session")
def two_servers(installed: tuple[Path, str], redis: str) -> Iterator[tuple[Served, Served]]:
    """Two processes that share PostgreSQL and Redis, as behind a proxy."""
    data, database = installed
    more = {"DATABASE_URL": database, "REDIS_URL": redis, "SHIWUFANG_TRUST_PROXY": "1"}
    both = launch(data, "serve", **more), launch(data, "serve", **more)
    yield both
    for served in both:
        stop(served)
