"""`manage.py sweep_imports`: delete uploads of questions that nobody decided upon. Safe to repeat."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from quizzes.bank.imports import sweep


class Command(BaseCommand):
    help = "删除上传 7 天还没有确认导入的题库文件。"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"删除 {sweep()} 份没有确认的上传。")
