"""The words in which formats say labels, kinds and lists; one way for all of them. Pure: no Django.

Topics are data of the site, so a format carries whatever text stands for one; whoever imports turns
titles into slugs. Bands and posts are written by their Chinese names and read by name or slug.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from people.posts import posts
from quizzes.bank.domain.body import (
    DIFFICULTIES,
    KINDS,
    MARKINGS,
    PARTIAL_KINDS,
    Body,
    Item,
    Labels,
    Option,
    Pair,
    RubricLine,
)
from quizzes.bank.exchange.base import Notes
from quizzes.bank.shapes import BANDS

KIND_WORDS: dict[str, str] = {
    **{name: kind for kind, name in KINDS.items()},
    **{kind: kind for kind in KINDS},
    "单选": "single", "单项选择题": "single", "选择题": "single", "单项选择": "single",
    "多选": "multiple", "多项选择题": "multiple", "多项选择": "multiple",
    "不定项": "indefinite", "不定项选择": "indefinite",
    "判断": "judge", "是非题": "judge",
    "填空": "blank",
    "排序": "order", "配对": "match", "连线题": "match", "匹配题": "match",
    "简答": "short", "问答题": "short", "论述题": "short",
    "材料": "case", "案例题": "case", "案例分析题": "case",
}  # fmt: skip
RIGHT_WORDS = frozenset("对 正确 是 √ ✓ ✔ v 真 t true 1 y yes a".split())
WRONG_WORDS = frozenset("错 错误 否 × ✗ ✘ x 假 f false 0 n no b".split())
DIFFICULTY_WORDS: dict[str, int] = {
    **{name: number for number, name in DIFFICULTIES.items()},
    **{str(number): number for number in DIFFICULTIES},
    "容易": 1, "简单": 1, "较易": 1, "easy": 1, "very easy": 1,
    "中等": 2, "一般": 2, "适中": 2, "medium": 2,
    "困难": 3, "较难": 3, "很难": 3, "difficult": 3, "very difficult": 3,
}  # fmt: skip
MARKING_WORDS: dict[str, str] = {
    **{name: marking for marking, name in MARKINGS.items()},
    **{marking: marking for marking in MARKINGS},
    "全对得分": "exact", "部分分": "partial", "部分得分": "partial", "少选得部分分": "partial",
}  # fmt: skip
LIST = "、，,；;\n"
"""What may stand between the entries of a list that a person types."""
BLANKS, VARIANTS = "；;\n", "|｜"
_MARKS = re.compile(r"^(.*?)\s*[（(]\s*(\d{1,3})\s*分\s*[）)]$", re.DOTALL)
_LETTERED = re.compile(r"^\s*([A-Ha-hＡ-Ｈａ-ｈ]|对|错)\s*[：:.．、]\s*(.*)$", re.DOTALL)


def plain(text: str) -> str:
    """For comparing what a person typed: half-width, small, no space."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def verdict(text: str) -> str:
    """What a person typed for 对 or 错, without brackets and full stops around it."""
    return plain(text).strip("().。[]【】")


# --- lists --------------------------------------------------------------------------------------
def join(texts: Iterable[str], by: str, marks: str) -> str:
    """The texts as one; a mark or a backslash inside a text gets a backslash before it."""
    return by.join(re.sub(rf"([{re.escape(marks)}\\])", r"\\\1", text) for text in texts)


def split(text: str, marks: str) -> list[str]:
    """The texts that `join` joined, or that a person typed with any of the marks between. Nothing empty."""
    found = (_bare(piece, marks).strip() for piece in _cut(text, marks, marks))
    return [entry for entry in found if entry]


def _cut(text: str, marks: str, guarded: str) -> list[str]:
    """Cut at marks that no backslash guards; the backslashes stay for the next cut."""
    found: list[str] = []
    current, i = "", 0
    while i < len(text):
        if text[i] == "\\" and text[i + 1 : i + 2] and text[i + 1] in guarded + "\\":
            current += text[i : i + 2]
            i += 2
            continue
        if text[i] in marks:
            found.append(current)
            current = ""
        else:
            current += text[i]
        i += 1
    return [*found, current]


def _bare(text: str, guarded: str) -> str:
    return re.sub(rf"\\([{re.escape(guarded)}\\])", r"\1", text)


def blanks_text(blanks: Sequence[Sequence[str]]) -> str:
    """`119|一一九；110`: variants by a bar, blanks by a semicolon."""
    return "；".join(join(accepted, "|", BLANKS + VARIANTS) for accepted in blanks)


