"""`manage.py privacy_sweep`: delete what is due, carry out erasures whose days of grace are over. Safe to repeat."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from people.privacy.erasure import carry_out_due
from people.privacy.timers import sweep


class Command(BaseCommand):
    help = "删除到期的个人信息，执行过了反悔期的删除申请，并写入删除记录；可以反复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        erased = carry_out_due(now)
        gone = sweep(now)
        for model, count in gone.items():
            if count or options["verbosity"] > 1:
                self.stdout.write(f"{model} {count}")
        self.stdout.write(f"到期删除 {sum(gone.values())} 条，按申请删除 {erased} 人。")
