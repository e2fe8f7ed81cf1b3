"""What a player may be called: a seat number or a nickname, never something that identifies a child.

The filter is kind and small. It cannot know every bad word; names are shown to nobody but their owner.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from quizzes.live.domain.errors import RoomError

MAX_LENGTH = 12
_LONG_DIGITS = re.compile(r"\d(?:[\s\-_.·]?\d){5,}")
"""Six digits in a row already look like a QQ number, a birthday, a phone or an ID card."""
_MARKUP = re.compile(r"[<>&\"'`\\{}\[\]]")
_SPACES = re.compile(r"\s+")
_NOISE = re.compile(r"[\W_]+")


@lru_cache
def banned() -> tuple[str, ...]:
    """The words of `banned_names.txt`, folded as names are."""
    lines = (Path(__file__).parent / "banned_names.txt").read_text("utf-8").splitlines()
    return tuple(_fold(line) for line in lines if line.strip() and not line.startswith("#"))


def clean_name(raw: str) -> str:
    """The name as it may be kept. Raises `RoomError` with a code that says what to change."""
    if len(raw) > 400:
        raise RoomError("name.too_long")
    text = _SPACES.sub(" ", unicodedata.normalize("NFKC", raw)).strip()
    if not text:
        raise RoomError("name.empty")
    if any(unicodedata.category(char)[0] == "C" for char in text) or _MARKUP.search(text):
        raise RoomError("name.bad")
    if _LONG_DIGITS.search(text):
        raise RoomError("name.private")
    if len(text) > MAX_LENGTH:
        raise RoomError("name.too_long")
    if not any(char.isalnum() for char in text):
        raise RoomError("name.bad")
    if text.isdecimal():
        return _seat(text)
    folded = _fold(text)
    if any(word in folded for word in banned()):
        raise RoomError("name.unkind")
    return text


def _seat(text: str) -> str:
    number = int(text)
    if not 1 <= number <= 99:
        raise RoomError("name.bad_seat")
    return str(number)


def _fold(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).casefold()
