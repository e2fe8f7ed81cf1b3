"""The editor's form: what is typed becomes a question, comes back as it was typed, and says what is wrong where."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from quizzes.bank.domain.body import KINDS, Body, Option, faults
from quizzes.bank.office.sheet import OptionRow, Sheet, compact, name_of, problems, read, sheet_of
from tests.factories.questions import GOOD_BODIES, bodies, good_bodies


def typed(sheet: Sheet, prefix: str = "") -> dict[str, str]:
    """The fields that a browser sends for a sheet."""
    data = {prefix + name: getattr(sheet, name) for name in ("kind", "stem", "picture", "alt", "judge", "misconception")}
    data |= {prefix + name: getattr(sheet, name) for name in ("blanks", "items", "answer", "explanation", "source")}
    if sheet.partial:
        data[f"{prefix}partial"] = "on"
    for i, option in enumerate(sheet.options):
        at = f"{prefix}options-{i}-"
        data |= {f"{at}text": option.text, f"{at}misconception": option.misconception}
        data |= {f"{at}picture": option.picture, f"{at}alt": option.alt} | ({f"{at}right": "on"} if option.right else {})
    for i, pair in enumerate(sheet.pairs):
        data |= {f"{prefix}pairs-{i}-left": pair.left, f"{prefix}pairs-{i}-right": pair.right}
    for i, line in enumerate(sheet.rubric):
        data |= {f"{prefix}rubric-{i}-text": line.text, f"{prefix}rubric-{i}-marks": line.marks}
    for i, part in enumerate(sheet.parts):
        data |= typed(part, f"{prefix}parts-{i}-")
    return data


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_comes_back_from_the_form_as_it_went_in(kind: str) -> None:
    body = GOOD_BODIES[kind]
    sheet = sheet_of(body)
    assert sheet.body == body
    assert compact(read(typed(sheet.padded))).body == body
    assert problems(compact(read(typed(sheet.padded)))) == {}


@given(good_bodies())
def test_any_faultless_question_can_be_edited_without_a_change(body: Body) -> None:
    assert faults(body) == []
    assert compact(read(typed(sheet_of(body)))).body == body


def test_trying_another_kind_loses_nothing() -> None:
    sheet = sheet_of(GOOD_BODIES["single"])
    tried = read(typed(replace(sheet, kind="blank")))
    assert tried.body.options == ()
    assert replace(tried, kind="single").body == GOOD_BODIES["single"]


@pytest.mark.parametrize(
    ("line", "variants"),
    [
        ("119", ("119",)),
        ("119 / 一一九", ("119", "一一九")),
        ("湿毛巾、湿布／湿手帕", ("湿毛巾", "湿布", "湿手帕")),
        ("“千米/小时” / km", ("千米/小时", "km")),
        ("1 / “、”", ("1", "、")),
        ("他说“好” / 好", ("他说“好”", "好")),
        ("““好””” / ““””、”””", ("“好”", "“”、”")),
        (" / ", ()),
    ],
)
def test_the_variants_of_a_blank_stand_on_one_line(line: str, variants: tuple[str, ...]) -> None:
    assert Sheet(kind="blank", blanks=line).body.blanks == (variants,)


def test_each_line_is_a_blank_and_an_empty_line_between_them_is_told() -> None:
    sheet = Sheet(kind="blank", stem="拨打____，带上____和____。", blanks="119\n\n毛巾\n", source="V1")
    assert sheet.body.blanks == (("119",), (), ("毛巾",))
    assert problems(sheet) == {"blanks": ["请写第 2 空的答案"]}


def test_a_judge_question_is_two_buttons_and_one_misconception() -> None:
    sheet = Sheet(kind="judge", stem="水能灭油火。", judge="1", misconception="水能灭一切火")
    assert sheet.body.options == (Option("对", misconception="水能灭一切火"), Option("错", True))
    assert problems(replace(sheet, judge="")) == {"options": ["判断题要有且只有 1 个正确选项，现在标了 0 个"]}


def test_an_option_of_which_only_the_misconception_is_written_is_told_and_not_lost() -> None:
    sheet = Sheet(stem="？", options=(OptionRow("甲", True), OptionRow(misconception="误区"), OptionRow("乙")))
    assert problems(sheet)["options-1-text"] == ["选项 B 还没有文字，请写上，或把这一行清空"]


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("stem", "stem"),
        ("options[1].text", "options-1-text"),
        ("options[1].picture", "options-1-alt"),
        ("blanks[0]", "blanks"),
        ("rubric[0].marks", "rubric-0-marks"),
        ("parts[0].options[1].misconception", "parts-0-options-1-misconception"),
        ("parts[2].blanks[1]", "parts-2-blanks"),
        ("parts[0].kind", "parts-0-kind"),
    ],
)
def test_a_fault_stands_at_its_field_of_the_form(field: str, name: str) -> None:
    assert name_of(field) == name


@given(bodies())
def test_nothing_that_is_typed_breaks_the_form(body: Body) -> None:
    sheet = compact(read(typed(sheet_of(body))))
    for name, messages in problems(sheet).items():
        assert name and all(messages)


def test_a_form_with_a_thousand_rows_is_cut() -> None:
    assert len(read({f"options-{i}-text": "甲" for i in range(1000)}).options) == 30
