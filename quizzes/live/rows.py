"""Between the room's database row and the rules' dataclasses: both directions, nothing else."""

from __future__ import annotations

from typing import Any

from quizzes.live.domain.room import Kind, Mode, Option, Phase, RoomState, Slide, Tally
from quizzes.live.models import Room


def deck_json(deck: tuple[Slide, ...]) -> list[dict[str, Any]]:
    """The frozen copy of the questions as the row keeps it."""
    return [
        {
            "code": slide.code,
            "kind": slide.kind.value,
            "stem": slide.stem,
            "options": [[option.text, option.right] for option in slide.options],
            "explanation": slide.explanation,
            "source": slide.source,
            "version": slide.version,
        }
        for slide in deck
    ]


def state_of(row: Room) -> RoomState:
    """The room as the rules know it."""
    return RoomState(
        code=row.code,
        mode=Mode(row.mode),
        title=row.title,
        deck=tuple(_slide(data) for data in row.deck),
        quiet=row.quiet,
        max_players=row.max_players,
        phase=Phase(row.phase),
        paused=row.paused,
        index=row.index,
        round=row.round,
        rev=row.rev,
        left={int(i): (Phase(phase), round_) for i, (phase, round_) in row.left.items()},
        tallies={_place(key): _tally(data) for key, data in row.tallies.items()},
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        delete_after=row.delete_after,
    )


def fields_of(state: RoomState) -> dict[str, Any]:
    """The columns that a command may change."""
    return {
        "phase": state.phase.value,
        "paused": state.paused,
        "index": state.index,
        "round": state.round,
        "rev": state.rev,
        "left": {str(i): [phase.value, n] for i, (phase, n) in state.left.items()},
        "tallies": {
            f"{i}.{n}": [list(tally.counts), tally.answered, tally.right]
            for (i, n), tally in state.tallies.items()
        },
        "opened_at": state.opened_at,
        "ended_at": state.ended_at,
    }


def chosen_text(chosen: frozenset[int]) -> str:
    """An answer as it is kept."""
    return ",".join(str(option) for option in sorted(chosen))


def parse_chosen(text: str) -> frozenset[int]:
    """An answer as it was kept."""
    return frozenset(int(part) for part in text.split(","))


def _slide(data: dict[str, Any]) -> Slide:
    return Slide(
        code=data["code"],
        kind=Kind(data["kind"]),
        stem=data["stem"],
        options=tuple(Option(text, right) for text, right in data["options"]),
        explanation=data["explanation"],
        source=data["source"],
        version=data.get("version"),  # rooms of before versions have none
    )


def _place(key: str) -> tuple[int, int]:
    index, round_ = key.split(".")
    return int(index), int(round_)


def _tally(data: list[Any]) -> Tally:
    counts, answered, right = data
    return Tally(tuple(counts), answered, right)
