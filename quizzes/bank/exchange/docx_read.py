"""Reading the Word template: numbered questions, lettered options, then lines that begin with 答案： 解析： and so on. Pure.

    1. （单选题）衣服着火了，应当怎么办？
    A. 快跑
    B. 停、躺、滚
    答案：B
    解析：奔跑会带来更多空气。

Word's own numbering is read as if it had been typed. A line that begins with a backslash goes on with
the text above, whatever it looks like; so every text survives. Heads such as 一、单选题 name the kind
of the questions below them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from quizzes.bank.domain.body import (
    CHOICE_KINDS,
    KINDS,
    Body,
    Item,
    Labels,
    Option,
    Picture,
    tidy,
)
from quizzes.bank.exchange import words
from quizzes.bank.exchange.base import Notes, Reading, Refused, clean, picture_of
from quizzes.bank.exchange.cells import content, kind_of
from quizzes.bank.exchange.parts import Assembly
from quizzes.bank.exchange.safe import Archive, parse_xml

FIELDS: dict[str, tuple[str, ...]] = {
    "answer": ("答案", "参考答案", "正确答案"),
    "explanation": ("解析", "答案解析"),
    "misconceptions": ("误区",),
    "rubric": ("得分点", "评分要点", "评分标准"),
    "marking": ("计分", "计分办法"),
    "topic": ("主题",),
    "bands": ("适用对象",),
    "posts": ("岗位",),
    "difficulty": ("难度",),
    "tags": ("知识点", "标签"),
    "source": ("来源", "出处"),
    "code": ("编号",),
}
_NAMES = {name: key for key, names in FIELDS.items() for name in names}
_ANY = "|".join(sorted(_NAMES, key=len, reverse=True))
_QUESTION = re.compile(r"^(\d{1,4})\s*[.．、]\s*(?!\d)")
_PART = re.compile(r"^[（(]\s*\d{1,2}\s*[)）]\s*")
_OPTION = re.compile(r"^([A-ZＡ-Ｚ])\s*[.．、)）]\s*")
_FIELD = re.compile(rf"^(?:({_ANY})\s*[：:]|【({_ANY})】\s*[：:]?)\s*")
_HEAD = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}\s*[、.．]|[（(]\s*[一二三四五六七八九十]{1,3}\s*[)）]\s*[、.．]?)\s*([^\s（(：:]{1,10}).{0,60}$"
)
_KIND = re.compile(r"^[（(【\[]\s*([^）)】\]]{1,10}?)\s*[）)】\]]\s*")
_INLINE = re.compile(r"(?:\t|[ \u3000]{2,})(?=[B-Z][.．、])")
_UNGUARD = re.compile(r"(\t|[ \u3000]{2,})\\(?=\\*[B-Z][.．、])")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/"


def looks_marked(line: str) -> bool:
    """Whether a line that only goes on with a text would be taken for something else."""
    text = line.lstrip()
    return not text or line.startswith("\\") or any(
        mark.match(text) for mark in (_QUESTION, _PART, _OPTION, _FIELD, _HEAD)
    )


@dataclass
class _Line:
    paragraph: int
    text: str
    pictures: list[tuple[str, str]]


@dataclass
class _Draft:
    """A question while its lines come in. `texts["stem"]` and the like hold lines."""

    where: str
    kind: str
    part: bool
    texts: dict[str, list[str]] = field(default_factory=dict)
    options: list[list[str]] = field(default_factory=list)
    picture: Picture | None = None
    option_pictures: dict[int, Picture] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return clean("\n".join(self.texts.get(name, ()))).strip()


def read(data: bytes) -> Reading:
    archive = Archive(data)
    if "word/document.xml" not in archive:
        raise Refused("这不是 Word 文档（.docx）；请用 Word 或 WPS 另存为 .docx 再试。")
    notes = Notes()
    reader = _Reader(archive, notes)
    for line in _lines(archive):
        reader.take(line)
    reader.finish()
    if not reader.found:
        raise Refused("没有找到题目：每道题要以“1.”这样的题号开头。请下载 Word 模板，照着样子写。")
    return notes.reading()


def _lines(archive: Archive) -> Iterator[_Line]:
    formats = _numberings(archive)
    root = parse_xml(archive.read("word/document.xml"), "Word 文档")
    for number, paragraph in enumerate(root.iter(f"{W}p"), 1):
        text, pictures = "".join(_pieces(paragraph)), list(_pictures(paragraph))
        lines = text.split("\n")
        if lines[0].strip() or pictures:
            lines[0] = _typed(paragraph, formats, lines[0])
        for i, line in enumerate(lines):
            yield _Line(number, clean(line), pictures if i == len(lines) - 1 else [])


def _pieces(paragraph: Element) -> Iterator[str]:
    for element in paragraph.iter():
        if element.tag == f"{W}t":
            yield element.text or ""
        elif element.tag == f"{W}tab":
            yield "\t"
        elif element.tag in (f"{W}br", f"{W}cr"):
            yield "\n"
        elif element.tag == f"{W}noBreakHyphen":
            yield "-"


def _pictures(paragraph: Element) -> Iterator[tuple[str, str]]:
    for drawing in paragraph.iter(f"{W}drawing"):
        about = next(drawing.iter(f"{_DRAWING}wordprocessingDrawing}}docPr"), None)
        alt = (about.get("descr") or "") if about is not None else ""
        for blip in drawing.iter(f"{_DRAWING}main}}blip"):
            yield blip.get(f"{R}embed") or "", alt


def _numberings(archive: Archive) -> dict[tuple[str, str], tuple[str, str]]:
    """(numId, level) → (format, text), such as ("decimal", "%1.")."""
    if "word/numbering.xml" not in archive:
        return {}
    root = parse_xml(archive.read("word/numbering.xml"), "Word 文档")
    abstract: dict[str, dict[str, tuple[str, str]]] = {}
    for entry in root.iter(f"{W}abstractNum"):
        levels = abstract.setdefault(entry.get(f"{W}abstractNumId") or "", {})
        for level in entry.iter(f"{W}lvl"):
            form, text = level.find(f"{W}numFmt"), level.find(f"{W}lvlText")
            if form is not None and text is not None:
                levels[level.get(f"{W}ilvl") or "0"] = (form.get(f"{W}val") or "", text.get(f"{W}val") or "")
    found = {}
    for entry in root.iter(f"{W}num"):
        target = entry.find(f"{W}abstractNumId")
        name = (target.get(f"{W}val") or "") if target is not None else ""
        for depth, shape in abstract.get(name, {}).items():
            found[(entry.get(f"{W}numId") or "", depth)] = shape
    return found


def _typed(paragraph: Element, formats: dict[tuple[str, str], tuple[str, str]], text: str) -> str:
    """The line with Word's own number as if it had been typed: `1.`, `（1）` or `A.`."""
    numbered = paragraph.find(f"{W}pPr/{W}numPr")
    if numbered is None:
        return text
    level, number = numbered.find(f"{W}ilvl"), numbered.find(f"{W}numId")
    key = ((number.get(f"{W}val") or "") if number is not None else "", (level.get(f"{W}val") or "0") if level is not None else "0")
    form, shape = formats.get(key, ("", ""))
    if form == "upperLetter":
        return f"A. {text}"
    if form.startswith(("decimal", "chinese", "japaneseCounting")):
        kind = _HEAD.match(f"一、{text.strip()}")
        if not form.startswith("decimal") and kind:
            return f"一、{text}"
        return f"（1）{text}" if shape[:1] in "（(" else f"1. {text}"
    return text


