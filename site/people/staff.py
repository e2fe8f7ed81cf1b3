"""Changing people by hand: create, edit, join, posts, transfer, leave, and giving and taking roles.

Each call is one transaction that also writes the audit log, and may be repeated. Whoever calls has asked
`access` whether the actor may. `Refused` carries a sentence for the officer. Whole rosters come in by
`people.rosters`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people.access import access_of, forget
from people.access_rules import GRANTABLE, IMPLIED, ROLES, Role
from people.audit.services import Entry, record, record_many
from people.models import Grant, Membership, Organisation, User, within
from people.organisations import Refused
from people.signals import rights_changed


@transaction.atomic
def create(
    username: str,
    name: str,
    organisation: Organisation,
    posts: Iterable[str] = (),
    *,
    since: dt.date | None = None,
    phone: str = "",
    actor: Any = None,
) -> User:
    """A new person who works at `organisation`; without a password: the first log-in is by a one-time code."""
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(_("工号 %(number)s 已有人使用。") % {"number": username})
    _is_open(organisation)
    person = User(username=username, first_name=name, phone=phone)
    person.set_unusable_password()
    person.save()
    Membership.objects.create(user=person, organisation=organisation, posts=tuple(posts), since=since)
    detail = {"organisation": organisation.name, "posts": list(posts)}
    record("people.create", actor=actor, target=person, organisation=organisation, detail=detail)
    return person


@transaction.atomic
def edit(person: User, *, name: str, phone: str, is_active: bool, actor: Any = None) -> None:
    """Name, phone, and whether the account may log in."""
    locked = _locked(person)
    wanted = {"first_name": name, "phone": phone, "is_active": is_active}
    changed = [field for field, value in wanted.items() if getattr(locked, field) != value]
    if not changed:
        return
    if "is_active" in changed and actor is not None and actor.pk == locked.pk:
        raise Refused(_("不能停用自己的账号。请由另一位管理员来办。"))
    if "first_name" in changed:
        locked.last_name = ""  # the whole name stands in first_name
    for field in changed:
        setattr(locked, field, wanted[field])
    locked.save(update_fields=[*changed, "last_name"])
    record("people.edit", actor=actor, target=locked, detail={"fields": changed})
    if "is_active" in changed:
        rights_changed.send(sender=User, user=locked)


@transaction.atomic
def join(
    person: User,
    organisation: Organisation,
    posts: Iterable[str] = (),
    *,
    since: dt.date | None = None,
    actor: Any = None,
) -> Membership:
    """A further place of work. Who works there already keeps that membership as it is."""
    locked = _locked(person)
    _is_open(organisation)
    there = Membership.objects.filter(user=locked, organisation=organisation, until=None).first()
    if there:
        return there
    made = Membership.objects.create(user=locked, organisation=organisation, posts=tuple(posts), since=since)
    detail = {"to": organisation.name, "posts": list(posts)}
    record("people.join", actor=actor, target=locked, organisation=organisation, detail=detail)
    return made


@transaction.atomic
def set_posts(membership: Membership, posts: Iterable[str], since: dt.date | None, *, actor: Any = None) -> None:
    locked = Membership.objects.select_for_update().select_related("organisation").get(pk=membership.pk)
    if locked.until:
        raise Refused(_("这段任职已结束，不能再改。"))
    wanted = {"posts": tuple(posts), "since": since}
    changed = [field for field, value in wanted.items() if getattr(locked, field) != value]
    if not changed:
        return
    for field in changed:
        setattr(locked, field, wanted[field])
    locked.save(update_fields=changed)
    record(
        "people.edit",
        actor=actor,
        target=("user", locked.user_id),
        organisation=locked.organisation,
        detail={"fields": changed, "organisation": locked.organisation.name},
    )


@transaction.atomic
def leave(membership: Membership, *, on: dt.date | None = None, actor: Any = None) -> int:
    """End a membership; the roles that the person held at that place or below end with it. Returns how many.

    Whoever left must not go on acting for the place, even where nobody remembered to take the role.
    """
    locked = Membership.objects.select_for_update().select_related("organisation", "user").get(pk=membership.pk)
    if locked.until:
        return 0
    locked.until = on or timezone.localdate()
    locked.save(update_fields=["until"])
    record("people.leave", actor=actor, target=locked.user, organisation=locked.organisation)
    return _take_roles(locked, actor)


@transaction.atomic
def transfer(
    membership: Membership,
    to: Organisation,
    posts: Iterable[str] = (),
    *,
    on: dt.date | None = None,
    actor: Any = None,
) -> Membership:
    """From one place of work to another, on one day. Roles at the old place end."""
    locked = Membership.objects.select_for_update().select_related("organisation", "user").get(pk=membership.pk)
    _is_open(to)
    if locked.organisation_id == to.pk:
        raise Refused(_("已经在“%(name)s”了。请另选单位。") % {"name": to.name})
    there = Membership.objects.filter(user=locked.user, organisation=to, until=None).first()
    if locked.until:
        if there:
            return there
        raise Refused(_("这段任职已结束，不能调动。"))
    on = on or timezone.localdate()
    locked.until = on
    locked.save(update_fields=["until"])
    if there is None:
        there = Membership.objects.create(user=locked.user, organisation=to, posts=tuple(posts), since=on)
    detail = {"from": locked.organisation.name, "to": to.name}
    # Once for each place, so that the officers of both find it.
    where = [Entry("people.move", ("user", locked.user_id), place, detail) for place in (locked.organisation_id, to.pk)]
    record_many(where, actor=actor)
    _take_roles(locked, actor)
    return there


@transaction.atomic
def grant(person: User, role: Role, organisation: Organisation, *, actor: Any = None) -> Grant:
    """Give a role at a place. The same again changes nothing."""
    if role in IMPLIED:
        raise Refused(_("“%(role)s”由任职和岗位得来，不用授予。") % {"role": ROLES[role]})
    _is_open(organisation)
    locked = _locked(person)
    there = Grant.objects.filter(user=locked, organisation=organisation, role=role).first()
    if there:
        return there
    made = Grant.objects.create(user=locked, organisation=organisation, role=role, granted_by=actor)
    detail = {"role": role.value, "organisation": organisation.name}
    record("roles.grant", actor=actor, target=locked, organisation=organisation, detail=detail)
    forget(person)
    return made


@transaction.atomic
def take(given: Grant, *, actor: Any = None) -> None:
    """Take a role back. One's own is taken by somebody else, so that nobody locks themselves out by a slip."""
    if actor is not None and given.user_id == actor.pk:
        raise Refused(_("不能收回自己的角色。请由另一位管理员来办。"))
    locked = Grant.objects.select_for_update().select_related("user", "organisation").filter(pk=given.pk).first()
    if locked is None:
        return
    detail = {"role": locked.role, "organisation": locked.organisation.name}
    record("roles.take", actor=actor, target=locked.user, organisation=locked.organisation, detail=detail)
    locked.delete()


