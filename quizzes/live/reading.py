"""Snapshots for many at once: whoever asks while a reading is under way shares the next one.

When a whole school reconnects, a room is read a few times, not five thousand times. Nobody is given a
reading that began before the question: a socket registers, then asks, and can miss nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection

from quizzes.live.domain.errors import RoomError
from quizzes.live.store import RoomView

Waiting = list[tuple[int | None, asyncio.Future[RoomView]]]
Read = Callable[[int, Collection[int]], Awaitable[RoomView]]


class Reader:
    def __init__(self, read: Read) -> None:
        self._read = read
        self._waiting: dict[int, Waiting] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def view(self, room_id: int, player_id: int | None = None) -> RoomView:
        """A reading of the room, and of this player, that began after this call."""
        done: asyncio.Future[RoomView] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(room_id, []).append((player_id, done))
        if room_id not in self._tasks:
            self._tasks[room_id] = asyncio.create_task(self._serve(room_id))
        return await done

    async def _serve(self, room_id: int) -> None:
        try:
            while waiting := self._waiting.pop(room_id, None):
                players = {player for player, _ in waiting if player is not None}
                try:
                    view = await self._read(room_id, players)
                except Exception as error:
                    self._fail(waiting, error)
                    continue
                for _, done in waiting:
                    if not done.done():
                        done.set_result(view)
        finally:
            del self._tasks[room_id]

    def _fail(self, waiting: Waiting, error: Exception) -> None:
        for _, done in waiting:
            if not done.done():
                done.set_exception(RoomError(error.code) if isinstance(error, RoomError) else error)
