"""Erasing a person: asked for, taken back within some days, then carried out. What stays has no name any more."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from people.access_rules import ROLES, Role
from people.audit.models import AuditEntry
from people.audit.services import record
from people.models import Grant, Membership, User
from people.privacy.models import Deletion, Erasure
from people.privacy.shape import OnErase
from people.privacy.tables import installed, rows_of
from people.privacy.timers import note

logger = logging.getLogger(__name__)


class Refused(Exception):
    """The erasure cannot be asked for; the sentence says why and what to do first."""


def open_request(user: User) -> Erasure | None:
    return Erasure.objects.filter(user=user, withdrawn_at=None, done_at=None).first()


def last_admins() -> models.QuerySet[Grant]:
    """The grants of whoever is the only admin of a place."""
    admins = Grant.objects.filter(role=Role.ADMIN)
    another = admins.filter(organisation=OuterRef("organisation"), user__is_active=True, user__erased_at=None)
    return admins.filter(~Exists(another.exclude(user=OuterRef("user"))), organisation__closed_on=None)


def obstacle(user: User) -> str:
    """Why this person cannot be erased now, as a sentence; empty when nothing stands in the way."""
    alone = last_admins().filter(user=user).select_related("organisation").first()
    if alone is not None:
        said = _("%(place)s只有这一位%(role)s。请先把这个角色授予接手的人，再申请删除。")
        return said % {"place": alone.organisation.name, "role": _(ROLES[Role.ADMIN])}
    others = User.objects.filter(is_active=True, erased_at=None).exclude(pk=user.pk)
    if user.is_superuser and not others.filter(is_superuser=True).exists():
        return _("这是本站唯一的系统管理员。请先指定另一位系统管理员，再申请删除。")
    return ""


@transaction.atomic
def ask(user: User, by: User, now: dt.datetime | None = None) -> Erasure:
    """Ask for the erasure of `user`; a second time gives the open request. Raises `Refused`."""
    there = open_request(user)
    if there is not None:
        return there
    why = obstacle(user)
    if why:
        raise Refused(why)
    now = now or timezone.now()
    due = now + dt.timedelta(days=settings.PRIVACY_DAYS["erasure_grace"])
    try:
        with transaction.atomic():
            made = Erasure.objects.create(user=user, asked_at=now, asked_by=by.pk, due_at=due)
    except IntegrityError:  # a doubled click in another process
        return Erasure.objects.get(user=user, withdrawn_at=None, done_at=None)
    record("privacy.ask", actor=by, target=user, detail={"due": timezone.localdate(due)})
    return made


@transaction.atomic
def withdraw(user: User, by: User) -> bool:
    """Take the open request back; False when there is none (any more)."""
    taken = Erasure.objects.filter(user=user, withdrawn_at=None, done_at=None).update(withdrawn_at=timezone.now())
    if taken:
        record("privacy.withdraw", actor=by, target=user)
    return bool(taken)


def carry_out_due(now: dt.datetime) -> int:
    """Erase everybody whose days of grace are over; returns how many. One that fails does not stop the others."""
    done = 0
    for request in Erasure.objects.filter(withdrawn_at=None, done_at=None, due_at__lte=now).select_related("user"):
        why = obstacle(request.user)
        if why:
            logger.warning("privacy: erasure %s waits: %s", request.pk, why)
            continue
        try:
            done += erase(request, now)
        except Exception:
            logger.exception("privacy: erasure %s failed", request.pk)
    return done


@transaction.atomic
def erase(request: Erasure, now: dt.datetime) -> bool:
    """Erase the person of this request in one go; False when it was done or taken back meanwhile."""
    request = Erasure.objects.select_for_update().get(pk=request.pk)
    if not request.is_open:
        return False
    user = User.objects.select_for_update().get(pk=request.user_id)
    gone: dict[tuple[str, str], int] = {}
    sessions = _end_sessions(user)  # first, while it is known whose they are
    if sessions:
        gone["sessions", "sessions.session"] = sessions
    for holding, table, model in installed():
        rows = rows_of(user, table, model)
        if table.on_erase is OnErase.DELETE:
            count = rows.count()
            rows.delete()
        elif table.on_erase is OnErase.CLEAR:
            count = 0
            rows.update(**table.cleared)
        else:
            continue
        if count:
            gone[holding.slug, table.model] = count
    _take_roles(user, request.asked_by)
    Membership.objects.filter(user=user, until=None).update(until=timezone.localdate(now))
    _forget_names(user)
    AuditEntry.objects.filter(actor_id=user.pk).exclude(address="").forget_addresses()
    _blank(user, now)
    request.done_at = now
    request.save(update_fields=["done_at"])
    gone["account", "people.user"] = 1
    for (slug, name), count in gone.items():
        note(slug, name, count, Deletion.Cause.ERASURE, at=now)
    record("privacy.erase", actor=_Number(request.asked_by), target=user)
    return True


class _Number:
    """An actor of whom only the number is known."""

    def __init__(self, pk: int | None) -> None:
        self.pk = pk


def _blank(user: User, now: dt.datetime) -> None:
    user.username = f"erased-{user.pk}"
    user.first_name = user.last_name = user.email = user.phone = ""
    user.is_active = user.is_staff = user.is_superuser = user.must_change_password = False
    user.last_login = None
    user.erased_at = now
    user.set_unusable_password()
    user.groups.clear()
    user.user_permissions.clear()
    user.save()


def _take_roles(user: User, by: int | None) -> None:
    for grant in Grant.objects.filter(user=user).select_related("organisation"):
        place, role = grant.organisation, grant.role
        grant.delete()  # one by one: each tells the CMS to bring its groups in line
        record("roles.take", actor=_Number(by), target=user, organisation=place, detail={"role": role})


def _end_sessions(user: User) -> int:
    """The account's own guard ends them too; here their rows go."""
    return int(Session.objects.filter(signed_in__user=user).delete()[1].get("sessions.Session", 0))


def _forget_names(user: User) -> None:
    """Wagtail's log writes the name of the account that was edited beside each entry about it."""
    kind = ContentType.objects.get_for_model(User)
    logs: Any = apps.get_model("wagtailcore.modellogentry")
    about: models.QuerySet = logs._default_manager.filter(content_type=kind, object_id=str(user.pk))
    about.update(label=f"#{user.pk}", data={})
