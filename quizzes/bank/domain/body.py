"""The content of a question: what is asked, the key, the marking rule, why, and where that comes from.

Pure: no Django. A `Body` is what a version keeps for ever and what every exchange format reads and
writes. `Labels` (topic, bands, posts, difficulty, tags) sort a question and may change without a new
version: they say nothing about what is right.

Which fields a kind uses:

| kind | fields |
|---|---|
| single, multiple, indefinite, judge | `options` in the order a person reads them; letters are positions |
| blank | `blanks`, one for each `____` of the stem, in order |
| order | `items` in the right order; they are shuffled when put |
| match | `pairs`; a pair without `left` is a wrong answer more to choose from |
| short | `answer` (a model answer) and `rubric`, whose marks add up to the whole |
| case | `parts`, which share the stem; no case inside a case |
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

KINDS: dict[str, str] = {
    "single": "单选题",
    "multiple": "多选题",
    "indefinite": "不定项选择题",
    "judge": "判断题",
    "blank": "填空题",
    "order": "排序题",
    "match": "配对题",
    "short": "简答题",
    "case": "材料题",
}
CHOICE_KINDS = frozenset({"single", "multiple", "indefinite", "judge"})
LIVE_KINDS = frozenset({"single", "multiple", "judge"})
"""What a class answers together with four letters."""
MARKINGS: dict[str, str] = {"exact": "全对才得分", "partial": "少选、部分答对得部分分"}
PARTIAL_KINDS = frozenset({"multiple", "indefinite", "blank", "order", "match"})
"""Kinds for which part of the answer may earn part of the marks; `case` adds up its parts."""
DIFFICULTIES: dict[int, str] = {1: "易", 2: "中", 3: "难"}
LETTERS = "ABCDEFGH"
JUDGE_TEXTS = ("对", "错")
GAP = re.compile(r"_{3,}|＿{2,}")
"""A blank in a stem."""
LEAST_OPTIONS, MOST_OPTIONS = 2, 8
STEM_LENGTH, OPTION_LENGTH, EXPLANATION_LENGTH, MISCONCEPTION_LENGTH = 1000, 300, 1000, 60
# What the back row reads: a question that is longer is for paper and phones.
WALL_STEM, WALL_OPTION, WALL_OPTIONS = 80, 40, 4


@dataclass(frozen=True)
class Picture:
    """A picture by its content: `name` is the SHA-256 of the file and its ending, so it cannot change."""

    name: str
    alt: str


@dataclass(frozen=True)
class Option:
    text: str
    right: bool = False
    misconception: str = ""
    """What a person believes who chooses this wrong option."""
    picture: Picture | None = None


@dataclass(frozen=True)
class Pair:
    right: str
    left: str = ""


@dataclass(frozen=True)
class RubricLine:
    text: str
    marks: int


@dataclass(frozen=True)
class Body:
    kind: str
    stem: str
    options: tuple[Option, ...] = ()
    blanks: tuple[tuple[str, ...], ...] = ()
    """For each blank the accepted answers, the best first."""
    items: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    answer: str = ""
    rubric: tuple[RubricLine, ...] = ()
    parts: tuple[Body, ...] = ()
    marking: str = "exact"
    explanation: str = ""
    source: str = ""
    picture: Picture | None = None

    @property
    def right(self) -> frozenset[int]:
        """The positions of the right options."""
        return frozenset(i for i, option in enumerate(self.options) if option.right)

    @property
    def lefts(self) -> tuple[str, ...]:
        return tuple(pair.left for pair in self.pairs if pair.left)

    @property
    def rights(self) -> tuple[str, ...]:
        """What a left may be matched with; the first ones belong to the lefts, one to one."""
        own = tuple(pair.right for pair in self.pairs if pair.left)
        return own + tuple(pair.right for pair in self.pairs if not pair.left)


@dataclass(frozen=True)
class Labels:
    """Where a question belongs. `topic` and `posts` are slugs, `bands` are letters such as P1."""

    topic: str = ""
    bands: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    difficulty: int = 2
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """A question with its labels, as exchange formats carry it. `files` holds the pictures by name."""

    body: Body
    labels: Labels = Labels()
    code: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """Something wrong with a body: the field (`options[1].text`) and what to do about it."""

    field: str
    message: str


# --- text of the same meaning -------------------------------------------------------------------
def tidy(body: Body) -> Body:
    """The body with the space around every text removed and empty entries dropped."""
    return replace(
        body,
        stem=body.stem.strip(),
        options=tuple(
            replace(o, text=o.text.strip(), misconception=o.misconception.strip(), picture=_tidy_picture(o.picture))
            for o in body.options
            if o.text.strip() or o.picture
        ),
        blanks=tuple(
            tuple(text.strip() for text in accepted if text.strip()) for accepted in body.blanks
        ),
        items=tuple(text.strip() for text in body.items if text.strip()),
        pairs=tuple(
            Pair(pair.right.strip(), pair.left.strip()) for pair in body.pairs if pair.right.strip() or pair.left.strip()
        ),
        answer=body.answer.strip(),
        rubric=tuple(RubricLine(line.text.strip(), line.marks) for line in body.rubric if line.text.strip()),
        parts=tuple(tidy(part) for part in body.parts),
        explanation=body.explanation.strip(),
        source=body.source.strip(),
        picture=_tidy_picture(body.picture),
    )


def _tidy_picture(picture: Picture | None) -> Picture | None:
    return replace(picture, alt=picture.alt.strip()) if picture else None


# --- JSON ---------------------------------------------------------------------------------------
def to_json(body: Body) -> dict[str, Any]:
    """Plain data; what is empty is left out, so that a new field changes no old hash."""
    data: dict[str, Any] = {}
    for each in fields(Body):
        value = _plain(getattr(body, each.name))
        if value not in ("", [], None) and not (each.name == "marking" and value == "exact"):
            data[each.name] = value
    return data


def _plain(value: Any) -> Any:
    if isinstance(value, Body):
        return to_json(value)
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, Option | Pair | RubricLine | Picture):
        found = {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        return {name: entry for name, entry in found.items() if entry not in ("", None, False)}
    return value


def from_json(data: Mapping[str, Any]) -> Body:
    """The body that `to_json` wrote. Raises `KeyError`, `TypeError` or `ValueError` for anything else."""
    return Body(
        kind=str(data["kind"]),
        stem=str(data.get("stem", "")),
        options=tuple(
            Option(
                o.get("text", ""), bool(o.get("right", False)), o.get("misconception", ""), _picture(o.get("picture"))
            )
            for o in data.get("options", ())
        ),
        blanks=tuple(tuple(str(text) for text in accepted) for accepted in data.get("blanks", ())),
        items=tuple(str(text) for text in data.get("items", ())),
        pairs=tuple(Pair(p.get("right", ""), p.get("left", "")) for p in data.get("pairs", ())),
        answer=str(data.get("answer", "")),
        rubric=tuple(RubricLine(line.get("text", ""), int(line.get("marks", 0))) for line in data.get("rubric", ())),
        parts=tuple(from_json(part) for part in data.get("parts", ())),
        marking=str(data.get("marking", "exact")),
        explanation=str(data.get("explanation", "")),
        source=str(data.get("source", "")),
        picture=_picture(data.get("picture")),
    )


def _picture(data: Any) -> Picture | None:
    return Picture(str(data["name"]), str(data.get("alt", ""))) if data else None


def content_hash(body: Body) -> str:
    """SHA-256 of the content, as 64 hex digits: equal bodies have equal hashes, everywhere."""
    text = json.dumps(to_json(body), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# --- what is wrong ------------------------------------------------------------------------------
def faults(body: Body, *, inside: bool = False) -> list[Fault]:
    """What keeps this body from being put to anybody, in words that say what to do.

    The same rule and the same words serve the editor's form, every import and the content files.
    `inside`: a part of a case, which needs no source of its own.
    """
    return list(_faults(body, inside))


def _faults(body: Body, inside: bool) -> Iterator[Fault]:
    if body.kind not in KINDS:
        yield Fault("kind", f"不认识的题型“{body.kind}”；可用：{'、'.join(KINDS.values())}")
        return
    name = KINDS[body.kind]
    if not body.stem:
        yield Fault("stem", "请写题干")
    yield from _too_long("stem", body.stem, STEM_LENGTH)
    yield from _too_long("explanation", body.explanation, EXPLANATION_LENGTH)
    if body.marking not in MARKINGS:
        yield Fault("marking", f"不认识的计分办法“{body.marking}”")
    elif body.marking == "partial" and body.kind not in PARTIAL_KINDS:
        yield Fault("marking", f"{name}没有部分分，请改成“{MARKINGS['exact']}”")
    for picture, where in ((body.picture, "picture"), *((o.picture, f"options[{i}].picture") for i, o in enumerate(body.options))):
        if picture and not picture.alt.strip():
            yield Fault(where, "请用一句话说明图上是什么，看不见图的人要靠它答题")
    if body.kind in CHOICE_KINDS:
        yield from _choice_faults(body, name)
    elif body.options:
        yield Fault("options", f"{name}没有选项，请删掉选项或改题型")
    if body.kind == "blank":
        yield from _blank_faults(body)
    elif body.kind == "order":
        if len(body.items) < 2:
            yield Fault("items", "排序题至少要有 2 项，请按正确的先后写")
        if len(set(body.items)) < len(body.items):
            yield Fault("items", "有两项写得一样，请改掉其中一项")
    elif body.kind == "match":
        yield from _match_faults(body)
    elif body.kind == "short":
        if not body.rubric:
            yield Fault("rubric", "简答题由人评分，请至少写一条得分点")
        for i, line in enumerate(body.rubric):
            if line.marks < 1:
                yield Fault(f"rubric[{i}].marks", "得分点的分值要是 1 或更大的整数")
    elif body.kind == "case":
        if inside:
            yield Fault("kind", "材料题里不能再套材料题，请换一种题型")
        if not body.parts:
            yield Fault("parts", "材料题至少要有 1 道小题")
        for i, part in enumerate(body.parts):
            for fault in faults(part, inside=True):
                yield Fault(f"parts[{i}].{fault.field}", f"第 {i + 1} 小题：{fault.message}")


def _too_long(where: str, text: str, most: int) -> Iterator[Fault]:
    if len(text) > most:
        yield Fault(where, f"太长：{len(text)} 字，最多 {most} 字")


def _choice_faults(body: Body, name: str) -> Iterator[Fault]:
    options = body.options
    count = len(body.right)
    if not LEAST_OPTIONS <= len(options) <= MOST_OPTIONS:
        yield Fault("options", f"现在有 {len(options)} 个选项，请改成 {LEAST_OPTIONS} 到 {MOST_OPTIONS} 个")
    shown = [(o.text.strip(), o.picture.name if o.picture else "") for o in options]
    if len(set(shown)) < len(shown):
        yield Fault("options", "有两个选项写得一样，请改掉其中一个")
    for i, option in enumerate(options):
        yield from _too_long(f"options[{i}].text", option.text, OPTION_LENGTH)
        if option.right and option.misconception:
            yield Fault(f"options[{i}].misconception", "正确选项不写误区，请删掉")
    if body.kind == "judge" and tuple(option.text.strip() for option in options) != JUDGE_TEXTS:
        yield Fault("options", "判断题的选项只能是“对”“错”两个，“对”在前")
    if body.kind in {"single", "judge"} and count != 1:
        yield Fault("options", f"{name}要有且只有 1 个正确选项，现在标了 {count} 个")
    if body.kind == "multiple" and count < 2:
        yield Fault("options", f"多选题至少要有 2 个正确选项，现在标了 {count} 个；只有 1 个时请改成单选题")
    if body.kind == "indefinite" and count < 1:
        yield Fault("options", "不定项选择题至少要有 1 个正确选项，现在一个也没有标")


def _blank_faults(body: Body) -> Iterator[Fault]:
    gaps = len(GAP.findall(body.stem))
    if gaps == 0:
        yield Fault("stem", "填空题的题干里请用 ____（四个下划线）标出空")
    elif gaps != len(body.blanks):
        yield Fault("blanks", f"题干里有 {gaps} 个空，答案写了 {len(body.blanks)} 个，请改成一样多")
    for i, accepted in enumerate(body.blanks):
        if not accepted:
            yield Fault(f"blanks[{i}]", f"请写第 {i + 1} 空的答案")


def _match_faults(body: Body) -> Iterator[Fault]:
    if len(body.lefts) < 2:
        yield Fault("pairs", "配对题至少要有 2 对")
    if len(set(body.lefts)) < len(body.lefts):
        yield Fault("pairs", "左边有两项写得一样，请改掉其中一项")
    if len(set(body.rights)) < len(body.rights):
        yield Fault("pairs", "右边有两项写得一样，配对就不唯一了，请改掉其中一项")
    for i, pair in enumerate(body.pairs):
        if not pair.right:
            yield Fault(f"pairs[{i}].right", f"请写与“{pair.left}”配对的一项")


def wall_ready(body: Body) -> bool:
    """Whether a class can answer it together: four letters, and short enough for the back row."""
    return (
        body.kind in LIVE_KINDS
        and len(body.stem) <= WALL_STEM
        and len(body.options) <= WALL_OPTIONS
        and all(len(option.text) <= WALL_OPTION and option.picture is None for option in body.options)
        and body.picture is None
    )


def needs_check(body: Body) -> bool:
    """Whether a fact in it is still to be checked (待核): no source, or the mark G."""
    return not body.source or "G" in body.source.split("、")


def pictures(body: Body) -> tuple[Picture, ...]:
    """Every picture of the question, parts included, each name once."""
    found: dict[str, Picture] = {}
    for picture in (body.picture, *(option.picture for option in body.options)):
        if picture:
            found.setdefault(picture.name, picture)
    for part in body.parts:
        for picture in pictures(part):
            found.setdefault(picture.name, picture)
    return tuple(found.values())


def words(body: Body) -> str:
    """Every text of the question, for the search index."""
    texts = [body.stem, *(o.text for o in body.options), *body.items]
    texts += [text for pair in body.pairs for text in (pair.left, pair.right)]
    texts += [text for accepted in body.blanks for text in accepted]
    texts += [body.answer, *(line.text for line in body.rubric), *(words(part) for part in body.parts), body.explanation]
    return " ".join(text for text in texts if text)
