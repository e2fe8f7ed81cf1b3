"""Bodies of questions for tests: a good one of each kind, and any at all for Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from quizzes.bank.domain.body import KINDS, MARKINGS, Body, Option, Pair, Picture, RubricLine

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
