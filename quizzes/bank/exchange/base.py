"""What every format shares: what a reading is, what a refusal is, and what would be lost. Pure: no Django.

A format module has `CAN`, the kinds and features it can hold; `read(data) -> Reading`, which never
raises anything but `Refused`; and `write(items) -> bytes`, which writes what it can. Whoever exports
first asks `losses` and shows the answer to the person.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from quizzes.bank.domain.body import GAP, KINDS, Body, Item, Picture, pictures

MOST_BYTES = 20 * 1024 * 1024
"""Of one uploaded file."""
MOST_ITEMS = 2_000
"""Questions in one file."""
MOST_TEXT = 20_000
"""Characters of one text; the bank's own limits are far below."""

FEATURES: dict[str, str] = {
    "explanation": "解析",
    "source": "来源",
    "misconception": "误区（错误选项代表的想法）",
    "partial": "部分分的计分办法",
    "picture": "题干的图片",
    "option_picture": "选项的图片",
    "blanks": "有两个以上空的填空题",
    "gaps": "空的写法（统一成四个下划线）",
    "variants": "填空题的其他写法",
    "model_answer": "简答题的参考答案",
    "rubric": "简答题的得分点",
    "spare": "配对题里多余的右项",
    "arrow": "配对左项和填空答案里的“->”（改成 →）",
    "lines": "文字里的换行（改成空格）",
    "marker": "题干或选项开头像“A.”的写法（前面加一个点）",
    "case_explanation": "材料题总的解析",
    "part_source": "小题自己的来源",
    "part_picture": "小题的图片",
    "code": "编号",
    "topic": "主题",
    "bands": "适用对象",
    "posts": "岗位",
    "difficulty": "难度",
    "tags": "标签（知识点）",
}
EVERYTHING = frozenset(KINDS) | frozenset(FEATURES)
WHOLE = frozenset(KINDS) | {"blanks"}
"""What a question cannot be written without."""
MARKER = re.compile(r"\s*([A-Za-z][.)、．）]|ANSWER\s*:)", re.IGNORECASE)


@dataclass(frozen=True)
class Problem:
    """Something that a person must know: where, what, and what to do. A `note` stops nothing."""

    where: str
    message: str
    hint: str = ""
    note: bool = False


@dataclass(frozen=True)
class Reading:
    """What a file holds. `places[i]` says where `items[i]` stands, for a person."""

    items: tuple[Item, ...] = ()
    problems: tuple[Problem, ...] = ()
    places: tuple[str, ...] = ()


class Refused(Exception):
    """The whole file is refused. `str()` says why and what to do, for a person."""


@dataclass
class Notes:
    """Collects items and problems while a file is read."""

    items: list[Item] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, where: str, item: Item) -> None:
        if len(self.items) >= MOST_ITEMS:
            raise Refused(f"一个文件最多 {MOST_ITEMS} 道题，请分成几个文件导入。")
        self.items.append(item)
        self.places.append(where)

    def problem(self, where: str, message: str, hint: str = "", *, note: bool = False) -> None:
        if len(self.problems) < MOST_ITEMS:
            self.problems.append(Problem(where, message, hint, note))

    def reading(self) -> Reading:
        return Reading(tuple(self.items), tuple(self.problems), tuple(self.places))


# --- what would be lost -------------------------------------------------------------------------
def features(item: Item) -> frozenset[str]:
    """The kind and every feature that this question uses."""
    labels = item.labels
    found = set(_body_features(item.body))
    found |= {
        name
        for name, used in (
            ("code", item.code),
            ("topic", labels.topic),
            ("bands", labels.bands),
            ("posts", labels.posts),
            ("difficulty", labels.difficulty != 2),
            ("tags", labels.tags),
        )
        if used
    }
    return frozenset(found)


