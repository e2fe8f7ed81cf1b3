"""The messages of the live room, version 1: one table, and functions that read and write frames by it.

Pure. `parse` turns raw text from anybody into a dataclass or a `RoomError`; `encode` turns a frame
of the table into text. docs/live-protocol.md describes the same table for people; a test keeps
the two equal. Words for error codes are not chosen here: the shell passes them in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quizzes.live.domain.errors import RoomError

VERSION = 1
MAX_FRAME = 8 * 1024
"""Bytes; the longest honest frame (a 400-character name) is under 2 KB."""
MAX_INT = 2**31 - 1


@dataclass(frozen=True)
class Field:
    """One field of a message: its JSON type (`int`, `str`, `bool`, `ints`, `object`, `list`) and limits."""

    kind: str
    required: bool = True
    least: int = 0
    most: int = MAX_INT
    """For `int` the value, for `str` the characters, for `ints` the number of entries."""


@dataclass(frozen=True)
class Hello:
    """Who I am: with a token a player or host comes back, without one a guest arrives."""

    token: str | None = None


@dataclass(frozen=True)
class Join:
    name: str
    key: str
    """Chosen by the device: a repeated join with the same key is the same player."""


@dataclass(frozen=True)
class Answer:
    id: int
    index: int
    round: int
    chosen: tuple[int, ...]


@dataclass(frozen=True)
class Host:
    id: int
    rev: int
    do: str
    index: int | None = None
    counts: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Sync:
    rev: int = 0


@dataclass(frozen=True)
class Ping:
    pass


ClientMessage = Hello | Join | Answer | Host | Sync | Ping

CLIENT: dict[str, tuple[type, dict[str, Field]]] = {
    "hello": (Hello, {"token": Field("str", required=False, most=300)}),
    "join": (Join, {"name": Field("str", most=2000), "key": Field("str", least=16, most=64)}),
    "answer": (
        Answer,
        {
            "id": Field("int"),
            "index": Field("int", most=999),
            "round": Field("int", least=1, most=99),
            "chosen": Field("ints", most=16),
        },
    ),
    "host": (
        Host,
        {
            "id": Field("int"),
            "rev": Field("int"),
            "do": Field("str", most=20),
            "index": Field("int", required=False, most=999),
            "counts": Field("ints", required=False, most=16),
        },
    ),
    "sync": (Sync, {"rev": Field("int", required=False)}),
    "ping": (Ping, {}),
}

_OPTIONAL_OBJECT = Field("object", required=False)
_PLAYER_STATE: dict[str, Field] = {
    "rev": Field("int"),
    "phase": Field("str"),
    "paused": Field("bool"),
    "mode": Field("str"),
    "quiet": Field("bool"),
    "title": Field("str"),
    "total": Field("int"),
    "index": Field("int"),
    "round": Field("int"),
    "question": _OPTIONAL_OBJECT,
    "result": _OPTIONAL_OBJECT,
    "delete_on": Field("str", required=False),
    "hands": Field("ints", required=False, most=16),
    "summary": Field("list", required=False),
}

SERVER: dict[str, dict[str, Field]] = {
    "welcome": {"role": Field("str"), "token": Field("str", required=False)},
    "state": _PLAYER_STATE,
    "me": {
        "name": Field("str"),
        "seed": Field("int", most=2**32 - 1),
        "index": Field("int"),
        "round": Field("int"),
        "chosen": Field("ints", required=False),
        "right": Field("bool", required=False),
    },
    "ack": {"id": Field("int"), "rev": Field("int", required=False)},
    "tick": {"players": Field("int"), "answered": Field("int")},
    "error": {
        "code": Field("str"),
        "text": Field("str"),
        "id": Field("int", required=False),
        "retry": Field("int", required=False),
    },
    "pong": {},
    "bye": {"code": Field("str"), "text": Field("str"), "resume": Field("bool")},
}


def parse(raw: str | bytes) -> ClientMessage:
    """The message in a raw frame. Raises `RoomError` with a `frame.…` code; never anything else."""
    if len(raw) > MAX_FRAME or (
        isinstance(raw, str) and len(raw.encode("utf-8", "replace")) > MAX_FRAME
    ):
        raise RoomError("frame.too_big")
    try:
        data = json.loads(raw, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise RoomError("frame.malformed") from None
    if not isinstance(data, dict):
        raise RoomError("frame.malformed")
    if data.get("v") != VERSION or isinstance(data["v"], bool):
        raise RoomError("frame.version")
    kind = data.get("t")
    if not isinstance(kind, str) or kind not in CLIENT:
        raise RoomError("frame.unknown")
    message, fields = CLIENT[kind]
    values = {name: _read(data.get(name), field) for name, field in fields.items()}
    return message(**{name: value for name, value in values.items() if value is not None})  # type: ignore[no-any-return]


def name_of(message: ClientMessage) -> str:
    """The word that a message has in the table: `join` for a `Join`."""
    return next(name for name, (kind, _fields) in CLIENT.items() if isinstance(message, kind))


def encode(kind: str, frame: Mapping[str, Any]) -> str:
    """A server frame as text. A frame that the table does not know is a mistake in our code."""
    fields = SERVER[kind]
    if not frame.keys() <= fields.keys():
        raise ValueError(f"{kind}: fields not in the table: {sorted(frame.keys() - fields.keys())}")
    return json.dumps({"v": VERSION, "t": kind, **frame}, ensure_ascii=False, separators=(",", ":"))


def check_server_frame(text: str) -> dict[str, Any]:
    """The frame, if it keeps to the table. For tests and for other clients of this protocol."""
    frame: dict[str, Any] = json.loads(text)
    fields = SERVER[frame["t"]]
    if frame["v"] != VERSION or not frame.keys() <= fields.keys() | {"v", "t"}:
        raise ValueError(f"not a frame of the table: {text[:200]}")
    for name, field in fields.items():
        _read(frame.get(name), field)
    return frame


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _read(value: Any, field: Field) -> Any:
    if value is None:
        if field.required:
            raise RoomError("frame.bad_field")
        return None
    if not _fits(value, field):
        raise RoomError("frame.bad_field")
    return tuple(value) if field.kind == "ints" else value


def _fits(value: Any, field: Field) -> bool:
    if field.kind == "int":
        return _is_int(value) and field.least <= value <= field.most
    if field.kind == "str":
        return isinstance(value, str) and field.least <= len(value) <= field.most
    if field.kind == "ints":
        return (
            isinstance(value, list)
            and field.least <= len(value) <= field.most
            and all(_is_int(item) and 0 <= item <= MAX_INT for item in value)
        )
    return isinstance(value, {"bool": bool, "object": dict, "list": list}[field.kind])


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
