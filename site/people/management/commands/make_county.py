"""`make_county`: a made-up county as Excel files (`--out`), or straight into the database (`--direct`)."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from people.county import direct, files
from people.county.making import County
from people.models import OrganisationKind


class Command(BaseCommand):
    help = "造一个虚构的县（单位、年级、班级、教职工），用来试用导入和测速度；里面没有真人真校。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--schools", type=int, default=2_000)
        parser.add_argument("--staff", type=int, default=80_000)
        parser.add_argument("--classes", type=int, default=40_000)
        parser.add_argument("--seed", type=int, default=15, help="同样的数字造出同样的县")
        parser.add_argument("--out", type=Path, metavar="DIR", help="写成 单位.xlsx 和 名册.xlsx")
        parser.add_argument("--direct", action="store_true", help="直接写进数据库（只用于测速）")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["out"] and not options["direct"]:
            raise CommandError("请写 --out 文件夹（写成 Excel），或 --direct（直接写进数据库）。")
        if min(options["schools"], options["staff"]) < 1 or options["classes"] < 0:
            raise CommandError("学校和人数至少是 1。")
        started = time.monotonic()
        if OrganisationKind._meta.db_table not in connection.introspection.table_names():
            raise CommandError("数据库还没有建好，请先运行 python3 manage.py start --no-serve。")
        county = County(options["schools"], options["staff"], options["classes"], options["seed"])
        if options["out"]:
            for path in files.write(county, options["out"]):
                self.stdout.write(f"已写好 {path}")
        if options["direct"]:
            try:
                units, people, memberships = direct.insert(county)
            except direct.AlreadyThere:
                raise CommandError("这个数据库里已有代码以 99 开头的单位。请换一个空的数据目录再造。")
            self.stdout.write(f"已写进数据库：{units} 个单位、{people} 人、{memberships} 条任职。")
        self.stdout.write(f"用时 {time.monotonic() - started:.1f} 秒。")
