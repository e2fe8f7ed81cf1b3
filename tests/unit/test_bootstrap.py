"""The first minute on a bare machine: what is checked, what is said, and what is kept."""

from __future__ import annotations

import os
import re
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config import bootstrap, preflight
from config.secret import secret_key

ROOT = Path(__file__).parents[2]


@pytest.fixture
def taken_port():
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))
        other.listen()
        yield other.getsockname()[1]


def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SHIWUFANG_NO_VENV": "1", **more}
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


def test_an_old_python_gets_a_sentence_and_not_a_traceback():
    code = (
        "import sys, runpy; sys.version_info = (3, 8, 10); sys.argv = ['manage.py', 'start']; "
        f"runpy.run_path({str(ROOT / 'manage.py')!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    said = done.stderr
    assert "3.11" in said
    assert "3.8" in said
    assert said.rstrip().endswith("python3.11 manage.py start")
    assert "Traceback" not in said


def test_manage_py_parses_on_old_pythons():
    import ast

    ast.parse((ROOT / "manage.py").read_text("utf-8"), feature_version=(3, 4))


def test_a_taken_port_is_said_before_anything_is_done(taken_port, tmp_path):
    done = run("start", "--port", str(taken_port), "--data", str(tmp_path / "data"))
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"端口 {taken_port} 已被占用" in done.stderr
    assert f"start --port {taken_port + 1}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data" / "db.sqlite3").exists()


def test_a_data_folder_that_cannot_be_written_is_said_with_a_way_out(tmp_path):
    (tmp_path / "file").write_text("")
    done = run("start", "--no-serve", "--data", str(tmp_path / "file" / "data"))
    assert done.returncode == 1
    assert str(tmp_path / "file" / "data") in done.stderr
    assert "--data" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("port", [0, 65536, 70000])
def test_an_impossible_port_is_said(port):
    assert "1 到 65535" in (preflight.port_problem(port) or "")


def test_a_free_port_is_no_problem(taken_port):
    with socket.socket() as probe:
        probe.bind(("0.0.0.0", 0))
        free = probe.getsockname()[1]
    assert preflight.port_problem(free) is None


@pytest.mark.parametrize(
    ("words", "port"),
    [
        ([], 8000),
        (["--port", "8123"], 8123),
        (["--port=8124"], 8124),
        (["--port"], 8000),
        (["--port", "abc"], 8000),
    ],
)
def test_the_port_is_read_as_the_command_reads_it(words, port):
    assert preflight.port_of(["manage.py", "start", *words]) == port


@pytest.mark.parametrize("words", [["--data", "here"], ["--data=here"]])
def test_the_data_folder_is_known_before_settings_are_read(words, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHIWUFANG_DATA", "elsewhere")
    bootstrap.remember_data_folder(["manage.py", "start", *words])
    assert os.environ["SHIWUFANG_DATA"] == str(tmp_path / "here")


def test_the_secret_key_is_long_private_and_kept(tmp_path):
    path = tmp_path / "secret.key"
    key = secret_key(path)
    assert len(key) >= 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret_key(path) == key


def test_the_example_names_every_variable_that_settings_read():
    settings = (ROOT / "site" / "config" / "settings.py").read_text("utf-8")
    read = set(re.findall(r"""(?:environ\.get\(|environ\[|env_bool\(|env_list\()"([A-Z_]+)\"""", settings))
    example = (ROOT / "deploy" / ".env.example").read_text("utf-8")
    assert read - set(re.findall(r"^([A-Z_]+)=", example, re.M)) == set()
    assert "DATABASE_URL" in read


def test_requirements_that_changed_are_installed_again(tmp_path):
    venv = tmp_path / ".venv"
    venv.mkdir()
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("a==1\n")
    assert not bootstrap.is_current(tmp_path, venv, "requirements.txt")
    bootstrap.stamp(tmp_path, venv, "requirements-dev.txt")
    assert bootstrap.is_current(tmp_path, venv, "requirements.txt")
    assert bootstrap.is_current(tmp_path, venv, "requirements-dev.txt")
    (tmp_path / "requirements.txt").write_text("a==2\n")
    assert not bootstrap.is_current(tmp_path, venv, "requirements.txt")


def test_the_progress_of_pip_is_told_line_by_line(capsys):
    lines = ["Collecting Django==5.2 (from -r requirements.txt)\n", "  Downloading x\n", "Installing collected packages: a\n"]
    assert list(bootstrap.told(iter(lines))) == [line.rstrip() for line in lines]
    assert "1 Django==5.2" in capsys.readouterr().out
