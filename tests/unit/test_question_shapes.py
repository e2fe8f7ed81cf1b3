"""A mistake in a question file is told by file, line and field, in words that say what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.contentfile import ContentErrors
from quizzes.bank.domain.body import CHOICE_KINDS, JUDGE_TEXTS, Body, Option, faults
from quizzes.bank.shapes import CONTENT, main, read_folder, read_questions

GOOD = """\
topic: "fire"
questions:
  - id: "q901"
    type: single
    bands: [P1, P2]
    stem: "油锅起火怎么办？"
    options:
      - {text: "倒水", misconception: "水能灭一切火"}
      - {text: "盖锅盖", right: true}
      - {text: "用扇子扇"}
    explanation: "盖锅盖隔绝空气。"
    source: "V73"
  - id: "q902"
    type: judge
    bands: [K]
    stem: "火警电话是119。"
    options:
      - {text: "对", right: true}
      - {text: "错"}
    explanation: "119是火警电话。"
    source: "V78"
  - id: "q903"
    type: multiple
    bands: [J, S]
    stem: "哪些做法危险？"
    options:
      - {text: "电池入户充电", right: true}
      - {text: "私拉电线", right: true}
      - {text: "人走断电"}
    explanation: "人走断电是好习惯。"
    source: "S4a、V67"
