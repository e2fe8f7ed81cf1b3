"""`manage.py sweep_rosters`: forget previews that nobody applied and how to undo old imports. Safe to repeat."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from people.rosters.services import sweep


class Command(BaseCommand):
    help = "删除 7 天没有导入的名册预览，和 30 天前的导入的撤销数据。"

    def handle(self, *args: Any, **options: Any) -> None:
        previews, undos = sweep(timezone.now())
        self.stdout.write(f"删除 {previews} 份预览，{undos} 份撤销数据。")
