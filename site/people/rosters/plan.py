"""A plan of what a roster would change: one `Change` a person, counts, problems, and its fingerprint. Pure: no Django."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from people.rosters.places import Place
from people.rosters.reading import Problem

GROUPS = {
    "added": "新增",
    "moved": "调动",
    "second": "增加任职",
    "changed": "修改",
    "left": "离岗",
    "unchanged": "不变",
}
FIELDS = {"name": "姓名", "phone": "手机", "posts": "岗位", "since": "到岗日期", "unit": "单位", "until": "离岗日期"}
MOST_PROBLEMS = 5_000
"""Kept to be shown; all are counted."""
Value = str | tuple[str, ...]


class Held(NamedTuple):
    """An open membership."""

    id: int
    place: int
    posts: tuple[str, ...]
    since: str


class Person(NamedTuple):
    """Somebody who is there already.

    `reachable`: the importer may change where and as what this person works; `whole`: nobody else answers for
    this person, so that name and phone may be changed, too.
    """

    id: int
    number: str
    name: str
    phone: str
    held: tuple[Held, ...]
    reachable: bool
    whole: bool = True
    erased: bool = False


class Opening(NamedTuple):
    place: int
    posts: tuple[str, ...]
    since: str


class Edit(NamedTuple):
    membership: int
    fields: tuple[tuple[str, Value, Value], ...]
    """(field, before, after)"""


@dataclass(slots=True)
class Change:
    """What happens to one person. `person` is None for somebody new."""

    group: str
    number: str
    name: str
    row: tuple[int, int]
    """(sheet, row) of the first row about this person; (-1, 0) for those who are in no row."""
    person: int | None = None
    phone: str = ""
    fields: tuple[tuple[str, Value, Value], ...] = ()
    opens: tuple[Opening, ...] = ()
    edits: tuple[Edit, ...] = ()
    closes: tuple[Held, ...] = ()

    def told(self) -> tuple[object, ...]:
        """All that is applied, for the fingerprint."""
        return (
            self.group, self.number, self.name, self.person, self.phone, self.fields, self.opens, self.edits, self.closes,
        )  # fmt: skip

    @property
    def fields_touched(self) -> list[str]:
        """Names of fields, for the audit log and the preview."""
        names = [name for name, _old, _new in self.fields]
        names += [name for edit in self.edits for name, _old, _new in edit.fields]
        names += ["unit"] if self.opens else []
        names += ["until"] if self.closes else []
        return list(dict.fromkeys(names))


@dataclass(frozen=True)
class Options:
    make_numbers: bool = False
    """Number those who have none: the unit's code and a running number."""


@dataclass
class Plan:
    """`changes` are of `Change`, or of `compare_units.UnitChange`."""

    changes: list[Any] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    errors: int = 0
    warnings: int = 0
    notes: list[str] = field(default_factory=list)
    """Sentences about the file as a whole."""
    places: set[int] = field(default_factory=set)
    """The units that the file speaks of."""

    def tell(self, problem: Problem) -> None:
        self.errors += problem.grave
        self.warnings += not problem.grave
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)

    def fingerprint(self) -> str:
        digest = hashlib.sha256()
        for change in self.changes:
            if change.group != "unchanged":
                digest.update(repr(change.told()).encode())
        return digest.hexdigest()


def sample(change: Change, places: Mapping[int, Place], posts: Mapping[str, str]) -> dict[str, Any]:
    """A change in words for the preview: {"number", "name", "row", "lines"}."""

    def unit(place: int) -> str:
        return places[place].name if place in places else "（其他单位）"

    def held(names: Value) -> str:
        return "、".join(posts.get(slug, slug) for slug in names) or "无岗位"

    lines = [f"{FIELDS[name]}：{old or '（空）'} → {new}" for name, old, new in change.fields]
    for edit in change.edits:
        for name, old, new in edit.fields:
            shown = (held(old), held(new)) if name == "posts" else (old or "（空）", new)
            lines.append(f"{FIELDS[name]}：{shown[0]} → {shown[1]}")
    leaves = "现在在" if change.group == "left" else "离开"
    lines += [f"{leaves} {unit(each.place)}" for each in change.closes]
    lines += [f"{'到 ' if change.person else ''}{unit(each.place)}（{held(each.posts)}）" for each in change.opens]
    return {"number": change.number, "name": change.name, "row": change.row[1], "lines": lines}
