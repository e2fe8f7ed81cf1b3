"""`manage.py sweep_rooms`: delete expired live rooms, end forgotten ones. Safe to repeat."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from quizzes.live.sweep import sweep


class Command(BaseCommand):
    help = "删除到期的课堂互动数据，结束长时间没人操作的课堂。"

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweep(timezone.now())
        self.stdout.write(f"删除 {swept.deleted} 个到期的课堂，结束 {swept.ended} 个闲置的课堂。")
