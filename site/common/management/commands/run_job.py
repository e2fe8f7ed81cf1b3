"""`manage.py run_job ID`: do one job, then those that wait. `common.jobs` starts it; nobody types it."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from common import jobs


class Command(BaseCommand):
    help = "执行一个后台任务，做完后接着做排队的任务。由系统自己启动。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        be_modest()
        pk: int | None = options["id"]
        while pk is not None:
            done = jobs.run(pk)
            if done is not None:
                self.stdout.write(f"{done.pk} {done.kind}: {done.state}")
            following = jobs.next_queued()
            if done is None and following == pk:  # all places are taken: whoever ends first takes it
                return
            pk = following


def be_modest() -> None:
    """The visitors come first; and a hostile file may end this process, not the machine."""
    with suppress(AttributeError, OSError):
        os.nice(5)
    with suppress(ImportError, ValueError, OSError):
        import resource

        limit = settings.JOBS_MEMORY_MB * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
