"""The steps of `start` between an empty data folder and a site that can be served. Each may be repeated."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

Tell = Callable[[str], None]
STAMP = ".collected"


def migrate(tell: Tell) -> int:
    """Bring the database up to date; returns how many migrations were applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    connection.close()
    if plan:
        call_command("migrate", interactive=False, verbosity=1, no_color=True, stdout=Counter(len(plan), tell))
    return len(plan)


class Counter(io.StringIO):
    """Reads what `migrate` writes and tells how far it is, now and then: 300 lines help nobody."""

    STEP = 40

    def __init__(self, total: int, tell: Tell) -> None:
        super().__init__()
        self.total = total
        self.done = 0
        self.tell = tell

    def write(self, text: str) -> int:
        if text.lstrip().startswith("Applying "):
            self.done += 1
            if self.done % self.STEP == 0 or self.done == self.total:
                self.tell(f"{self.done}/{self.total}")
        return len(text)


def collect_static(tell: Tell) -> bool:
    """Copy and hash the static files unless nothing changed since the last time; returns whether it did."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / STAMP
    current = static_fingerprint()
    if stamp.is_file() and stamp.read_text() == current:
        return False
    tell("整理样式、脚本和图标…")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(current)
    return True


def static_fingerprint() -> str:
    """Changes when a file of ours changes, or a package that brings files is upgraded."""
    digest = hashlib.sha256()
    for package in ("django", "wagtail", "whitenoise", "channels"):
        digest.update(f"{package}={version(package)}\n".encode())
    for folder in [*settings.STATICFILES_DIRS, settings.ROOT / "site" / "common" / "storage.py"]:
        for path in sorted([folder, *Path(folder).rglob("*")]):
            if path.is_file():
                stat = path.stat()
                digest.update(f"{path}:{stat.st_mtime_ns}:{stat.st_size}\n".encode())
    return digest.hexdigest()


def load(tell: Tell) -> None:
    """Lessons, pictures and questions that the database does not have yet."""
    from lessons.services import load_content
    from quizzes.bank.services import load_questions

    report = load_questions()  # first: lessons ask some of them
    if report.created:
        tell(f"题库：新增 {len(report.created)} 题")
    load_content(tell)
