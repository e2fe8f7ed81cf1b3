"""What a site does by itself: publish on time, delete what has expired. One thread beside the server."""

from __future__ import annotations

import io
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.management import call_command
from django.db import close_old_connections, connections

logger = logging.getLogger(__name__)
MINUTE = 60.0
HOUR = 3600.0
DAY = 24 * HOUR


@dataclass
class Chore:
    command: str
    """A management command with its options, parted by blanks."""
    every: float
    due: float = field(default=0.0)


def chores() -> list[Chore]:
    """All are due at once: a machine that is switched on for one lesson a day must sweep too."""
    return [
        Chore("publish_scheduled", MINUTE),
        Chore("sweep_jobs", MINUTE),
        Chore("sweep_rooms", HOUR),
        Chore("sweep_rosters", HOUR),
        Chore("sweep_imports", HOUR),
        Chore("privacy_sweep", DAY),
        Chore("audit_verify --new", DAY),
    ]


def run_due(todo: list[Chore], now: float, call: Callable[[str], object]) -> list[str]:
    """Run what is due and plan it anew; a failure is logged and never stops the rest. Returns what ran."""
    ran = []
    for chore in todo:
        if now < chore.due:
            continue
        chore.due = now + chore.every
        ran.append(chore.command)
        try:
            call(chore.command)
        except Exception:
            logger.exception("housekeeping: %s failed; the next try is in %.0f s", chore.command, chore.every)
    return ran


def start(delay: float = 20.0) -> threading.Thread:
    """Begin in the background after `delay`, when the first visitors have been served."""

    def work() -> None:
        todo = chores()
        time.sleep(delay)
        while True:
            close_old_connections()
            run_due(todo, time.monotonic(), _quietly)
            connections.close_all()
            time.sleep(5)

    thread = threading.Thread(target=work, name="housekeeping", daemon=True)
    thread.start()
    return thread


def _quietly(command: str) -> None:
    # The commands tell a person what they did; here is none.
    call_command(*command.split(), verbosity=0, stdout=io.StringIO())
