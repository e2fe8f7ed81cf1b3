"""One writer a process: joins and answers wait a few milliseconds for company and share one transaction.

A durable commit costs the same for one answer as for a thousand. Nobody is told 已收到 before it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from django.db import Error

from quizzes.live.batch import Job, Result, write_batch
from quizzes.live.db import WRITER, in_thread
from quizzes.live.domain.errors import RoomError

log = logging.getLogger(__name__)

WAIT = 0.02
"""Seconds a batch gathers; with a commit of some milliseconds an answer is safe within 40 ms."""
MOST = 2000


class Writer:
    """Gathers jobs and writes them in batches; `written` hears which rooms changed."""

    def __init__(
        self,
        written: Callable[[set[int]], None],
        write: Callable[[Sequence[Job]], list[Result]] = write_batch,
        wait: float = WAIT,
    ) -> None:
        self._written = written
        self._write = write
        self._wait = wait
        self._queue: list[tuple[Job, asyncio.Future[int]]] = []
        self._task: asyncio.Task[None] | None = None

    async def submit(self, job: Job) -> int:
        """The player's id after the commit. Raises `RoomError` when the job was refused."""
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._queue.append((job, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        return await done

    async def _drain(self) -> None:
        while self._queue:
            await asyncio.sleep(self._wait)
            batch, self._queue = self._queue[:MOST], self._queue[MOST:]
            jobs = [job for job, _ in batch]
            for (_, done), result in zip(batch, await self._commit(jobs), strict=True):
                if done.done():
                    continue  # its socket went away; the answer is written all the same
                if isinstance(result, RoomError):
                    done.set_exception(result)
                else:
                    done.set_result(result)
            self._written({job.room_id for job in jobs})

    async def _commit(self, jobs: list[Job]) -> Sequence[Result]:
        for last in (False, True):
            try:
                return await in_thread(WRITER, self._write, jobs)
            except Error:
                if last:
                    log.exception("live: a batch of %d could not be written", len(jobs))
            except Exception:
                log.exception("live: a batch of %d failed", len(jobs))
                break
        return [RoomError("server.busy") for _ in jobs]
