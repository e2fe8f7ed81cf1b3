"""The Excel table that Chinese teachers expect: 题型 题干 A–F 答案 解析 知识点 难度, and more if wished. Pure.

One row is one question. A case is its own row, its parts follow in rows whose 题型 starts with 小题.
The header may stand below title rows; sheets without one, and those called 示例 or 说明, are passed over.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from typing import Any

import xlsxwriter
from python_calamine import CalamineError, load_workbook

from quizzes.bank.domain.body import CHOICE_KINDS, DIFFICULTIES, KINDS, MARKINGS, Body, Item, Labels, tidy
from quizzes.bank.exchange import words
from quizzes.bank.exchange.base import EVERYTHING, MOST_ITEMS, Notes, Reading, Refused, clean, writable
from quizzes.bank.exchange.cells import LETTERS, content, kind_of, options_in, stem_and_options, unlettered
from quizzes.bank.exchange.parts import Assembly
from quizzes.bank.exchange.safe import Archive

NAME, ENDING = "Excel 表格", "xlsx"
CAN = EVERYTHING - {"picture", "option_picture", "part_picture"}
COLUMNS: dict[str, tuple[str, ...]] = {
    "kind": ("题型", "类型", "题目类型"),
    "stem": ("题干", "题目", "试题", "试题内容", "题目内容"),
    "options": ("选项", "选项内容", "备选项", "备选答案", "答案选项"),
    "answer": ("答案", "正确答案", "参考答案", "标准答案"),
    "explanation": ("解析", "答案解析", "试题解析"),
    "tags": ("知识点", "标签", "关键词"),
    "difficulty": ("难度", "难易度", "难度系数"),
    "topic": ("主题", "防范主题", "分类", "章节"),
    "bands": ("适用对象", "对象"),
    "posts": ("岗位",),
    "source": ("来源", "出处", "依据"),
    "misconceptions": ("误区",),
    "rubric": ("得分点", "评分要点", "评分标准"),
    "marking": ("计分", "计分办法"),
    "code": ("编号", "题号"),
}
PART = re.compile(r"^小题[\s:：\-－—·.]*(.*)$")
_OPTION = re.compile(r"^(?:选项)?([A-Z])(?:选项)?$")
MOST_ROWS, MOST_COLUMNS = 20_000, 60
_CELL = re.compile(rb"<(?:\w+:)?c((?:\s[^<>]*)?)>")
_REFERENCE = re.compile(rb'\sr="([A-Z]{1,3})(\d{1,7})"')


# --- reading ------------------------------------------------------------------------------------
def read(data: bytes) -> Reading:
    notes = Notes()
    sheets = _sheets(data)
    headed = False
    for name, rows in sheets:
        if name.strip().startswith(("示例", "说明", "填写说明")):
            continue
        found = _header(rows)
        if found is not None:
            headed = True
            _read_sheet(name, rows, *found, notes)
    if not headed:
        raise Refused("没有找到表头：要有一行写着“题型、题干、答案”等列名。请下载模板，把题目抄到模板里再导入。")
    return notes.reading()


def _sheets(data: bytes) -> list[tuple[str, list[list[Any]]]]:
    archive = Archive(data)
    if any(name.lower().endswith(".bin") and "vba" in name.lower() for name in archive.names()):
        raise Refused("文件里有宏，不能导入；请另存为不带宏的 .xlsx。")
    # Only the text parts, unpacked by us and counted, reach the reader: it believes a zip's own sizes.
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as copy:
        for name in archive.names():
            if name.endswith((".xml", ".rels")) and not name.startswith(("xl/drawings", "xl/charts", "xl/theme")):
                part = archive.read(name)
                if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
                    raise Refused("文件里有文档类型或实体声明（DOCTYPE），不安全，不能导入。")
                if name.startswith("xl/worksheets/"):
                    _check_extent(part)
                copy.writestr(name, part)
    try:
        packed.seek(0)
        book = load_workbook(packed)
        return [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except (CalamineError, ValueError, OSError, KeyError) as error:
        raise Refused("这个 Excel 文件读不出来；请用 Excel 或 WPS 打开后另存为新的 .xlsx 再试。") from error


def _check_extent(sheet: bytes) -> None:
    """A lone cell far away would make the reader lay out a table of billions of cells."""
    for cell in _CELL.finditer(sheet):
        if cell.group(1).endswith(b"/"):
            continue
        place = _REFERENCE.search(cell.group(1))
        if place is None:
            raise Refused("这个 Excel 文件的写法少见，读不出来；请用 Excel 或 WPS 打开后另存为新的 .xlsx 再试。")
        if int(place.group(2)) > MOST_ROWS:
            raise Refused(f"表格超过 {MOST_ROWS} 行；一次最多 {MOST_ITEMS} 道题，请分成几个文件，并删掉表格下面多余的内容。")
        if len(place.group(1)) > 2 or _column_number(place.group(1).decode()) > MOST_COLUMNS:
            raise Refused(f"表格超过 {MOST_COLUMNS} 列；请删掉右边多余的内容，或改用模板。")


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _header(rows: list[list[Any]]) -> tuple[int, dict[str, list[int]], dict[int, int]] | None:
    """The header's row, the columns of each field, and the column of each option; None without one."""
    known = {name: field for field, names in COLUMNS.items() for name in names}
    for number, row in enumerate(rows[:30]):
        columns: dict[str, list[int]] = {}
        options: dict[int, int] = {}
        for column, value in enumerate(row):
            text = unicodedata.normalize("NFKC", _text(value)).replace(" ", "").replace("\n", "")
            text = re.sub(r"[(（].*[)）]|\*", "", text)
            letter = _OPTION.match(text.upper())
            if text in known:
                columns.setdefault(known[text], []).append(column)
            elif letter:
                options.setdefault(LETTERS.index(letter.group(1)), column)
        if "stem" in columns and ("answer" in columns or "kind" in columns):
            return number, columns, options
    return None


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "对" if value else "错"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean("" if value is None else str(value)).strip()


