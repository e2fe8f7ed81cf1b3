"""What a list of organisations would change. Pure: no Django.

Units are known by code, those without a code by name and the unit above. A unit above may stand anywhere in the
same file. New units come in an order in which each finds its parent already there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from people.rosters.cells import word
from people.rosters.plan import Plan
from people.rosters.reading import Problem, SheetInfo, UnitRow

GROUPS = {"added": "新增", "moved": "调整隶属", "changed": "修改", "unchanged": "不变"}
FIELDS = {"name": "名称", "stage": "办学类型", "code": "单位代码", "parent": "上级单位"}
Key = str
"""'#12' is the unit 12 that is there; '@3' is the fourth row of the file."""


class Unit(NamedTuple):
    """An organisation that is there. `parent` is 0 at the top."""

    id: int
    name: str
    code: str
    kind: str
    stage: str
    parent: int
    reachable: bool
    closed: bool = False


class Kind(NamedTuple):
    slug: str
    name: str
    rank: int


@dataclass(slots=True)
class UnitChange:
    group: str
    name: str
    row: tuple[int, int]
    key: Key
    unit: int | None = None
    code: str = ""
    kind: str = ""
    stage: str = ""
    parent: Key = ""
    fields: tuple[tuple[str, str, str], ...] = ()
    moved_from: int = 0

    def told(self) -> tuple[object, ...]:
        """All that is applied, for the fingerprint."""
        return (
            self.group, self.name, self.key, self.unit, self.code, self.kind, self.stage, self.parent, self.fields,
            self.moved_from,
        )  # fmt: skip

    @property
    def fields_touched(self) -> list[str]:
        return [name for name, _old, _new in self.fields] + (["parent"] if self.group == "moved" else [])


def compare_units(
    rows: Sequence[UnitRow],
    sheets: Sequence[SheetInfo],
    units: Iterable[Unit],
    kinds: Sequence[Kind],
    stages: Mapping[str, str],
    *,
    may_add_tops: bool,
    problems: Iterable[Problem] = (),
) -> Plan:
    """The plan for `rows`. `units`: every organisation; `stages`: slug → name; `may_add_tops`: of the whole site."""
    plan = Plan()
    for problem in problems:
        plan.tell(problem)
    _Comparer(plan, sheets, {unit.id: unit for unit in units}, kinds, stages, may_add_tops).run(rows)
    plan.counts.update(change.group for change in plan.changes)
    return plan


class _Comparer:
    def __init__(
        self,
        plan: Plan,
        sheets: Sequence[SheetInfo],
        units: dict[int, Unit],
        kinds: Sequence[Kind],
        stages: Mapping[str, str],
        may_add_tops: bool,
    ) -> None:
        self.plan, self.sheets, self.units, self.may_add_tops = plan, sheets, units, may_add_tops
        self.kinds = {key: kind for kind in kinds for key in (word(kind.name), kind.slug)}
        self.kinds |= {word(alias): self.kinds[slug] for alias, slug in _ALIASES.items() if slug in self.kinds}
        self.stages = {word(name): slug for slug, name in stages.items()}
        self.by_code = {unit.code.upper(): unit for unit in units.values() if unit.code}
        self.by_name: dict[str, list[Unit]] = {}
        self.by_place: dict[tuple[int, str], Unit] = {}
        for unit in units.values():
            if not unit.closed:
                self.by_name.setdefault(word(unit.name), []).append(unit)
                self.by_place.setdefault((unit.parent, word(unit.name)), unit)
        self.rows: Sequence[UnitRow] = ()
        self.row_of_code: dict[str, int] = {}
        self.rows_of_name: dict[str, list[int]] = {}
        self.key_of: dict[int, Key] = {}
        self.parent_of: dict[int, Key] = {}
        self.placed: dict[str, int] = {}
        self.kind_of: dict[Key, str] = {}

    def tell(self, row: UnitRow, where: str, value: str, message: str, fix: str, grave: bool = True) -> None:
        info = self.sheets[row.sheet]
        self.plan.tell(Problem(info.name, row.row, info.columns.get(where, ""), value, message, fix, grave))

    def run(self, rows: Sequence[UnitRow]) -> None:
        self.rows = rows
        for i, row in enumerate(rows):
            if row.code:
                first = self.row_of_code.setdefault(row.code.upper(), i)
                if first != i:
                    other = rows[first]
                    message = f"单位代码重复：第 {other.row} 行的“{other.name}”也是 {row.code}"
                    self.tell(row, "code", row.code, message, "请改正其中一个。")
            self.rows_of_name.setdefault(word(row.name), []).append(i)
        for i in self.ordered():
            self.unit(i)

    def ordered(self) -> list[int]:
        """Rows with every parent before its children; rows in a circle or without a parent are told and left out."""
        for i, row in enumerate(self.rows):
            parent = self.parent(i, row)
            if parent is not None:
                self.parent_of[i] = parent
        done: list[int] = []
        state: dict[int, int] = {}
        for start in range(len(self.rows)):
            way = []
            i = start
            while i not in state and i in self.parent_of:
                state[i] = 1
                way.append(i)
                above = self.parent_of[i]
                if not above.startswith("@"):
                    break
                i = int(above[1:])
            if way and self.parent_of[way[-1]].startswith("@"):
                end = int(self.parent_of[way[-1]][1:])
                if state.get(end) == 1:
                    for j in way:
                        state[j] = 3
                    row = self.rows[start]
                    fix = "请检查这几行的上级单位，最上面的一个应挂在教育局下。"
                    self.tell(row, "parent", row.parent or row.parent_code, "上下级成了一个圈", fix)
                    continue
                if state.get(end) != 2:
                    for j in way:
                        state[j] = 3
                    continue
            for j in reversed(way):
                state[j] = 2
                done.append(j)
        return done

    def parent(self, i: int, row: UnitRow) -> Key | None:
        """The key of the unit above a row; "" for the top; None when it was told as a problem."""
        if row.parent_code:
            if (j := self.row_of_code.get(row.parent_code.upper())) is not None and j != i:
                return self.of_row(j)
            unit = self.by_code.get(row.parent_code.upper())
            if unit is None:
                message = f"没有代码是 {row.parent_code} 的上级单位"
                self.tell(row, "parent_code", row.parent_code, message, "请核对代码，或在表里加上这个单位。")
                return None
            return self.reached(row, "parent_code", unit)
        if row.parent:
            # What stands in the same file comes first: of several, the nearest row above, as in an outline.
            inside = [j for j in self.rows_of_name.get(word(row.parent), []) if j != i]
            before = [j for j in inside if j < i]
            keys = {self.of_row(j) for j in (before[-1:] or inside)}
            keys = keys or {f"#{unit.id}" for unit in self.by_name.get(word(row.parent), [])}
            if len(keys) > 1:
                message = f"有 {len(keys)} 个单位都叫“{row.parent}”"
                self.tell(row, "parent", row.parent, message, "请加一列“上级单位代码”来区分。")
                return None
            if not keys:
                message = f"没有找到上级单位“{row.parent}”"
                self.tell(row, "parent", row.parent, message, "请改成系统里的全称，或在表里加上这个单位。")
                return None
            key = keys.pop()
            return key if key.startswith("@") else self.reached(row, "parent", self.units[int(key[1:])])
        known = self.by_code.get(row.code.upper()) if row.code else None
        if known:  # nothing said: it stays where it is
            return f"#{known.parent}" if known.parent else ""
        if self.may_add_tops:
            return ""
        self.tell(row, "parent", "", "没有写上级单位", "请填上级单位（例如教育局或学区的名称），或上级单位代码。")
        return None

    def of_row(self, j: int) -> Key:
        row = self.rows[j]
        unit = self.by_code.get(row.code.upper()) if row.code else None
        return f"#{unit.id}" if unit else f"@{j}"

    def reached(self, row: UnitRow, where: str, unit: Unit) -> Key | None:
        if not unit.reachable or unit.closed:
            why = "已停用" if unit.closed else "不在您负责的范围内"
            self.tell(row, where, unit.name if unit.reachable else "", f"上级单位{why}", "请换一个上级单位。")
            return None
        return f"#{unit.id}"

    def unit(self, i: int) -> None:
        row = self.rows[i]
        parent = self.parent_of[i]
        if parent.startswith("@"):  # a row whose unit turned out to be there already
            parent = self.key_of.get(int(parent[1:]), parent)
        known = self.by_code.get(row.code.upper()) if row.code else None
        if known is None and (not parent or parent.startswith("#")):
            same = self.by_place.get((int(parent[1:] or 0) if parent else 0, word(row.name)))
            if same is not None and not (same.code and row.code):
                known = same
        kind = self.kinds.get(word(row.kind)) if row.kind else None
        stage = self.stages.get(word(row.stage), "") if row.stage else ""
        if row.kind and kind is None:
            names = "、".join(dict.fromkeys(kind.name for kind in self.kinds.values()))
            self.tell(row, "kind", row.kind, f"不认识单位类型“{row.kind}”", f"请改成：{names}。")
            return
        if row.stage and not stage:
            self.tell(row, "stage", row.stage, f"不认识办学类型“{row.stage}”", f"可用：{'、'.join(self.stages)}；也可以留空。")
        if known:
            self.there(i, row, known, parent, kind, stage)
        else:
            self.new(i, row, parent, kind, stage)

    def there(self, i: int, row: UnitRow, known: Unit, parent: Key, kind: Kind | None, stage: str) -> None:
        self.key_of[i] = f"#{known.id}"
        if not known.reachable:
            self.tell(row, "code", row.code, "这个单位不在您负责的范围内", "请删去这一行。")
            return
        if known.closed:
            self.tell(row, "code", row.code, f"“{known.name}”已停用", "仍在使用的，请先在“单位”里恢复它；否则删去这一行。")
            return
        if kind and kind.slug != known.kind:
            self.tell(row, "kind", row.kind, f"“{known.name}”现在是别的类型，导入不改类型", "请核对；确要改类型，请在“单位”里修改。")
        fields = [("name", known.name, row.name)] if row.name and row.name != known.name else []
        if stage and stage != known.stage:
            fields.append(("stage", known.stage, stage))
        if row.code and not known.code:
            fields.append(("code", "", row.code))
        said = bool(row.parent or row.parent_code)
        moved = said and parent != (f"#{known.parent}" if known.parent else "")
        if moved and parent.startswith("#") and self.is_below(int(parent[1:]), known.id):
            self.tell(row, "parent", row.parent, f"“{known.name}”不能挂到自己的下级单位下面", "请核对上级单位。")
            return
        home = (int(parent[1:] or 0) if parent.startswith("#") else 0) if moved else known.parent
        twin = self.by_place.get((home, word(row.name or known.name)))
        if (moved or fields) and twin is not None and twin.id != known.id:
            self.tell(row, "name", row.name, f"同一个上级下已经有“{twin.name}”", "请换一个名称，或在“单位”里把两个单位合并。")
            return
        group = "moved" if moved else "changed" if fields else "unchanged"
        change = UnitChange(group, row.name or known.name, (row.sheet, row.row), f"#{known.id}", known.id, row.code)
        change.fields, change.kind = tuple(fields), known.kind
        if moved:
            change.parent, change.moved_from = parent, known.parent
            self.ranked(row, parent, known.kind)
        self.plan.changes.append(change)

    def new(self, i: int, row: UnitRow, parent: Key, kind: Kind | None, stage: str) -> None:
        if not row.kind:
            self.tell(row, "kind", "", "新单位没有写单位类型", "请填学校、班级这样的类型。")
            return
        assert kind is not None
        place = f"{parent}/{word(row.name)}"
        if (first := self.placed.get(place)) is not None:
            self.tell(row, "name", row.name, f"和第 {first} 行重复：同一个上级下的同名单位", "请删去一行，或改正名称。")
            return
        self.placed[place] = row.row
        self.key_of[i] = f"@{i}"
        self.kind_of[f"@{i}"] = kind.slug
        if self.ranked(row, parent, kind.slug):
            self.plan.changes.append(
                UnitChange("added", row.name, (row.sheet, row.row), f"@{i}", None, row.code, kind.slug, stage, parent)
            )

    def ranked(self, row: UnitRow, parent: Key, kind: str) -> bool:
        """Whether the unit above is of a kind that may hold this kind."""
        if not parent:
            return True
        above = self.units[int(parent[1:])].kind if parent.startswith("#") else self.kind_of.get(parent, "")
        if above in self.kinds and self.kinds[above].rank >= self.kinds[kind].rank:
            names = self.kinds[kind].name, self.kinds[above].name
            self.tell(row, "kind", names[0], f"{names[0]}不能挂在{names[1]}下面", "请核对单位类型和上级单位。")
            return False
        return True

    def is_below(self, unit: int, above: int) -> bool:
        seen = 0
        while unit and seen < 50:
            if unit == above:
                return True
            unit, seen = self.units[unit].parent, seen + 1
        return False


_ALIASES = {
    "教育局": "bureau", "教体局": "bureau", "学区": "district", "中心校": "district", "片区": "district",
    "幼儿园": "school", "小学": "school", "中学": "school", "学校": "school", "教学点": "school",
    "年级": "grade", "级部": "grade", "班": "class", "班级": "class",
}  # fmt: skip