class _Reader:
    def __init__(self, archive: Archive, notes: Notes) -> None:
        self.archive, self.notes = archive, notes
        self.assembly = Assembly(notes)
        self.targets = _targets(archive)
        self.section = ""
        self.draft: _Draft | None = None
        self.current: list[str] | None = None
        self.field = ""
        self.found = 0

    def take(self, line: _Line) -> None:
        text = line.text.lstrip()
        if line.text.startswith("\\"):
            if self.current is not None:
                self.current.append(line.text[1:])
        elif text and not self._marked(line, text) and self.current is not None:
            self.current.append(line.text)
        for target, alt in line.pictures:
            self._keep(line, target, alt)

    def _marked(self, line: _Line, text: str) -> bool:
        if self.field == "rubric" and _QUESTION.match(text) and words.rubric_of(text)[1] == "":
            return False  # people number the lines of a rubric too
        head, option, named = _HEAD.match(text), _OPTION.match(text), _FIELD.match(text)
        part, question = _PART.match(text), _QUESTION.match(text)
        if head and head.group(1) in words.KIND_WORDS:
            self._close()
            self.section = head.group(1)
        elif question or (part and self.draft is not None and (self.draft.part or self.draft.kind == "材料题")):
            mark = question or part
            assert mark is not None
            self._open(line, text[mark.end() :], part=not question)
        elif option and self.draft is not None:
            self._options(text)
        elif named and self.draft is not None:
            self.field = _NAMES[named.group(1) or named.group(2)]
            self.current = self.draft.texts.setdefault(self.field, [])
            self.current.append(text[named.end() :])
        else:
            return False
        return True

    def _open(self, line: _Line, text: str, *, part: bool) -> None:
        self._close()
        self.found += not part
        where = f"第 {self.found} 题" + ("的小题" if part else "") + f"（第 {line.paragraph} 段）"
        kind = _KIND.match(text)
        named = bool(kind and kind.group(1) in words.KIND_WORDS)
        self.draft = _Draft(where, kind.group(1) if kind and named else ("" if part else self.section), part)
        if self.draft.kind in words.KIND_WORDS:
            self.draft.kind = KINDS[words.KIND_WORDS[self.draft.kind]]
        self.field = "stem"
        self.current = self.draft.texts.setdefault("stem", [])
        self.current.append(text[kind.end() :] if kind and named else text)

    def _options(self, text: str) -> None:
        assert self.draft is not None
        for piece in _INLINE.split(text):
            mark = _OPTION.match(piece)
            self.field = "option"
            self.current = [_UNGUARD.sub(r"\1", piece[mark.end() :] if mark else piece)]
            self.draft.options.append(self.current)

    def _keep(self, line: _Line, target: str, alt: str) -> None:
        where = self.draft.where if self.draft else f"第 {line.paragraph} 段"
        name = self.targets.get(target, "")
        picture = picture_of(self.archive.read(name), alt) if name in self.archive else None
        if picture is None or self.draft is None:
            self.notes.problem(where, "有一张图不能导入", "图片请用 PNG 或 JPG，插在题干或选项里", note=picture is not None)
            return
        if self.field == "option":
            self.draft.option_pictures.setdefault(len(self.draft.options) - 1, picture)
        elif self.draft.picture is None:
            self.draft.picture = picture
        else:
            self.notes.problem(where, "题干里只能有一张图，其余的没有导入", "请把几张图拼成一张", note=True)
        self.draft.files[picture.name] = self.archive.read(name)

    def _close(self) -> None:
        draft, self.draft, self.current, self.field = self.draft, None, None, ""
        if draft is None:
            return
        body = _body(draft, self.notes)
        labels = _labels(draft, self.notes)
        if body is not None:
            self.assembly.add(draft.where, Item(body, labels, draft.text("code"), draft.files), part=draft.part)

    def finish(self) -> None:
        self._close()
        self.assembly.finish()


