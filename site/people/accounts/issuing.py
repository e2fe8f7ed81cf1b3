"""Issuing first codes and using one up. Plain codes leave here once, to be printed, and are never stored.

Decision: the old password and the old sessions end when a code is *used*, not when it is issued. A slip
that was printed by mistake, or that never reaches its person, then locks nobody out.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from people import access
from people.access import Action
from people.accounts import codes, sessions
from people.accounts.models import CodeIssue, FirstCode
from people.audit.services import Entry, record, record_many
from people.models import Membership, Organisation, OrganisationKind, User, within

MOST = 500  # slips in one printing
AGAIN = dt.timedelta(minutes=10)  # in which a doubled click shows the same slips


class AlreadyPrinted(Exception):
    """This form was sent before, and too long ago to show its slips again."""


class CodeGone(Exception):
    """The code was used, replaced or ran out between its entry and the new password."""


@dataclass(frozen=True)
class Slip:
    name: str
    number: str
    code: str
    expires_at: dt.datetime


def code_key() -> bytes:
    return hashlib.sha256(f"first codes\n{settings.SECRET_KEY}".encode()).digest()


def open_codes() -> QuerySet[FirstCode]:
    return FirstCode.objects.filter(used_at=None, ended_at=None, expires_at__gt=timezone.now())


def reachable(officer: User) -> QuerySet[User]:
    """Whom the officer may give a code: working accounts whose log-in is the officer's to manage."""
    return access.accounts(officer, Action.CODES_ISSUE).filter(is_active=True, erased_at=None)


def people_at(officer: User, place: Organisation) -> QuerySet[User]:
    """The staff of a place with `code_until`, the end of an open code. A school's classes count as the school."""
    whole = place.kind.rank >= _school_rank()
    where = within([place.path], "organisation__path") if whole else Q(organisation=place)
    there = Membership.objects.filter(where, until=None).values("user")
    until = open_codes().filter(user=OuterRef("pk")).values("expires_at")[:1]
    return (
        reachable(officer).filter(pk__in=there).annotate(code_until=Subquery(until)).order_by("username")
    )


def waiting_at(places: list[Organisation]) -> dict[int, int]:
    """How many never logged in, by the number of the place; two queries for any number of places."""
    rank = _school_rank()
    whole = {place.path: place.pk for place in places if place.kind.rank >= rank}
    above = [place.pk for place in places if place.kind.rank < rank]
    where = within(whole, "organisation__path") | Q(organisation__in=above)
    rows = Membership.objects.filter(
        where, until=None, user__last_login=None, user__is_active=True, user__erased_at=None
    ).values_list("organisation", "organisation__path", "user")
    found: dict[int, set[int]] = {place.pk: set() for place in places}
    step = Organisation.steplen
    for pk, path, user in rows:
        at = next((whole[path[:end]] for end in range(step, len(path) + 1, step) if path[:end] in whole), pk)
        found.setdefault(at, set()).add(user)
    return {pk: len(users) for pk, users in found.items()}


def never_in(people: QuerySet[User]) -> QuerySet[User]:
    return people.filter(last_login=None)


def without_code(people: QuerySet[User]) -> QuerySet[User]:
    """Never logged in, and no open code in hand."""
    return never_in(people).filter(code_until=None)


def issue(
    officer: User, people: Iterable[User], *, batch: str, place: Organisation | None
) -> list[Slip]:
    """Give each person a new code, end the old ones, and return the slips to print.

    `batch` is the secret of the officer's form: sent twice, it gives the same slips and nothing new.
    Raises `AlreadyPrinted` when it comes back later or from somebody else.
    """
    key = hashlib.sha256(batch.encode()).hexdigest()
    now = timezone.now()
    with transaction.atomic():
        try:
            with transaction.atomic():
                printing = CodeIssue.objects.create(key=key, by=officer, organisation=place, at=now)
        except IntegrityError:
            return _again(officer, key, batch)
        chosen = list(people)[:MOST]
        expires = now + dt.timedelta(days=settings.FIRST_CODE_DAYS)
        FirstCode.objects.filter(user__in=[one.pk for one in chosen], used_at=None, ended_at=None).update(ended_at=now)
        plain = {one.pk: codes.derive(code_key(), batch, one.pk) for one in chosen}
        FirstCode.objects.bulk_create(
            FirstCode(user=one, digest=codes.digest(code_key(), one.pk, plain[one.pk]), issue=printing, expires_at=expires)
            for one in chosen
        )
        where = place.pk if place else None
        record_many(
            [Entry("codes.issue", ("user", one.pk), where, {"issue": printing.pk}) for one in chosen],
            actor=officer,
        )
    return [Slip(str(one), one.username, codes.shown(plain[one.pk]), expires) for one in chosen]


def use(code_id: int, password: str) -> User:
    """Set the own password by a code and end every old session. Raises `CodeGone`."""
    with transaction.atomic():
        code = open_codes().select_for_update().filter(pk=code_id, user__is_active=True).first()
        if code is None:
            raise CodeGone
        user = User.objects.get(pk=code.user_id)
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        code.used_at = timezone.now()
        code.save(update_fields=["used_at"])
        ended = sessions.end(user)
        record("codes.use", actor=user, target=user, detail={"issue": code.issue_id, "sessions": ended})
    return user


def _again(officer: User, key: str, batch: str) -> list[Slip]:
    printing = CodeIssue.objects.get(key=key)
    if printing.by_id != officer.pk or printing.at < timezone.now() - AGAIN:
        raise AlreadyPrinted
    still = open_codes().filter(issue=printing).select_related("user").order_by("user__username")
    return [
        Slip(str(one.user), one.user.username, codes.shown(codes.derive(code_key(), batch, one.user_id)), one.expires_at)
        for one in still
    ]


def _school_rank() -> int:
    return OrganisationKind.objects.values_list("rank", flat=True).get(slug=OrganisationKind.SCHOOL)
