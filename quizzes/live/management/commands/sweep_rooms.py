"""`manage.py sweep_rooms`: delete expired live rooms, end forgotten ones. Safe to repeat."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from quizzes.live.sweep import delete_at_once, sweep


class Command(BaseCommand):
    help = "删除到期的课堂互动数据，结束长时间没人操作的课堂。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--delete", metavar="课堂号", help="立即删除这个课堂的全部数据（学生或家长要求时）")

    def handle(self, *args: Any, **options: Any) -> None:
        code = options["delete"]
        if code:
            if not delete_at_once(code):
                raise CommandError(f"没有课堂号是 {code} 的课堂，可能已经删除。")
            self.stdout.write(f"课堂 {code} 的数据已经全部删除。")
            return
        swept = sweep(timezone.now())
        self.stdout.write(f"删除 {swept.deleted} 个到期的课堂，结束 {swept.ended} 个闲置的课堂。")
