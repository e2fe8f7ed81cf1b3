"""A question's content: what is wrong with it is told, it survives JSON, and equal content has an equal hash."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given

from quizzes.bank.domain.body import (
    KINDS,
    Body,
    Option,
    Pair,
    Picture,
    RubricLine,
    content_hash,
    faults,
    from_json,
    needs_check,
    pictures,
    tidy,
    to_json,
    wall_ready,
    words,
)
from tests.factories.questions import GOOD_BODIES, bodies, good_bodies

PICTURE = Picture("ab" * 32 + ".png", "油锅起火的厨房")


# --- JSON and hash ------------------------------------------------------------------------------
@given(bodies())
def test_a_body_comes_back_from_json_as_it_was(body: Body) -> None:
    assert from_json(json.loads(json.dumps(to_json(body)))) == body


@given(bodies())
def test_equal_content_has_an_equal_hash_and_tidying_twice_changes_nothing(body: Body) -> None:
    assert content_hash(from_json(to_json(body))) == content_hash(body)
    assert tidy(tidy(body)) == tidy(body)


@given(bodies(), bodies())
def test_different_content_has_different_hashes(one: Body, other: Body) -> None:
    assert (content_hash(one) == content_hash(other)) is (one == other)


def test_the_hash_of_a_question_never_changes_with_our_code() -> None:
    """Stored versions and papers name content by it: a new field must leave old hashes alone."""
    body = Body("judge", "火警电话是119。", (Option("对", True), Option("错")), explanation="是。", source="V78")
    assert content_hash(body) == "8902531272b2200c86811874ce19915b904e6e465ff03a999752ec01dbe9941c"


@pytest.mark.parametrize("data", [{}, {"kind": "single", "options": [1]}, {"kind": "short", "rubric": [{"marks": "x"}]}])
def test_other_json_is_refused(data: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
        from_json(data)


# --- what is wrong ------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_good_question_of_each_kind_is_faultless(kind: str) -> None:
    assert faults(GOOD_BODIES[kind]) == []


@pytest.mark.parametrize(
    ("kind", "change", "field", "message"),
    [
        ("single", {"kind": "essay"}, "kind", "不认识的题型“essay”"),
        ("single", {"stem": ""}, "stem", "请写题干"),
        ("single", {"stem": "长" * 1001}, "stem", "最多 1000 字"),
        ("single", {"explanation": "长" * 1001}, "explanation", "最多 1000 字"),
        ("single", {"marking": "partial"}, "marking", "单选题没有部分分"),
        ("single", {"marking": "half"}, "marking", "不认识的计分办法"),
        ("single", {"picture": replace(PICTURE, alt=" ")}, "picture", "看不见图的人"),
        ("single", {"options": (Option("甲", True),)}, "options", "请改成 2 到 8 个"),
        ("single", {"options": tuple(Option(str(i), i == 0) for i in range(9))}, "options", "现在有 9 个选项"),
        ("single", {"options": (Option("甲", True), Option("甲"))}, "options", "有两个选项写得一样"),
        ("single", {"options": (Option("甲", True), Option("乙", True))}, "options", "现在标了 2 个"),
        ("single", {"options": (Option("甲", True, "误"), Option("乙"))}, "options[0].misconception", "正确选项不写误区"),
        ("single", {"options": (Option("甲", True), Option("长" * 301))}, "options[1].text", "最多 300 字"),
        (
            "single",
            {"options": (Option("甲", True), Option("乙", picture=Picture("x.png", "")))},
            "options[1].picture",
            "请用一句话说明图上是什么",
        ),
        ("multiple", {"options": (Option("甲", True), Option("乙"))}, "options", "多选题至少要有 2 个正确选项"),
        ("indefinite", {"options": (Option("甲"), Option("乙"))}, "options", "至少要有 1 个正确选项"),
        ("judge", {"options": (Option("错", True), Option("对"))}, "options", "“对”在前"),
        ("judge", {"options": (Option("对"), Option("错"))}, "options", "现在标了 0 个"),
        ("blank", {"stem": "火警电话是多少？"}, "stem", "四个下划线"),
        ("blank", {"blanks": (("119",), ("1",))}, "blanks", "题干里有 1 个空，答案写了 2 个"),
        ("blank", {"blanks": ((),)}, "blanks[0]", "请写第 1 空的答案"),
        ("blank", {"options": (Option("甲"),)}, "options", "填空题没有选项"),
        ("order", {"items": ("一",)}, "items", "至少要有 2 项"),
        ("order", {"items": ("一", "一")}, "items", "有两项写得一样"),
        ("match", {"pairs": (Pair("红", "禁止"),)}, "pairs", "至少要有 2 对"),
        ("match", {"pairs": (Pair("红", "禁止"), Pair("红", "指令"))}, "pairs", "右边有两项写得一样"),
        ("match", {"pairs": (Pair("红", "禁止"), Pair("蓝", "禁止"))}, "pairs", "左边有两项写得一样"),
        ("match", {"pairs": (Pair("红", "禁止"), Pair("蓝", "指令"), Pair("", "警告"))}, "pairs[2].right", "警告"),
        ("short", {"rubric": ()}, "rubric", "至少写一条得分点"),
        ("short", {"rubric": (RubricLine("报警", 0),)}, "rubric[0].marks", "1 或更大"),
        ("case", {"parts": ()}, "parts", "至少要有 1 道小题"),
        ("case", {"parts": (Body("single", "", (Option("甲", True), Option("乙"))),)}, "parts[0].stem", "第 1 小题：请写题干"),
        ("case", {"parts": (Body("case", "套题"),)}, "parts[0].kind", "不能再套材料题"),
    ],
)
def test_a_fault_names_its_field_and_the_remedy(kind: str, change: dict[str, object], field: str, message: str) -> None:
    found = faults(replace(GOOD_BODIES[kind], **change))  # type: ignore[arg-type]
    assert [fault.field for fault in found if message in fault.message] == [field], found


@given(good_bodies())
def test_a_good_question_has_no_fault_and_is_tidy(body: Body) -> None:
    assert (faults(body), tidy(body)) == ([], body)


@given(bodies())
def test_every_fault_says_what_to_do(body: Body) -> None:
    for fault in faults(body):
        assert re.search("请|只能|要有|至少|最多|要是|可用|就不唯一", fault.message), fault


def test_two_options_may_share_a_text_when_their_pictures_differ() -> None:
    options = (Option("", True, picture=PICTURE), Option("", picture=Picture("cd" * 32 + ".png", "盖上锅盖")))
    assert faults(Body("single", "哪张图做得对？", options)) == []


# --- the rest -----------------------------------------------------------------------------------
def test_tidying_removes_space_and_empty_entries_but_no_option_with_a_picture() -> None:
    body = Body(
        "single",
        " 怎么办？ ",
        (Option(" 倒水 "), Option(" "), Option("", picture=PICTURE)),
        items=(" ", "一 "),
        pairs=(Pair(" ", " "), Pair(" 红")),
        rubric=(RubricLine(" ", 3),),
    )
    assert tidy(body) == Body(
        "single", "怎么办？", (Option("倒水"), Option("", picture=PICTURE)), items=("一",), pairs=(Pair("红"),)
    )


def test_what_a_class_answers_together_is_short_and_has_four_letters_at_most() -> None:
    good = GOOD_BODIES["single"]
    assert wall_ready(good)
    assert not wall_ready(replace(good, stem="长" * 81))
    assert not wall_ready(replace(good, options=(*good.options, *(Option(str(i)) for i in range(3)))))
    assert not wall_ready(replace(good, picture=PICTURE))
    assert not any(wall_ready(GOOD_BODIES[kind]) for kind in ("indefinite", "blank", "order", "match", "short", "case"))


@pytest.mark.parametrize(("source", "to_check"), [("", True), ("G", True), ("V61、G", True), ("V61", False), ("GB 2894", False)])
def test_a_fact_without_a_source_or_with_the_mark_g_is_still_to_be_checked(source: str, to_check: bool) -> None:
    assert needs_check(replace(GOOD_BODIES["single"], source=source)) is to_check


def test_pictures_of_stem_options_and_parts_are_found_once_each() -> None:
    part = Body("single", "？", (Option("甲", True, picture=PICTURE), Option("乙", picture=Picture("cd.png", "乙"))))
    body = Body("case", "材料", parts=(part, part), picture=PICTURE)
    assert [picture.name for picture in pictures(body)] == [PICTURE.name, "cd.png"]


def test_the_search_reads_every_text_but_the_misconceptions() -> None:
    found = words(GOOD_BODIES["case"])
    for part in GOOD_BODIES["case"].parts:
        assert part.stem in found


def test_the_rights_of_a_match_begin_with_those_that_belong_to_the_lefts() -> None:
    body = Body("match", "？", pairs=(Pair("黄"), Pair("红", "禁止"), Pair("蓝", "指令")))
    assert (body.lefts, body.rights) == (("禁止", "指令"), ("红", "蓝", "黄"))
