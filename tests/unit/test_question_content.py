"""The shipped questions are fair: no place or length betrays a key, every class has some."""

from __future__ import annotations

import re
from collections import Counter
from itertools import product
from typing import Any

import pytest

from quizzes.bank.shapes import read_folder

TOPICS = [
    "drowning",
    "fire",
    "traffic",
    "electric-shock",
    "gas-poisoning",
    "food-poisoning",
    "infectious-disease",
    "stampede",
    "natural-disaster",
    "bullying-violence",
    "abuse-abduction",
    "theft-fraud",
    "harmful-temptation",
    "accidental-injury",
    "mental-health",
]
PUPILS = ("K", "P1", "P2", "J", "S")
FILES = {data["topic"]: data["questions"] for data in read_folder()[0]}
QUESTIONS = [question for questions in FILES.values() for question in questions]


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [question for question in QUESTIONS if question["type"] == kind]


def right_places(question: dict[str, Any]) -> list[int]:
    return [i for i, option in enumerate(question["options"]) if option.get("right")]


def every_text(question: dict[str, Any]) -> list[str]:
    options = question["options"]
    ideas = [option["misconception"] for option in options if "misconception" in option]
    texts = [option["text"] for option in options]
    return [question["stem"], question["explanation"], *texts, *ideas]


def test_there_are_fifteen_topics_with_seven_questions_or_more() -> None:
    assert sorted(FILES) == sorted(TOPICS)
    assert min(len(questions) for questions in FILES.values()) >= 7
    assert len(QUESTIONS) >= 105


def test_no_place_holds_the_key_of_a_single_choice_more_often_than_others() -> None:
    places = Counter(right_places(question)[0] for question in of_kind("single"))
    shares = [places[i] / places.total() for i in range(4)]
    assert all(0.2 <= share <= 0.3 for share in shares), shares


def test_the_longest_option_is_the_key_no_more_often_than_by_chance() -> None:
    longest = shortest = 0
    for question in of_kind("single"):
        key = right_places(question)[0]
        lengths = [len(option["text"]) for option in question["options"]]
        others = lengths[:key] + lengths[key + 1 :]
        longest += lengths[key] > max(others)
        shortest += lengths[key] < min(others)
    assert longest / len(of_kind("single")) <= 0.3
    assert shortest / len(of_kind("single")) <= 0.3


def test_true_statements_are_neither_rare_nor_the_rule() -> None:
    true = sum(right_places(question) == [0] for question in of_kind("judge"))
    assert 0.4 <= true / len(of_kind("judge")) <= 0.65


def test_the_wrong_option_of_a_multiple_choice_stands_in_every_place() -> None:
    wrong = Counter(
        i
        for question in of_kind("multiple")
        for i in range(len(question["options"]))
        if i not in right_places(question)
    )
    assert set(wrong) == {0, 1, 2, 3}
    assert max(wrong.values()) / wrong.total() <= 0.45
    assert {len(right_places(question)) for question in of_kind("multiple")} >= {2, 3}


@pytest.mark.parametrize(("topic", "band"), list(product(TOPICS, PUPILS)))
def test_every_class_has_a_question_on_every_topic(topic: str, band: str) -> None:
    assert any(band in question["bands"] for question in FILES[topic])


@pytest.mark.parametrize("band", ["T", "F"])
def test_staff_and_parents_have_a_question_on_every_topic(band: str) -> None:
    assert all(any(band in q["bands"] for q in questions) for questions in FILES.values())


def offenders(pattern: str) -> list[tuple[str, str]]:
    """Every text of the bank that holds a pattern, with the id of its question."""
    return [
        (question["id"], text)
        for question in QUESTIONS
        for text in every_text(question)
        if re.search(pattern, text)
    ]


def test_options_fit_two_lines_on_the_wall() -> None:
    options = [(q["id"], option["text"]) for q in QUESTIONS for option in q["options"]]
    assert [(code, text) for code, text in options if len(text) > 28] == []


def test_punctuation_is_full_width() -> None:
    assert offenders(r"[,;:?!()~<>\"']") == []


def test_brackets_and_quotation_marks_come_in_pairs() -> None:
    left = [
        (question["id"], text)
        for question in QUESTIONS
        for text in every_text(question)
        for opening, closing in ("“”", "《》", "（）")
        if text.count(opening) != text.count(closing)
    ]
    assert left == []


def test_statements_end_as_statements_and_questions_as_questions() -> None:
    endings = {question["id"]: question["stem"][-1] for question in QUESTIONS}
    expected = {q["id"]: "。" if q["type"] == "judge" else "？" for q in QUESTIONS}
    assert endings == expected
    assert [q["id"] for q in QUESTIONS if not q["explanation"].endswith("。")] == []


def test_every_question_says_where_its_fact_comes_from() -> None:
    assert [question["id"] for question in QUESTIONS if not question["source"].strip()] == []


def test_no_question_speaks_about_how_it_was_written() -> None:
    assert offenders("种子|编辑|材料要求") == []


def test_wrong_options_say_what_they_stand_for() -> None:
    wrong = [o for q in QUESTIONS for o in q["options"] if not o.get("right")]
    named = [option for option in wrong if "misconception" in option]
    assert len(named) / len(wrong) >= 0.9


def test_the_topic_on_feelings_always_leaves_a_number_to_call() -> None:
    said = [" ".join(every_text(question)) for question in FILES["mental-health"]]
    assert [text for text in said if "12356" not in text] == []


def test_asking_about_suicide_is_never_put_to_younger_pupils() -> None:
    [question] = [question for question in QUESTIONS if question["id"] == "q075"]
    assert set(question["bands"]) == {"T", "F", "S"}
    assert "用语以专业人员审定为准" in question["explanation"]