def _read_sheet(
    name: str, rows: list[list[Any]], header: int, columns: dict[str, list[int]], options: dict[int, int], notes: Notes
) -> None:
    assembly = Assembly(notes)
    for number, row in enumerate(rows[header + 1 :], header + 2):

        def cell(column: int, row: list[Any] = row) -> str:
            return _text(row[column]) if column < len(row) else ""

        fields = {field: "\n".join(filter(None, map(cell, places))) for field, places in columns.items()}
        given = {position: cell(column) for position, column in options.items()}
        if not any(fields.values()) and not any(given.values()):
            continue
        row_notes = _Row(notes, f"工作表“{name}”第 {number} 行", columns, options)
        part = PART.match(fields.get("kind", ""))
        body = _body(part.group(1) if part else fields.get("kind", ""), fields, given, row_notes)
        if body is not None:
            item = Item(tidy(body)) if part else Item(tidy(body), _labels(fields, row_notes), fields.get("code", ""))
            assembly.add(row_notes.where, item, part=bool(part))
    assembly.finish()


class _Row:
    """Problems of one row: each says its column too."""

    def __init__(self, notes: Notes, where: str, columns: Mapping[str, list[int]], options: Mapping[int, int]) -> None:
        self.notes, self.where, self.columns, self.options = notes, where, columns, options

    def place(self, field: str) -> str:
        column = self.columns.get(field, [-1])[0]
        if column < 0:
            return self.where
        letter = LETTERS[column] if column < 26 else LETTERS[column // 26 - 1] + LETTERS[column % 26]
        return f"{self.where} {letter} 列（{COLUMNS[field][0]}）"

    def problem(self, field: str, message: str, hint: str = "") -> None:
        self.notes.problem(self.place(field), message, hint)


def _labels(fields: Mapping[str, str], row: _Row) -> Labels:
    return Labels(
        topic=fields.get("topic", ""),
        bands=words.bands_of(fields.get("bands", ""), row.notes, row.place("bands")),
        posts=words.posts_of(fields.get("posts", ""), row.notes, row.place("posts")),
        difficulty=words.difficulty_of(fields.get("difficulty", ""), row.notes, row.place("difficulty")),
        tags=tuple(dict.fromkeys(words.split(fields.get("tags", ""), words.LIST))),
    )


def _body(kind_text: str, fields: Mapping[str, str], given: Mapping[int, str], row: _Row) -> Body | None:
    answer = fields.get("answer", "")
    filled = [position for position, text in given.items() if text]
    texts = [given.get(position, "") for position in range(max(filled) + 1)] if filled else []
    stem = fields.get("stem", "")
    if not texts:
        texts = options_in(fields.get("options", ""))
    kind = kind_of(kind_text, stem, texts, answer)
    if not texts and (kind in CHOICE_KINDS or not kind_text):
        stem, texts = stem_and_options(stem)
        kind = kind_of(kind_text, stem, texts, answer)
    if kind is None:
        row.problem("kind", f"不认识的题型“{kind_text[:20]}”", f"请写：{'、'.join(KINDS.values())}")
        return None
    if kind in CHOICE_KINDS:
        texts = unlettered(texts)
    body = Body(
        kind,
        stem,
        marking=words.marking_of(fields.get("marking", ""), row.notes, row.place("marking")),
        explanation=fields.get("explanation", ""),
        source=fields.get("source", ""),
    )
    return content(body, texts, answer, fields.get("misconceptions", ""), fields.get("rubric", ""), row.problem)


# --- writing ------------------------------------------------------------------------------------
HEADER = ("编号", "题型", "题干", *"ABCDEF", "答案", "解析", "知识点", "难度", "主题", "适用对象", "岗位", "来源", "误区", "得分点", "计分")
WIDTHS = {"题干": 46, "答案": 16, "解析": 40, "知识点": 16, "适用对象": 18, "岗位": 18, "误区": 30, "得分点": 24, "题型": 12, "计分": 14}
OPTION_WIDTH = 20


def write(items: list[Item]) -> bytes:
    return book({"题目": writable(items, CAN)})


def book(sheets: Mapping[str, list[Item]], pages: Mapping[str, list[list[str]]] | None = None) -> bytes:
    """An Excel file with a sheet of questions for each name, and sheets of plain text."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as made:
        head = made.add_format({"bold": True, "bg_color": "#DCE9F7", "border": 1, "text_wrap": True, "valign": "vcenter"})
        wrap = made.add_format({"text_wrap": True, "valign": "top"})
        for name, items in sheets.items():
            rows = [row for item in items for row in rows_of(item)]
            columns = _columns(rows)
            sheet = made.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_row(0, 24)
            for i, column in enumerate(columns):
                sheet.set_column(i, i, OPTION_WIDTH if column in LETTERS else WIDTHS.get(column, 10), wrap)
                sheet.write_string(0, i, column, head)
                for j, row in enumerate(rows, 1):
                    if row.get(column):
                        sheet.write_string(j, i, row[column], wrap)
            _drop_downs(sheet, columns, max(len(rows) + 500, 1000))
        for name, lines in (pages or {}).items():
            sheet = made.add_worksheet(name)
            sheet.set_column(0, 0, 18, wrap)
            sheet.set_column(1, 3, 60, wrap)
            for j, line in enumerate(lines):
                for i, text in enumerate(line):
                    sheet.write_string(j, i, text, head if j == 0 else wrap)
    return target.getvalue()


def _columns(rows: list[dict[str, str]]) -> list[str]:
    most = max((LETTERS.index(name) for row in rows for name in row if name in LETTERS), default=0)
    start = HEADER.index("A")
    return [*HEADER[:start], *LETTERS[: max(6, most + 1)], *HEADER[start + 6 :]]


def _drop_downs(sheet: Any, columns: list[str], rows: int) -> None:
    parts = [f"小题-{name}" for kind, name in KINDS.items() if kind != "case"]
    choices = {"题型": [*KINDS.values(), *parts], "难度": list(DIFFICULTIES.values()), "计分": list(MARKINGS.values())}
    for name, source in choices.items():
        i = columns.index(name)
        # A person may type another name that the reader knows too, so the list advises only.
        sheet.data_validation(1, i, rows, i, {"validate": "list", "source": source, "error_type": "information"})


def rows_of(item: Item) -> list[dict[str, str]]:
    """The question's row, then those of its parts, by column name."""
    labels = item.labels
    row = _row(item.body) | {
        "编号": item.code,
        "知识点": words.tags_text(labels.tags),
        "难度": DIFFICULTIES[labels.difficulty],
        "主题": labels.topic,
        "适用对象": words.bands_text(labels.bands),
        "岗位": words.posts_text(labels.posts),
    }
    parts = [_row(part) for part in item.body.parts]
    for part in parts:
        part["题型"] = f"小题-{part['题型']}"
    return [{name: clean(text) for name, text in each.items()} for each in (row, *parts)]


def _row(body: Body) -> dict[str, str]:
    row = {"题型": KINDS[body.kind], "题干": body.stem, "解析": body.explanation, "来源": body.source}
    if body.marking != "exact":
        row["计分"] = MARKINGS[body.marking]
    texts: list[str] = []
    if body.kind == "judge":
        row["答案"] = next((option.text for option in body.options if option.right), "")
        row["误区"] = words.misconceptions_text(body.options, "对错")
    elif body.kind in CHOICE_KINDS:
        texts = [option.text for option in body.options]
        if unlettered(texts) != texts:  # the reader takes one letter away
            texts = [f"{LETTERS[i]}. {text}" for i, text in enumerate(texts)]
        row["答案"] = "".join(LETTERS[i] for i in sorted(body.right))
        row["误区"] = words.misconceptions_text(body.options, LETTERS)
    elif body.kind == "blank":
        row["答案"] = words.blanks_text(body.blanks)
    elif body.kind == "order":
        texts = list(body.items)
        row["答案"] = LETTERS[: len(texts)]
    elif body.kind == "match":
        texts = [words.pair_text(pair) for pair in body.pairs]
    elif body.kind == "short":
        row["答案"] = body.answer
        row["得分点"] = words.rubric_text(body.rubric)
    return row | dict(zip(LETTERS, texts, strict=False))
