"""What `start` checks before anything slow: the port and the data folder. Standard library only."""

from __future__ import annotations

import errno
import os
import socket
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

PORT = 8000


def check(root: Path, argv: Sequence[str]) -> None:
    """Leave with a sentence when `start` could not work."""
    problem = data_problem(Path(os.environ.get("SHIWUFANG_DATA") or root / "var"))
    if problem is None and "--no-serve" not in argv:
        problem = port_problem(port_of(argv))
    if problem:
        sys.exit(problem)


def port_of(argv: Sequence[str]) -> int:
    """The port asked for; a malformed one is left to the command's own parser."""
    for i, word in enumerate(argv):
        value = argv[i + 1] if word == "--port" and i + 1 < len(argv) else ""
        if word.startswith("--port="):
            value = word[7:]
        if value.isascii() and value.isdigit():
            return int(value)
    return PORT


def port_problem(port: int) -> str | None:
    """Why nobody can listen on `port`, and what to do; None when it is free."""
    if not 1 <= port <= 65535:
        return f"端口号应在 1 到 65535 之间，不能是 {port}。例如：python3 manage.py start --port 8001"
    with socket.socket() as probe:
        if os.name != "nt":  # on Windows this option would let two servers share the port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 - phones on the same network must reach it
            probe.listen(1)
        except OSError as error:
            if error.errno in {errno.EACCES, errno.EPERM}:
                return f"没有权限使用端口 {port}。请换一个大于 1024 的：python3 manage.py start --port 8000"
            other = port + 1 if port < 65535 else PORT
            return (
                f"端口 {port} 已被占用（也许十五防已经在另一个窗口里运行）。\n"
                f"可换一个：python3 manage.py start --port {other}"
            )
    return None


def data_problem(folder: Path) -> str | None:
    """Why data cannot be kept in `folder`, and what to do; None when it can."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        reason = error.strerror or str(error)
        return (
            f"不能在数据文件夹 {folder} 里写文件（{reason}）。\n"
            "请换一个文件夹：python3 manage.py start --data 文件夹路径"
        )
