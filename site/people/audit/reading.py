"""Entries as people read them: numbers become names at the moment of reading, so an erased person has none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from people.audit.models import AuditEntry
from people.audit.words import sentence
from people.models import Organisation, User


@dataclass(frozen=True)
class Line:
    """One entry in words."""

    number: int
    at: dt.datetime
    actor: str
    said: str
    organisation: str
    address: str
    action: str
    hash: str


def lines(entries: Iterable[AuditEntry]) -> list[Line]:
    """The entries in words; two queries, however many there are."""
    rows = list(entries)
    ids = {row.actor_id for row in rows if row.actor_id is not None}
    ids |= {int(row.target_id) for row in rows if row.target_type == "user" and row.target_id.isdigit()}
    places = {row.organisation_id for row in rows if row.organisation_id is not None}
    places |= {int(row.target_id) for row in rows if row.target_type == "organisation" and row.target_id.isdigit()}
    people = {user.pk: user for user in User.objects.filter(pk__in=ids)} if ids else {}
    names = dict(Organisation.objects.filter(pk__in=places).order_by().values_list("pk", "name")) if places else {}

    def target(row: AuditEntry) -> str:
        if not row.target_id.isdigit():
            return ""
        number = int(row.target_id)
        if row.target_type == "user":
            return person(people.get(number), number)
        if row.target_type == "organisation":
            return place(names.get(number), number)
        return ""

    return [
        Line(
            number=row.number,
            at=timezone.localtime(row.at),
            actor=_("系统") if row.actor_id is None else person(people.get(row.actor_id), row.actor_id),
            said=sentence(row.action, target(row), row.detail),
            organisation="" if row.organisation_id is None else place(names.get(row.organisation_id), row.organisation_id),
            address=row.address,
            action=row.action,
            hash=row.hash,
        )
        for row in rows
    ]


def person(user: Any, number: int) -> str:
    """A name with the staff number, or what is left of somebody whose data was erased."""
    if user is None or user.erased_at:
        return _("已删除的人员 #%(number)s") % {"number": number}
    name = user.get_full_name()
    return f"{name}（{user.username}）" if name else user.username


def place(name: str | None, number: int) -> str:
    return name or _("已删除的单位 #%(number)s") % {"number": number}
