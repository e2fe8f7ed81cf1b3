"""Which entries somebody may read, and which of them are wanted."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from people.access import Action, access_of, organisations
from people.audit.models import AuditEntry, EntryQuerySet
from people.audit.words import actions_of
from people.models import Organisation, User

MOST_NAMES = 200


@dataclass(frozen=True)
class Wanted:
    """What the reader asked for. Empty fields ask for nothing. Both days are included."""

    person: str = ""
    group: str = ""
    organisation: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    text: str = ""


def readable(user: Any, action: Action = Action.AUDIT_VIEW) -> EntryQuerySet:
    """The entries of the reader's own organisations.

    Entries without an organisation (the question bank, the log itself) belong to the whole site: they
    are for whoever answers for every tree of organisations.
    """
    access = access_of(user)
    places = access.places(action) if access.known else ()
    if "" in places or (
        places and not Organisation.objects.filter(depth=1).exclude(path__in=places).exists()
    ):
        return AuditEntry.objects.all()
    own = organisations(user, action).order_by().values("pk")
    return AuditEntry.objects.filter(organisation_id__in=own)


def wanted(entries: EntryQuerySet, want: Wanted, user: Any, action: Action = Action.AUDIT_VIEW) -> EntryQuerySet:
    """Those of the entries that fit everything that was asked for, the newest first."""
    if want.person:
        ids = people_named(want.person)
        targets = [str(pk) for pk in ids]
        entries = entries.filter(Q(actor_id__in=ids) | Q(target_type="user", target_id__in=targets))
    if want.group:
        entries = entries.filter(action__in=actions_of(want.group))
    if want.organisation:
        found = organisations(user, action).filter(Q(name__icontains=want.organisation) | Q(code=want.organisation))
        paths = [one.path for one in found.order_by("path")[:MOST_NAMES]]
        below = Organisation.objects.under(*paths).order_by().values("pk")
        entries = entries.filter(organisation_id__in=below)
    if want.since:
        entries = entries.filter(at__gte=_midnight(want.since))
    if want.until:
        entries = entries.filter(at__lt=_midnight(want.until + dt.timedelta(days=1)))
    if want.text:
        # SQLite keeps JSON in ASCII, PostgreSQL does not.
        escaped = json.dumps(want.text)[1:-1]
        said = Q(said__contains=want.text) | Q(said__contains=escaped)
        entries = entries.annotate(said=Cast("detail", TextField())).filter(said | Q(address=want.text))
    return entries.order_by("-number")


def people_named(text: str) -> list[int]:
    """The numbers of the people with this staff number, or whose name holds this text; `#12` is number 12."""
    if text.startswith("#") and text[1:].isdigit():
        return [int(text[1:])]
    fits = Q(first_name__icontains=text) | Q(username=text)
    return list(User.objects.filter(fits).order_by("pk").values_list("pk", flat=True)[:MOST_NAMES])


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
