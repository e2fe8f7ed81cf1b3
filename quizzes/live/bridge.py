"""Between this process's hub and the others', over the channel layer: one message a process and change.

Used only when the layer connects processes (Redis). This process has one channel of its own; it joins
a room's group with its first socket there and leaves with the last.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Coroutine
from typing import Any

from channels.layers import BaseChannelLayer

from quizzes.live.hub import TICK, Hub, Publication

log = logging.getLogger(__name__)

RETRY = 1.0


class Bridge:
    """`Elsewhere` for a hub: tells the other processes, and hears from them."""

    def __init__(self, layer: BaseChannelLayer, hub: Hub) -> None:
        self._layer = layer
        self._hub = hub
        self._me = secrets.token_hex(8)
        self._channel: str | None = None
        self._watched: set[int] = set()
        self._wishes: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
        self._touched: set[int] = set()
        self._displaced: dict[int, list[tuple[int, float]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._spawn(self._listen())

    def watch(self, room_id: int) -> None:
        self._watched.add(room_id)
        self._wishes.put_nowait(("add", room_id))

    def unwatch(self, room_id: int) -> None:
        self._watched.discard(room_id)
        self._wishes.put_nowait(("discard", room_id))

    def publish(self, publication: Publication) -> None:
        self._tell(
            publication.room_id,
            {
                "kind": "publish",
                "rev": publication.rev,
                "player_frame": publication.player_frame,
                "host_frame": publication.host_frame,
                "revealed": list(publication.revealed or ()),
            },
        )

    def touch(self, room_id: int) -> None:
        """At most one message a tick and room, however many batches were written."""
        if room_id not in self._touched:
            self._touched.add(room_id)
            asyncio.get_running_loop().call_later(TICK, self._touch_now, room_id)

    def _touch_now(self, room_id: int) -> None:
        self._touched.discard(room_id)
        self._tell(room_id, {"kind": "touch"})

    def displace(self, room_id: int, player_id: int, since: float) -> None:
        """Gathered for a tick: a school that comes back at once is one message, not five hundred."""
        waiting = self._displaced.setdefault(room_id, [])
        waiting.append((player_id, since))
        if len(waiting) == 1:
            asyncio.get_running_loop().call_later(TICK, self._displace_now, room_id)

    def _displace_now(self, room_id: int) -> None:
        self._tell(room_id, {"kind": "displace", "players": self._displaced.pop(room_id)})

    def _tell(self, room_id: int, message: dict[str, Any]) -> None:
        full = {"type": "live.hub", "from": self._me, "room": room_id, **message}
        self._spawn(self._send(room_id, full))

    async def _send(self, room_id: int, message: dict[str, Any]) -> None:
        try:
            await self._layer.group_send(_group(room_id), message)
        except Exception:
            # Players elsewhere will notice at their next sync; those here have their frame.
            log.exception("live: the channel layer did not take a message")

    async def _listen(self) -> None:
        while True:
            try:
                self._channel = await self._layer.new_channel("live")
                for room_id in self._watched:
                    self._wishes.put_nowait(("add", room_id))
                groups = asyncio.create_task(self._keep_groups(self._channel))
                try:
                    while True:
                        self._hear(await self._layer.receive(self._channel))
                finally:
                    groups.cancel()
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("live: lost the channel layer, trying again")
                await asyncio.sleep(RETRY)

    async def _keep_groups(self, channel: str) -> None:
        """Group changes in the order in which they were wished for."""
        while True:
            wish, room_id = await self._wishes.get()
            if (wish == "add") != (room_id in self._watched):
                continue  # changed its mind meanwhile; the later wish follows
            change = self._layer.group_add if wish == "add" else self._layer.group_discard
            try:
                await change(_group(room_id), channel)
                if wish == "add":
                    # What was published before the group knew us reached nobody here.
                    self._hub.catch_up(room_id)
            except Exception:
                log.exception("live: the channel layer did not change a group")
                await asyncio.sleep(RETRY)
                self._wishes.put_nowait((wish, room_id))

    def _hear(self, message: dict[str, Any]) -> None:
        if message["from"] == self._me:
            return
        room_id = message["room"]
        if message["kind"] == "touch":
            self._hub.touched(room_id)
        elif message["kind"] == "displace":
            for player_id, since in message["players"]:
                self._hub.displaced(room_id, player_id, since)
        else:
            revealed = message["revealed"]
            self._hub.deliver(
                Publication(
                    room_id=room_id,
                    rev=message["rev"],
                    player_frame=message["player_frame"],
                    host_frame=message["host_frame"],
                    revealed=(revealed[0], revealed[1]) if revealed else None,
                )
            )

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _group(room_id: int) -> str:
    return f"live.room.{room_id}"
