"""What changed between two versions, in words; and whether it changes who is right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from quizzes.bank.domain.body import Body, Option, Pair, Picture, RubricLine
from quizzes.bank.domain.diff import changes, key_changes, marked
from tests.factories.questions import GOOD_BODIES, good_bodies

SINGLE = GOOD_BODIES["single"]
A, B, C = SINGLE.options


def said(old: Body, new: Body) -> list[str]:
    return [str(change) for change in changes(old, new)]


def test_another_key_is_said_with_letters_and_texts_and_comes_first() -> None:
    new = replace(SINGLE, stem="油锅着火怎么办？", options=(A, replace(B, right=False), replace(C, right=True)))
    assert said(SINGLE, new) == [
        "正确答案：“B（盖上锅盖）” 改为 “C（用扇子扇）”",
        "题干：“油锅起火怎么办？” 改为 “油锅着火怎么办？”",
    ]


def test_the_changed_characters_are_marked() -> None:
    assert marked("油锅起火怎么办？", "油锅着火怎么办？") == (
        ("same", "油锅"),
        ("del", "起"),
        ("ins", "着"),
        ("same", "火怎么办？"),
    )


def test_texts_with_nothing_in_common_stand_one_after_the_other() -> None:
    assert marked("倒水", "盖锅盖") == (("del", "倒水"), ("ins", "盖锅盖"))


def test_an_option_put_in_between_makes_the_others_no_change() -> None:
    assert said(SINGLE, replace(SINGLE, options=(A, Option("打电话"), B, C))) == ["选项 B：新增“打电话”"]


def test_a_removed_option_is_named_by_its_old_letter() -> None:
    assert said(SINGLE, replace(SINGLE, options=(B, C))) == ["选项 A：删去“往锅里倒水”"]


def test_options_in_another_order_are_an_order_and_no_other_key() -> None:
    new = replace(SINGLE, options=(C, A, B))
    assert said(SINGLE, new) == ["选项次序：“A、B、C” 改为 “C、A、B”"]
    assert key_changes(SINGLE, new) == []


def test_a_reworded_right_option_is_no_other_key() -> None:
    new = replace(SINGLE, options=(A, replace(B, text="马上盖上锅盖"), C))
    assert said(SINGLE, new) == ["选项 B：“盖上锅盖” 改为 “马上盖上锅盖”"]
    assert key_changes(SINGLE, new) == []


def test_misconceptions_explanation_and_source_are_fields_of_their_own() -> None:
    new = replace(SINGLE, options=(replace(A, misconception="水灭火"), B, C), explanation="隔绝空气。", source="G")
    assert [change.label for change in changes(SINGLE, new)] == ["选项 A 的误区", "解析", "来源"]


def test_a_judge_question_turned_round_is_another_key() -> None:
    judge = GOOD_BODIES["judge"]
    new = replace(judge, options=(Option("对"), Option("错", True)))
    assert said(judge, new) == ["正确答案：“A（对）” 改为 “B（错）”"]


@pytest.mark.parametrize(
    ("kind", "change", "label"),
    [
        ("multiple", {"marking": "exact"}, "计分办法"),
        ("single", {"kind": "indefinite"}, "题型"),
        ("blank", {"blanks": (("119", "火警"),)}, "第 1 空的答案"),
        ("order", {"items": ("发现起火", "撤离", "大声呼救", "拨打119")}, "正确次序"),
        ("match", {"pairs": (Pair("指令", "红"), Pair("禁止", "蓝"), Pair("黄"))}, "配对"),
        ("case", {"parts": GOOD_BODIES["case"].parts[:1]}, "第 2 小题"),
    ],
)
def test_whatever_changes_who_is_right_is_marked(kind: str, change: dict[str, object], label: str) -> None:
    old = GOOD_BODIES[kind]
    assert label in [found.label for found in key_changes(old, replace(old, **change))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "change", "label"),
    [
        ("blank", {"blanks": (("一一九", "119"),)}, "第 1 空的答案"),
        ("order", {"items": ("发现着火", "大声呼救", "撤离", "拨打119")}, "第 1 项"),
        ("short", {"rubric": (RubricLine("先制止", 5),)}, "得分点"),
        ("short", {"answer": "先止后疏，再报告。"}, "参考答案"),
        ("single", {"picture": Picture("a.png", "厨房")}, "题干的图片"),
    ],
)
def test_a_change_that_leaves_the_key_is_told_and_not_marked(kind: str, change: dict[str, object], label: str) -> None:
    old = GOOD_BODIES[kind]
    [found] = changes(old, replace(old, **change))  # type: ignore[arg-type]
    assert (found.label, found.key) == (label, False)


def test_a_change_in_a_part_of_a_case_names_the_part() -> None:
    case = GOOD_BODIES["case"]
    part = replace(case.parts[0], options=(A, replace(B, right=False), replace(C, right=True)))
    assert said(case, replace(case, parts=(part, case.parts[1]))) == [
        "第 1 小题 正确答案：“B（盖上锅盖）” 改为 “C（用扇子扇）”"
    ]


@given(good_bodies())
def test_equal_questions_have_no_change(body: Body) -> None:
    assert changes(body, body) == []


@given(good_bodies(), good_bodies())
def test_different_questions_have_one_and_its_pieces_make_both_texts(old: Body, new: Body) -> None:
    found = changes(old, new)
    assert bool(found) is (old != new)
    for change in found:
        assert "".join(text for tag, text in change.pieces if tag != "ins") == change.old
        assert "".join(text for tag, text in change.pieces if tag != "del") == change.new


def test_rights_that_look_alike_and_change_places_change_the_key() -> None:
    old = Body("match", "配对", pairs=(Pair("拨打119", "火警"), Pair("拨打120", "急救")))
    turned = Body("match", "配对", pairs=(Pair("拨打120", "火警"), Pair("拨打119", "急救")))
    assert len(key_changes(old, turned)) == 2
    spare = Body("match", "配对", pairs=(*old.pairs, Pair("拨打110")))
    assert key_changes(spare, Body("match", "配对", pairs=(Pair("拨打110", "火警"), Pair("拨打120", "急救"), Pair("拨打119"))))
    assert not key_changes(old, Body("match", "配对", pairs=(Pair("马上拨打119", "火警"), Pair("拨打120", "急救"))))
