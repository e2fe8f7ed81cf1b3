"""What each audience may see of a room: a complete snapshot, pure, equal for everyone in that audience.

Least disclosure is decided here and nowhere else: no key, no explanation and no source before the
reveal, no distribution while answers are taken, in quiet rooms none at all. This holds for the host's
frames too, because the host's screen is the wall that the class looks at.
"""

from __future__ import annotations

from typing import Any

from quizzes.live.domain.room import Mode, Phase, RoomState, Slide, Tally

HELP_NUMBERS = ("12356", "12355", "110")
WORST = 3
"""How many of the most-missed questions the end page puts first."""

Snapshot = dict[str, Any]


def player_view(room: RoomState) -> Snapshot:
    """What every player's phone shows."""
    return {
        "rev": room.rev,
        "phase": room.phase.value,
        "paused": room.paused,
        "mode": room.mode.value,
        "quiet": room.quiet,
        "title": room.title,
        "total": len(room.deck),
        "index": room.index,
        "round": room.round,
        "question": _question(room),
        "result": _result(room),
        "delete_on": _delete_on(room),
    }


def host_view(room: RoomState) -> Snapshot:
    """What the wall shows: the players' view, the hands counted so far, and at the end the summary."""
    return {**player_view(room), "hands": _hands(room), "summary": _summary(room)}


def _question(room: RoomState) -> Snapshot | None:
    if not room.asking:
        return None
    slide = room.slide
    return {
        "kind": slide.kind.value,
        "stem": slide.stem,
        "options": [option.text for option in slide.options],
    }


def _result(room: RoomState) -> Snapshot | None:
    if room.phase not in (Phase.CLOSED, Phase.REVEALED):
        return None
    revealed = room.phase is Phase.REVEALED
    return {
        "rounds": [] if room.quiet else [_shares(n, tally) for n, tally in room.rounds_counted()],
        "key": sorted(room.slide.key) if revealed and not room.quiet else None,
        "explanation": room.slide.explanation if revealed else None,
        "source": room.slide.source if revealed else None,
        "help": list(HELP_NUMBERS) if revealed and room.quiet else [],
    }


def _shares(number: int, tally: Tally) -> Snapshot:
    return {"round": number, "counts": list(tally.counts), "answered": tally.answered}


def _hands(room: RoomState) -> list[int] | None:
    if room.mode is not Mode.HANDS or room.quiet or not room.asking:
        return None
    tally = room.tallies.get((room.index, room.round))
    return list(tally.counts) if tally else [0] * len(room.slide.options)


def _delete_on(room: RoomState) -> str | None:
    if room.phase is not Phase.ENDED or room.delete_after is None:
        return None
    return room.delete_after.isoformat()


def _summary(room: RoomState) -> list[Snapshot] | None:
    """Revealed questions, the most-missed first. A question that was skipped keeps its key to itself."""
    if room.phase is not Phase.ENDED:
        return None
    rows = [_row(room, i) for i in range(len(room.deck)) if _was_revealed(room, i)]
    missed = sorted(
        (row for row in rows if row["share"] is not None and row["share"] < 100),
        key=lambda row: (row["share"], row["index"]),
    )
    worst = [row["index"] for row in missed[:WORST]]
    for row in rows:
        row["worst"] = row["index"] in worst
    return sorted(rows, key=lambda row: (not row["worst"], _rank(row, worst)))


def _rank(row: Snapshot, worst: list[int]) -> int:
    return worst.index(row["index"]) if row["worst"] else int(row["index"])


def _was_revealed(room: RoomState, index: int) -> bool:
    return room.left.get(index, (None, 0))[0] is Phase.REVEALED


def _row(room: RoomState, index: int) -> Snapshot:
    slide = room.deck[index]
    tally = room.tallies.get((index, room.left[index][1]))
    return {
        "index": index,
        "stem": slide.stem,
        "key": None if room.quiet else [slide.options[i].text for i in sorted(slide.key)],
        "explanation": slide.explanation,
        "share": None if room.quiet else _share(slide, tally),
        "answered": None if room.quiet or tally is None else tally.answered,
    }


def _share(slide: Slide, tally: Tally | None) -> int | None:
    if tally is None or not tally.answered or tally.right is None:
        return None
    return round(100 * tally.right / tally.answered)
