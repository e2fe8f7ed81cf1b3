"""`bench_people --json`: how long each list, search and page takes in a made-up county, and its queries.

Works on a data folder of its own, which is removed afterwards; with DATABASE_URL on that (empty) database.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from statistics import median
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people import staff
from people.access_rules import Role
from people.models import Membership, Organisation, OrganisationKind, User

INSIDE = "SHIWUFANG_BENCH"
TARGET = 300
"""Milliseconds that no list and no search may take."""


class Command(BaseCommand):
    help = "在一个虚构的大县里量每个人员、单位页面的用时（毫秒，5 次的中位数）和查询次数。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--schools", type=int, default=2_000)
        parser.add_argument("--staff", type=int, default=80_000)
        parser.add_argument("--classes", type=int, default=40_000)
        parser.add_argument("--repeat", type=int, default=5)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not os.environ.get(INSIDE):
            return self.outside()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        if Organisation.objects.exists():
            raise CommandError("这个数据库里已有单位。请用一个空的数据库来量。")
        sizes = {name: options[name] for name in ("schools", "staff", "classes")}
        started = time.monotonic()
        call_command("make_county", direct=True, verbosity=0, stdout=open(os.devnull, "w"), **sizes)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        made = round(time.monotonic() - started, 1)
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
        rows = [
            {"who": who, "page": page, **self.measure(client, url, options["repeat"])}
            for who, client, pages in self.people()
            for page, url in pages.items()
        ]
        worst = {f"worst_{key}": max(row[key] for row in rows) for key in ("ms", "cpu_ms")}
        result = {"database": connection.vendor, **sizes, "made_seconds": made, **worst, "pages": rows}
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False, indent=1))
        else:
            for row in rows:
                late = "  ← 超过 300 毫秒" if row["ms"] > TARGET else ""
                self.stdout.write(f"{row['who']}\t{row['page']}\t{row['ms']} ms（CPU {row['cpu_ms']}）\t{row['queries']} 次查询{late}")
            self.stdout.write(f"{connection.vendor}：最慢 {worst['worst_ms']} 毫秒（CPU {worst['worst_cpu_ms']}）；造县用 {made} 秒。")

    def outside(self) -> None:
        """The same command once more, on a data folder of its own."""
        with tempfile.TemporaryDirectory(prefix="shiwufang-bench-") as folder:
            env = {**os.environ, "SHIWUFANG_DATA": folder, INSIDE: "1"}
            done = subprocess.run([sys.executable, *sys.argv], env=env)
        if done.returncode:
            sys.exit(done.returncode)

    def people(self) -> list[tuple[str, Client, dict[str, str]]]:
        """The superuser, a bureau's admin, a school's officer; each with the pages they look at."""
        bureau = Organisation.objects.get(kind_id=OrganisationKind.BUREAU)
        school = Organisation.objects.filter(kind_id=OrganisationKind.SCHOOL).order_by("path")[len(bureau.path)]
        root = User.objects.create_superuser("bench-root", password=None)
        admin = staff.create("bench-admin", "局管理员", bureau)
        officer = staff.create("bench-officer", "校安全员", school)
        staff.grant(admin, Role.ADMIN, bureau)
        staff.grant(officer, Role.SAFETY_OFFICER, school)
        district = school.get_parent()
        return [
            ("超级管理员", client_of(root), pages(bureau, bureau)),
            ("局管理员", client_of(admin), pages(bureau, bureau) | pages(district, school, "学区 ")),
            ("校安全员", client_of(officer), pages(school, school)),
        ]

    def measure(self, client: Client, url: str, repeat: int) -> dict[str, Any]:
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url)
        if answer.status_code != 200:
            raise CommandError(f"{url} 答 {answer.status_code}")
        number = len(queries)  # counted before the next request empties the log
        wall, cpu = [], []
        for _n in range(repeat):
            started, worked = time.perf_counter(), time.process_time()
            client.get(url)
            wall.append(time.perf_counter() - started)
            cpu.append(time.process_time() - worked)
        return {"ms": round(median(wall) * 1000), "cpu_ms": round(median(cpu) * 1000), "queries": number}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def pages(at: Organisation, school: Organisation, prefix: str = "") -> dict[str, str]:
    """Page → address: lists, searches and filters at `at`, and the pages of one school and of one person."""
    tree, people = reverse("office:organisations"), reverse("office:people")
    below = reverse("office:organisations_below", args=[at.pk])
    person = Membership.objects.filter(organisation__path__startswith=at.path).order_by("-pk").values_list("user", flat=True)[0]
    return {
        f"{prefix}{name}": url
        for name, url in {
            "单位：最上一级": tree,
            "单位：下一级": below,
            "单位：搜名称": f"{tree}?q=第二小学",
            "单位：搜代码": f"{tree}?q=9905",
            "单位：按类型，最后一页": f"{below}?kind=class&p=9999",
            "单位：已停用": f"{tree}?state=closed",
            "单位详情": reverse("office:organisation", args=[at.pk]),
            "学校详情": reverse("office:organisation", args=[school.pk]),
            "选择单位": reverse("organisation_chooser:choose"),
            "选择单位：搜": f"{reverse('organisation_chooser:choose_results')}?q=中心小学",
            "人员：全部": people,
            "人员：最后一页": f"{people}?p=99999",
            "人员：按姓名排": f"{people}?ordering=first_name",
            "人员：搜姓名": f"{people}?q=张伟",
            "人员：搜姓名和学校": f"{people}?q=张伟 第二小学",
            "人员：搜工号": f"{people}?q=1005",
            "人员：搜不到的": f"{people}?q=没有这个人",
            "人员：单位": f"{people}?organisation={at.pk}",
            "人员：单位和岗位": f"{people}?organisation={at.pk}&post=gatekeeper",
            "人员：角色": f"{people}?role=safety_officer",
            "人员：已离岗": f"{people}?state=left",
            "人员：没登录过": f"{people}?state=new",
            "人员详情": reverse("office:person", args=[person]),
            "角色权限": reverse("office:roles"),
        }.items()
    }
