"""What a host may ask of a room, and what the rules report back.

`command(do, …)` turns the words of the protocol into one of these; an event tells the shell what it
must do besides storing the new room: count a closed question, send private results.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quizzes.live.domain.errors import RoomError


@dataclass(frozen=True)
class Start:
    """Leave the lobby for the first question."""


@dataclass(frozen=True)
class Open:
    """Put question `index` on the wall."""

    index: int


@dataclass(frozen=True)
class Next:
    """After a reveal: the next question, or the end."""


@dataclass(frozen=True)
class Back:
    """The question before, as it was left."""


@dataclass(frozen=True)
class Skip:
    """Leave this question without showing its answer."""


@dataclass(frozen=True)
class Close:
    """Take no more answers and show the distribution, not the key."""


@dataclass(frozen=True)
class Reveal:
    """Show distribution, key and explanation."""


@dataclass(frozen=True)
class Rethink:
    """再想一想: the same question once more, as a new round."""


@dataclass(frozen=True)
class Pause:
    """Cover the screens, for instance while a visitor is in the room."""


@dataclass(frozen=True)
class Resume:
    """Go on after a pause."""


@dataclass(frozen=True)
class SetHands:
    """The raised hands that the teacher counted for each option."""

    counts: tuple[int, ...]


@dataclass(frozen=True)
class End:
    """Finish the room."""


Command = (
    Start | Open | Next | Back | Skip | Close | Reveal | Rethink | Pause | Resume | SetHands | End
)

_BARE: dict[str, Command] = {
    "start": Start(),
    "next": Next(),
    "back": Back(),
    "skip": Skip(),
    "close": Close(),
    "reveal": Reveal(),
    "rethink": Rethink(),
    "pause": Pause(),
    "resume": Resume(),
    "end": End(),
}
WORDS: tuple[str, ...] = (*_BARE, "open", "set_hands")


def command(do: str, index: int | None = None, counts: Sequence[int] | None = None) -> Command:
    """The command that a protocol message names. Raises `RoomError("command.unknown")`."""
    if do == "open" and index is not None:
        return Open(index)
    if do == "set_hands" and counts is not None:
        return SetHands(tuple(counts))
    if do in _BARE:
        return _BARE[do]
    raise RoomError("command.unknown")


@dataclass(frozen=True)
class QuestionOpened:
    index: int
    round: int


@dataclass(frozen=True)
class QuestionClosed:
    """From here on the count of this round stands; the shell counts it in the same transaction."""

    index: int
    round: int


@dataclass(frozen=True)
class QuestionRevealed:
    """Each player may now be told the own result."""

    index: int
    round: int


@dataclass(frozen=True)
class RoomEnded:
    pass


Event = QuestionOpened | QuestionClosed | QuestionRevealed | RoomEnded
