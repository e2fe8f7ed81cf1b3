"""`manage.py serve`: Daphne alone, for a machine whose database and static files are ready."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from home import serving


class Command(BaseCommand):
    help = "只提供服务（Daphne），不迁移、不载入内容；用于 systemd 或容器。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="端口，默认 8000")
        parser.add_argument("--host", default="0.0.0.0", help="监听的地址，默认所有网卡")  # noqa: S104

    def handle(self, *args: Any, **options: Any) -> None:
        port, host = options["port"], options["host"]
        sys.exit(serving.run(port, host, lambda: self.stdout.write(f"十五防在 {host}:{port} 上提供服务。")))
