"""`manage.py guide_pictures`: take the pictures of the officers' guide anew from a running product."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from home.guide import Guide, walk

PICTURES = settings.ROOT / "docs" / "pictures" / "guide"
CHROMIUM_ARGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run")


class Command(BaseCommand):
    help = "启动一个临时的站点，走一遍安全员的操作，重新拍使用说明里的图片（需要 Chromium 和测试工具）。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, default=PICTURES, help="图片放在哪里，默认 docs/pictures/guide")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from playwright.sync_api import sync_playwright
        except ImportError:
            raise CommandError("需要测试工具：先运行一次 python3 manage.py test --version") from None
        browser = shutil.which("chromium") or shutil.which("google-chrome")
        if browser is None:
            raise CommandError("没有找到 Chromium，请先安装（Debian：apt install chromium）。")
        data = Path(tempfile.mkdtemp(prefix="guide-site-"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        words = [sys.executable, str(settings.ROOT / "manage.py"), "start", "--port", str(port), "--data", str(data)]
        with (data / "server.log").open("wb") as log:
            server = subprocess.Popen(words, stdout=log, stderr=subprocess.STDOUT)
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(base, server)
            lines = (data / "demo-logins.txt").read_text("utf-8").splitlines()
            passwords = dict(line.split("\t")[:2] for line in lines)
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=browser, args=list(CHROMIUM_ARGS))
                guide = Guide(chromium, base, passwords, options["out"])
                walk(guide)
                chromium.close()
        finally:
            server.terminate()
            server.wait(timeout=20)
            shutil.rmtree(data, ignore_errors=True)
        if guide.problems:
            raise CommandError("页面脚本出错：" + "；".join(guide.problems))
        self.stdout.write(f"{len(guide.taken)} 张图片：{options['out']}")


def _wait(base: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 300
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(f"{base}/j/", timeout=5).close()  # noqa: S310
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise CommandError("站点没有启动，请单独运行 python3 manage.py start 看看原因。")
