"""Deleting what a live room kept, when its time is over. Promised to teachers on the end page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from quizzes.live import store

IDLE = dt.timedelta(hours=12)


@dataclass(frozen=True)
class Swept:
    ended: int
    deleted: int


def sweep(now: dt.datetime) -> Swept:
    """End rooms that nobody touched for half a day, delete rooms whose days are over."""
    deleted = store.delete_expired(now)
    return Swept(ended=store.end_idle(now - IDLE, now), deleted=deleted)
