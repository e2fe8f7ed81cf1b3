"""Moodle XML (`moodle_read` says after which documents), and writing it. Pure: no Django."""

from __future__ import annotations

import base64
import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from quizzes.bank.domain.body import CHOICE_KINDS, GAP, Body, Item, Picture
from quizzes.bank.exchange import words
from quizzes.bank.exchange.base import EVERYTHING, clean, writable
from quizzes.bank.exchange.markup import image, inline, paragraph, scorer
from quizzes.bank.exchange.moodle_read import read

__all__ = ["CAN", "ENDING", "NAME", "read", "write"]

NAME, ENDING = "Moodle XML", "xml"
CAN = EVERYTHING - {"gaps"}
_TYPES = {
    "single": "multichoice", "multiple": "multichoice", "indefinite": "multichoice", "judge": "truefalse",
    "blank": "shortanswer", "order": "ordering", "match": "matching", "short": "essay", "case": "description",
}  # fmt: skip


def write(items: list[Item]) -> bytes:
    quiz = Element("quiz")
    for item in writable(items, CAN):
        body = item.body
        _add(quiz, item, words.to_tags(item, kind=body.kind in ("indefinite", "multiple", "case")))
        for number, part in enumerate(body.parts, 1):
            one = Item(part, files=item.files)
            _add(quiz, one, [f"小题:{number}", *words.to_tags(one, kind=part.kind in ("indefinite", "multiple"))])
    indent(quiz)
    text: bytes = tostring(quiz, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text


def _text(parent: Element, tag: str, text: str, **attributes: str) -> Element:
    element = SubElement(parent, tag, attributes)
    SubElement(element, "text").text = clean(text)
    return element


def _rich(parent: Element, tag: str, text: str, item: Item, picture: Picture | None = None, **attributes: str) -> Element:
    """A field in HTML with its picture beside it."""
    html = paragraph(text) if text else ""
    if picture:
        html += f"<p>{image(f'@@PLUGINFILE@@/{picture.name}', picture.alt)}</p>"
    return _html(parent, tag, html, item, picture, **attributes)


def _html(parent: Element, tag: str, html: str, item: Item, picture: Picture | None, **attributes: str) -> Element:
    element = SubElement(parent, tag, attributes | {"format": "html"})
    SubElement(element, "text").text = html
    if picture and picture.name in item.files:
        file = SubElement(element, "file", {"name": picture.name, "path": "/", "encoding": "base64"})
        file.text = base64.b64encode(item.files[picture.name]).decode()
    return element


def _add(quiz: Element, item: Item, tags: list[str]) -> None:
    body = item.body
    cloze = body.kind == "blank" and len(body.blanks) > 1
    question = SubElement(quiz, "question", {"type": "cloze" if cloze else _TYPES[body.kind]})
    _text(question, "name", item.code or " ".join(body.stem.split())[:40])
    if cloze:
        picture = f"<p>{image(f'@@PLUGINFILE@@/{body.picture.name}', body.picture.alt)}</p>" if body.picture else ""
        _html(question, "questiontext", _cloze_text(body) + picture, item, body.picture)
    else:
        _rich(question, "questiontext", body.stem, item, body.picture)
    _rich(question, "generalfeedback", body.explanation, item)
    SubElement(question, "defaultgrade").text = str(sum(line.marks for line in body.rubric) or 1)
    SubElement(question, "penalty").text = "0"
    SubElement(question, "hidden").text = "0"
    SubElement(question, "idnumber").text = item.code
    if not cloze:
        _answers(question, body, item)
    listed = SubElement(question, "tags")
    for tag in tags:
        _text(listed, "tag", tag)


def _answers(question: Element, body: Body, item: Item) -> None:
    if body.kind == "judge":
        for word, option in zip(("true", "false"), body.options, strict=False):
            answer = _text(question, "answer", word, fraction="100" if option.right else "0", format="moodle_auto_format")
            _rich(answer, "feedback", option.misconception, item)
    elif body.kind in CHOICE_KINDS:
        SubElement(question, "single").text = "true" if body.kind == "single" else "false"
        SubElement(question, "shuffleanswers").text = "true"
        SubElement(question, "answernumbering").text = "ABCD"
        count = len(body.right)
        for option in body.options:
            wrong = "0" if body.kind == "single" else "-100"
            answer = _rich(
                question, "answer", option.text, item, option.picture, fraction=f"{100 / count:.5f}" if option.right else wrong
            )
            _rich(answer, "feedback", option.misconception, item)
    elif body.kind == "blank":
        SubElement(question, "usecase").text = "0"
        for text in body.blanks[0]:
            _text(question, "answer", text.replace("*", "\\*"), fraction="100", format="moodle_auto_format")
    elif body.kind == "order":
        SubElement(question, "layouttype").text = "VERTICAL"
        SubElement(question, "selecttype").text = "ALL"
        SubElement(question, "selectcount").text = str(len(body.items))
        partial = body.marking == "partial"
        SubElement(question, "gradingtype").text = "RELATIVE_NEXT_EXCLUDE_LAST" if partial else "ALL_OR_NOTHING"
        SubElement(question, "showgrading").text = "SHOW"
        for number, text in enumerate(body.items, 1):
            _rich(question, "answer", text, item, fraction=f"{number}.0000000")
    elif body.kind == "match":
        SubElement(question, "shuffleanswers").text = "true"
        for pair in body.pairs:
            _text(_rich(question, "subquestion", pair.left, item), "answer", pair.right)
    elif body.kind == "short":
        SubElement(question, "responseformat").text = "editor"
        _html(question, "graderinfo", scorer(body.answer, body.rubric), item, None)


def _cloze_text(body: Body) -> str:
    """The stem with a `{1:SHORTANSWER:…}` for each gap; text that looks like one is broken by an empty element."""
    pieces = [inline(text).replace("{", "{<span></span>") if text else "" for text in GAP.split(body.stem)]
    gaps = []
    for accepted in body.blanks:
        answers = (re.sub(r"([\\~#}\"/])", r"\\\1", text) for text in accepted)
        gaps.append("{1:SHORTANSWER:" + "~".join(f"={inline(text)}" for text in answers) + "}")
    return "<p>" + "".join(piece + gap for piece, gap in zip(pieces, [*gaps, ""], strict=True)) + "</p>"
