"""Reading rosters as schools send them: titles, synonyms, odd digits, lost zeros, encodings; and hostile files."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from people.rosters import cells
from people.rosters.files import MOST_AREA, Unreadable, check, sheets
from people.rosters.reading import Table, columns, letter, read_people, read_units
from tests.conftest import ROOT
from tests.factories.rosters import workbook

MESSY = [
    ["示范县实验小学 2026 年教职工花名册", None, None, None, None, None, None, None],
    ["填表人：安主任　　填表日期：2026.9.1"],
    [],
    ["序号", "职工号 *", "姓　名", "身份证号", "任职岗位（可多填）", "联系\n电话", "到校时间", "所在学校"],
    [1, 1001.0, "张 伟", "110101199003074516", "班主任、体育老师", 13800000001.0, 45536, "示范县实验小学"],
    [2, "１００２", "张\u00a0伟 ", "11010119900307453X", "门　卫", "138-0000-0002", "2024年9月", "示范县实验小学"],
    [3, "0100３", "𬱖娜", "", "", "", "2024.9.1", "示范县实验小学"],
    [4, " T-1004\u200b", "买买提•艾力", "", "教师", "+86 138 0000 0004", "", ""],
    [],
    ["序号", "职工号 *", "姓　名", "身份证号", "任职岗位（可多填）", "联系\n电话", "到校时间", "所在学校"],
    [5, "1005", "李娜", "", "厨师", "没有", "去年", "示范县实验小学"],
    ["合计", "", "", "", "", "", "", ""],
    [None, "制表人：安主任"],
]


def people_of(tmp_path: Path, rows: Sequence[Sequence[Any]], sheet: str = "Sheet1") -> Table:
    return read_people(workbook(tmp_path / "r.xlsx", {sheet: rows}), "r.xlsx")


def test_a_messy_roster_is_read_as_a_person_would(tmp_path: Path) -> None:
    table = people_of(tmp_path, MESSY)
    assert [(row.row, row.number, row.name, row.posts, row.phone, row.since) for row in table.rows] == [
        (5, "1001", "张伟", "班主任、体育老师", "13800000001", "2024-09-01"),
        (6, "1002", "张伟", "门 卫", "13800000002", "2024-09-01"),
        (7, "01003", "𬱖娜", "", "", "2024-09-01"),
        (8, "T-1004", "买买提·艾力", "教师", "13800000004", ""),
        (11, "1005", "李娜", "厨师", "", ""),
    ]
    assert table.sheets[0].columns["number"] == "B 列（职工号 *）"


def test_each_problem_says_where_and_what_to_do(tmp_path: Path) -> None:
    problems = people_of(tmp_path, MESSY).problems
    assert [(each.row, each.column[:3], each.value, each.grave) for each in problems] == [
        (11, "F 列", "", False),
        (11, "G 列", "去年", True),
    ]
    assert "2024-09-01" in problems[1].fix


def test_a_column_of_id_numbers_is_not_read_and_we_say_so(tmp_path: Path) -> None:
    table = people_of(tmp_path, MESSY)
    assert "本站从不保存身份证号" in table.notes[0]
    assert "110101199003074516" not in repr(table)
    unnamed = people_of(tmp_path, [["工号", "姓名", "证件"], ["1", "张伟", "110101199003074516"]])
    assert "C 列" in unnamed.notes[0] and "110101199003074516" not in repr(unnamed)


@pytest.mark.parametrize("number", ["110101199003074516", "11010119900307451x", 110101199003074516, "110101900307451"])
def test_an_id_number_as_staff_number_is_an_error_that_does_not_repeat_it(tmp_path: Path, number: Any) -> None:
    table = people_of(tmp_path, [["工号", "姓名"], [number, "张伟"]])
    assert "不是工号" in table.problems[0].message and table.rows[0].number == ""
    assert str(number) not in repr(table)


@pytest.mark.parametrize(
    "title",
    ["工号", "职工号", "教工号", "编 号", "＊工号＊", "工号（必填）", "教职工编号:"],
)
def test_the_staff_number_goes_by_many_names(title: str) -> None:
    assert columns([title, "教师姓名"], {"number": ("工号", "职工号", "教工号", "编号", "教职工编号"), "name": ("教师姓名",)}) == {
        "number": [0],
        "name": [1],
    }


def test_several_sheets_are_read_and_a_sheet_of_notes_is_named(tmp_path: Path) -> None:
    sheet = [["工号", "姓名"], ["1", "张伟"]]
    path = workbook(tmp_path / "r.xlsx", {"一小": sheet, "说明": [["请大家认真填写"]], "二小": [["工号", "姓名"], ["2", "李娜"]]})
    table = read_people(path, "r.xlsx")
    assert [(table.sheets[row.sheet].name, row.number) for row in table.rows] == [("一小", "1"), ("二小", "2")]
    assert "“说明”" in table.notes[0] or "说明" in table.notes[0]


def test_a_school_merged_over_its_teachers_counts_for_each(tmp_path: Path) -> None:
    path = tmp_path / "m.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 0, 2, "名册")
    sheet.write_row(1, 0, ["单位", "工号", "姓名"])
    for row in range(2, 5):
        sheet.write_row(row, 1, [f"n{row}", f"人{row}"])
    sheet.merge_range(2, 0, 3, 0, "一小")
    sheet.write(4, 0, "二小")
    book.close()
    assert [row.unit for row in read_people(path, "m.xlsx").rows] == ["一小", "一小", "二小"]


def test_a_table_that_starts_in_the_middle_of_the_sheet_keeps_its_column_letters(tmp_path: Path) -> None:
    table = people_of(tmp_path, [[], ["", "", "工号", "姓名"], ["", "", "1 1", "张伟"], ["", "", "二,", "李娜"]])
    assert [row.number for row in table.rows] == ["11", "二,"]
    assert table.problems[0].column == "C 列（工号）" and table.problems[0].row == 4


CSV = "工号,姓名,学校\r\n0012,𬱖娜,一小\r\n0013,\"李,娜\",一小\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_every_encoding_that_excel_writes(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(CSV.encode(encoding))
    check(path, "r.csv")
    assert [(row.number, row.name) for row in read_people(path, "r.csv").rows] == [("0012", "𬱖娜"), ("0013", "李,娜")]


def test_a_text_of_tabs_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "r.txt"
    path.write_bytes("工号\t姓名\n1\t张伟\n".encode("utf-16"))
    assert read_people(path, "r.txt").rows[0].name == "张伟"


def test_a_number_in_scientific_notation_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("工号,姓名\n3.30E+11,张伟\n", "utf-8")
    assert "科学计数法" in read_people(path, "r.csv").problems[0].message


def test_organisations_are_read_with_their_own_columns(tmp_path: Path) -> None:
    rows = [["学校标识码", "学校名称", "类别", "主管部门", "学段"], [3301.0, "一小", "学校", "示范县教育局", "小学"]]
    row = read_units(workbook(tmp_path / "u.xlsx", {"单位": rows}), "u.xlsx").rows[0]
    assert (row.code, row.name, row.kind, row.parent, row.stage) == ("3301", "一小", "学校", "示范县教育局", "小学")


def test_only_a_header_is_no_roster(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="表头下面没有名单"):
        people_of(tmp_path, [["工号", "姓名"]])


# --- cells --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "day"),
    [
        (45536, "2024-09-01"), (45536.0, "2024-09-01"), ("45536", "2024-09-01"), ("2024-9-1", "2024-09-01"),
        ("2024/09/01", "2024-09-01"), ("2024.9.1", "2024-09-01"), ("２０２４年９月１日", "2024-09-01"),
        ("20240901", "2024-09-01"), ("2024-09", "2024-09-01"), ("2024-09-01 00:00:00", "2024-09-01"),
        (dt.datetime(2024, 9, 1, 8), "2024-09-01"), ("2024-13-01", None), ("去年", None), ("9月1日", None),
        (1, None), (True, None), ("", None),
    ],
)  # fmt: skip
def test_a_date_is_understood_as_excel_or_a_person_writes_it(value: Any, day: str | None) -> None:
    found = cells.date(value)
    assert (found.isoformat() if found else None) == day


def test_letters_of_columns_are_those_of_excel() -> None:
    assert [letter(i) for i in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@given(st.text(max_size=40) | st.floats() | st.integers() | st.booleans() | st.none() | st.dates() | st.datetimes())
def test_no_cell_breaks_the_reading_and_cleaning_twice_changes_nothing(value: Any) -> None:
    for clean in (cells.text, cells.name, cells.code):
        once = clean(value)
        assert clean(once) == once
    cells.date(value)
    cells.phone(value)
    cells.number_problem(cells.code(value))


@given(st.integers(0, 10**15))
def test_a_number_is_the_same_as_text_and_as_float(number: int) -> None:
    assert cells.code(float(number)) == cells.code(str(number)) == cells.code(number)


# --- hostile files --------------------------------------------------------------------------------
SHEET = "xl/worksheets/sheet1.xml"


Parts = dict[str, bytes | tuple[bytes, ...]]


def altered(tmp_path: Path, parts: Parts, name: str = "h.xlsx") -> Path:
    """A good workbook with some of its parts replaced or added. Of (begin, piece, end) the piece comes a million times."""
    good = workbook(tmp_path / "good.xlsx", {"名册": [["工号", "姓名"], ["1", "张伟"]]})
    path = tmp_path / name
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            if part not in parts:
                target.writestr(part, source.read(part))
        for part, data in parts.items():
            pieces = [data] if isinstance(data, bytes) else [data[0], *[data[1] * 10_000] * 100, data[2]]
            with target.open(part, "w") as file:
                for piece in pieces:
                    file.write(piece)
    return path


def sheet_xml(inner: str) -> bytes:
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}{inner}</sheetData></worksheet>'.encode()


def hostile(tmp_path: Path) -> dict[str, tuple[Path, str]]:
    """What somebody may send: name → (file, a piece of what we say)."""
    shared = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>', b"</t></si></sst>"
    begin, end = sheet_xml("|").split(b"|")
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "x" * 100}">' for i in range(10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE w [{entities}]><worksheet>&e9;</worksheet>'.encode()
    many = "".join(f'<row r="{r}">' + "".join("<c><v>1</v></c>" for _ in range(250)) + "</row>" for r in range(1, 12_000))
    files = {
        "zip bomb": (altered(tmp_path, {"xl/media/a.png": (b"", b"\0" * 400, b"")}, "bomb.xlsx"), "展开后太大"),
        "big sheet": (altered(tmp_path, {SHEET: (begin, b" " * 170, end)}, "big.xlsx"), "展开后太大"),
        "big cell": (altered(tmp_path, {"xl/sharedStrings.xml": (shared[0], b"A" * 100, shared[1])}, "cell.xlsx"), "3 万字"),
        "far cell": (altered(tmp_path, {SHEET: sheet_xml('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}, "far.xlsx"), "表格太大"),
        "far cell in odd quotes": (altered(tmp_path, {SHEET: sheet_xml("<row r='&#49;048576'><c r='&#88;FD1048576'><v>1</v></c></row>")}, "odd.xlsx"), "表格太大"),
        "far cells": (altered(tmp_path, {SHEET: sheet_xml(many)}, "many.xlsx"), "表格太大"),
        "entities": (altered(tmp_path, {SHEET: bomb}, "entities.xlsx"), "DOCTYPE"),
        "broken xml": (altered(tmp_path, {SHEET: b"<worksheet><sheetData>"}, "broken.xlsx"), "损坏"),
        "macros": (altered(tmp_path, {"xl/vbaProject.bin": b"x"}, "macro.xlsx"), "宏"),
    }  # fmt: skip
    plain = {
        "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧格式"),
        "locked.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
        "picture.xlsx": (b"\x89PNG" + b"\0" * 100, "不是真正的 Excel"),
        "cut.xlsx": (b"PK\x03\x04" + b"\0" * 100, "损坏"),
        "empty.csv": (b"", "空的"),
        "zeros.csv": (b"\0" * 5000, "文字表格"),
        "noise.csv": (bytes(range(128, 256)) * 50, "编码"),
        "cell.csv": (b"a,b\n" + b"x" * 10_000_000, "太长|出错"),
        "roster.pdf": (b"%PDF-1.4", "不认识"),
    }
    for name, (data, says) in plain.items():
        path = tmp_path / name
        path.write_bytes(data)
        files[name] = (path, says)
    return files


def test_a_hostile_file_is_refused_in_words_within_five_seconds_and_200_mb(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from people.rosters.files import *\n"
        "from people.rosters.reading import read_people\n"
        "p = Path(sys.argv[1]); t = time.monotonic()\n"
        "try: check(p, p.name); read_people(p, p.name); print('READ')\n"
        "except Unreadable as e: print(e)\n"
        "held = [line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')][0]\n"
        "print(round(time.process_time(), 2), int(held) // 1024)\n"
    )
    path = f"{ROOT / 'site'}:{ROOT}"
    for name, (file, says) in hostile(tmp_path).items():
        done = subprocess.run(
            [sys.executable, "-c", code, str(file)], capture_output=True, text=True, timeout=60, env={"PYTHONPATH": path}
        )
        assert done.returncode == 0, (name, done.stderr[-500:])
        told, figures = done.stdout.strip().rsplit("\n", 1)
        seconds, megabytes = (float(figure) for figure in figures.split())
        assert any(piece in told for piece in says.split("|")), (name, told)
        assert seconds <= 5 and megabytes <= 200, (name, seconds, megabytes)


def test_formats_of_whole_rows_are_no_excess(tmp_path: Path) -> None:
    """Somebody coloured the whole sheet: Excel writes empty cells as far as XFD."""
    cells_ = '<c r="A1" t="inlineStr"><is><t>工号</t></is></c><c r="B1" t="inlineStr"><is><t>姓名</t></is></c>'
    body = f'<row r="1">{cells_}<c r="XFD1" s="1"/></row><row r="2"><c r="A2"><v>7</v></c><c r="B2" t="str"><v>张伟</v></c></row>'
    path = altered(tmp_path, {SHEET: sheet_xml(body + '<row r="1048576"><c r="A1048576" s="1"/></row>')})
    assert [row.number for row in read_people(path, "h.xlsx").rows] == ["7"]


def test_a_large_honest_roster_is_far_from_the_limits(tmp_path: Path) -> None:
    assert MOST_AREA >= 80_000 * 30
    path = workbook(tmp_path / "l.xlsx", {"名册": [["工号", "姓名"], *([str(i), f"人{i}"] for i in range(3_000))]})
    assert sum(1 for sheet in sheets(path, "l.xlsx") for _row in sheet.rows) == 3_001
