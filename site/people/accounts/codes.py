"""What a first code looks like and how it is derived and read. Pure: no Django.

A code is eight of 31 characters, written in two groups (`k7mp-w3xt`): 39.6 bits. It is random, used
once, expires and its entry is throttled, so a keyed hash is enough to keep it (`digest`): a slow password
hash would take a minute for a school of 200 and protect nothing more, because whoever steals the database
without the server's key cannot try codes at all.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without 0 o 1 l i, which look alike on paper."""
LENGTH = 8
GROUP = 4


def derive(key: bytes, batch: str, person: int) -> str:
    """The code of a person in a batch, the same each time it is asked.

    `batch` is the secret that the officer's form carries. Deriving instead of drawing lets a doubled click
    show the same slips again although only hashes are stored.
    """
    number = int.from_bytes(_mac(key, f"code:{batch}:{person}"), "big")
    letters = []
    for _place in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


def digest(key: bytes, person: int, code: str) -> str:
    """What is stored of a code, as 64 hex digits. It names the person: a hash moved to another row opens nothing."""
    return _mac(key, f"first:{person}:{code}").hex()


def shown(code: str) -> str:
    """As it is printed and read aloud: `k7mp-w3xt`."""
    return "-".join(code[i : i + GROUP] for i in range(0, len(code), GROUP))


def read(typed: str) -> str:
    """What somebody typed, without spaces and hyphens, full-width and capitals made plain."""
    plain = unicodedata.normalize("NFKC", typed).lower()
    return "".join(char for char in plain if char.isascii() and char.isalnum())


def read_number(typed: str) -> str:
    """A staff number as typed on any keyboard: full-width made plain, blanks around it gone."""
    return unicodedata.normalize("NFKC", typed).strip()


def spellings(number: str) -> tuple[str, ...]:
    """The ways in which a staff number may be stored: as typed, in capitals, in small letters."""
    return tuple(dict.fromkeys([number, number.upper(), number.lower()]))


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
