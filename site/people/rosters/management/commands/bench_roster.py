"""`manage.py bench_roster`: how long a roster takes to read, compare, apply and undo, and how much memory.

Everything happens in one transaction that is rolled back, so nothing stays; on SQLite nobody else can write
meanwhile, so not on a site in use. The work is that of the jobs, `people.rosters.work`.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from django.test.utils import override_settings

from people.models import Organisation, OrganisationKind, User
from people.posts import post_names
from people.rosters import services
from people.rosters.models import RosterImport

FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜敏静强磊洋艳勇军杰涛明超秀霞平刚桂英华玉萍红建国文𬱖"
STAFF_A_SCHOOL = 40


class Command(BaseCommand):
    help = "测一份大名册的读取、比较、导入、撤销用时和内存；做完全部退回，不留数据。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", type=int, default=80_000)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = options["rows"]
        self.seconds: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self.queries: dict[str, int] = {}
        self.memory: dict[str, int] = {}
        started_at = peak()
        inline = override_settings(JOBS_INLINE=True, JOBS_AT_ONCE=1_000)
        with tempfile.TemporaryDirectory() as folder, transaction.atomic(), inline:
            path = Path(folder) / "roster.xlsx"
            with self.timed("make"):
                schools = county(max(1, rows // STAFF_A_SCHOOL))
                make_file(path, rows, schools)
            user = User.objects.create_user("bench-roster", is_superuser=True)
            first = self.one(user, path, "first")
            assert first.counts["added"] == rows, (first.problem, first.counts)
            again = self.preview(user, path, "again")
            assert again.counts["unchanged"] == rows, (again.problem, again.counts)
            with self.timed("undo"):
                services.undo(user, first)
            first.refresh_from_db()
            assert first.state == "undone", first.problem
            transaction.set_rollback(True)
        result = {
            "rows": rows,
            "database": connection.vendor,
            "seconds": self.seconds,
            "cpu_seconds": self.cpu,
            "queries": self.queries,
            "memory_mb": {"at start": started_at, **self.memory},
        }
        if options["json"]:
            self.stdout.write(json.dumps(result))
            return
        for name, seconds in self.seconds.items():
            figures = f"{seconds:7.1f} 秒（处理器 {self.cpu[name]:.1f} 秒）{self.queries[name]:>7} 次查询{self.memory[name]:>6} MB"
            self.stdout.write(f"{name:<16}{figures}")

    def one(self, user: User, path: Path, name: str) -> RosterImport:
        roster = self.preview(user, path, name)
        with self.timed(f"{name} apply"):
            services.apply(user, roster, mark_leavers=False)
        roster.refresh_from_db()
        return roster

    def preview(self, user: User, path: Path, name: str) -> RosterImport:
        with self.timed(f"{name} preview"):
            roster = services.start(user, "people", path.name, [path.read_bytes()], {})
        roster.refresh_from_db()
        return roster

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        count = 0

        def counting(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal count
            count += 1
            return execute(sql, params, many, context)

        began, cpu = time.monotonic(), time.process_time()
        with connection.execute_wrapper(counting):
            yield
        self.seconds[name] = round(time.monotonic() - began, 2)
        self.cpu[name] = round(time.process_time() - cpu, 2)
        self.queries[name] = count
        self.memory[name] = peak()


def peak() -> int:
    """The most memory this process ever held, in MB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def county(schools: int) -> list[tuple[str, str]]:
    """A made-up county; (code, name) of its schools."""
    top = Organisation.add_root(name="测速县教育局", kind_id=OrganisationKind.BUREAU, code="BENCH")
    names = [(f"BENCH-{number:05}", f"测速县第{number}小学") for number in range(1, schools + 1)]
    step = Organisation.steplen
    Organisation.objects.bulk_create(
        Organisation(
            name=name,
            code=code,
            kind_id=OrganisationKind.SCHOOL,
            path=Organisation._get_path(top.path, 2, number),
            depth=len(top.path) // step + 1,
        )
        for number, (code, name) in enumerate(names, start=1)
    )
    Organisation.objects.filter(pk=top.pk).update(numchild=schools)
    return names


def make_file(path: Path, rows: int, schools: list[tuple[str, str]]) -> None:
    """A roster of `rows` people with a title above its header, numbers as numbers and dates as dates."""
    rng = random.Random(rows)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
    sheet = book.add_worksheet("名册")
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_string(0, 0, "测速县教职工名册")
    sheet.write_row(2, 0, ["序号", "工号*", "姓 名", "学校代码", "所在学校", "岗位", "联系电话", "到岗日期"])
    posts = list(post_names().values())
    for i in range(rows):
        code, school = schools[i % len(schools)]
        name = rng.choice(FAMILY) + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2))))
        row = [i + 1, 70_000_000 + i, name, code, school, rng.choice(posts), str(13_800_000_000 + i)]
        sheet.write_row(3 + i, 0, row)
        day = dt.datetime(2000, 1, 1) + dt.timedelta(days=rng.randrange(9_000))
        sheet.write_datetime(3 + i, 7, day, date)
    book.close()