def blanks_of(text: str) -> tuple[tuple[str, ...], ...]:
    marks = BLANKS + VARIANTS
    found = []
    for piece in _cut(text, BLANKS, marks):
        accepted = (_bare(entry, marks).strip() for entry in _cut(piece, VARIANTS, marks))
        found.append(tuple(entry for entry in accepted if entry))
    return tuple(entry for entry in found if entry)


def pair_text(pair: Pair) -> str:
    """`左项 → 右项`; a spare right stands behind a bare arrow."""
    return f"{_arrowless(pair.left)} → {_arrowless(pair.right)}".strip()


def _arrowless(text: str) -> str:
    return re.sub(r"(→|->|=>|\\)", r"\\\1", text)


def pair_of(text: str) -> Pair | None:
    """None when there is no arrow."""
    spot, i = None, 0
    while i < len(text):
        if text[i] == "\\" and re.match(r"→|->|=>|\\", text[i + 1 :]):
            i += 3 if text[i + 1] in "-=" else 2
            continue
        found = re.match(r"→|->|=>", text[i:])
        if found:
            spot = (i, i + found.end())
            break
        i += 1
    if spot is None:
        return None
    left, right = (re.sub(r"\\(→|->|=>|\\)", r"\1", side).strip() for side in (text[: spot[0]], text[spot[1] :]))
    return Pair(right, left)


def rubric_text(rubric: Sequence[RubricLine]) -> str:
    """One line each: `说清报警电话（2分）`."""
    return join((f"{line.text}（{line.marks}分）" for line in rubric), "\n", BLANKS)


def rubric_of(text: str) -> tuple[tuple[RubricLine, ...], str]:
    """The lines, and the first line without marks ("" when all have them)."""
    found: list[RubricLine] = []
    for entry in split(text, BLANKS):
        match = _MARKS.match(entry)
        if match is None:
            return tuple(found), entry
        found.append(RubricLine(match.group(1).strip(), int(match.group(2))))
    return tuple(found), ""


def misconceptions_text(options: Sequence[Option], letters: str) -> str:
    """`A：水能灭一切火` and so on, one line each; a judge question says 对 or 错 for the letter."""
    return join(
        (f"{letters[i]}：{option.misconception}" for i, option in enumerate(options) if option.misconception),
        "\n",
        BLANKS,
    )


def misconceptions_of(text: str, letters: str) -> tuple[dict[int, str], str]:
    """Text by position, and the first entry that names no option ("" when all do)."""
    found: dict[int, str] = {}
    for entry in split(text, BLANKS):
        match = _LETTERED.match(entry)
        letter = unicodedata.normalize("NFKC", match.group(1)).upper() if match else ""
        if match is None or letter not in letters:
            return found, entry
        found[letters.index(letter)] = match.group(2).strip()
    return found, ""


# --- labels -------------------------------------------------------------------------------------
def bands_text(bands: Iterable[str]) -> str:
    return "、".join(BANDS[band] for band in bands)


def posts_text(slugs: Iterable[str]) -> str:
    known = posts()
    return "、".join(known[slug].name if slug in known else slug for slug in slugs)


def tags_text(tags: Iterable[str]) -> str:
    return join(tags, "、", LIST)


def bands_of(text: str, notes: Notes, where: str) -> tuple[str, ...]:
    known = {plain(name): band for band, name in BANDS.items()} | {band.lower(): band for band in BANDS}
    return _named(text, known, tuple(BANDS), notes, where, "适用对象", BANDS.values())


def posts_of(text: str, notes: Notes, where: str) -> tuple[str, ...]:
    every = posts()
    known = {plain(post.name): slug for slug, post in every.items()} | {slug: slug for slug in every}
    return _named(text, known, tuple(every), notes, where, "岗位", [post.name for post in every.values()])


def _named(
    text: str, known: Mapping[str, str], order: Sequence[str], notes: Notes, where: str, what: str, names: Iterable[str]
) -> tuple[str, ...]:
    # A post's own name may hold a list mark: the whole cell is tried before its pieces.
    pieces = [text] if plain(text) in known else split(_guarded(text, known), LIST)
    found = set()
    for piece in pieces:
        slug = known.get(plain(piece))
        if slug is not None:
            found.add(slug)
        elif piece.strip():
            notes.problem(where, f"不认识的{what}“{piece.strip()[:30]}”", f"可以写：{'、'.join(names)}")
    return tuple(slug for slug in order if slug in found)


