"""The made-up county straight into the database, by bulk inserts: for measuring, never for real people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction

from people.audit.services import record
from people.county.making import County, Unit, Worker
from people.models import Membership, Organisation, User

BATCH = 2_000


class AlreadyThere(Exception):
    """The county, or something that uses its codes or numbers, is in this database already."""


@transaction.atomic
def insert(county: County) -> tuple[int, int, int]:
    """(units, people, memberships) inserted."""
    if Organisation.objects.filter(code__startswith="99").exists():
        raise AlreadyThere
    units = _insert_units(list(county.units()))
    people, memberships = _insert_workers(county.workers(), units)
    root = Organisation.objects.get(code="99")
    record("organisations.apply", target=root, organisation=root, detail={"added": len(units)})
    record("rosters.apply", organisation=root, detail={"added": people})
    return len(units), people, memberships


def _insert_units(units: list[Unit]) -> dict[str, int]:
    """The tree's paths are computed here as treebeard would; returns each code's primary key."""
    children: dict[str, int] = {}
    for unit in units:
        children[unit.parent] = children.get(unit.parent, 0) + 1
    last = Organisation.get_last_root_node()
    paths = {"": ""}
    given: dict[str, int] = {"": int(last.path[-Organisation.steplen :], 36) if last else 0}
    rows = []
    for unit in units:
        given[unit.parent] = step = given.get(unit.parent, 0) + 1
        depth = len(paths[unit.parent]) // Organisation.steplen + 1
        paths[unit.code] = path = Organisation._get_path(paths[unit.parent], depth, step)
        rows.append(
            Organisation(
                path=path,
                depth=depth,
                numchild=children.get(unit.code, 0),
                name=unit.name,
                kind_id=unit.kind,
                code=unit.code,
                stage=unit.stage,
            )
        )
    made: dict[str, int] = {}
    for batch in _batches(rows):
        made |= {row.code: row.pk for row in Organisation.objects.bulk_create(batch) if row.code}
    return made


def _insert_workers(workers: Iterable[Worker], units: dict[str, int]) -> tuple[int, int]:
    numbers: dict[str, int] = {}
    memberships = 0
    for batch in _batches(workers):
        first = {worker.number: worker for worker in reversed(batch) if worker.number not in numbers}
        users = [
            User(username=w.number, first_name=w.name, phone=w.phone, password=f"{UNUSABLE_PASSWORD_PREFIX}{w.number}")
            for w in first.values()
        ]
        numbers |= {user.username: user.pk for user in User.objects.bulk_create(users)}
        working = [
            Membership(user_id=numbers[w.number], organisation_id=units[w.unit], posts=w.posts, since=w.since) for w in batch
        ]
        memberships += len(Membership.objects.bulk_create(working))
    return len(numbers), memberships


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(rows)
    while batch := list(islice(rest, BATCH)):
        yield batch
