"""Deleting what is due, in batches, with a line in the deletion log for each kind and run. Safe to repeat."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.db import models, transaction
from django.db.models import Min

from people.audit.models import AuditEntry
from people.audit.services import record
from people.privacy.holdings import holding as holding_of
from people.privacy.models import Deletion
from people.privacy.shape import Holding, Table
from people.privacy.tables import days_of, installed

logger = logging.getLogger(__name__)
BATCH = 1_000


def sweep(now: dt.datetime) -> dict[str, int]:
    """Model → rows deleted. One kind that fails does not stop the others; it is logged and tried again next time."""
    gone: dict[str, int] = {}
    for holding, table, model in installed():
        if not table.dated or holding.swept_by != "privacy_sweep":
            continue
        days = days_of(holding)
        assert days is not None, f"{holding.slug} has a dated table and no timer"
        try:
            gone[table.model] = _sweep_table(holding, table, model, now - dt.timedelta(days=days), now)
        except Exception:
            logger.exception("privacy: %s could not be swept", table.model)
    gone["audit.auditentry"] = _sweep_addresses(now)
    total = sum(gone.values())
    if total:
        record("privacy.sweep", detail={"count": total})
    return gone


def note(
    holding: str,
    model: str,
    count: int,
    cause: Deletion.Cause = Deletion.Cause.DUE,
    oldest: dt.datetime | None = None,
    at: dt.datetime | None = None,
) -> None:
    """A line in the deletion log; nothing for nothing. Rooms that sweep by themselves call this too."""
    if count:
        given: dict[str, Any] = {"at": at} if at else {}
        Deletion.objects.create(holding=holding, model=model, count=count, cause=cause, oldest=oldest, **given)


def _sweep_table(
    holding: Holding, table: Table, model: type[models.Model], before: dt.datetime, now: dt.datetime
) -> int:
    due = model._default_manager.filter(**{f"{table.dated}__lt": before}).order_by(table.dated)
    oldest = due.order_by().aggregate(oldest=Min(table.dated))["oldest"]
    count = 0
    try:
        while True:
            with transaction.atomic():
                keys = list(due.values_list("pk", flat=True)[:BATCH])
                if not keys:
                    break
                model._default_manager.filter(pk__in=keys).delete()
            count += len(keys)
    finally:
        note(holding.slug, table.model, count, oldest=oldest, at=now)
    return count


def _sweep_addresses(now: dt.datetime) -> int:
    """The audit log keeps its entries; the network addresses in them have a time of their own."""
    days = days_of(holding_of("audit"))
    assert days is not None
    due = AuditEntry.objects.filter(at__lt=now - dt.timedelta(days=days)).exclude(address="")
    oldest = due.order_by().aggregate(oldest=Min("at"))["oldest"]
    count = 0
    while True:
        with transaction.atomic():
            keys = list(due.order_by().values_list("pk", flat=True)[:BATCH])
            if not keys:
                break
            AuditEntry.objects.filter(pk__in=keys).forget_addresses()
        count += len(keys)
    note("audit", "audit.auditentry", count, oldest=oldest, at=now)
    return count
