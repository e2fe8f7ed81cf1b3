"""The live room's application service: what sockets and HTTP requests ask for, in the words of the domain.

Both transports call the same functions, wait for the same commits and get the same frames.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from quizzes.live import frames, protocol, store, tokens
from quizzes.live.batch import AnswerJob, JoinJob
from quizzes.live.db import READERS, in_thread
from quizzes.live.domain.commands import QuestionRevealed, command
from quizzes.live.domain.errors import RoomError
from quizzes.live.domain.names import clean_name
from quizzes.live.domain.room import Phase, RoomState
from quizzes.live.hub import Hub, Publication
from quizzes.live.reading import Reader
from quizzes.live.store import RoomView
from quizzes.live.throttle import Limits
from quizzes.live.writer import Writer


@dataclass(frozen=True)
class Identity:
    """Who is speaking: a player, or the host when `player_id` is None."""

    room_id: int
    player_id: int | None

    @property
    def is_host(self) -> bool:
        return self.player_id is None


class LiveService:
    """One a process. Refusals are `RoomError`; everything returned is true after its commit."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.hub = Hub(self._progress_frame, self._result_frames, self._current)
        self.writer = Writer(self._written)
        self.reader = Reader(self._read)

    async def identify(self, code: str, token: str, address: str) -> Identity:
        """The player or host behind a token, if it belongs to the room with this code."""
        room_id = await self._room_id(code, address)
        said = tokens.read(token)
        if said.room_id != room_id:
            raise RoomError("token.bad")
        if isinstance(said, tokens.PlayerToken):
            return Identity(room_id, said.player_id)
        if not await in_thread(READERS, store.is_host, room_id, said.secret):
            raise RoomError("token.bad")
        return Identity(room_id, None)

    async def greet(self, code: str, address: str) -> None:
        """A guest without a token may know that the room exists, and nothing else."""
        await self._room_id(code, address)

    async def join(self, code: str, address: str, message: protocol.Join) -> tuple[Identity, str]:
        """A new player and the token to come back with. The same key again is the same player."""
        name = clean_name(message.name)
        now = time.monotonic()
        wait = self.limits.joins_by_address.wait(address, now)
        wait = wait or self.limits.joins_by_room.wait(code, now)
        if wait:
            raise RoomError("rate.joins", retry=wait)
        room_id = await self._room_id(code, address)
        job = JoinJob(room_id, name, store.digest(message.key), timezone.now())
        player_id = await self.writer.submit(job)
        return Identity(room_id, player_id), tokens.issue(tokens.PlayerToken(room_id, player_id))

    async def snapshot(self, who: Identity, known_rev: int = 0) -> list[str]:
        """The room as this audience may see it, then the private frame. `known_rev` saves a copy."""
        view = await self.reader.view(who.room_id, who.player_id)
        sent: list[str] = []
        if who.player_id is None:
            if view.state.rev != known_rev:
                sent.append(frames.host_state(view.state))
            return [*sent, frames.tick_of(view)]
        if who.player_id not in view.players:
            raise RoomError("token.bad")
        if view.state.rev != known_rev:
            sent.append(frames.player_state(view.state))
        return [*sent, frames.me(view.state, view.players[who.player_id])]

    async def answer(self, who: Identity, message: protocol.Answer) -> str:
        """Count an answer; the acknowledgement means that it is on disk."""
        assert who.player_id is not None  # the gate lets only players answer
        await self.writer.submit(
            AnswerJob(
                room_id=who.room_id,
                player_id=who.player_id,
                index=message.index,
                round=message.round,
                chosen=message.chosen,
                at=timezone.now(),
            )
        )
        return frames.ack(message.id)

    async def host(self, who: Identity, message: protocol.Host) -> str:
        """Carry out a host's command and tell everyone, after the commit."""
        wish = command(message.do, message.index, message.counts)
        now = timezone.now()
        state, events = await in_thread(
            READERS, store.host_command, who.room_id, message.rev, wish, now
        )
        if state.rev != message.rev:
            revealed = any(isinstance(event, QuestionRevealed) for event in events)
            self.hub.publish(_publication(who.room_id, state, revealed))
        return frames.ack(message.id, state.rev)

    async def _room_id(self, code: str, address: str) -> int:
        try:
            return await in_thread(READERS, store.room_id_of, code)
        except RoomError:
            wait = self.limits.misses_by_address.wait(address, time.monotonic())
            if wait:
                raise RoomError("rate.misses", retry=wait) from None
            raise

    async def _read(self, room_id: int, players: Collection[int]) -> RoomView:
        return await in_thread(READERS, store.read, room_id, players)

    async def _progress_frame(self, room_id: int) -> str:
        return frames.tick(*await in_thread(READERS, store.progress, room_id))

    async def _current(self, room_id: int) -> Publication:
        state = (await self._read(room_id, ())).state
        return _publication(room_id, state, state.phase is Phase.REVEALED)

    async def _result_frames(
        self, room_id: int, revealed: tuple[int, int], player_ids: list[int]
    ) -> dict[int, str]:
        view = await self._read(room_id, player_ids)
        if (view.state.index, view.state.round) != revealed:
            return {}  # the host has already moved on
        return {pk: frames.me(view.state, player) for pk, player in view.players.items()}

    def _written(self, room_ids: set[int]) -> None:
        for room_id in room_ids:
            self.hub.touch(room_id)


def _publication(room_id: int, state: RoomState, revealed: bool) -> Publication:
    return Publication(
        room_id=room_id,
        rev=state.rev,
        player_frame=frames.player_state(state),
        host_frame=frames.host_state(state),
        revealed=(state.index, state.round) if revealed else None,
    )
