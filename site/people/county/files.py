"""The made-up county as the two Excel files that the importers take: units, and the roster."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xlsxwriter

from people.county.making import County
from people.models import Organisation, OrganisationKind
from people.posts import post_names

UNITS, ROSTER = "单位.xlsx", "名册.xlsx"
UNIT_COLUMNS = ("单位代码", "单位名称", "单位类型", "上级单位代码", "办学类型")
ROSTER_COLUMNS = ("工号", "姓名", "单位代码", "单位名称", "岗位", "手机号", "到岗日期")


def write(county: County, folder: Path) -> tuple[Path, Path]:
    """Both files; memory stays the same for any number of rows."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = dict(OrganisationKind.objects.values_list("slug", "name"))
    stages = {value: str(label) for value, label in Organisation.Stage.choices}
    posts = post_names()
    units = {unit.code: unit.name for unit in county.units() if unit.kind not in ("grade", "class")}
    _sheet(
        folder / UNITS,
        UNIT_COLUMNS,
        ((u.code, u.name, kinds[u.kind], u.parent, stages.get(u.stage, "")) for u in county.units()),
    )
    _sheet(
        folder / ROSTER,
        ROSTER_COLUMNS,
        (
            (w.number, w.name, w.unit, units[w.unit], "、".join(posts[slug] for slug in w.posts), w.phone, w.since)
            for w in county.workers()
        ),
    )
    return folder / UNITS, folder / ROSTER


def _sheet(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        head = book.add_format({"bold": True})
        sheet = book.add_worksheet("数据")
        sheet.set_column(0, len(columns) - 1, 18)
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(columns):
            sheet.write_string(0, column, name, head)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    if value:
                        sheet.write_string(number, column, value)  # numbers of staff are text: zeros in front stay
                else:
                    sheet.write_datetime(number, column, value, day)
