"""Threads in which the live room talks to the database, apart from Django's own request threads.

A connection stays open in its thread: opening one for every batch would cost more than the batch.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, InterfaceError, connections

P = ParamSpec("P")
T = TypeVar("T")

READERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="live-read")
WRITER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live-write")


async def in_thread(
    pool: ThreadPoolExecutor, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run `work` in one of the pool's threads."""
    return await asyncio.get_running_loop().run_in_executor(pool, _run, work, args, kwargs)


def _run(work: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]) -> T:
    try:
        return work(*args, **kwargs)
    except (DatabaseError, InterfaceError):
        connections.close_all()  # a broken connection must not be the next caller's
        raise
