"""One registry a process: which sockets here belong to which room. It alone fans out.

A frame is encoded once and put into every local socket's outbox. Other processes hear of it by one
channel-layer message (see bridge.py). Nothing here touches the database; what must be read is asked
for through the callbacks, after the commit.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from quizzes.live.domain.errors import RoomError
from quizzes.live.outbox import Outbox

log = logging.getLogger(__name__)

TICK = 0.25
"""Seconds between two progress frames to a host."""
SLICE = 200
"""Sockets served before other work of the loop gets its turn."""


@dataclass(eq=False)
class Connection:
    """One socket that has said who it is."""

    outbox: Outbox
    room_id: int
    player_id: int | None
    """None for a host."""
    displaced: Callable[[], None]
    """Called when the same player opens a newer socket."""
    since: float = field(default_factory=time.time)


@dataclass
class LocalRoom:
    players: dict[int, Connection] = field(default_factory=dict)
    hosts: set[Connection] = field(default_factory=set)
    rev: int = 0
    ticker: asyncio.Task[None] | None = None
    dirty: bool = False


@dataclass(frozen=True)
class Publication:
    """One change of a room, encoded once for each audience."""

    room_id: int
    rev: int
    player_frame: str
    host_frame: str
    revealed: tuple[int, int] | None = None
    """(index, round) when private results follow."""


class Elsewhere(Protocol):
    """The other processes."""

    def watch(self, room_id: int) -> None: ...
    def unwatch(self, room_id: int) -> None: ...
    def publish(self, publication: Publication) -> None: ...
    def touch(self, room_id: int) -> None: ...
    def displace(self, room_id: int, player_id: int, since: float) -> None: ...


class Nowhere:
    """There is only this process."""

    def watch(self, room_id: int) -> None: ...
    def unwatch(self, room_id: int) -> None: ...
    def publish(self, publication: Publication) -> None: ...
    def touch(self, room_id: int) -> None: ...
    def displace(self, room_id: int, player_id: int, since: float) -> None: ...


class Hub:
    def __init__(
        self,
        progress_frame: Callable[[int], Awaitable[str]],
        result_frames: Callable[[int, tuple[int, int], list[int]], Awaitable[dict[int, str]]],
        current: Callable[[int], Awaitable[Publication]],
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self._rooms: dict[int, LocalRoom] = {}
        self._progress_frame = progress_frame
        self._result_frames = result_frames
        self._current = current
        self._tasks: set[asyncio.Task[None]] = set()
        self.elsewhere: Elsewhere = elsewhere or Nowhere()

    def attach(self, connection: Connection) -> None:
        """From now on this socket hears of its room. The newest socket of a player wins."""
        room = self._rooms.get(connection.room_id)
        if room is None:
            room = self._rooms[connection.room_id] = LocalRoom()
            self.elsewhere.watch(connection.room_id)
        if connection.player_id is None:
            room.hosts.add(connection)
            self.touch(connection.room_id)
            return
        older = room.players.get(connection.player_id)
        room.players[connection.player_id] = connection
        if older is not None and older is not connection:
            older.displaced()
        self.elsewhere.displace(connection.room_id, connection.player_id, connection.since)

    def detach(self, connection: Connection) -> None:
        """This socket is gone. Safe to call twice, and after it was displaced."""
        room = self._rooms.get(connection.room_id)
        if room is None:
            return
        room.hosts.discard(connection)
        player_id = connection.player_id
        if player_id is not None and room.players.get(player_id) is connection:
            del room.players[player_id]
        if not room.players and not room.hosts:
            if room.ticker:
                room.ticker.cancel()
            del self._rooms[connection.room_id]
            self.elsewhere.unwatch(connection.room_id)

    def publish(self, publication: Publication) -> None:
        """Tell everyone, here and elsewhere. Call after the commit only."""
        self.elsewhere.publish(publication)
        self.deliver(publication)

    def deliver(self, publication: Publication) -> None:
        """Tell the sockets of this process."""
        room = self._rooms.get(publication.room_id)
        if room is None or publication.rev <= room.rev:
            return
        room.rev = publication.rev
        for host in list(room.hosts):
            host.outbox.put(publication.host_frame, "state")
        self._spawn(self._to_players(room, publication))
        self._refresh(publication.room_id, room)

    def catch_up(self, room_id: int) -> None:
        """Something may have been missed while this process was not listening: read and deliver."""
        if room_id in self._rooms:
            self._spawn(self._catch_up(room_id))

    async def _catch_up(self, room_id: int) -> None:
        self.deliver(await self._current(room_id))

    async def _to_players(self, room: LocalRoom, publication: Publication) -> None:
        await self._send(list(room.players.values()), publication.player_frame, room, publication)
        if publication.revealed is not None and room.players:
            players = list(room.players)
            frames = await self._result_frames(publication.room_id, publication.revealed, players)
            for player_id, frame in frames.items():
                connection = room.players.get(player_id)
                if connection is not None:
                    connection.outbox.put(frame, "me")

    async def _send(
        self,
        connections: Iterable[Connection],
        frame: str,
        room: LocalRoom,
        publication: Publication,
    ) -> None:
        for sent, connection in enumerate(connections, 1):
            if room.rev != publication.rev:
                return  # a newer snapshot is already on its way to everyone
            connection.outbox.put(frame, "state")
            if sent % SLICE == 0:
                await asyncio.sleep(0)

    def touch(self, room_id: int) -> None:
        """Joins or answers were written: hosts are due a progress frame, here and elsewhere."""
        self.elsewhere.touch(room_id)
        self.touched(room_id)

    def touched(self, room_id: int) -> None:
        """Joins or answers were written, maybe by another process."""
        room = self._rooms.get(room_id)
        if room is not None:
            self._refresh(room_id, room)

    def _refresh(self, room_id: int, room: LocalRoom) -> None:
        if not room.hosts:
            return
        room.dirty = True
        if room.ticker is None or room.ticker.done():
            room.ticker = self._spawn(self._tick(room_id, room))

    async def _tick(self, room_id: int, room: LocalRoom) -> None:
        while room.dirty and room.hosts:
            room.dirty = False
            frame = await self._progress_frame(room_id)
            for host in list(room.hosts):
                host.outbox.put(frame, "tick")
            await asyncio.sleep(TICK)

    def displaced(self, room_id: int, player_id: int, since: float) -> None:
        """The player opened a socket in another process at `since`; an older one here gives way."""
        room = self._rooms.get(room_id)
        connection = room.players.get(player_id) if room else None
        if connection is not None and connection.since < since:
            connection.displaced()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        async def run() -> None:
            try:
                await work
            except RoomError:
                pass  # the room was deleted meanwhile; its sockets will hear so when they ask
            except Exception:
                log.exception("live: a fan-out failed; sockets catch up at their next sync")

        task = asyncio.create_task(run())
        self._tasks.add(task)  # the loop keeps only weak references to its tasks
        task.add_done_callback(self._tasks.discard)
        return task
