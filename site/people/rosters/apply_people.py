"""A plan for people, written to the database and taken back again. The caller holds the transaction."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from common.jobs import Refused
from people.audit.services import Entry
from people.models import Grant, Membership, Organisation, User
from people.rosters.plan import FIELDS, Change

T = TypeVar("T")
BATCH = 2_000
WITHIN = 500
"""Ids in one condition: SQLite takes 999 parameters."""
SHOWN = 20
Report = Callable[[float, str], None]
USER_FIELDS = {"name": "first_name", "phone": "phone"}


def no_password() -> str:
    """As `make_password(None)`, which draws its forty characters one by one: six seconds for a county."""
    return UNUSABLE_PASSWORD_PREFIX + secrets.token_hex(20)


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def write(changes: Sequence[Change], mark_leavers: bool, today: dt.date, report: Report) -> dict[str, Any]:
    """Everything that the plan says; returns what `take_back` needs. `report` gets shares from 0 to 1."""
    todo = [change for change in changes if change.group not in {"unchanged", "left"}]
    if mark_leavers:
        todo += [change for change in changes if change.group == "left"]
    total = max(1, len(todo))
    undo: dict[str, Any] = {"users": [], "opened": [], "fields": [], "edits": [], "closed": [], "on": today.isoformat()}
    people: list[tuple[int, Change]] = []
    for batch in batches(change for change in todo if change.person is None):
        made = User.objects.bulk_create(
            User(username=each.number, first_name=each.name, phone=each.phone, password=no_password())
            for each in batch
        )
        for user, change in zip(made, batch, strict=True):
            undo["users"].append([user.pk, change.number, change.name, change.phone])
            people.append((user.pk, change))
        report(0.4 * len(people) / total, _("正在新增人员：%(n)s / %(all)s") % {"n": len(people), "all": total})
    people += [(change.person, change) for change in todo if change.person is not None]
    change_people(people, undo)
    end_memberships([held.id for change in todo for held in change.closes], today, undo)
    change_memberships(todo, undo)
    opened = 0
    for pairs in batches((user, opening) for user, change in people for opening in change.opens):
        rows = Membership.objects.bulk_create(
            Membership(user_id=user, organisation_id=each.place, posts=each.posts, since=_day(each.since))
            for user, each in pairs
        )
        undo["opened"] += [[row.pk, row.user_id, row.organisation_id, list(row.posts)] for row in rows]
        opened += len(rows)
        report(0.4 + 0.6 * opened / total, _("正在登记任职：%(n)s") % {"n": opened})
    return undo


ACTIONS = {
    "added": "people.create",
    "moved": "people.move",
    "second": "people.edit",
    "changed": "people.edit",
    "left": "people.leave",
}


def entries(changes: Sequence[Change], mark_leavers: bool, undo: dict[str, Any], roster: int) -> Iterator[Entry]:
    """What the audit log keeps: numbers, units and names of fields; no names of people."""
    new = {number: pk for pk, number, _name, _phone in undo["users"]}
    units = dict(Organisation.objects.values_list("pk", "name")) if any(c.group == "moved" for c in changes) else {}
    for change in changes:
        if change.group == "unchanged" or change.group == "left" and not mark_leavers:
            continue
        place = change.opens[0].place if change.opens else change.closes[0].place if change.closes else None
        detail: dict[str, Any] = {"import": roster}
        if change.group == "moved":
            detail["from"] = "、".join(units.get(held.place, "") for held in change.closes)
            detail["to"] = "、".join(units.get(each.place, "") for each in change.opens)
        if change.person is not None:
            detail["fields"] = change.fields_touched
        pk = new[change.number] if change.person is None else change.person
        yield Entry(ACTIONS[change.group], ("user", pk), place, detail)


def change_people(people: Sequence[tuple[int, Change]], undo: dict[str, Any]) -> None:
    changed = [(pk, change.fields) for pk, change in people if change.person is not None and change.fields]
    for batch in batches(changed, WITHIN):
        by_id = User.objects.in_bulk([pk for pk, _fields in batch])
        for pk, fields in batch:
            for name, _old, new in fields:
                setattr(by_id[pk], USER_FIELDS[name], new)
                if name == "name":
                    by_id[pk].last_name = ""
            undo["fields"].append([pk, {name: [old, new] for name, old, new in fields}])
        User.objects.bulk_update(by_id.values(), ["first_name", "last_name", "phone"])


def change_memberships(changes: Sequence[Change], undo: dict[str, Any]) -> None:
    edits = [edit for change in changes for edit in change.edits]
    for batch in batches(edits, WITHIN):
        by_id = Membership.objects.in_bulk([edit.membership for edit in batch])
        for edit in batch:
            for name, _old, new in edit.fields:
                setattr(by_id[edit.membership], name, _day(str(new)) if name == "since" else new)
            undo["edits"].append([edit.membership, {name: [old, new] for name, old, new in edit.fields}])
        Membership.objects.bulk_update(by_id.values(), ["posts", "since"])


def end_memberships(ids: Sequence[int], today: dt.date, undo: dict[str, Any]) -> None:
    for batch in batches(ids, WITHIN):
        Membership.objects.filter(pk__in=batch, until=None).update(until=today)
        undo["closed"] += batch


# --- back ---------------------------------------------------------------------------------
def refuse_if_changed(undo: dict[str, Any]) -> None:
    """Raises `Refused`, naming what it is, when something that the import touched has changed since."""
    problems = list(islice(_changed_since(undo), SHOWN + 1))
    if problems:
        more = _("；还有更多") if len(problems) > SHOWN else ""
        raise Refused(
            _("导入之后又有改动，不能整批撤销：%(what)s%(more)s。请在“人员”里逐个处理。")
            % {"what": "；".join(problems[:SHOWN]), "more": more}
        )


def take_back(undo: dict[str, Any], report: Report, actor: User | None) -> list[tuple[int, str]]:
    """Make everything as it was; (person, what was undone) for the audit log. The caller has asked `refuse_if_changed`."""
    report(0.2, _("核对完毕，正在撤销"))
    done: list[tuple[int, str]] = []
    for ids in batches([row[0] for row in undo["opened"]], WITHIN):
        Membership.objects.filter(pk__in=ids).delete()
    new = {row[0] for row in undo["users"]}
    done += [(row[1], "unit") for row in undo["opened"] if row[1] not in new]
    for ids in batches(undo["closed"], WITHIN):
        rows = Membership.objects.filter(pk__in=ids)
        done += [(person, "until") for person in rows.values_list("user_id", flat=True)]
        rows.update(until=None)
    for batch in batches(undo["edits"], WITHIN):
        held = Membership.objects.in_bulk([pk for pk, _fields in batch])
        for pk, fields in batch:
            for name, (old, _new) in fields.items():
                setattr(held[pk], name, _day(old) if name == "since" else tuple(old))
                done.append((held[pk].user_id, name))
        Membership.objects.bulk_update(held.values(), ["posts", "since"])
    for batch in batches(undo["fields"], WITHIN):
        there = User.objects.in_bulk([pk for pk, _fields in batch])
        for pk, fields in batch:
            for name, (old, _new) in fields.items():
                setattr(there[pk], USER_FIELDS[name], old)
                done.append((pk, name))
        User.objects.bulk_update(there.values(), ["first_name", "phone"])
    gone = 0
    for ids in batches(sorted(new), WITHIN):
        try:
            User.objects.filter(pk__in=ids).delete()
        except ProtectedError as error:
            raise Refused(_("有的人已经有了不能删除的记录（例如考试），不能整批撤销。请在“人员”里逐个处理。")) from error
        gone += len(ids)
        report(0.2 + 0.8 * gone / len(new), _("正在移除新增的人员：%(n)s") % {"n": gone})
    return done + [(pk, "added") for pk in sorted(new)]


def _changed_since(undo: dict[str, Any]) -> Iterator[str]:
    """One phrase for each thing that is no longer as the import left it."""
    opened_of: dict[int, set[int]] = {}
    for pk, user, _place, _posts in undo["opened"]:
        opened_of.setdefault(user, set()).add(pk)
    for batch in batches(undo["users"], WITHIN):
        ids = [row[0] for row in batch]
        there = User.objects.in_bulk(ids)
        granted = set(Grant.objects.filter(user__in=ids).values_list("user_id", flat=True))
        works: dict[int, set[int]] = {}
        for pk, user in Membership.objects.filter(user__in=ids).values_list("pk", "user_id"):
            works.setdefault(user, set()).add(pk)
        for pk, number, name, phone in batch:
            user, who = there.get(pk), _("%(name)s（%(number)s）") % {"name": name, "number": number}
            if user is None:
                yield _("%(who)s已被删除") % {"who": who}
            elif user.erased_at is not None:
                yield _("有一个人的个人信息已按本人要求删除")  # without the name that this import still knows
            elif user.last_login is not None:
                yield _("%(who)s已经登录过") % {"who": who}
            elif (user.username, user.get_full_name(), user.phone) != (number, name, phone):
                yield _("%(who)s的信息改过") % {"who": who}
            elif pk in granted:
                yield _("%(who)s有了角色") % {"who": who}
            elif works.get(pk, set()) != opened_of.get(pk, set()):
                yield _("%(who)s的任职改过") % {"who": who}
    for batch in batches(undo["opened"], WITHIN):
        rows = Membership.objects.select_related("user").in_bulk([row[0] for row in batch])
        for pk, _user, place, posts in batch:
            row = rows.get(pk)
            if row is None:
                yield _("有一条新任职已被删除")
            elif (row.organisation_id, row.posts, row.until) != (place, tuple(posts), None):
                yield _("%(who)s的任职改过") % {"who": row.user}
    for batch in batches(undo["edits"], WITHIN):
        rows = Membership.objects.select_related("user").in_bulk([row[0] for row in batch])
        for pk, fields in batch:
            row = rows.get(pk)
            if row is None or any(_plain(getattr(row, name)) != new for name, (_old, new) in fields.items()):
                yield _("%(who)s的任职改过") % {"who": row.user if row else _("有一个人")}
    for batch in batches(undo["closed"], WITHIN):
        rows = Membership.objects.select_related("user").in_bulk(batch)
        places = {(row.user_id, row.organisation_id) for row in rows.values()}
        again = Membership.objects.filter(user__in=[user for user, _place in places], until=None)
        reopened = set(again.values_list("user_id", "organisation_id")) & places
        for pk in batch:
            row = rows.get(pk)
            if row is not None and row.user.erased_at is not None:
                yield _("有一个人的个人信息已按本人要求删除")
            elif row is None or row.until is None or row.until.isoformat() != undo["on"]:
                yield _("%(who)s的离岗改过") % {"who": row.user if row else _("有一个人")}
            elif (row.user_id, row.organisation_id) in reopened:
                yield _("%(who)s又回到了原单位") % {"who": row.user}
    for batch in batches(undo["fields"], WITHIN):
        people = User.objects.in_bulk([pk for pk, _fields in batch])
        for pk, fields in batch:
            user = people.get(pk)
            now = {"name": user.get_full_name(), "phone": user.phone} if user else {}
            for name, (_old, new) in fields.items():
                if now.get(name) != new:
                    yield _("%(who)s的%(field)s改过") % {"who": user or _("有一个人"), "field": FIELDS[name]}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, dt.date) else (value or "")


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
