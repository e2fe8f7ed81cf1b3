"""The Word template (`docx_read` says how it reads), and writing it. Pure: no Django."""

from __future__ import annotations

import io
import re
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from quizzes.bank.domain.body import CHOICE_KINDS, DIFFICULTIES, KINDS, MARKINGS, Body, Item, Picture
from quizzes.bank.exchange import words
from quizzes.bank.exchange.base import EVERYTHING, clean, writable
from quizzes.bank.exchange.cells import LETTERS
from quizzes.bank.exchange.docx_read import looks_marked, read

__all__ = ["CAN", "ENDING", "NAME", "document", "read", "write"]

NAME, ENDING = "Word 文档", "docx"
CAN = EVERYTHING
_GUARD = re.compile(r"(\t|[ \u3000]{2,})(?=\\*[B-Z][.．、])")
"""Where a reader would see a second option in the same line."""


def write(items: list[Item]) -> bytes:
    return document(items, "十五防题库")


def document(items: list[Item], title: str, introduction: tuple[str, ...] = ()) -> bytes:
    """A Word file with a title, lines of introduction, and the questions."""
    made: Any = Document()
    style = made.styles["Normal"]
    style.font.name, style.font.size = "宋体", Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    style.paragraph_format.space_after = Pt(2)
    made.add_heading(title, 1)
    for line in introduction:
        made.add_paragraph(line).runs[0].italic = True
    for number, item in enumerate(writable(items, CAN), 1):
        made.add_paragraph("")
        _write(made, f"{number}. ", item.body, item)
        for i, part in enumerate(item.body.parts, 1):
            _write(made, f"（{i}）", part, Item(part, files=item.files))
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def _write(made: Any, mark: str, body: Body, item: Item) -> None:
    _line(made, f"{mark}（{KINDS[body.kind]}）", body.stem, item, body.picture)
    fields: dict[str, str] = {}
    texts: list[str] = []
    if body.kind == "judge":
        fields["答案"] = next((option.text for option in body.options if option.right), "")
        fields["误区"] = words.misconceptions_text(body.options, "对错")
    elif body.kind in CHOICE_KINDS:
        for i, option in enumerate(body.options):
            _line(made, f"{LETTERS[i]}. ", _guarded(option.text), item, option.picture)
        fields["答案"] = "".join(LETTERS[i] for i in sorted(body.right))
        fields["误区"] = words.misconceptions_text(body.options, LETTERS)
    elif body.kind == "blank":
        fields["答案"] = words.blanks_text(body.blanks)
    elif body.kind == "order":
        texts = list(body.items)
        fields["答案"] = LETTERS[: len(texts)]
    elif body.kind == "match":
        texts = [words.pair_text(pair) for pair in body.pairs]
    elif body.kind == "short":
        fields["答案"] = body.answer
        fields["得分点"] = words.rubric_text(body.rubric)
    for i, text in enumerate(texts):
        _line(made, f"{LETTERS[i]}. ", _guarded(text), item)
    labels = item.labels
    fields |= {
        "解析": body.explanation,
        "计分": MARKINGS[body.marking] if body.marking != "exact" else "",
        "主题": labels.topic,
        "适用对象": words.bands_text(labels.bands),
        "岗位": words.posts_text(labels.posts),
        "难度": DIFFICULTIES[labels.difficulty] if labels.difficulty != 2 else "",
        "知识点": words.tags_text(labels.tags),
        "来源": body.source,
        "编号": item.code,
    }
    for name, text in fields.items():
        if text:
            _line(made, f"{name}：", text, item)


def _guarded(text: str) -> str:
    """The first line of an option must not look like two options in one line."""
    first, mark, rest = clean(text).partition("\n")
    return _GUARD.sub(r"\1\\", first) + mark + rest


def _line(made: Any, mark: str, text: str, item: Item, picture: Picture | None = None) -> None:
    first, *more = clean(text).split("\n")
    lines = [mark + first, *(f"\\{line}" if looks_marked(line) else line for line in more)]
    paragraph = made.add_paragraph("\n".join(lines))
    data = item.files.get(picture.name) if picture else None
    if picture and data:
        shape = paragraph.add_run().add_picture(io.BytesIO(data))
        if shape.width > Cm(12):
            shape.height, shape.width = int(shape.height * Cm(12) / shape.width), Cm(12)
        shape._inline.docPr.set("descr", picture.alt)
