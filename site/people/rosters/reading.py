"""From sheets to rows: finds the header under titles and notes, knows the many names of a column. Pure: no Django.

`read_people` and `read_units` return a `Table` of clean rows with the problems of single cells. Rows that
mean nothing (blank, repeated headers, 合计, 制表人) are passed over. A column of ID numbers is never read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from people.rosters import cells
from people.rosters.cells import Cell
from people.rosters.files import Sheet, Unreadable, sheets

HEADER_WITHIN = 40  # rows; titles, notes and the date of the form stand above the header
ERRORS_SHEET = "错误清单"
Report = Callable[[int], None]

# Field → title in our template, then what schools call it, the surest name first.
PEOPLE: Mapping[str, tuple[str, ...]] = {
    "number": ("工号", "职工号", "教工号", "职工编号", "教师编号", "教职工号", "教职工编号", "人员编号", "员工号", "编号"),
    "name": ("姓名", "教师姓名", "教职工姓名", "职工姓名", "人员姓名", "名字"),
    "code": ("单位代码", "学校代码", "学校标识码", "单位编码", "学校编码", "机构代码", "单位编号", "学校编号"),
    "unit": ("单位", "学校", "所在学校", "所在单位", "工作单位", "任职单位", "单位名称", "学校名称", "所属学校", "所属单位"),
    "posts": ("岗位", "任职岗位", "岗位名称", "工作岗位", "职务", "现任职务", "行政职务", "担任职务"),
    "phone": ("手机", "手机号", "手机号码", "联系电话", "电话", "联系方式", "移动电话", "电话号码"),
    "since": ("到岗日期", "到岗时间", "入职日期", "入职时间", "到校日期", "到校时间", "任职日期", "任职时间"),
}
UNITS: Mapping[str, tuple[str, ...]] = {
    "code": ("单位代码", "学校代码", "学校标识码", "单位编码", "学校编码", "机构代码", "代码", "编码"),
    "name": ("单位名称", "学校名称", "名称", "单位", "学校", "班级名称", "班级"),
    "kind": ("单位类型", "类型", "单位类别", "机构类型", "类别"),
    "parent_code": ("上级单位代码", "上级代码", "主管单位代码", "上级单位编码", "所属单位代码", "所属学校代码"),
    "parent": ("上级单位", "上级单位名称", "主管单位", "主管部门", "所属单位", "所属学校", "上级"),
    "stage": ("办学类型", "学段", "办学层次", "学校类型", "学校类别"),
}
SECRET = re.compile(r"身份证|证件号|公民身份|居民身份")
_DECORATION = re.compile(r"\(.*?\)|\[.*?\]|[*:：、]")
_TRAILING = re.compile(r"[一二三1-3]$")
_REMARK = re.compile(r"合计|总计|小计|制表|填表|审核|备注|说明|注[:：]|例[:：]|示例")


class Problem(NamedTuple):
    """One thing to put right (`grave`) or to know. `column` is as Excel shows it: 'C 列（工号）'."""

    sheet: str
    row: int
    column: str
    value: str
    message: str
    fix: str
    grave: bool = True


class PersonRow(NamedTuple):
    sheet: int
    row: int
    number: str
    name: str
    code: str
    unit: str
    posts: str
    phone: str
    since: str
    """ISO date, or empty."""
    typed: bool
    """The staff number or code was a number to Excel, which takes zeros away at its front."""


class UnitRow(NamedTuple):
    sheet: int
    row: int
    code: str
    name: str
    kind: str
    parent_code: str
    parent: str
    stage: str


@dataclass
class SheetInfo:
    """A sheet that held a list: its name, and for each field its column ('C 列（工号）')."""

    name: str
    columns: dict[str, str]


@dataclass
class Table:
    rows: list[PersonRow] | list[UnitRow]
    sheets: list[SheetInfo]
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Sentences about the file as a whole."""


