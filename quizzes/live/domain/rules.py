"""The rules of a live room: `apply(room, command, now)` gives the next room and what happened.

Every legal step raises `rev` by one; a step that changes nothing returns the same room; everything
else raises `RoomError` and the room stays as it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from quizzes.live.domain import commands as c
from quizzes.live.domain.errors import RoomError
from quizzes.live.domain.room import MAX_ROUNDS, Kind, Mode, Phase, RoomState, Slide, Tally

MAX_HANDS = 999
Outcome = tuple[RoomState, tuple[c.Event, ...]]


def new_room(
    code: str,
    mode: Mode,
    title: str,
    deck: tuple[Slide, ...],
    now: dt.datetime,
    *,
    quiet: bool = False,
    max_players: int = 5000,
    delete_after: dt.datetime | None = None,
) -> RoomState:
    """A room before its first command. Hands need no lobby: the first question is on the wall."""
    room = RoomState(
        code=code,
        mode=mode,
        title=title,
        deck=deck,
        quiet=quiet,
        max_players=max_players,
        delete_after=delete_after,
    )
    if mode is Mode.HANDS:
        return replace(room, phase=Phase.OPEN, opened_at=now)
    return room


def apply(room: RoomState, command: c.Command, now: dt.datetime) -> Outcome:
    """The room after `command`. Raises `RoomError` when the command is not possible now."""
    if room.phase is Phase.ENDED:
        raise RoomError("room.ended")
    if room.paused and not isinstance(command, (c.Resume, c.End)):
        raise RoomError("room.paused")
    changed, events = _HANDLERS[type(command)](room, command, now)
    if changed == room:
        return room, ()
    return replace(changed, rev=room.rev + 1), events


def with_tally(room: RoomState, index: int, round_: int, tally: Tally) -> RoomState:
    """The same room, same `rev`, with the final count of one round written down."""
    return replace(room, tallies={**room.tallies, (index, round_): tally})


def _not_now() -> RoomError:
    return RoomError("command.not_now")


def _closing(room: RoomState) -> tuple[c.Event, ...]:
    if room.phase is Phase.OPEN:
        return (c.QuestionClosed(room.index, room.round),)
    return ()


def _go(room: RoomState, index: int, now: dt.datetime) -> Outcome:
    """Move to a question: new ones open, ones seen before stand as they were left."""
    if not 0 <= index < len(room.deck):
        raise RoomError("question.unknown")
    left = dict(room.left)
    events = _closing(room)
    if room.asking:
        if index == room.index:
            return room, ()
        left[room.index] = (room.phase, room.round)
    phase, round_ = left.pop(index, (Phase.OPEN, 1))
    if phase is Phase.OPEN:
        events = (*events, c.QuestionOpened(index, round_))
    moved = replace(room, phase=phase, index=index, round=round_, left=left, opened_at=now)
    return moved, events


def _start(room: RoomState, command: c.Start, now: dt.datetime) -> Outcome:
    if room.phase is not Phase.LOBBY:
        raise _not_now()
    return _go(room, 0, now)


def _open(room: RoomState, command: c.Open, now: dt.datetime) -> Outcome:
    return _go(room, command.index, now)


def _onward(room: RoomState, now: dt.datetime) -> Outcome:
    if room.is_last:
        return _end(room, c.End(), now)
    return _go(room, room.index + 1, now)


def _next(room: RoomState, command: c.Next, now: dt.datetime) -> Outcome:
    if room.phase is not Phase.REVEALED:
        raise _not_now()
    return _onward(room, now)


def _skip(room: RoomState, command: c.Skip, now: dt.datetime) -> Outcome:
    if room.phase not in (Phase.OPEN, Phase.CLOSED):
        raise _not_now()
    return _onward(room, now)


def _back(room: RoomState, command: c.Back, now: dt.datetime) -> Outcome:
    if not room.asking or room.index == 0:
        raise _not_now()
    return _go(room, room.index - 1, now)


def _close(room: RoomState, command: c.Close, now: dt.datetime) -> Outcome:
    if room.phase is not Phase.OPEN:
        raise _not_now()
    return replace(room, phase=Phase.CLOSED), _closing(room)


def _reveal(room: RoomState, command: c.Reveal, now: dt.datetime) -> Outcome:
    if room.phase not in (Phase.OPEN, Phase.CLOSED):
        raise _not_now()
    revealed = c.QuestionRevealed(room.index, room.round)
    return replace(room, phase=Phase.REVEALED), (*_closing(room), revealed)


def _rethink(room: RoomState, command: c.Rethink, now: dt.datetime) -> Outcome:
    if room.phase not in (Phase.CLOSED, Phase.REVEALED) or room.round >= MAX_ROUNDS:
        raise _not_now()
    again = replace(room, phase=Phase.OPEN, round=room.round + 1, opened_at=now)
    return again, (c.QuestionOpened(again.index, again.round),)


def _pause(room: RoomState, command: c.Pause, now: dt.datetime) -> Outcome:
    return replace(room, paused=True), ()


def _resume(room: RoomState, command: c.Resume, now: dt.datetime) -> Outcome:
    if not room.paused:
        raise _not_now()
    return replace(room, paused=False), ()


def _set_hands(room: RoomState, command: c.SetHands, now: dt.datetime) -> Outcome:
    if room.mode is not Mode.HANDS or room.quiet:
        raise _not_now()
    if room.phase is not Phase.OPEN:
        raise RoomError("question.closed")
    counts = command.counts
    if len(counts) != len(room.slide.options) or not all(0 <= n <= MAX_HANDS for n in counts):
        raise RoomError("answer.bad_count")
    return with_tally(room, room.index, room.round, hands_tally(room.slide, counts)), ()


def hands_tally(slide: Slide, counts: tuple[int, ...]) -> Tally:
    """Raised hands as a tally; with several right options a hand does not tell a whole answer."""
    if slide.kind is Kind.MULTIPLE:
        return Tally(counts, None, None)
    return Tally(counts, sum(counts), sum(counts[i] for i in slide.key))


def _end(room: RoomState, command: c.End, now: dt.datetime) -> Outcome:
    left = {**room.left, room.index: (room.phase, room.round)} if room.asking else room.left
    ended = replace(room, phase=Phase.ENDED, paused=False, left=left, ended_at=now)
    return ended, (*_closing(room), c.RoomEnded())


_HANDLERS: dict[type, Callable[[RoomState, Any, dt.datetime], Outcome]] = {
    c.Start: _start,
    c.Open: _open,
    c.Next: _next,
    c.Back: _back,
    c.Skip: _skip,
    c.Close: _close,
    c.Reveal: _reveal,
    c.Rethink: _rethink,
    c.Pause: _pause,
    c.Resume: _resume,
    c.SetHands: _set_hands,
    c.End: _end,
}
