"""Questions made up by Hypothesis: bodies of every kind, with the texts that break exchange formats."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from people.posts import posts
from quizzes.bank.domain.body import (
    CHOICE_KINDS,
    GAP,
    KINDS,
    PARTIAL_KINDS,
    Body,
    Item,
    Labels,
    Option,
    Pair,
    Picture,
    RubricLine,
    faults,
    tidy,
)
from quizzes.bank.exchange.base import clean
from quizzes.bank.shapes import BANDS

NASTY = (
    "{~=#:\\}", "\\n", "->", "=>", "→", "；", "|", "、", "<b>", "&amp;", "&", "]]>", "</p>", "<!--", "😀", "𬱖",
    "1. ", "A. ", "B）", "（1）", "答案：", "解析：A", "ANSWER: B", "Ａ．", "＝", "　", "::", "[html]", "//", "%50%",
    "$", "'", '"', "（2分）", "材料题", "对", "=1+1", "@SUM(A1)", "_x0041_", "\t", "  ", "+86", "'", "#", "*",
)  # fmt: skip
LINE = st.lists(
    st.one_of(
        st.sampled_from(NASTY),
        st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=6),
        st.sampled_from(("往锅里倒水", "盖上锅盖", "119", "10 米")),
    ),
    min_size=1,
    max_size=4,
).map("".join)
TEXT = st.one_of(LINE, st.lists(LINE, min_size=2, max_size=3).map("\n".join)).map(lambda text: clean(text).strip())
NO_GAP = TEXT.map(lambda text: GAP.sub("－", text)).filter(bool)
MAYBE = st.one_of(st.just(""), NO_GAP)
TAG = LINE.map(lambda text: clean(text).strip()).filter(bool)

ONE_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
)
PICTURES = {f"{hashlib.sha256(data).hexdigest()}.png": data for data in map(base64.b64decode, ONE_PIXEL)}
PICTURE = st.builds(Picture, st.sampled_from(sorted(PICTURES)), LINE.map(lambda text: clean(text).strip()).filter(bool))


def unlike(texts: st.SearchStrategy[str], low: int, high: int) -> st.SearchStrategy[list[str]]:
    return st.lists(texts, min_size=low, max_size=high, unique=True)


@st.composite
def bodies(draw: Any, kinds: tuple[str, ...] = tuple(KINDS), inside: bool = False) -> Body:
    """A body without a fault, of one of the kinds."""
    kind = draw(st.sampled_from([name for name in kinds if not (inside and name == "case")]))
    body = Body(kind, draw(NO_GAP), explanation=draw(MAYBE), source=draw(st.sampled_from(("", "V73", "V70、S4a"))))
    if kind in PARTIAL_KINDS:
        body = replace(body, marking=draw(st.sampled_from(("exact", "partial"))))
    if draw(st.booleans()):
        body = replace(body, picture=draw(PICTURE))
    if kind == "judge":
        right = draw(st.booleans())
        idea = draw(MAYBE)
        body = replace(
            body, options=(Option("对", right, "" if right else idea), Option("错", not right, idea if right else ""))
        )
    elif kind in CHOICE_KINDS:
        body = replace(body, options=draw(_options(kind)))
    elif kind == "blank":
        count = draw(st.integers(1, 3))
        stem = draw(NO_GAP)
        body = replace(
            body,
            stem=stem + "，".join(draw(NO_GAP) + "____" for _ in range(count)) + draw(MAYBE),
            blanks=tuple(tuple(draw(unlike(NO_GAP, 1, 3))) for _ in range(count)),
        )
    elif kind == "order":
        body = replace(body, items=tuple(draw(unlike(NO_GAP, 2, 6))))
    elif kind == "match":
        lefts, rights = draw(unlike(NO_GAP, 2, 4)), draw(unlike(NO_GAP, 5, 5))
        pairs = [Pair(right, left) for left, right in zip(lefts, rights, strict=False)]
        spare = [Pair(rights[4])] if draw(st.booleans()) else []
        body = replace(body, pairs=(*pairs, *spare))
    elif kind == "short":
        lines = st.builds(RubricLine, NO_GAP, st.integers(1, 20))
        body = replace(body, answer=draw(MAYBE), rubric=tuple(draw(st.lists(lines, min_size=1, max_size=3))))
    elif kind == "case":
        body = replace(body, parts=tuple(draw(st.lists(bodies(kinds, True), min_size=1, max_size=3))))
    body = tidy(body)
    assert not faults(body, inside=inside), faults(body, inside=inside)
    return body


@st.composite
def _options(draw: Any, kind: str) -> tuple[Option, ...]:
    texts = draw(unlike(NO_GAP, 3, 6))
    if kind == "single":
        right = {draw(st.integers(0, len(texts) - 1))}
    else:
        least = 2 if kind == "multiple" else 1
        right = set(draw(st.lists(st.integers(0, len(texts) - 1), min_size=least, max_size=len(texts), unique=True)))
    pictured = draw(st.booleans())
    return tuple(
        Option(
            text,
            i in right,
            "" if i in right else draw(MAYBE),
            draw(PICTURE) if pictured and draw(st.booleans()) else None,
        )
        for i, text in enumerate(texts)
    )


LABELS = st.builds(
    Labels,
    st.sampled_from(("", "fire", "防溺水")),
    st.sets(st.sampled_from(tuple(BANDS))).map(lambda found: tuple(band for band in BANDS if band in found)),
    st.sets(st.sampled_from(tuple(posts())), max_size=3).map(
        lambda found: tuple(slug for slug in posts() if slug in found)
    ),
    st.sampled_from((1, 2, 3)),
    st.lists(TAG, max_size=3, unique=True).map(tuple),
)


@st.composite
def items(draw: Any, kinds: tuple[str, ...] = tuple(KINDS)) -> Item:
    """A question with labels, a code and the files of its pictures."""
    body = draw(bodies(kinds))
    names = {picture.name for picture in _pictures(body)}
    code = draw(st.sampled_from(("", "q001", "q200017")))
    return Item(body, draw(LABELS), code, {name: PICTURES[name] for name in sorted(names)})


def _pictures(body: Body) -> list[Picture]:
    found = [body.picture, *(option.picture for option in body.options)]
    return [picture for picture in found if picture] + [p for part in body.parts for p in _pictures(part)]
