"""Walk the chain as the database holds it, in batches and with constant memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Max
from django.utils import timezone

from people.audit.chain import START, Anchor, Fault, Link, Walk, walk
from people.audit.models import AuditCheck, AuditEntry, AuditHead

BATCH = 2_000
WHOLE_EVERY = dt.timedelta(days=30)


def verify(*, anchors: Iterable[Anchor] = (), only_new: bool = False) -> AuditCheck:
    """Walk, keep the result and return it.

    With `only_new` the walk starts where the last faultless one ended: enough for every night; an
    entry changed before that place is found by the whole walk, which is due once a month.
    """
    good = AuditCheck.objects.filter(fault="")
    kept = list(good.values_list("number", "hash")[:1])
    recent = good.filter(whole=True, at__gte=timezone.now() - WHOLE_EVERY).exists()
    start = kept[0] if only_new and kept and recent else (0, START)
    found = walk_table(start, [*anchors, *kept])
    return AuditCheck.objects.create(
        number=found.end[0],
        hash=found.end[1],
        whole=start[0] == 0,
        fault=found.fault.kind if found.fault else "",
        fault_number=found.fault.number if found.fault else None,
    )


def walk_table(start: Anchor = (0, START), anchors: Iterable[Anchor] = ()) -> Walk:
    """Entries that are appended during the walk are left for the next one."""
    # The last entry first, then the end of the chain: between the two only both together can have grown.
    last = AuditEntry.objects.aggregate(last=Max("number"))["last"] or 0
    head = AuditHead.objects.filter(pk=1).values_list("number", "hash").first() or (0, START)
    if start[0] and not AuditEntry.objects.filter(number=start[0], hash=start[1]).exists():
        return Walk(0, start, Fault(start[0], "anchor"))
    beyond = [number for number, _hash in anchors if number > head[0]]
    if beyond:
        return Walk(0, start, Fault(head[0] + 1, "missing"))
    return walk(_links(start[0], max(last, head[0])), head, start=start, anchors=anchors)


def _links(after: int, upto: int) -> Iterator[Link]:
    # Not `number__gt=0` for the first batch: an entry numbered 0 was put in by hand.
    rows = AuditEntry.objects.order_by("number")
    place = after if after else -1
    while True:
        batch = list(rows.filter(number__gt=place, number__lte=upto)[:BATCH])
        for row in batch:
            yield Link(row.number, row.previous, row.hash, row.content())
        if len(batch) < BATCH:
            return
        place = batch[-1].number
