"""The audit log's door: `record` one thing, or `record_many` in one go; inside the caller's transaction.

Whoever records holds the end of the chain until the own transaction ends: record last, after the other
rows are locked and written, and keep slow work out of that transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from people.audit.chain import START, plain, seal
from people.audit.models import AuditEntry, AuditHead
from people.audit.origin import current_address
from people.models import Organisation

BATCH = 2_000


@dataclass(frozen=True)
class Entry:
    """One thing that was done. `target` is (type, id), such as ("user", 12); `detail` holds no personal data."""

    action: str
    target: tuple[str, Any] = ("", "")
    organisation_id: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def record(
    action: str,
    *,
    actor: Any = None,
    target: models.Model | tuple[str, Any] | None = None,
    organisation: Organisation | None = None,
    detail: Mapping[str, Any] | None = None,
    address: str = "",
) -> None:
    """Append one entry. `action` is a word such as `people.edit`; see `words.ACTIONS` for what a reader sees.

    The address is that of the request being answered, where there is one.
    """
    entry = Entry(action, named(target), organisation.pk if organisation else None, detail or {})
    record_many([entry], actor=actor, address=address)


@transaction.atomic
def record_many(entries: Iterable[Entry], *, actor: Any = None, address: str = "", at: dt.datetime | None = None) -> int:
    """Append entries in their order; returns how many. All belong to one actor and one moment."""
    head = AuditHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        AuditHead.objects.get_or_create(pk=1, defaults={"hash": START})
        head = AuditHead.objects.select_for_update().get(pk=1)
    rows = []
    moment = at or timezone.now()
    address = address or current_address()
    count = 0
    for entry in entries:
        row = AuditEntry(
            number=head.number + 1,
            at=moment,
            actor_id=getattr(actor, "pk", None),
            action=entry.action,
            target_type=entry.target[0],
            target_id=str(entry.target[1]),
            organisation_id=entry.organisation_id,
            detail=plain(entry.detail),
            address=address,
            previous=head.hash,
        )
        row.hash = seal(head.hash, row.content())
        head.number, head.hash = row.number, row.hash
        rows.append(row)
        count += 1
        if len(rows) >= BATCH:
            AuditEntry.objects.bulk_create(rows)
            rows = []
    AuditEntry.objects.bulk_create(rows)
    head.save()
    return count


def named(target: models.Model | tuple[str, Any] | None) -> tuple[str, Any]:
    """(type, id) of a model instance: the type is its model's name in small letters."""
    if target is None:
        return ("", "")
    if isinstance(target, tuple):
        return target
    return (target._meta.model_name or "", target.pk)
