"""Deleting what a live room kept, when its time is over. Promised to teachers on the end page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from quizzes.live import store
from quizzes.live.harvest import harvest_ended

IDLE = dt.timedelta(hours=12)


@dataclass(frozen=True)
class Swept:
    ended: int
    deleted: int


def sweep(now: dt.datetime) -> Swept:
    """End rooms that nobody touched for half a day, count ended ones, delete those whose days are over."""
    ended = store.end_idle(now - IDLE, now)
    harvest_ended(now)
    return Swept(ended=ended, deleted=store.delete_expired(now))
