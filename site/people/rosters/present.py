"""What is there already, read from the database for a comparison: in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from people import access
from people.access import Action
from people.audit.models import AuditEntry, AuditHead
from people.models import Grant, Membership, Organisation, OrganisationKind, User, within
from people.posts import posts
from people.rosters.compare import compare
from people.rosters.compare_units import Kind, Unit, compare_units
from people.rosters.models import RosterImport
from people.rosters.places import Place, Places
from people.rosters.plan import Held, Options, Person, Plan
from people.rosters.post_words import PostWords
from people.rosters.reading import PersonRow, Problem, SheetInfo, UnitRow

FEW = 400
"""Rows up to which only the people in question are read, and not everybody."""
ACTIONS = {
    RosterImport.Kind.PEOPLE: Action.PEOPLE_IMPORT,
    RosterImport.Kind.UNITS: Action.ORGANISATIONS_IMPORT,
}


def plan_of(roster: RosterImport, kept: dict[str, Any], user: User) -> Plan:
    """Compare the kept rows of an import with what is there now, within the user's reach."""
    sheets = [SheetInfo(*each) for each in kept["sheets"]]
    problems = [Problem(*each) for each in kept["problems"]]
    if roster.kind == RosterImport.Kind.PEOPLE:
        rows = [PersonRow(*row) for row in kept["rows"]]
        options = Options(make_numbers=bool(roster.options.get("make_numbers")))
        reach = places(user)
        there = people(user, rows, sheets, reach, everybody=options.make_numbers)
        return compare(rows, sheets, reach, PostWords(posts()), there, options, problems)
    kinds = [Kind(*each) for each in OrganisationKind.objects.values_list("slug", "name", "rank")]
    stages = {str(value): str(label) for value, label in Organisation.Stage.choices}
    tops = access.access_of(user).everything
    unit_rows = [UnitRow(*row) for row in kept["rows"]]
    return compare_units(unit_rows, sheets, units(user), kinds, stages, may_add_tops=tops, problems=problems)


def places(user: User) -> Places:
    """The units with staff where the user may import people."""
    reach = access.organisations(user, Action.PEOPLE_IMPORT).filter(kind__has_staff=True)
    fields = ("pk", "name", "code", "path", "closed_on", "merged_into__name")
    rows = list(reach.values_list(*fields))
    names = {path: name for _pk, name, _code, path, _closed, _into in rows}
    step = Organisation.steplen
    return Places(
        Place(pk, name, code or "", names.get(path[:-step], ""), closed is not None, into or "")
        for pk, name, code, path, closed, into in rows
    )


def people(
    user: User, rows: Sequence[PersonRow], sheets: Sequence[SheetInfo], reach: Places, *, everybody: bool
) -> Iterable[Person]:
    """Whoever has a number of these rows, and the staff of their units. More than asked for does no harm."""
    chosen = User.objects.all()
    if not everybody and len(rows) <= FEW:
        found = (reach.find(row.code, row.unit, sheets[row.sheet].name) for row in rows)
        here = {place.id for place in found if isinstance(place, Place)}
        numbers = {spelling for row in rows for spelling in (row.number, row.number.upper(), row.number.lower()) if spelling}
        works = Membership.objects.filter(organisation__in=here, until=None).values("user")
        chosen = chosen.filter(Q(username__in=numbers) | Q(pk__in=works))
    held: dict[int, list[Held]] = {}
    mine = Membership.objects.filter(user__in=chosen) if chosen.query.where else Membership.objects.all()
    paths = access.access_of(user).places(Action.PEOPLE_IMPORT)
    reached: set[int] = set()
    elsewhere = set(Grant.objects.exclude(within(paths, "organisation__path")).values_list("user_id", flat=True))
    fields = ("pk", "user_id", "organisation_id", "organisation__path", "posts", "since", "until")
    for pk, person, place, path, held_posts, since, until in mine.values_list(*fields).iterator(5_000):
        if path.startswith(paths):
            reached.add(person)
        elif until is None:
            elsewhere.add(person)
        if until is None:
            start = since.isoformat() if since else ""
            held.setdefault(person, []).append(Held(pk, place, tuple(held_posts), start))
    all_of_them = "" in paths
    values = chosen.values_list("pk", "username", "last_name", "first_name", "phone", "erased_at", "is_superuser")
    for pk, number, last, first, phone, erased, root in values.iterator(5_000):
        yield Person(
            pk,
            number,
            f"{last}{first}",
            phone,
            tuple(held.get(pk, ())),
            reachable=all_of_them or pk in reached,
            whole=all_of_them or not root and pk not in elsewhere,
            erased=erased is not None,
        )


def units(user: User) -> list[Unit]:
    """Every organisation, with whether the user may import there."""
    paths = access.access_of(user).places(Action.ORGANISATIONS_IMPORT)
    rows = list(Organisation.objects.values_list("pk", "name", "code", "kind_id", "stage", "path", "closed_on"))
    ids = {row[5]: row[0] for row in rows}
    step = Organisation.steplen
    return [
        Unit(pk, name, code or "", kind, stage, ids.get(path[:-step], 0), path.startswith(paths), closed is not None)
        for pk, name, code, kind, stage, path, closed in rows
    ]


def audit_head() -> int:
    return AuditHead.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def changed_since(head: int) -> bool:
    """Whether anybody changed people or organisations after this audit entry: all of that is recorded."""
    kinds = ("user", "membership", "organisation", "grant", "rosterimport")
    return AuditEntry.objects.filter(number__gt=head, target_type__in=kinds).exists()