def may_give(actor: Any, organisation: Organisation) -> list[Role]:
    """The roles that the actor may give at this place, in the order of the list."""
    access = access_of(actor)
    return [role for role in ROLES if access.may_grant(role, organisation.path)]


def _take_roles(left: Membership, actor: Any) -> int:
    """After a membership ended: the person's roles there and below, unless another membership there is open."""
    if Membership.objects.filter(user=left.user, organisation=left.organisation, until=None).exists():
        return 0
    held = Grant.objects.filter(within([left.organisation.path], "organisation__path"), user=left.user)
    rows = list(held.select_related("organisation"))
    if actor is not None:
        _may_go(rows, actor)
    for given in rows:
        detail = {"role": given.role, "organisation": given.organisation.name}
        record("roles.take", actor=actor, target=left.user, organisation=given.organisation, detail=detail)
        given.delete()
    return len(rows)


def _may_go(held: list[Grant], actor: Any) -> None:
    """Ending somebody's work is no way round `take`: not for the own roles, nor for those that give roles."""
    for given in held:
        if given.user_id == actor.pk:
            raise Refused(_("您在这里还有角色，会随任职一起收回。请由另一位管理员来办。"))
        if Role(given.role) in GRANTABLE and not access_of(actor).may_grant(Role(given.role), given.organisation.path):
            raise Refused(
                _("这个人在“%(place)s”是%(role)s。请先由能授予这个角色的人收回，再办理。")
                % {"place": given.organisation.name, "role": _(ROLES[Role(given.role)])}
            )


def _locked(person: User) -> User:
    locked = User.objects.select_for_update().get(pk=person.pk)
    if locked.erased_at:
        raise Refused(_("这个人的个人信息已删除，不能再改。"))
    return locked


def _is_open(organisation: Organisation) -> None:
    if not Organisation.objects.open().filter(pk=organisation.pk).exists():
        raise Refused(_("“%(name)s”已停用。请另选单位。") % {"name": organisation.name})