"""


def write(folder: Path, text: str, name: str = "fire.yaml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def problems_after(folder: Path, old: str, new: str) -> list[tuple[int, str, str]]:
    """The problems of the good file after one place of it was spoilt."""
    assert GOOD.count(old) == 1, "the test must spoil exactly one place"
    with pytest.raises(ContentErrors) as caught:
        read_questions(write(folder, GOOD.replace(old, new)))
    assert {problem.file for problem in caught.value.problems} == {"fire.yaml"}
    return [(p.line, p.field, p.message) for p in caught.value.problems]


def test_a_good_file_is_read_with_all_its_questions(tmp_path: Path) -> None:
    data = read_questions(write(tmp_path, GOOD))
    assert [question["id"] for question in data["questions"]] == ["q901", "q902", "q903"]


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "words"),
    [
        ('"q901"', '"901"', 3, "questions[1].id", "q001"),
        ('"q901"', "901", 3, "questions[1].id", "加引号"),
        ("type: judge", "type: truefalse", 14, "questions[2].type", "single、judge、multiple、indefinite、blank"),
        ("[P1, P2]", "[P1, P9]", 5, "questions[1].bands[2]", "P9"),
        ("[P1, P2]", "[P1, P1]", 5, "questions[1].bands", "两次"),
        ("[K]", "[]", 15, "questions[2].bands", "0 项"),
        ('"油锅起火怎么办？"', '""', 6, "questions[1].stem", "不能为空"),
        ("盖锅盖隔绝空气。", "火" * 121, 11, "questions[1].explanation", "最多 120 字"),
        ("用扇子扇", "扇" * 41, 10, "questions[1].options[3].text", "最多 40 字"),
        ("水能灭一切火", "误" * 25, 8, "questions[1].options[1].misconception", "最多 24 字"),
        ('"V73"', '"百度"', 12, "questions[1].source", "V61"),
        ('"V73"', '"V"', 12, "questions[1].source", "V61"),
        ("用扇子扇", "倒水", 7, "questions[1].options", "写得一样"),
        ('"盖锅盖", right: true', '"盖锅盖"', 7, "questions[1].options", "标了 0 个"),
        ('"用扇子扇"', '"用扇子扇", right: true', 7, "questions[1].options", "标了 2 个"),
        ('"用扇子扇"', '"扇", right: "yes"', 10, "questions[1].options[3].right", "true"),
        ('"用扇子扇"', '"扇", rigth: true', 10, "questions[1].options[3].rigth", "不认识"),
        ('text: "错"', 'text: "不对"', 17, "questions[2].options", "“对”“错”"),
        ('"私拉电线", right: true', '"私拉电线"', 26, "questions[3].options", "至少"),
        ('"人走断电"', '"抽烟", right: true', 26, "questions[3].options", "加一个错误选项"),
        ('"q902"', '"q901"', 13, "questions[2].id", "两次"),
        ('topic: "fire"', 'topic: "traffic"', 1, "topic", "fire.yaml"),
        ('topic: "fire"', 'topic: "Fire 1"', 1, "topic", "drowning"),
        (
            '"盖锅盖", right: true',
            '"盖锅盖", right: true, misconception: "x"',
            9,
            "questions[1].options[2].misconception",
            "正确选项不写误区",
        ),
    ],
)
def test_a_mistake_names_its_line_its_field_and_the_remedy(
    tmp_path: Path, old: str, new: str, line: int, field: str, words: str
) -> None:
    [(found_line, found_field, message)] = problems_after(tmp_path, old, new)
    assert (found_line, found_field) == (line, field)
    assert words in message


def test_a_missing_field_is_told_at_its_question(tmp_path: Path) -> None:
    [(line, field, message)] = problems_after(tmp_path, '    source: "V73"\n', "")
    assert (line, field) == (3, "questions[1]")
    assert "source" in message


def test_all_options_may_be_right_when_the_question_says_so(tmp_path: Path) -> None:
    text = GOOD.replace('"人走断电"', '"抽烟", right: true').replace(
        "type: multiple", "type: multiple\n    all_right: true"
    )
    assert len(read_questions(write(tmp_path, text))["questions"]) == 3


def test_an_id_used_in_two_files_makes_the_later_file_faulty(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    later = GOOD.replace('topic: "fire"', 'topic: "traffic"').replace("q901", "q911")
    write(tmp_path, later.replace("q902", "q912"), "traffic.yaml")
    files, problems = read_folder(tmp_path)
    assert [data["topic"] for data in files] == ["fire"]
    [problem] = problems
    assert (problem.file, problem.field) == ("traffic.yaml", "questions[3].id")
    assert "q903" in problem.message
    assert "fire.yaml" in problem.message


def test_the_check_command_finds_the_shipped_files_without_fault(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main() == 0
    assert capsys.readouterr().out.count("没有问题") == len(list(CONTENT.glob("*.yaml"))) >= 15


def test_a_question_for_staff_alone_may_be_as_long_as_a_situation_needs(tmp_path: Path) -> None:
    long = GOOD.replace("油锅起火怎么办？", "晚自习时食堂后厨起火，" * 10)
    with pytest.raises(ContentErrors, match="最多 80 字"):
        read_questions(write(tmp_path, long))
    assert read_questions(write(tmp_path, long.replace("[P1, P2]", "[T]")))


def test_posts_are_for_staff_only(tmp_path: Path) -> None:
    text = GOOD.replace("bands: [P1, P2]", "bands: [P1, P2]\n    posts: [class-teacher]")
    with pytest.raises(ContentErrors, match="分岗位的题目要给教职工"):
        read_questions(write(tmp_path, text))


texts = st.lists(st.text("甲乙丙丁戊", min_size=1, max_size=4), min_size=2, max_size=4, unique=True)


def key_problems(kind: str, texts: Sequence[str], right: Sequence[bool]) -> list[str]:
    """What is said about the options of an otherwise good question."""
    options = tuple(Option(text, key) for text, key in zip(texts, right, strict=True))
    return [fault.message for fault in faults(Body(kind, "怎么办？", options, source="V1"))]


@given(texts, st.integers(0, 3))
def test_one_right_option_always_makes_a_good_single_choice(texts: list[str], key: int) -> None:
    right = [i == key % len(texts) for i in range(len(texts))]
    assert key_problems("single", texts, right) == []


@given(st.data(), texts)
def test_a_good_multiple_choice_has_two_right_or_more(data: st.DataObject, texts: list[str]) -> None:
    right = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    assert (key_problems("multiple", texts, right) == []) is (sum(right) >= 2)


@given(st.sampled_from(sorted(CHOICE_KINDS)), st.lists(st.tuples(st.text(max_size=3), st.booleans())))
def test_every_problem_is_a_sentence_with_a_remedy(kind: str, options: list[tuple[str, bool]]) -> None:
    problems = key_problems(kind, [t for t, _ in options], [r for _, r in options])
    assert all(re.search("请|只能|要有|至少要", problem) for problem in problems)


@given(st.booleans())
def test_a_judge_question_has_right_then_wrong_and_one_key(key: bool) -> None:
    assert key_problems("judge", JUDGE_TEXTS, [key, not key]) == []
    assert key_problems("judge", JUDGE_TEXTS[::-1], [key, not key]) != []
    assert key_problems("judge", JUDGE_TEXTS, [True, True]) != []
