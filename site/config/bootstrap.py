"""Builds `.venv` and installs the requirements, then runs the command inside it.

Standard library only: this runs before anything is installed. A fresh clone needs nothing else.
`SHIWUFANG_NO_VENV=1` skips it (containers and packagers bring their own environment).
"""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from config import preflight

NETWORK_SIGNS = (
    "could not find a version",
    "no matching distribution",
    "connection",
    "timed out",
    "name resolution",
    "network is unreachable",
    "max retries",
)


def prepare(root: str, argv: Sequence[str]) -> None:
    """Return inside an environment that has what the command needs; re-executes Python to get there."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console that lacks a sign must not stop the start
            stream.reconfigure(errors="replace")
    remember_data_folder(argv)
    if argv[1:2] == ["start"] and not {"-h", "--help"} & set(argv):
        preflight.check(Path(root), argv)
    if os.environ.get("SHIWUFANG_NO_VENV") == "1":
        return
    wanted = "requirements-dev.txt" if argv[1:2] == ["test"] else "requirements.txt"
    home = Path(root)
    venv = home / ".venv"
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not is_current(home, venv, wanted):
        build(venv, python)
        install(home, python, wanted)
        stamp(home, venv, wanted)
    if Path(sys.prefix).resolve() != venv.resolve():
        command = [str(python), *argv]
        if os.name == "nt":
            sys.exit(subprocess.call(command))
        sys.stdout.flush()
        os.execv(str(python), command)


def remember_data_folder(argv: Sequence[str]) -> None:
    """`--data DIR` must be known before Django reads its settings."""
    for i, word in enumerate(argv):
        if word == "--data" and i + 1 < len(argv):
            os.environ["SHIWUFANG_DATA"] = str(Path(argv[i + 1]).expanduser().resolve())
        elif word.startswith("--data="):
            os.environ["SHIWUFANG_DATA"] = str(Path(word[7:]).expanduser().resolve())


def fingerprint(home: Path, wanted: str) -> str:
    texts = [(home / "requirements.txt").read_bytes()]
    if wanted != "requirements.txt":
        texts.append((home / wanted).read_bytes())
    return hashlib.sha256(b"".join(texts)).hexdigest()


def is_current(home: Path, venv: Path, wanted: str) -> bool:
    # The test tools include the runtime, so either stamp serves `start`.
    names = ["requirements-dev.txt"] if "dev" in wanted else ["requirements.txt", "requirements-dev.txt"]
    return any(
        (venv / f".{name}.stamp").is_file()
        and (venv / f".{name}.stamp").read_text() == fingerprint(home, name)
        for name in names
    )


def stamp(home: Path, venv: Path, wanted: str) -> None:
    (venv / f".{wanted}.stamp").write_text(fingerprint(home, wanted))


def build(venv: Path, python: Path) -> None:
    if python.exists() and subprocess.call([str(python), "-c", "import pip"]) == 0:
        return
    print("① 建立独立的 Python 环境（.venv）…", flush=True)
    try:
        import ensurepip  # noqa: F401
        import venv as venv_module

        venv_module.EnvBuilder(with_pip=True, clear=venv.exists()).create(venv)
    except ImportError:
        sys.exit(
            "这台机器的 Python 缺少 venv 模块，不能建立独立环境。\n"
            "Debian / Ubuntu 请先运行：sudo apt install python3-venv\n"
            "其他系统请安装完整的 Python（python.org 安装包自带 venv）。"
        )
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"建立 .venv 失败：{error}\n请确认当前文件夹可以写入、磁盘有 500 MB 空间，再运行一次。")


def install(home: Path, python: Path, wanted: str) -> None:
    label = "测试工具" if "dev" in wanted else "依赖"
    print(f"② 安装{label}（第一次需要一两分钟）…", flush=True)
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--progress-bar", "off", "-r", str(home / wanted)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace"
    )
    assert process.stdout is not None
    tail: list[str] = []
    for line in told(process.stdout):
        tail = [*tail[-14:], line]
    if process.wait() != 0:
        output = "\n".join(tail)
        if any(sign in output.lower() for sign in NETWORK_SIGNS):
            sys.exit(
                f"没有下载到{label}。请检查这台机器能否上网；\n"
                "校园网如有软件源镜像，可先设置环境变量 PIP_INDEX_URL 指向它，再运行同一条命令。\n"
                f"pip 的最后几行：\n{output}"
            )
        sys.exit(f"安装{label}时出错，pip 的最后几行：\n{output}")


def told(lines: Iterator[str]) -> Iterator[str]:
    """Pass pip's lines on, and show one moving line of progress for a person."""
    began = time.monotonic()
    count = 0
    for raw in lines:
        line = raw.rstrip()
        yield line
        if line.startswith(("Collecting ", "Requirement already satisfied: ")):
            count += 1
            name = line.split(" ", 1)[1].removeprefix("already satisfied: ").split(" ")[0]
            print(f"   {count:>3} {name}", flush=True)
        elif line.startswith("Installing collected packages"):
            print("   写入文件…", flush=True)
    print(f"   完成，用时 {time.monotonic() - began:.0f} 秒", flush=True)