def _body_features(body: Body) -> Iterator[str]:
    yield body.kind
    if body.explanation:
        yield "explanation"
    if body.source:
        yield "source"
    if body.marking == "partial":
        yield "partial"
    if body.picture:
        yield "picture"
    if any(option.picture for option in body.options):
        yield "option_picture"
    if any(option.misconception for option in body.options):
        yield "misconception"
    if body.kind == "blank":
        if len(body.blanks) > 1:
            yield "blanks"
        if any(gap != "____" for gap in GAP.findall(body.stem)):
            yield "gaps"
        if any(len(accepted) > 1 for accepted in body.blanks):
            yield "variants"
    if body.answer:
        yield "model_answer"
    if body.rubric:
        yield "rubric"
    if any(not pair.left for pair in body.pairs):
        yield "spare"
    if any("->" in text for text in (*body.lefts, *(text for accepted in body.blanks for text in accepted))):
        yield "arrow"
    texts = list(_texts(body))
    if any("\n" in text for text in texts):
        yield "lines"
    if any(MARKER.match(text) for text in (body.stem, *(option.text for option in body.options))):
        yield "marker"
    if body.kind == "case" and body.explanation:
        yield "case_explanation"
    for part in body.parts:
        yield from _body_features(part)
        if part.source:
            yield "part_source"
        if pictures(part):
            yield "part_picture"


def _texts(body: Body) -> Iterator[str]:
    yield from (body.stem, body.explanation, body.answer, *body.items)
    for option in body.options:
        yield from (option.text, option.misconception)
    for pair in body.pairs:
        yield from (pair.left, pair.right)
    for accepted in body.blanks:
        yield from accepted
    for line in body.rubric:
        yield line.text


@dataclass(frozen=True)
class Loss:
    """What a format cannot hold of some questions. `whole`: they are left out, because it does not know the kind."""

    name: str
    label: str
    codes: tuple[str, ...]
    whole: bool = False

    @property
    def count(self) -> int:
        return len(self.codes)


def writable(items: Iterable[Item], can: frozenset[str]) -> list[Item]:
    """The questions that the format can write at all: it knows their kinds, those of parts included."""
    return [item for item in items if not (features(item) & WHOLE) - can]


def losses(items: Iterable[Item], can: frozenset[str]) -> list[Loss]:
    """What would be lost, the questions left out first; nothing for an export without loss."""
    found: dict[str, list[str]] = {}
    left_out: dict[str, list[str]] = {}
    for item in items:
        missing = features(item) - can
        for name in missing & WHOLE:
            left_out.setdefault(name, []).append(item.code)
        if not missing & WHOLE:
            for name in missing:
                found.setdefault(name, []).append(item.code)
    names = {**KINDS, **FEATURES}
    return [Loss(name, label, tuple(left_out[name]), True) for name, label in names.items() if name in left_out] + [
        Loss(name, label, tuple(found[name])) for name, label in names.items() if name in found
    ]


# --- texts and pictures -------------------------------------------------------------------------
# XML knows neither control characters nor these two; nobody types them on purpose.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """A text as every format may carry it: one kind of line end, no control characters, not endless."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNWRITABLE.sub("", text)[:MOST_TEXT]


def one_line(text: str) -> str:
    return " ".join(text.split("\n"))


_ENDINGS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)


def ending_of(data: bytes) -> str:
    """`png`, `jpg`, `gif` or `webp` by the first bytes; "" for anything else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((ending for start, ending in _ENDINGS if data.startswith(start)), "")


def picture_of(data: bytes, alt: str) -> Picture | None:
    """The picture of these bytes, named by its content; None when they are no picture we know."""
    ending = ending_of(data)
    return Picture(f"{hashlib.sha256(data).hexdigest()}.{ending}", clean(alt).strip()) if ending else None


def used_files(item: Item) -> Item:
    """The item with the files of its own pictures only."""
    names = {picture.name for picture in pictures(item.body)}
    return replace(item, files={name: data for name, data in item.files.items() if name in names})
