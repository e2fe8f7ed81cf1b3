"""A demonstration bureau with two schools and seven people, so that every role can be tried at once.

Only an installation without a single user gets it. The passwords are random and kept in the data
folder, for its owner's eyes only.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from home.roles import ensure_roles, ensure_school
from people.access_rules import IMPLIED, ROLES, Role
from people.models import Grant, Membership, Organisation, OrganisationKind, User

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without 0 o 1 l i: read from a screen, typed on another
BUREAU = "示范县教育局"
SCHOOLS = ("示范县实验小学", "示范县第一中学")


@dataclass(frozen=True)
class Person:
    username: str
    name: str
    role: Role
    unit: str
    posts: tuple[str, ...] = ()


PEOPLE = (
    Person("admin", "局管理员", Role.ADMIN, BUREAU),
    Person("kaowu", "高考务", Role.EXAM_OFFICER, BUREAU),
    Person("bianji", "林编辑", Role.EDITOR, BUREAU),
    Person("shenhe", "沈审核", Role.REVIEWER, BUREAU),
    Person("anquan", "安主任", Role.SAFETY_OFFICER, SCHOOLS[0], ("safety-director", "subject-teacher")),
    Person("xuexiao", "许老师", Role.EDITOR, SCHOOLS[0], ("class-teacher",)),
    Person("laoshi", "劳老师", Role.TEACHER, SCHOOLS[0], ("class-teacher", "pe-teacher")),
)


def logins_file() -> Path:
    return Path(settings.DATA) / "demo-logins.txt"


def password() -> str:
    """Three groups of four: 59 bits, and still easy to read aloud."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def seed_demo() -> bool:
    """Make the bureau and its people on an empty installation; returns whether it did."""
    if User.objects.exists():
        return False
    with transaction.atomic():
        units = _units()
        ensure_roles()
        for name in SCHOOLS:
            ensure_school(units[name])
        lines = []
        for person in PEOPLE:
            secret = password()
            user = User.objects.create_user(
                person.username,
                password=secret,
                first_name=person.name,
                is_staff=person.role == Role.ADMIN,
                is_superuser=person.role == Role.ADMIN,
            )
            Membership.objects.create(user=user, organisation=units[person.unit], posts=person.posts)
            if person.role not in IMPLIED:
                Grant.objects.create(user=user, organisation=units[person.unit], role=person.role)
            lines.append(f"{person.username}\t{secret}\t{ROLES[person.role]}（{person.unit}）\n")
        _write(logins_file(), "".join(lines))
    return True


def logins() -> list[tuple[str, str, str]]:
    """(user name, password, role) as written when the people were made; empty when the file is gone."""
    try:
        text = logins_file().read_text("utf-8")
    except OSError:
        return []
    rows = [line.split("\t") for line in text.splitlines()]
    return [(row[0], row[1], row[2]) for row in rows if len(row) == 3]


def _units() -> dict[str, Organisation]:
    bureau = Organisation.objects.filter(name=BUREAU, depth=1).first()
    if bureau is None:
        bureau = Organisation.add_root(name=BUREAU, kind_id=OrganisationKind.BUREAU)
    units = {BUREAU: bureau}
    for name in SCHOOLS:
        school = bureau.get_children().filter(name=name).first()
        units[name] = school or bureau.add_child(name=name, kind_id=OrganisationKind.SCHOOL)
        bureau.refresh_from_db()
    return units


def _write(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.chmod(path, 0o600)  # an older file may have been looser
        file.write(text)
