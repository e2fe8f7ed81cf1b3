"""The server's frames, made from what was read. Every one of them keeps to the table in protocol.py."""

from __future__ import annotations

from quizzes.live.domain.answers import right
from quizzes.live.domain.errors import RoomError
from quizzes.live.domain.room import Phase, RoomState
from quizzes.live.domain.view import host_view, player_view
from quizzes.live.protocol import encode
from quizzes.live.store import PlayerView, RoomView
from quizzes.live.texts import error_text


def welcome(role: str, token: str | None = None) -> str:
    return encode("welcome", {"role": role, **({"token": token} if token else {})})


def player_state(state: RoomState) -> str:
    return encode("state", player_view(state))


def host_state(state: RoomState) -> str:
    return encode("state", host_view(state))


def me(state: RoomState, player: PlayerView) -> str:
    """A player's own frame: only this player gets it, `right` only after the reveal."""
    chosen = player.chosen
    judged = chosen is not None and state.phase is Phase.REVEALED and not state.quiet
    return encode(
        "me",
        {
            "name": player.name,
            "seed": player.seed,
            "index": state.index,
            "round": state.round,
            "chosen": None if chosen is None else sorted(chosen),
            "right": right(state.slide, chosen) if judged and chosen is not None else None,
        },
    )


def tick(players: int, answered: int) -> str:
    return encode("tick", {"players": players, "answered": answered})


def tick_of(view: RoomView) -> str:
    return tick(view.joined, view.answered)


def ack(id_: int, rev: int | None = None) -> str:
    return encode("ack", {"id": id_} if rev is None else {"id": id_, "rev": rev})


def error(refused: RoomError, id_: int | None = None) -> str:
    frame: dict[str, object] = {"code": refused.code, "text": error_text(refused.code)}
    if id_ is not None:
        frame["id"] = id_
    if refused.retry is not None:
        frame["retry"] = int(refused.retry)
    return encode("error", frame)


def pong() -> str:
    return encode("pong", {})


def bye(code: str, resume: bool) -> str:
    return encode("bye", {"code": code, "text": error_text(code), "resume": resume})
