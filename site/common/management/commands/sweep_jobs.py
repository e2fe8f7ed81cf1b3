"""`manage.py sweep_jobs`: find jobs whose process died, start those left waiting, delete old ones. Safe to repeat."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from common.jobs import sweep


class Command(BaseCommand):
    help = "找出中途停下的后台任务，启动被落下的任务，删除 30 天前的任务记录。"

    def handle(self, *args: Any, **options: Any) -> None:
        dead, started, gone = sweep(timezone.now())
        self.stdout.write(f"中途停下 {dead} 个，重新启动 {started} 个，删除 {gone} 个旧任务。")