def _targets(archive: Archive) -> dict[str, str]:
    name = "word/_rels/document.xml.rels"
    if name not in archive:
        return {}
    root = parse_xml(archive.read(name), "Word 文档")
    inside = [entry for entry in root if entry.get("TargetMode") != "External"]
    return {entry.get("Id") or "": f"word/{(entry.get('Target') or '').lstrip('/').removeprefix('word/')}" for entry in inside}


def _body(draft: _Draft, notes: Notes) -> Body | None:
    texts = [clean("\n".join(lines)).strip() for lines in draft.options]
    answer = draft.text("answer")
    kind = kind_of(draft.kind, draft.text("stem"), texts or ["" for _ in draft.option_pictures], answer)
    assert kind is not None  # an unknown name was taken for a part of the stem
    body = Body(
        kind,
        draft.text("stem"),
        marking=words.marking_of(draft.text("marking"), notes, f"{draft.where}，计分"),
        explanation=draft.text("explanation"),
        source=draft.text("source"),
        picture=draft.picture,
    )

    def report(name: str, message: str, hint: str) -> None:
        notes.problem(draft.where, message, hint)

    body = content(body, texts, answer, draft.text("misconceptions"), draft.text("rubric"), report)
    if draft.option_pictures and kind in CHOICE_KINDS:
        options = tuple(
            Option(option.text, option.right, option.misconception, draft.option_pictures.get(i))
            for i, option in enumerate(body.options)
        )
        body = Body(**{**body.__dict__, "options": options})
    return tidy(body)


def _labels(draft: _Draft, notes: Notes) -> Labels:
    return Labels(
        topic=draft.text("topic"),
        bands=words.bands_of(draft.text("bands"), notes, f"{draft.where}，适用对象"),
        posts=words.posts_of(draft.text("posts"), notes, f"{draft.where}，岗位"),
        difficulty=words.difficulty_of(draft.text("difficulty"), notes, f"{draft.where}，难度"),
        tags=tuple(dict.fromkeys(words.split(draft.text("tags"), words.LIST))),
    )
