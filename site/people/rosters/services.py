"""The door to rosters: take a file, apply what was shown, undo it. The work itself is done by jobs, in `work`."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from common import jobs
from people import access
from people.audit.origin import current_address
from people.models import Organisation, User, within
from people.rosters import files
from people.rosters.models import RosterImport
from people.rosters.present import ACTIONS

State = RosterImport.State
PREVIEW_DAYS = 7
UNDO_DAYS = 30


def visible(user: Any, kind: str) -> QuerySet[RosterImport]:
    """The imports that a user may see: those made at or below where the user may import, and the own ones.

    The own ones only within the present reach: who went to another school leaves the old one's rosters behind.
    """
    action = ACTIONS[RosterImport.Kind(kind)]
    imports = RosterImport.objects.filter(kind=kind)
    held = access.access_of(user)
    if held.everything:
        return imports
    scope = _scope(user, kind)
    places = [scope.path] if scope else ["" for _place in held.places(action)]
    return imports.filter(Q(owner=user) & within(places, "scope__path") | Q(scope__in=access.organisations(user, action)))


def start(user: User, kind: str, name: str, chunks: Iterable[bytes], options: dict[str, Any]) -> RosterImport:
    """Keep the file and read it in a job. Raises `files.Unreadable` for one that is no use at a glance."""
    with transaction.atomic():
        roster = RosterImport.objects.create(
            kind=kind, owner=user, file_name=name[-200:], options=options, scope=_scope(user, kind)
        )
        handle = os.open(roster.upload, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    file.write(chunk)
            files.check(roster.upload, name)
        except BaseException:
            roster.upload.unlink(missing_ok=True)
            raise
        _begin(roster, "rosters.read", user)
    return roster


def apply(user: User, roster: RosterImport, *, mark_leavers: bool) -> bool:
    """Begin to apply a preview; False when that is done, under way or not possible (a second click)."""
    with transaction.atomic():
        ready = RosterImport.objects.select_for_update().filter(pk=roster.pk, state=State.READY)
        found = ready.first()
        if found is None or found.counts.get("errors"):
            return False
        found.state, found.problem = State.APPLYING, ""
        found.options = {**found.options, "mark_leavers": mark_leavers, "by": user.pk}
        found.save()
        _begin(found, "rosters.apply", user)
    return True


def undo(user: User, roster: RosterImport) -> bool:
    """Begin to undo an import; False when it is not one that can be undone."""
    with transaction.atomic():
        found = RosterImport.objects.select_for_update().filter(pk=roster.pk, state=State.APPLIED).first()
        if found is None or not can_undo(found):
            return False
        found.state, found.problem = State.UNDOING, ""
        found.save()
        _begin(found, "rosters.undo", user)
    return True


def can_undo(roster: RosterImport) -> bool:
    return roster.state == State.APPLIED and roster.data.filter(slot="undo").exists()


def discard(roster: RosterImport) -> bool:
    """Throw a preview away, with all that was read."""
    unwanted = RosterImport.objects.filter(pk=roster.pk, state__in=[State.READY, State.REFUSED, State.READING])
    if not unwanted.exists():
        return False
    roster.upload.unlink(missing_ok=True)
    unwanted.delete()
    return True


def retry(roster: RosterImport) -> bool:
    """Start the job once more that failed by accident."""
    job = jobs.Job.objects.filter(pk=roster.job).first()
    return roster.state in RosterImport.BUSY and job is not None and jobs.restart(job)


def job_of(roster: RosterImport) -> dict[str, Any]:
    """How far the import's job is, as `jobs.progress` tells it."""
    job = jobs.Job.objects.filter(pk=roster.job).first()
    return jobs.progress(job) if job else {"state": "failed", "share": 0.0, "text": "", "label": "", "message": ""}


def sweep(now: dt.datetime) -> tuple[int, int]:
    """Forget previews that nobody applied, and how to undo what is long settled: (previews, undos)."""
    old = RosterImport.objects.filter(created_at__lt=now - dt.timedelta(days=PREVIEW_DAYS))
    stale = list(old.filter(state__in=[State.READING, State.READY, State.REFUSED]))
    for roster in stale:
        roster.upload.unlink(missing_ok=True)
        roster.delete()
    settled = RosterImport.objects.filter(applied_at__lt=now - dt.timedelta(days=UNDO_DAYS), data__slot="undo")
    ids = list(settled.values_list("pk", flat=True))
    for roster in RosterImport.objects.filter(pk__in=ids):
        roster.forget("undo", "view")
    return len(stale), len(ids)


def _begin(roster: RosterImport, kind: str, user: User) -> None:
    job = jobs.enqueue(kind, user, {"import": roster.pk, "address": current_address()})
    RosterImport.objects.filter(pk=roster.pk).update(job=job.pk)


def _scope(user: User, kind: str) -> Organisation | None:
    """The lowest unit above everything that the user may import to."""
    paths = access.access_of(user).places(ACTIONS[RosterImport.Kind(kind)])
    if not paths:
        return None
    shared = os.path.commonprefix(list(paths))
    shared = shared[: len(shared) // Organisation.steplen * Organisation.steplen]
    return Organisation.objects.filter(path=shared).first() if shared else None


def settle(roster: RosterImport, state: str, **fields: Any) -> None:
    """Write what a job found; `at` fields are set here."""
    moments = {State.APPLIED: "applied_at", State.UNDONE: "undone_at"}
    if state in moments and not getattr(roster, moments[State(state)]):
        fields[moments[State(state)]] = timezone.now()
    for name, value in {"state": state, **fields}.items():
        setattr(roster, name, value)
    roster.save(update_fields=["state", *fields])
