"""The hash chain of the audit log. Pure: no Django.

Each entry's hash covers its own content and the hash before it, so that an entry changed, removed or
put between two others shows at that place. Whoever can rewrite the whole table could also compute a
new chain: against that, an end of the chain (number and hash) is kept outside, see `Anchor`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

START = "0" * 64
Anchor = tuple[int, str]
"""A number and the hash that its entry had when somebody looked."""


@dataclass(frozen=True)
class Link:
    """One entry as the chain sees it."""

    number: int
    previous: str
    hash: str
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Fault:
    """The first place where the chain is broken."""

    number: int
    kind: str
    """missing, changed, replaced, inserted, head or anchor."""


@dataclass(frozen=True)
class Walk:
    """What a walk along the chain saw: how many entries, where it ended, and the first fault."""

    count: int
    end: Anchor
    fault: Fault | None = None


def seal(previous: str, content: Mapping[str, Any]) -> str:
    """SHA-256 over the previous hash and the entry's canonical JSON, as 64 hex digits."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def plain(value: Any) -> Any:
    """The value as JSON that every database gives back unchanged.

    Keys and whatever is no JSON become text, floats too: PostgreSQL writes 1e3 as 1000. NUL and lone
    surrogates are dropped: no database takes them.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {plain(str(key)): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(one) for one in value), key=str)
    if isinstance(value, dt.date):  # also a datetime
        return value.isoformat()
    return str(value).replace("\0", "").encode("utf-8", "ignore").decode()


def walk(links: Iterable[Link], head: Anchor, *, start: Anchor = (0, START), anchors: Iterable[Anchor] = ()) -> Walk:
    """Follow the chain from behind `start` to `head`; stops at the first fault.

    `links` come in the order of their numbers. `anchors` are ends of the chain as they were written
    down elsewhere; those outside the walked part are not looked at.
    """
    known = dict(anchors)
    number, last = start
    count = 0

    def end(fault: Fault | None = None) -> Walk:
        return Walk(count, (number, last), fault)

    for link in links:
        if link.number <= number or link.number > head[0]:
            return end(Fault(link.number, "inserted"))
        if link.number > number + 1:
            return end(Fault(number + 1, "missing"))
        if seal(link.previous, link.content) != link.hash:
            return end(Fault(link.number, "changed"))
        if link.previous != last:
            # This one is whole in itself, but follows another one than the one that stands before it.
            return end(Fault(max(number, 1), "replaced"))
        if known.get(link.number, link.hash) != link.hash:
            return end(Fault(link.number, "anchor"))
        number, last = link.number, link.hash
        count += 1
    if number < head[0]:
        return end(Fault(number + 1, "missing"))
    if last != head[1]:
        return end(Fault(number, "head"))
    return end()
