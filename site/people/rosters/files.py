"""Opening a file that a stranger made: the sheets of an .xlsx or a .csv, or a sentence why not. Pure: no Django.

`check` looks at the file's kind and its table of contents and costs nothing; `sheets` then walks through every
XML part as a stream before the real reader gets it, so that a file that would grow to gigabytes in memory
(a zip bomb, a cell at the sheet's far corner, a text of 100 MB) is told from an honest one within seconds.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from people.rosters.cells import Cell

MB = 1024 * 1024
MOST_BYTES = 50 * MB
MOST_XML = 160 * MB  # 80,000 people of ten columns are 35 MB
MOST_AREA = 2_500_000  # cells from A1 to the last one that holds something
MOST_ROWS = 200_000
MOST_COLUMNS = 300
MOST_TEXT = 33_000  # Excel itself allows 32,767 characters in a cell
MOST_PARTS = 2_000
CHUNK = 256 * 1024
SAVE_AS = "请用 Excel 或 WPS 打开它，点“文件 → 另存为”，类型选“Excel 工作簿（*.xlsx）”，再上传。"
OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"


class Unreadable(Exception):
    """The file cannot be used; the sentence says why and what to do."""


@dataclass
class Sheet:
    """A sheet by its name and its rows as they come: (row number from 1, cells)."""

    name: str
    rows: Iterable[tuple[int, list[Cell]]]


def check(path: Path, name: str) -> None:
    """Raises `Unreadable` for a file that is no use by its size, its kind or its table of contents."""
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("文件是空的。请确认已经在 Excel 里保存并关闭，再上传。")
    if size > MOST_BYTES:
        raise Unreadable(f"文件有 {size / MB:.0f} MB，最多 {MOST_BYTES // MB} MB。请删去图片和多余的工作表，或分成几个文件。")
    suffix = name.lower().rpartition(".")[2] if "." in name else ""
    with path.open("rb") as file:
        start = file.read(8)
    if start == OLE:
        if _holds(path, "EncryptedPackage".encode("utf-16-le")):
            raise Unreadable("文件设了打开密码。请在 Excel 里取消密码（文件 → 信息 → 保护工作簿），保存后再上传。")
        raise Unreadable(f"这是旧格式的 Excel 文件（.xls）。{SAVE_AS}")
    if start.startswith(ZIP):
        _check_package(path, suffix)
        return
    if suffix in {"xlsx", "xlsm", "xls", "et", "ods"}:
        raise Unreadable(f"这个文件不是真正的 Excel 文件，也许是改了扩展名。{SAVE_AS}")
    if suffix not in {"csv", "txt"}:
        raise Unreadable(f"不认识“.{suffix}”这种文件。{SAVE_AS}")
    _encoding(path)


def sheets(path: Path, name: str) -> Iterator[Sheet]:
    """The sheets in their order, hidden ones left out. Raises `Unreadable`; call `check` first."""
    with path.open("rb") as file:
        packed = file.read(4) == ZIP
    if not packed:
        yield Sheet(name, _csv_rows(path))
        return
    _walk(path)
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            for meta in book.sheets_metadata:
                if meta.visible == SheetVisibleEnum.Visible and meta.typ == SheetTypeEnum.WorkSheet:
                    sheet = book.get_sheet_by_name(meta.name)
                    yield Sheet(meta.name, _sheet_rows(sheet))
    except CalamineError as error:
        raise Unreadable(f"Excel 文件已损坏，读不出来。{SAVE_AS}") from error


def _sheet_rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[Cell]]]:
    # The reader begins at row 1, but at the first column that holds something.
    margin: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
    spans = _spans(sheet)
    kept: dict[int, Cell] = {}
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = margin + list(row)
        for column, first in spans.get(number, ()):
            if column < len(cells):
                if number == first:
                    kept[column] = cells[column]
                elif cells[column] == "":
                    cells[column] = kept.get(column, "")
        yield number, cells


def _spans(sheet: CalamineSheet) -> dict[int, list[tuple[int, int]]]:
    """(column, first row) of vertically merged cells by row number.

    A school written once beside forty teachers counts for all of them.
    """
    found: dict[int, list[tuple[int, int]]] = {}
    for (first, left), (last, right) in (sheet.merged_cell_ranges or [])[:20_000]:
        if left == right and last > first and last - first < 5_000:
            for number in range(first, last + 1):
                found.setdefault(number + 1, []).append((left, first + 1))
    return found


# --- the package ------------------------------------------------------------------------------
def _check_package(path: Path, suffix: str) -> None:
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise Unreadable(f"文件已损坏或没有传完。{SAVE_AS}") from error
    names = [part.filename.lower() for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("文件设了密码。请取消密码，保存后再上传。")
    if suffix == "xlsm" or any(name.endswith("vbaproject.bin") for name in names):
        raise Unreadable(f"文件里有宏（程序），为了安全不接收。{SAVE_AS}")
    if not any(name == "xl/workbook.xml" for name in names):
        raise Unreadable(f"这不是 .xlsx 表格（也许是 WPS、Word 或压缩包）。{SAVE_AS}")
    if len(parts) > MOST_PARTS or len(set(names)) != len(names) or sum(part.file_size for part in parts) > 2 * MOST_XML:
        raise Unreadable(_too_big())
    if sum(part.file_size for part in parts if _is_xml(part.filename)) > MOST_XML:
        raise Unreadable(_too_big())


def _too_big() -> str:
    return (
        "文件展开后太大，不像一份名册。请新建一个空白工作簿，只把名册的内容复制过去（选择性粘贴 → 数值），另存为 .xlsx 再上传。"
    )


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _walk(path: Path) -> None:
    """Stream every XML part through a parser that keeps nothing and stops at the first excess."""
    left = MOST_XML
    try:
        with zipfile.ZipFile(path) as package:
            for part in package.infolist():
                if _is_xml(part.filename):
                    left -= _walk_part(package, part, left)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, expat.ExpatError) as error:
        raise Unreadable(f"Excel 文件已损坏，读不出来。{SAVE_AS}") from error


def _walk_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> int:
    guard = _Guard()
    parser = expat.ParserCreate()
    parser.buffer_text = False
    parser.StartDoctypeDeclHandler = guard.doctype
    if not part.filename.lower().startswith(("docprops/", "xl/theme")):
        parser.StartElementHandler = guard.start
        parser.CharacterDataHandler = guard.characters
    seen = 0
    with package.open(part) as stream:
        while chunk := stream.read(CHUNK):
            seen += len(chunk)
            if seen > most:
                raise Unreadable(_too_big())
            parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return seen


class _Guard:
    """Counts how far a sheet reaches and how long a text is."""

    def __init__(self) -> None:
        self.row = self.column = self.widest = self.length = 0

    def doctype(self, *_: object) -> None:
        raise Unreadable(f"文件里有不该出现的定义（DOCTYPE），为了安全不接收。{SAVE_AS}")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.length = 0
        if tag == "c":
            place = attributes.get("r")
            self.column = _column(place) if place else self.column + 1
        elif tag == "v" or tag == "is":
            # Only cells that hold something count: whole formatted rows are common and harmless.
            if self.column > self.widest:
                self.widest = self.column
            if self.column > MOST_COLUMNS or self.row > MOST_ROWS or self.row * self.widest > MOST_AREA:
                raise Unreadable(
                    f"表格太大（超过 {MOST_ROWS:,} 行或 {MOST_COLUMNS} 列）。请删去名册以外的行和列（选中整行、整列后右键删除），"
                    "或分成几个文件。"
                )
        elif tag == "row":
            number = attributes.get("r", "")
            self.row = int(number) if number.isdecimal() else self.row + 1
            self.column = 0

    def characters(self, data: str) -> None:
        self.length += len(data)
        if self.length > MOST_TEXT:
            raise Unreadable("有一个单元格里的文字超过 3 万字，不像名册。请删去那个单元格的内容再上传。")


def _column(place: str) -> int:
    number = 0
    for letter in place:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number


# --- text -------------------------------------------------------------------------------------
def _encoding(path: Path) -> str:
    """UTF-8, UTF-16 with a mark, or GB18030. Raises `Unreadable` for none of them."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "gb18030"]
    for name in candidates:
        decoder = codecs.getincrementaldecoder(name)()
        try:
            with path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    if "\x00" in decoder.decode(chunk):
                        raise Unreadable(f"这不是文字表格（.csv）。{SAVE_AS}")
                decoder.decode(b"", True)
        except UnicodeDecodeError:
            continue
        return name
    raise Unreadable(f"认不出文件的文字编码（试过 UTF-8、UTF-16 和 GB18030）。{SAVE_AS}")


def _csv_rows(path: Path) -> Iterator[tuple[int, list[Cell]]]:
    csv.field_size_limit(MOST_TEXT * 4)
    with path.open("rb") as raw, io.TextIOWrapper(raw, _encoding(path), newline="") as file:
        head = file.read(8_192)
        file.seek(0)
        separator = max(",\t;|", key=head.count)
        try:
            for number, row in enumerate(csv.reader(file, delimiter=separator), start=1):
                if number > MOST_ROWS:
                    raise Unreadable(f"超过 {MOST_ROWS:,} 行。请分成几个文件。")
                if len(row) > MOST_COLUMNS or any(len(cell) > MOST_TEXT for cell in row):
                    raise Unreadable(f"第 {number} 行太长，不像名册。请检查引号是否成对，或另存为 .xlsx 再上传。")
                yield number, list(row)
        except csv.Error as error:
            raise Unreadable(f"读到第 {number + 1} 行时出错，可能引号不成对。{SAVE_AS}") from error


def _holds(path: Path, needle: bytes) -> bool:
    with path.open("rb") as file:
        tail = b""
        while chunk := file.read(CHUNK):
            if needle in tail + chunk:
                return True
            tail = chunk[-len(needle) :]
    return False
