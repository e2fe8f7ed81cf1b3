"""One conversation, whichever way it comes: a parsed message in, the frames of its answer out.

The socket consumer and the HTTP consumer both speak through a `Dialogue`, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from people.gate import may_say
from quizzes.live import frames, protocol
from quizzes.live.domain.errors import RoomError
from quizzes.live.service import Identity, LiveService

STALE = frozenset(
    {"room.moved_on", "command.not_now", "room.paused", "room.ended", "question.closed"}
)
"""Refusals that mean: your picture of the room is old. A fresh one follows."""


def _nobody(who: Identity) -> None:
    """An HTTP request ends with its answer; there is nothing to register."""


@dataclass
class Dialogue:
    service: LiveService
    code: str
    address: str
    who: Identity | None = None
    attach: Callable[[Identity], None] = _nobody
    """Called once the speaker is known and before the snapshot is read: nothing can fall between."""

    async def reply(self, message: protocol.ClientMessage) -> list[str]:
        """The answer to one message. Refusals are frames too; nothing is raised for bad input."""
        id_ = message.id if isinstance(message, protocol.Answer | protocol.Host) else None
        try:
            return await self._reply(message)
        except RoomError as refused:
            answer = [frames.error(refused, id_)]
            if refused.code in STALE and self.who is not None:
                answer += await self._fresh()
            return answer

    async def _fresh(self) -> list[str]:
        assert self.who is not None
        try:
            return await self.service.snapshot(self.who)
        except RoomError:
            return []

    @property
    def speaker(self) -> str:
        if self.who is None:
            return "guest"
        return "host" if self.who.is_host else "player"

    async def _reply(self, message: protocol.ClientMessage) -> list[str]:
        if not may_say(f"live:{protocol.name_of(message)}", self.speaker):
            raise RoomError(self._refusal(message))
        match message:
            case protocol.Hello(token=None):
                await self.service.greet(self.code, self.address)
                return [frames.welcome("guest")]
            case protocol.Hello(token=str(token)):
                who = await self.service.identify(self.code, token, self.address)
                return await self._arrive(who, frames.welcome("host" if who.is_host else "player"))
            case protocol.Join():
                who, token = await self.service.join(self.code, self.address, message)
                return await self._arrive(who, frames.welcome("player", token))
            case protocol.Ping():
                return [frames.pong()]
            case protocol.Sync():
                return await self.service.snapshot(self._known(), message.rev)
            case protocol.Answer():
                return [await self.service.answer(self._known(), message)]
            case protocol.Host():
                return [await self.service.host(self._known(), message)]
        raise RoomError("frame.unknown")

    async def _arrive(self, who: Identity, welcome: str) -> list[str]:
        if who.player_id is not None:
            # A token outlives its player when the room was swept: nobody is attached before this read.
            view = await self.service.reader.view(who.room_id, who.player_id)
            if who.player_id not in view.players:
                raise RoomError("token.bad")
        self.who = who
        self.attach(who)
        return [welcome, *await self.service.snapshot(who)]

    def _refusal(self, message: protocol.ClientMessage) -> str:
        if self.who is None:
            return "token.missing"
        return "host.only" if isinstance(message, protocol.Host) else "player.only"

    def _known(self) -> Identity:
        assert self.who is not None  # the gate lets no guest through to here
        return self.who
