"""`manage.py start`: from an empty folder to a served site, then the addresses, the log-ins and a QR code."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from common import qr
from common.contentfile import ContentErrors
from home import demo, serving, setup
from home.roles import sync_everybody


class Command(BaseCommand):
    help = "建立数据库、载入内容并提供服务；可以反复运行，已有的内容不会被改动。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="端口，默认 8000")
        parser.add_argument("--host", default="0.0.0.0", help="监听的地址，默认所有网卡")  # noqa: S104
        parser.add_argument("--data", help="数据文件夹，默认 var/")  # read by config.bootstrap
        parser.add_argument("--no-serve", action="store_true", help="只做准备，不提供服务")
        parser.add_argument("--no-demo", action="store_true", help="不建立示范教育局和示范账号")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            self.prepare(with_demo=not options["no_demo"])
        except ContentErrors as error:
            raise CommandError(f"内容文件有错，请改正后再运行：\n{error}") from error
        except DatabaseError as error:
            raise CommandError(
                f"数据库出错：{error}\n请确认数据文件夹 {settings.DATA} 可写、磁盘未满；"
                "使用 PostgreSQL 时请检查 DATABASE_URL。"
            ) from error
        self.say(f"准备完成，用时 {time.monotonic() - began:.1f} 秒。")
        if options["no_serve"]:
            return
        port = options["port"]
        public = serving.welcome_the_network(port)
        code = serving.run(port, options["host"], lambda: self.greet(port, public))
        self.say("已停止。" if code == 0 else "")
        sys.exit(code)

    def prepare(self, with_demo: bool) -> None:
        with self.step("数据库"):
            count = setup.migrate(self.detail)
            self.detail("已建好" if count else "已是最新")
        with self.step("静态文件"):
            if not setup.collect_static(self.detail):
                self.detail("没有变化")
        with self.step("课程与题库"):
            setup.load(self.detail)
            if count:  # rights of new models; what an administrator took away later stays away
                sync_everybody()
        if with_demo:
            with self.step("示范教育局"):
                self.detail(f"已建立 {len(demo.PEOPLE)} 个示范账号" if demo.seed_demo() else "已有账号，不再建立")

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        self.say(f"· {name}")
        yield
        self.detail(f"用时 {time.monotonic() - began:.1f} 秒")

    def greet(self, port: int, public: str) -> None:
        local = f"http://localhost:{port}"
        lines = ["", "十五防已经开始运行。", f"  这台电脑  {local}/"]
        if public != local:
            lines.append(f"  同一网络  {public}/   （手机、教室的电脑）")
        lines.append(f"  编辑后台  {local}/cms/")
        logins = demo.logins()
        if logins:
            lines += ["", f"示范账号（密码在 {demo.logins_file()}，正式使用前请改掉）："]
            lines += [f"  {name:<8}  {secret}  {role}" for name, secret, role in logins]
        else:
            lines += ["", "忘记密码时：python3 manage.py changepassword 用户名"]
        if public != local:
            lines += ["", "手机扫一扫打开：", qr.terminal(public + "/")]
        lines.append("按 Ctrl+C 停止。")
        self.say("\n".join(lines))

    def detail(self, text: str) -> None:
        self.say(f"    {text.strip()}")

    @property
    def say(self) -> Callable[[str], None]:
        def write(text: str) -> None:
            self.stdout.write(text)
            self.stdout.flush()

        return write