def _guarded(text: str, known: Mapping[str, str]) -> str:
    """The text with the list marks inside known names escaped (团委书记、少先队辅导员 is one post)."""
    for post in posts().values():
        if "、" in post.name and post.name in text:
            text = text.replace(post.name, post.name.replace("、", "\\、"))
    return text


def difficulty_of(text: str, notes: Notes, where: str) -> int:
    if not text.strip():
        return 2
    share = re.fullmatch(r"0?\.\d+", plain(text))
    if share:  # 难度系数: the part of the marks that people earn
        return 1 if float(share.group()) >= 0.7 else 2 if float(share.group()) >= 0.4 else 3
    found = DIFFICULTY_WORDS.get(plain(text)) or DIFFICULTY_WORDS.get(text.strip().lower())
    if found is None:
        notes.problem(where, f"不认识的难度“{text.strip()[:20]}”", "请写 易、中 或 难")
        return 2
    return found


def marking_of(text: str, notes: Notes, where: str) -> str:
    if not text.strip():
        return "exact"
    known = {plain(word): marking for word, marking in MARKING_WORDS.items()}
    found = known.get(plain(text))
    if found is None:
        notes.problem(where, f"不认识的计分办法“{text.strip()[:20]}”", f"请写 {' 或 '.join(MARKINGS.values())}")
        return "exact"
    return found


# --- tags that carry what a format has no place for ---------------------------------------------
_PREFIXES = ("主题", "适用对象", "岗位", "难度", "来源", "题型", "计分", "标签", "小题")


def to_tags(item: Item, *, kind: bool = False, source: bool = True, marking: bool = True, labels: bool = True) -> list[str]:
    """What stands in tags: the own tags as they are, the rest as `主题:防火灾`, which other software shows as text."""
    body, own = item.body, item.labels
    found = []
    if kind:
        found.append(f"题型:{KINDS[body.kind]}")
    if marking and body.kind in PARTIAL_KINDS:
        found.append(f"计分:{MARKINGS[body.marking]}")
    if source and body.source:
        found.append(f"来源:{body.source}")
    if labels:
        if own.topic:
            found.append(f"主题:{own.topic}")
        found += [f"适用对象:{BANDS[band]}" for band in own.bands]
        found += [f"岗位:{posts_text((slug,))}" for slug in own.posts]
        if own.difficulty != 2:
            found.append(f"难度:{DIFFICULTIES[own.difficulty]}")
        found += [f"标签:{tag}" if tag.partition(":")[0] in _PREFIXES else tag for tag in own.tags]
    return found


def from_tags(tags: Iterable[str], notes: Notes, where: str) -> tuple[Labels, dict[str, str]]:
    """The labels, and what else the tags said: `题型`, `计分`, `来源`, `小题`."""
    values: dict[str, list[str]] = {prefix: [] for prefix in _PREFIXES}
    own = []
    for tag in tags:
        tag = tag.strip()
        prefix, colon, value = tag.partition(":")
        if colon and prefix in values:
            if prefix == "标签":
                own.append(value)
            else:
                values[prefix].append(value)
        elif tag:
            own.append(tag)
    labels = Labels(
        topic=values["主题"][0] if values["主题"] else "",
        bands=bands_of("、".join(values["适用对象"]), notes, where),
        posts=posts_of("、".join(values["岗位"]), notes, where),
        difficulty=difficulty_of("".join(values["难度"][:1]), notes, where),
        tags=tuple(dict.fromkeys(own)),
    )
    said = {prefix: values[prefix][0] for prefix in ("题型", "计分", "来源", "小题") if values[prefix]}
    return labels, said


def told(body: Body, said: Mapping[str, str], notes: Notes, where: str) -> Body:
    """The body with the kind, marking and source that tags told."""
    kind = KIND_WORDS.get(said.get("题型", ""), body.kind)
    if {kind, body.kind} <= {"single", "multiple", "indefinite"} or (kind == "case" and not body.options):
        body = replace(body, kind=kind)
    if "计分" in said:
        body = replace(body, marking=marking_of(said["计分"], notes, where))
    return replace(body, source=said["来源"]) if "来源" in said else body


def judge_options(right: bool, misconception: str = "") -> tuple[Option, ...]:
    """对 and 错; the misconception belongs to the wrong one."""
    return (
        Option("对", right, "" if right else misconception),
        Option("错", not right, misconception if right else ""),
    )