@dataclass
class _Found:
    info: SheetInfo
    places: dict[str, list[int]]
    header: tuple[str, ...]
    body: Iterable[tuple[int, list[Cell]]]


def read_people(path: Path, name: str, report: Report = lambda _rows: None) -> Table:
    """The staff of a file. Raises `Unreadable` when nothing in it is a list of people."""
    table = Table([], [])
    rows: list[PersonRow] = []
    for found in _lists(path, name, PEOPLE, table):
        at, info, index = found.places, found.info, len(table.sheets) - 1

        def tell(row: int, where: str, value: Cell, message: str, fix: str, grave: bool = True) -> None:
            column = info.columns.get(where, "")  # noqa: B023 - called within this turn of the loop only
            table.problems.append(Problem(info.name, row, column, cells.text(value), message, fix, grave))  # noqa: B023

        for number, row in found.body:
            raw = {field: _first(row, at.get(field, ())) for field in PEOPLE}
            staff, person = cells.code(raw["number"]), cells.name(raw["name"])
            if not staff and not person or _says_nothing(found, row, staff, person):
                continue
            if not person:
                tell(number, "name", "", "没有填姓名", "请补上姓名；不要的行请整行删除。")
            elif len(person) > 60:
                tell(number, "name", person[:80], "姓名超过 60 个字", "请检查是不是几个人写进了一格，一人一行。")
            if staff and (wrong := cells.number_problem(staff)):
                shown = f"{staff[:6]}…" if cells.looks_like_id(staff) else staff[:80]
                tell(number, "number", shown, *wrong)
                staff = "" if cells.looks_like_id(staff) else staff[:60]
            rows.append(
                PersonRow(
                    index,
                    number,
                    staff,
                    person[:60],
                    cells.code(raw["code"])[:60],
                    cells.text(raw["unit"])[:120],
                    "、".join(filter(None, (cells.text(row[i]) for i in at.get("posts", ()) if i < len(row))))[:200],
                    _phone(raw["phone"], number, tell),
                    _since(raw["since"], number, tell),
                    any(isinstance(raw[key], int | float) for key in ("number", "code")),
                )
            )
            if len(rows) % 2_000 == 0:
                report(len(rows))
    table.rows = rows
    return _ended(table)


def read_units(path: Path, name: str, report: Report = lambda _rows: None) -> Table:
    """The organisations of a file. Raises `Unreadable` when nothing in it is a list of organisations."""
    table = Table([], [])
    rows: list[UnitRow] = []
    for found in _lists(path, name, UNITS, table):
        info, index = found.info, len(table.sheets) - 1
        for number, row in found.body:
            raw = {field: _first(row, found.places.get(field, ())) for field in UNITS}
            unit = cells.text(raw["name"])
            code, parent_code = cells.code(raw["code"]), cells.code(raw["parent_code"])
            if not unit and not code or _says_nothing(found, row, code, unit):
                continue
            if not unit:
                problem = ("没有填单位名称", "请补上名称；不要的行请整行删除。")
                table.problems.append(Problem(info.name, number, info.columns.get("name", ""), "", *problem))
            for field_, value, most in (("name", unit, 80), ("code", code, 30)):
                if len(value) > most:
                    problem = (f"超过 {most} 个字", "请写得短一些。")
                    table.problems.append(Problem(info.name, number, info.columns.get(field_, ""), value[:80], *problem))
            kind, parent, stage = (cells.text(raw[key])[:120] for key in ("kind", "parent", "stage"))
            rows.append(UnitRow(index, number, code[:30], unit[:80], kind, parent_code, parent, stage))
            if len(rows) % 2_000 == 0:
                report(len(rows))
    table.rows = rows
    return _ended(table)


def _ended(table: Table) -> Table:
    if not table.rows:
        raise Unreadable("表头下面没有名单。请把名单填在表头的下一行起，保存后再上传。")
    return table


