"""`manage.py audit_verify`: is the audit log whole? Exit code 1 and the first broken number when it is not."""

from __future__ import annotations

import argparse
import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people.audit.chain import Anchor
from people.audit.verify import verify
from people.audit.words import FAULTS


class Command(BaseCommand):
    help = "核对操作记录是否连续、有没有被改动；有问题时报出第一条出错的序号，退出码为 1。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="结果写成一行 JSON")
        parser.add_argument("--new", action="store_true", help="只核对上次核对以后新增的记录（每晚自动运行的就是它；每月从头核对一次）")
        parser.add_argument(
            "--anchor",
            type=anchor,
            action="append",
            default=[],
            metavar="序号:校验值",
            help="以前抄下来的校验值（审计包里有），用来发现整条记录被重写；可以写多次",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        check = verify(anchors=options["anchor"], only_new=options["new"])
        seconds = time.monotonic() - began
        if options["json"]:
            answer = {
                "ok": not check.fault,
                "upto": check.number,
                "hash": check.hash,
                "whole": check.whole,
                "fault": check.fault,
                "number": check.fault_number,
                "seconds": round(seconds, 2),
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        elif not check.fault:
            self.stdout.write(f"第 1 至 {check.number} 条连续、没有被改动，用时 {seconds:.1f} 秒。\n校验值 {check.number}:{check.hash}")
        if check.fault:
            # An error, so that the nightly run shouts in the log and a script sees the exit code.
            raise CommandError(f"出错：第 {check.fault_number} 条，{FAULTS[check.fault]}", returncode=1)


def anchor(text: str) -> Anchor:
    number, colon, value = text.partition(":")
    if not (colon and number.isdigit() and len(value) == 64):
        raise argparse.ArgumentTypeError("写成 序号:校验值，例如 1200:3fa9…（校验值 64 位）")
    return int(number), value
