"""Rosters as schools send them: made with XlsxWriter, each test in the disorder that it needs."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

HEADER = ("工号", "姓名", "单位", "岗位")


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> Path:
    """An .xlsx with these sheets of rows; None leaves a cell empty."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd", "strings_to_numbers": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, ["" if cell is None else cell for cell in row])
    book.close()
    return path


def upload(rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER, name: str = "名册.xlsx") -> io.BytesIO:
    """A file as a browser sends it."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("名册")
    for at, row in enumerate([header, *rows]):
        sheet.write_row(at, 0, row)
    book.close()
    file.seek(0)
    file.name = name
    return file