def _lists(path: Path, name: str, known: Mapping[str, tuple[str, ...]], table: Table) -> Iterable[_Found]:
    """Each sheet that has a header; notes go to `table`."""
    skipped = []
    for sheet in sheets(path, name):
        if sheet.name == ERRORS_SHEET:
            continue
        found = _header(sheet, known, table)
        if found is None:
            skipped.append(sheet.name)
            continue
        table.sheets.append(found.info)
        yield found
    if not table.sheets:
        titles = "、".join(f"“{synonyms[0]}”" for synonyms in list(known.values())[:3])
        raise Unreadable(f"没有找到表头。表头应是一行，写着{titles}等；可以下载模板，把名单粘贴进去再上传。")
    if skipped:
        table.notes.append(f"没有表头的工作表没有读取：{'、'.join(skipped[:5])}。")


def _header(sheet: Sheet, known: Mapping[str, tuple[str, ...]], table: Table) -> _Found | None:
    rows = iter(sheet.rows)
    top = list(islice(rows, HEADER_WITHIN))
    best: dict[str, list[int]] = {}
    best_at = -1
    for i, (_number, row) in enumerate(top):
        places = columns(row, known)
        if "name" in places and len(places) >= 2 and len(places) > len(best):
            best, best_at = places, i
    if best_at < 0:
        return None
    header = top[best_at][1]
    labels = {key: f"{letter(at[0])} 列（{cells.text(header[at[0]])[:20]}）" for key, at in best.items()}
    for i, cell in enumerate(header):
        secret = SECRET.search(cells.text(cell))
        values = (cells.text(row[i]).upper() for _n, row in top[best_at + 1 :] if i < len(row))
        taken = any(i in at for at in best.values())
        if secret or not taken and any(cells.looks_like_id(value) for value in values):
            table.notes.append(
                f"工作表“{sheet.name}”的 {letter(i)} 列（{cells.text(cell)[:20]}）没有读取：本站从不保存身份证号，"
                "上传的原文件读完就删除了。"
            )

    def body() -> Iterable[tuple[int, list[Cell]]]:
        yield from top[best_at + 1 :]
        yield from rows

    return _Found(SheetInfo(sheet.name, labels), best, tuple(cells.text(cell) for cell in header), body())


def columns(row: list[Cell], known: Mapping[str, tuple[str, ...]]) -> dict[str, list[int]]:
    """Which fields a row names, if it is a header: field → the columns, the surest name first."""
    found: dict[str, list[tuple[int, int]]] = {}
    for i, cell in enumerate(row):
        if not isinstance(cell, str) or not cell or len(cell) > 40:
            continue
        title = _DECORATION.sub("", cells.word(cells.text(cell)))
        for key, names in known.items():
            short = _TRAILING.sub("", title) if key == "posts" else title
            if short in names:
                found.setdefault(key, []).append((names.index(short), i))
                break
    return {key: [i for _rank, i in sorted(places)] for key, places in found.items()}


def letter(column: int) -> str:
    """0 → A, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _first(row: list[Cell], places: Iterable[int]) -> Cell:
    for i in places:
        if i < len(row) and row[i] not in ("", None):
            return row[i]
    return ""


def _says_nothing(found: _Found, row: list[Cell], code: str, name: str) -> bool:
    """A header repeated for printing, or a remark under the list."""
    if name and cells.word(name) == cells.word(found.header[found.places["name"][0]]):
        return True
    return not (code and name) and bool(_REMARK.match(code or name))


def _phone(value: Cell, row: int, tell: Callable[..., None]) -> str:
    found = cells.phone(value)
    if found is None:
        tell(row, "phone", "", "手机号看不懂，没有读取", "手机号可以不填；要填请只写数字。", grave=False)
        return ""
    return found[:20]


def _since(value: Cell, row: int, tell: Callable[..., None]) -> str:
    if value in ("", None):
        return ""
    found = cells.date(value)
    if found is None:
        if cells.text(value):
            tell(row, "since", value, "到岗日期看不懂", "请写成 2024-09-01 这样的日期，或留空。")
        return ""
    return found.isoformat()
