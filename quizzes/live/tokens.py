"""Signed tokens by which a player or a host comes back to a room. Never broadcast, never in an address.

A token names the room's database id, not its code: a code is used again once its room is deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core import signing

from quizzes.live.domain.errors import RoomError

_SALT = "quizzes.live"
MAX_AGE = 60 * 60 * 24 * 30
"""Longer than any room is kept; what ends a token is the deletion of its room."""


@dataclass(frozen=True)
class PlayerToken:
    room_id: int
    player_id: int


@dataclass(frozen=True)
class HostToken:
    room_id: int
    secret: str


Token = PlayerToken | HostToken


def issue(token: Token) -> str:
    """The text that the device keeps."""
    data: dict[str, Any] = {"r": token.room_id}
    if isinstance(token, PlayerToken):
        data["p"] = token.player_id
    else:
        data["h"] = token.secret
    return signing.dumps(data, salt=_SALT)


def read(text: str) -> Token:
    """What a token says. Raises `RoomError("token.bad")` when it is not ours or was changed."""
    try:
        data = signing.loads(text, salt=_SALT, max_age=MAX_AGE)
        if "p" in data:
            return PlayerToken(int(data["r"]), int(data["p"]))
        return HostToken(int(data["r"]), str(data["h"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        raise RoomError("token.bad") from None
