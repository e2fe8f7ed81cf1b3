"""What an entry of the data map says. Pure: no Django; `holdings` is the map itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class OnErase(StrEnum):
    """What becomes of the rows when their person is erased."""

    KEEP = "keep"
    """They stay and point to a person without a name."""
    DELETE = "delete"
    CLEAR = "clear"
    """They stay, with the fields of `cleared` set to these values."""


@dataclass(frozen=True)
class Table:
    """One model that holds something about people. A model that is not installed is passed over."""

    model: str
    """`app.model` in small letters."""
    person: str = ""
    """The lookup that leads to the person; empty where rows belong to nobody in particular."""
    by: str = "pk"
    """What of the person the lookup is compared with: `pk` or `username`."""
    shown: tuple[str, ...] = ()
    """The fields that the person's own export shows."""
    on_erase: OnErase = OnErase.KEEP
    cleared: Mapping[str, object] = field(default_factory=dict)
    dated: str = ""
    """The moment from which the days of the timer count; empty: this table has no timer of its own."""


@dataclass(frozen=True)
class Holding:
    """A kind of data: whose, what, why, how long, who sees it, how it goes. Texts are for laypeople."""

    slug: str
    title: str
    whose: str
    what: str
    why: str
    basis: str
    kept: str
    """How long, in words; `{days}` is the number of days of its timer."""
    seen_by: str
    erased: str
    """What happens to it when the person asks for erasure."""
    tables: tuple[Table, ...]
    days: str = ""
    """The key of the timer in `settings.PRIVACY_DAYS`; empty: no timer."""
    swept_by: str = "privacy_sweep"
    """The command that deletes what is due."""
