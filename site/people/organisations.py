"""Changing the organisation tree: create, edit, move, merge, close, reopen. Nothing is ever deleted.

Each call is one transaction that also writes the organisation's history and the audit log, and may be
repeated: what is already so is left alone. The rules stand in `tree_rules`; whoever calls has asked
`access` whether the actor may. `Refused` carries a sentence for the officer.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from people import tree_rules
from people.access import access_of
from people.audit.services import Entry, record, record_many
from people.models import Grant, Membership, Organisation, OrganisationEvent, OrganisationKind, User
from people.signals import rights_changed
from people.tree_rules import Place, free_name

Event = OrganisationEvent.Event


class Refused(Exception):
    """What was asked cannot be done; the text says why and what to do."""


@dataclass(frozen=True)
class Effect:
    """What stands at and below an organisation now: numbers for the page that asks for confirmation."""

    below: tuple[tuple[str, int], ...] = ()
    """(kind's name, how many are open) below it, the higher kinds first."""
    staffed_below: int = 0
    people: int = 0
    """Open memberships at and below; `people_here` without those below."""
    people_here: int = 0
    grants: int = 0
    grants_here: int = 0
    children: int = 0


def effect(organisation: Organisation) -> Effect:
    below = organisation.get_descendants().open()
    kinds = below.order_by("kind__rank").values_list("kind__name", "kind__has_staff").annotate(n=Count("pk"))
    rows = [(name, has_staff, number) for name, has_staff, number in kinds]
    at_or_below = Organisation.objects.under(organisation.path).order_by()
    here = Count("pk", filter=Q(organisation=organisation))
    working = Membership.objects.filter(organisation__in=at_or_below, until=None)
    people, people_here = working.aggregate(all=Count("pk"), here=here).values()
    held, held_here = Grant.objects.filter(organisation__in=at_or_below).aggregate(all=Count("pk"), here=here).values()
    return Effect(
        below=tuple((name, number) for name, _has_staff, number in rows),
        staffed_below=sum(number for _name, has_staff, number in rows if has_staff),
        people=people,
        people_here=people_here,
        grants=held,
        grants_here=held_here,
        children=organisation.get_children().open().count(),
    )


def clean_code(code: str | None) -> str | None:
    """The code without blanks and in plain digits and letters; None for none."""
    return "".join(unicodedata.normalize("NFKC", code or "").split()) or None


# --- one at a time ------------------------------------------------------------------------------
@transaction.atomic
def create(
    name: str,
    kind: OrganisationKind,
    parent: Organisation | None = None,
    *,
    code: str | None = None,
    stage: str = "",
    actor: Any = None,
) -> Organisation:
    """A new organisation below `parent`. The very same one again returns what is there."""
    _lock()
    name, code = name.strip(), clean_code(code)
    parent = _fresh(parent) if parent else None
    if parent:
        _check(tree_rules.standing(name, kind.rank, place(parent)))
    there = parent.get_children() if parent else Organisation.get_root_nodes()
    same = there.open().filter(name=name).first()
    if same and (same.kind_id, same.code, same.stage) == (kind.pk, code, stage):
        return same
    if same:
        raise Refused(_("这里已有“%(name)s”。请换一个名称，或去修改已有的那个。") % {"name": name})
    _code_is_free(code)
    fields = {"name": name, "kind": kind, "code": code, "stage": stage}
    made = parent.add_child(**fields) if parent else Organisation.add_root(**fields)
    _happened(made, Event.CREATED, actor, {"to": named(parent)} if parent else {})
    record("organisations.create", actor=actor, target=made, organisation=made, detail={"name": name})
    return made


@transaction.atomic
def edit(
    organisation: Organisation,
    *,
    name: str,
    kind: OrganisationKind,
    code: str | None = None,
    stage: str = "",
    actor: Any = None,
) -> Organisation:
    """Set name, kind, code and stage. A new name goes into the history; the old one stays readable there."""
    _lock()
    locked = _fresh(organisation)
    name, code = name.strip(), clean_code(code)
    wanted = {"name": name, "kind_id": kind.pk, "code": code, "stage": stage}
    changed = [field for field, value in wanted.items() if getattr(locked, field) != value]
    if not changed:
        return locked
    parent = locked.get_parent()
    siblings = (parent.get_children() if parent else Organisation.get_root_nodes()).exclude(pk=locked.pk)
    if "kind_id" in changed:
        _check(tree_rules.rekinding(name, kind.rank, place(parent) if parent else None, _child_ranks(locked)))
    if "name" in changed and siblings.open().filter(name=name).exists():
        raise Refused(_("这里已有“%(name)s”。请换一个名称。") % {"name": name})
    if "code" in changed:
        _code_is_free(code)
    before = locked.name
    for field in changed:
        setattr(locked, field, wanted[field])
    locked.save(update_fields=changed)
    fields = [field.removesuffix("_id") for field in changed]
    if "name" in changed:
        _happened(locked, Event.RENAMED, actor, {"from": before, "to": name})
        detail = {"from": before, "to": name, "fields": fields}
        record("organisations.rename", actor=actor, target=locked, organisation=locked, detail=detail)
    else:
        record("organisations.edit", actor=actor, target=locked, organisation=locked, detail={"fields": fields})
    return _fresh(locked)


def rename(organisation: Organisation, name: str, *, actor: Any = None) -> Organisation:
    return edit(
        organisation,
        name=name,
        kind=organisation.kind,
        code=organisation.code,
        stage=organisation.stage,
        actor=actor,
    )


@transaction.atomic
def move(organisation: Organisation, parent: Organisation, *, actor: Any = None) -> Organisation:
    """Put it, with all below it, under another parent."""
    _lock()
    locked, parent = _fresh(organisation), _fresh(parent)
    above = locked.get_parent()
    if above and above.pk == parent.pk:
        return locked
    if not locked.is_open:
        raise Refused(_("“%(name)s”已停用，不能调整。请先恢复它。") % {"name": locked.name})
    _check(tree_rules.moving(place(locked), place(parent)))
    if parent.get_children().open().filter(name=locked.name).exists():
        raise Refused(
            _("“%(parent)s”下面已有“%(name)s”。请先改名，或改用合并。") % {"parent": parent.name, "name": locked.name}
        )
    _put(locked, parent, actor, above)
    record(
        "organisations.move",
        actor=actor,
        target=locked,
        organisation=locked,
        detail={"from": above.name if above else "", "to": parent.name},
    )
    return _fresh(locked)


@transaction.atomic
def merge(
    organisation: Organisation, into: Organisation, *, actor: Any = None, on: dt.date | None = None
) -> Organisation:
    """Move people, roles and what stands below into another; the merged one stays, closed, with its history.

    Who worked here gets a membership there from that day on, and the one here ends that day.
    """
    _lock()
    locked, into = _fresh(organisation), _fresh(into)
    if locked.merged_into_id == into.pk:
        return locked
    children = list(locked.get_children().open())
    _check(tree_rules.merging(place(locked), place(into), _child_ranks(locked)))
    on = on or timezone.localdate()
    moved_people = _transfer_people(locked, into, on)
    users = _transfer_grants(locked, into)
    taken = set(into.get_children().open().values_list("name", flat=True))
    for child in children:
        name = free_name(child.name, taken, locked.name)
        taken.add(name)
        child = _put(child, _fresh(into), actor, locked)
        if name != child.name:
            rename(child, name, actor=actor)
    locked = _fresh(locked)
    locked.closed_on, locked.merged_into = on, into
    locked.save(update_fields=["closed_on", "merged_into"])
    numbers = {"people": moved_people, "grants": len(users), "children": len(children)}
    _happened(locked, Event.MERGED, actor, {"to": named(into), **numbers})
    _happened(into, Event.RECEIVED, actor, {"from": named(locked), **numbers})
    detail = {"from": locked.name, "to": into.name, **numbers}
    record("organisations.merge", actor=actor, target=locked, organisation=locked, detail=detail)
    record("organisations.merge", actor=actor, target=into, organisation=into, detail=detail)
    _tell(users)
    return _fresh(locked)


@transaction.atomic
def close(
    organisation: Organisation, *, end_memberships: bool = False, actor: Any = None, on: dt.date | None = None
) -> Organisation:
    """Close it with the grades and classes below. Refused while something with staff of its own is open below,
    and while somebody works here unless `end_memberships` says that this was confirmed."""
    _lock()
    locked = _fresh(organisation)
    if not locked.is_open:
        return locked
    if locked.is_root() and actor is not None and not access_of(actor).everything:
        # With it end the roles given there: the actor's own, and whoever could open it again.
        raise Refused(_("“%(name)s”是最上级单位，只有超级管理员能停用。") % {"name": locked.name})
    numbers = effect(locked)
    if numbers.staffed_below:
        raise Refused(
            _("“%(name)s”下面还有 %(n)d 个有教职工的单位没有停用。请先把它们调整到别处，或逐个停用。")
            % {"name": locked.name, "n": numbers.staffed_below}
        )
    if numbers.people and not end_memberships:
        raise Refused(
            _("“%(name)s”还有 %(n)d 人在岗。停用后他们在这里的任职会结束，请在确认页上勾选同意。")
            % {"name": locked.name, "n": numbers.people}
        )
    on = on or timezone.localdate()
    subtree = Organisation.objects.under(locked.path).order_by()
    working = Membership.objects.filter(organisation__in=subtree, until=None)
    left = list(working.values_list("user_id", "organisation_id"))
    working.update(until=on)
    below = list(locked.get_descendants().open())
    Organisation.objects.filter(pk__in=[locked.pk, *(node.pk for node in below)]).update(closed_on=on)
    _happened(locked, Event.CLOSED, actor, {"people": len(left), "below": len(below)})
    moment = timezone.now()
    OrganisationEvent.objects.bulk_create(
        OrganisationEvent(organisation=node, event=Event.CLOSED, at=moment, actor=actor, detail={"with": named(locked)})
        for node in below
    )
    detail = {"name": locked.name, "people": len(left), "below": len(below)}
    record("organisations.close", actor=actor, target=locked, organisation=locked, detail=detail)
    record_many((Entry("people.leave", ("user", who), where) for who, where in left), actor=actor)
    _tell(User.objects.filter(grants__organisation__in=subtree).distinct())
    return _fresh(locked)


@transaction.atomic
def reopen(organisation: Organisation, *, actor: Any = None) -> Organisation:
    """Open it again, with what was closed together with it. Memberships that ended stay ended."""
    _lock()
    locked = _fresh(organisation)
    if locked.is_open:
        return locked
    if locked.merged_into_id:
        raise Refused(
            _("“%(name)s”已并入“%(into)s”，不能恢复。需要时请新建单位。")
            % {"name": locked.name, "into": locked.merged_into.name}
        )
    parent = locked.get_parent()
    if parent and not parent.is_open:
        raise Refused(_("上级单位“%(name)s”还停用着。请先恢复它。") % {"name": parent.name})
    beside = parent.get_children() if parent else Organisation.get_root_nodes()
    if beside.open().filter(name=locked.name).exists():
        raise Refused(_("这里已有另一个“%(name)s”。请先给其中一个改名。") % {"name": locked.name})
    closed = locked.get_descendants().exclude(closed_on=None).filter(merged_into=None).order_by()
    last = dict(
        OrganisationEvent.objects.filter(organisation__in=closed, event=Event.CLOSED)
        .order_by("at", "pk")
        .values_list("organisation_id", "detail")
    )
    together = [pk for pk, detail in last.items() if detail.get("with", {}).get("id") == locked.pk]
    Organisation.objects.filter(pk__in=[locked.pk, *together]).update(closed_on=None)
    moment = timezone.now()
    OrganisationEvent.objects.bulk_create(
        OrganisationEvent(organisation_id=pk, event=Event.REOPENED, at=moment, actor=actor) for pk in [locked.pk, *together]
    )
    detail = {"name": locked.name, "below": len(together)}
    record("organisations.reopen", actor=actor, target=locked, organisation=locked, detail=detail)
    _tell(User.objects.filter(grants__organisation__in=[locked.pk, *together]).distinct())
    return _fresh(locked)


# --- parts --------------------------------------------------------------------------------------
def place(organisation: Organisation) -> Place:
    return Place(organisation.name, organisation.path, organisation.kind.rank, organisation.is_open)


def named(organisation: Organisation | None) -> dict[str, Any]:
    """An organisation as history keeps it: its number, and its name as it was."""
    return {"id": organisation.pk, "name": organisation.name} if organisation else {}


def _check(problem: str | None) -> None:
    if problem:
        raise Refused(problem)


def _lock() -> None:
    """One change of the tree at a time: treebeard renumbers neighbours. SQLite's transactions already wait."""
    list(Organisation.objects.filter(depth=1).select_for_update().values_list("pk", flat=True))


def _fresh(organisation: Organisation) -> Organisation:
    """As the database has it now: treebeard changes paths and child counts behind an object's back."""
    return Organisation.objects.select_related("kind").get(pk=organisation.pk)


def _child_ranks(organisation: Organisation) -> list[int]:
    return list(organisation.get_children().open().values_list("kind__rank", flat=True))


def _code_is_free(code: str | None) -> None:
    other = Organisation.objects.filter(code=code).first() if code else None
    if other:
        raise Refused(_("单位代码 %(code)s 已由“%(name)s”使用。请核对代码。") % {"code": code, "name": other.name})


def _happened(organisation: Organisation, event: str, actor: Any, detail: dict[str, Any]) -> None:
    OrganisationEvent.objects.create(organisation=organisation, event=event, actor=actor, detail=detail)


def _put(what: Organisation, parent: Organisation, actor: Any, above: Organisation | None) -> Organisation:
    _fresh(what).move(parent, pos="last-child")
    moved = _fresh(what)
    _happened(moved, Event.MOVED, actor, {"from": named(above), "to": named(parent)})
    return moved


def _transfer_people(source: Organisation, target: Organisation, on: dt.date) -> int:
    """End the memberships at `source` and open them at `target`; posts of one already there are joined."""
    leaving = list(Membership.objects.filter(organisation=source, until=None))
    there = {row.user_id: row for row in Membership.objects.filter(organisation=target, until=None)}
    fresh, joined = [], []
    for old in leaving:
        present = there.get(old.user_id)
        if present is None:
            fresh.append(Membership(user_id=old.user_id, organisation=target, posts=old.posts, since=on))
        elif set(old.posts) - set(present.posts):
            present.posts = (*present.posts, *old.posts)
            joined.append(present)
    Membership.objects.filter(pk__in=[old.pk for old in leaving]).update(until=on)
    Membership.objects.bulk_create(fresh, batch_size=500)
    Membership.objects.bulk_update(joined, ["posts"], batch_size=500)
    return len(leaving)


def _transfer_grants(source: Organisation, target: Organisation) -> list[User]:
    """Roles given at `source` hold at `target` from now on; returns whose they are."""
    held = list(Grant.objects.filter(organisation=source).select_related("user"))
    there = set(Grant.objects.filter(organisation=target).values_list("user_id", "role"))
    doubled = [grant.pk for grant in held if (grant.user_id, grant.role) in there]
    Grant.objects.filter(pk__in=doubled).delete()
    Grant.objects.filter(organisation=source).update(organisation=target)
    return list({grant.user_id: grant.user for grant in held}.values())


def _tell(users: Iterable[User]) -> None:
    """Bulk changes pass by `Grant.save`: tell the CMS itself."""
    for user in users:
        rights_changed.send(sender=User, user=user)
