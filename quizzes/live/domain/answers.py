"""May this answer be counted, and what do all answers of a round add up to.

Policy: the last answer before close or reveal wins. A late answer is refused by question and round,
so it can never be counted for the next question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from quizzes.live.domain.errors import RoomError
from quizzes.live.domain.room import Kind, Mode, Phase, RoomState, Slide, Tally
from quizzes.scoring import is_right


def check_answer(room: RoomState, index: int, round_: int, chosen: Sequence[int]) -> frozenset[int]:
    """The chosen options, if they may be counted now. Raises `RoomError`."""
    if room.phase is Phase.ENDED:
        raise RoomError("room.ended")
    if not 0 <= index < len(room.deck):
        raise RoomError("question.unknown")
    if room.mode is not Mode.PHONES:
        raise RoomError("answer.not_asked")
    current = room.asking and (index, round_) == (room.index, room.round)
    if not current or room.phase is not Phase.OPEN:
        raise RoomError("question.closed")
    if room.paused:
        raise RoomError("room.paused")
    slide = room.deck[index]
    picked = frozenset(chosen)
    if len(picked) != len(chosen) or not picked <= frozenset(range(len(slide.options))):
        raise RoomError("answer.bad_option")
    if not picked or (slide.kind is not Kind.MULTIPLE and len(picked) != 1):
        raise RoomError("answer.bad_count")
    return picked


def right(slide: Slide, chosen: frozenset[int]) -> bool:
    """Whether a player's answer is right."""
    return is_right(slide.kind.value, slide.key, chosen)


def count(slide: Slide, answers: Iterable[tuple[frozenset[int], int]]) -> Tally:
    """The tally of a round from (chosen options, how many players chose exactly these)."""
    counts = [0] * len(slide.options)
    answered = correct = 0
    for chosen, players in answers:
        answered += players
        correct += players if right(slide, chosen) else 0
        for option in chosen:
            counts[option] += players
    return Tally(tuple(counts), answered, correct)
