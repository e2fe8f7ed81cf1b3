"""`manage.py load_content`: topics, pictures, questions and lessons that are missing; nothing that is there."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.contentfile import ContentErrors
from lessons.services import load_content


class Command(BaseCommand):
    help = "把内容文件载入站点；已有的内容不动。先运行 load_questions。"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_content(self.stdout.write)
        except ContentErrors as errors:
            raise CommandError(f"内容文件有误，有误的文件没有载入：\n{errors}") from errors
        self.stdout.write(f"新建 {len(report.created)} 项，保留 {len(report.kept)} 项。")
