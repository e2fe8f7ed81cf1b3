"""Deleting what a live room kept, when its time is over. Promised to teachers on the end page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from people.privacy.models import Deletion
from people.privacy.timers import note
from quizzes.live import store
from quizzes.live.harvest import harvest_ended
from quizzes.live.models import Room

IDLE = dt.timedelta(hours=12)


@dataclass(frozen=True)
class Swept:
    ended: int
    deleted: int


def sweep(now: dt.datetime) -> Swept:
    """End rooms that nobody touched for half a day, count ended ones, delete those whose days are over."""
    ended = store.end_idle(now - IDLE, now)
    harvest_ended(now)
    deleted = store.delete_expired(now)
    note("rooms", "live.room", deleted, at=now)
    return Swept(ended=ended, deleted=deleted)


def delete_at_once(code: str) -> bool:
    """Delete one room now, because a child, a guardian or the teacher wants it; False when there is none."""
    room_id = Room.objects.filter(code=code).values_list("pk", flat=True).first()
    if room_id is None:
        return False
    store.delete_room(room_id)
    note("rooms", "live.room", 1, Deletion.Cause.AT_ONCE)
    return True
