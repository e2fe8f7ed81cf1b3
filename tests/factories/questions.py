"""Bodies of questions for tests: a good one of each kind, and any at all for Hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from quizzes.bank.domain.body import (
    CHOICE_KINDS,
    KINDS,
    MARKINGS,
    PARTIAL_KINDS,
    Body,
    Option,
    Pair,
    Picture,
    RubricLine,
)

_CHOICE = (Option("往锅里倒水", misconception="水能灭一切火"), Option("盖上锅盖", True), Option("用扇子扇"))
GOOD_BODIES: dict[str, Body] = {
    "single": Body("single", "油锅起火怎么办？", _CHOICE, explanation="盖锅盖隔绝空气。", source="V73"),
    "multiple": Body(
        "multiple",
        "哪些做法危险？",
        (Option("电池入户充电", True), Option("私拉电线", True), Option("人走断电")),
        marking="partial",
        source="V67",
    ),
    "indefinite": Body("indefinite", "闻到煤气味先做什么？", (Option("开窗", True), Option("开灯"), Option("关阀门")), source="G"),
    "judge": Body("judge", "火警电话是119。", (Option("对", True), Option("错")), explanation="119是火警电话。", source="V78"),
    "blank": Body("blank", "火警电话是____。", blanks=(("119", "一一九"),), explanation="119。", source="V78"),
    "order": Body("order", "请按先后排好。", items=("发现起火", "大声呼救", "撤离", "拨打119"), marking="partial", source="V73"),
    "match": Body(
        "match", "颜色与含义配对。", pairs=(Pair("红", "禁止"), Pair("蓝", "指令"), Pair("黄")), marking="partial", source="G"
    ),
    "short": Body(
        "short", "走廊里有学生推挤，您怎么做？", answer="先止后疏。", rubric=(RubricLine("先制止", 2), RubricLine("再疏散", 3)), source="G"
    ),
}
GOOD_BODIES["case"] = Body(
    "case",
    "课间，一名学生从楼梯上摔下，额头出血。",
    parts=tuple(
        Body(part.kind, part.stem, part.options, part.blanks) for part in (GOOD_BODIES["single"], GOOD_BODIES["blank"])
    ),
    explanation="先救人。",
    source="S4a",
)

_texts = st.text("甲乙丙119 ，。_", max_size=6)
_pictures = st.none() | st.builds(Picture, name=st.sampled_from(["a.png", "b.jpg"]), alt=_texts)


def bodies(depth: int = 1) -> st.SearchStrategy[Body]:
    """Any bodies, good or not: as forms, files and strangers' data make them."""
    return st.builds(
        Body,
        kind=st.sampled_from(sorted(KINDS)),
        stem=_texts,
        options=st.lists(st.builds(Option, _texts, st.booleans(), _texts, _pictures), max_size=4).map(tuple),
        blanks=st.lists(st.lists(_texts, max_size=2).map(tuple), max_size=3).map(tuple),
        items=st.lists(_texts, max_size=3).map(tuple),
        pairs=st.lists(st.builds(Pair, _texts, _texts), max_size=3).map(tuple),
        answer=_texts,
        rubric=st.lists(st.builds(RubricLine, _texts, st.integers(0, 9)), max_size=2).map(tuple),
        parts=st.lists(bodies(depth - 1), max_size=2).map(tuple) if depth else st.just(()),
        marking=st.sampled_from(sorted(MARKINGS)),
        explanation=_texts,
        source=_texts,
        picture=_pictures,
    )


_words = st.text("甲乙丙丁119 、/，。", min_size=1, max_size=8).map(str.strip).filter(bool)
_described = st.none() | st.builds(Picture, name=st.sampled_from(["a.png", "b.jpg"]), alt=_words)


def _distinct(least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(_words, min_size=least, max_size=most, unique=True)


@st.composite
def good_bodies(draw: st.DrawFn, *, inside: bool = False) -> Body:
    """Bodies without a fault, of every kind, each with the fields of its kind and no others."""
    kind = draw(st.sampled_from(sorted(set(KINDS) - {"case"} if inside else KINDS)))
    about: dict[str, Any] = {"explanation": draw(_texts).strip(), "picture": draw(_described)}
    if not inside:
        about["source"] = draw(_texts).strip()
    if kind in PARTIAL_KINDS:
        about["marking"] = draw(st.sampled_from(sorted(MARKINGS)))
    stem = draw(_words)
    if kind == "judge":
        right = draw(st.booleans())
        wrong = draw(_texts).strip()
        about["options"] = (Option("对", right, "" if right else wrong), Option("错", not right, wrong if right else ""))
    elif kind in CHOICE_KINDS:
        texts = draw(_distinct(2, 8))
        least, most = {"single": (1, 1), "multiple": (2, len(texts)), "indefinite": (1, len(texts))}[kind]
        right_ones = draw(st.sets(st.integers(0, len(texts) - 1), min_size=least, max_size=most))
        about["options"] = tuple(
            Option(text, i in right_ones, "" if i in right_ones else draw(_texts).strip(), draw(_described))
            for i, text in enumerate(texts)
        )
    elif kind == "blank":
        blanks = draw(st.lists(st.lists(_words, min_size=1, max_size=3), min_size=1, max_size=3))
        stem += "____，" * len(blanks)
        about["blanks"] = tuple(map(tuple, blanks))
    elif kind == "order":
        about["items"] = tuple(draw(_distinct(2, 6)))
    elif kind == "match":
        lefts, rights = draw(_distinct(2, 4)), draw(_distinct(5, 5))
        about["pairs"] = tuple(Pair(right, left) for left, right in zip(lefts, rights, strict=False)) + (Pair(rights[4]),)
    elif kind == "short":
        about["answer"] = draw(_texts).strip()
        about["rubric"] = tuple(draw(st.lists(st.builds(RubricLine, _words, st.integers(1, 10)), min_size=1, max_size=4)))
    else:
        about["parts"] = tuple(draw(st.lists(good_bodies(inside=True), min_size=1, max_size=3)))
    return Body(kind, stem, **about)
