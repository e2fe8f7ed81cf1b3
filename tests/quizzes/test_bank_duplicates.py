"""Near-duplicates: told while somebody types, and listed for the whole bank."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizzes.bank.domain.body import Item, Labels
from quizzes.bank.domain.states import Step
from quizzes.bank.models import Question
from quizzes.bank.services import create, revise, take
from tests.factories.questions import GOOD_BODIES
from tests.unit.test_question_similar import many_stems

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]

SINGLE = GOOD_BODIES["single"]
STEM = "操场上风筝线缠住了高压电线，应当怎么处置？"


def made(stem: str, topic: str = "fire") -> Question:
    return create(Item(replace(SINGLE, stem=stem), Labels(topic, ("P1",))))


def alike(client: Client, stem: str, question: Question | None = None) -> list[dict[str, Any]]:
    answer = client.post(reverse("bank_similar"), {"stem": stem, "question": str(question.pk) if question else ""})
    found: list[dict[str, Any]] = answer.json()["found"]
    return found


def test_a_reworded_stem_is_found_with_its_likeness_and_a_link_whatever_its_topic(editor: Client) -> None:
    question = made(STEM, "electric-shock")
    [first, *_] = alike(editor, "操场上风筝线缠住了高压电线，怎么处置才对？")
    assert first["code"] == question.code
    assert 60 <= first["percent"] < 100
    assert first["url"] == reverse("bank_question", args=[question.pk])
    assert (first["topic"], first["kind"], first["state"]) == ("防触电", "单选题", "草稿")


def test_what_only_the_other_stem_says_is_marked(editor: Client) -> None:
    made(STEM)
    [first, *_] = alike(editor, STEM.replace("应当", ""))
    assert first["stem"] == [[False, "操场上风筝线缠住了高压电线，"], [True, "应当"], [False, "怎么处置？"]]


def test_a_question_is_not_told_of_itself(editor: Client) -> None:
    question = made(STEM)
    assert question.code not in [found["code"] for found in alike(editor, STEM, question)]


def test_a_new_or_changed_stem_is_found_at_once_and_the_old_one_no_longer(editor: Client) -> None:
    question = made(STEM)
    assert alike(editor, STEM)
    other = "宿舍里有人私接热得快，值班老师先做什么？"
    revise(question, replace(SINGLE, stem=other))
    assert [found["code"] for found in alike(editor, other)] == [question.code]
    assert alike(editor, STEM) == []


def test_a_few_characters_are_alike_to_nothing(editor: Client) -> None:
    assert alike(editor, "火灾？") == []
    assert alike(editor, "") == []


def test_the_answer_comes_within_a_tenth_of_a_second_at_five_thousand_questions(editor: Client) -> None:
    stems = many_stems(5_000)
    Question.objects.bulk_create(Question(code=f"q3{i:05}", kind="single", stem=stem) for i, stem in enumerate(stems))
    alike(editor, "先读一遍整个题库")
    took = []
    for stem in many_stems(12):
        started = time.perf_counter()
        assert alike(editor, stem)
        took.append(time.perf_counter() - started)
    assert sorted(took)[len(took) // 2] < 0.1, took


def test_the_report_lists_pairs_the_most_alike_first_without_retired_ones(editor: Client) -> None:
    one, same, near, gone = made(STEM), made(STEM), made(STEM.replace("应当", "老师应当")), made(STEM)
    take(gone, Step.RETIRE)
    page = editor.get(reverse("bank_duplicates"))
    pairs = [(twin.first.code, twin.second.code, twin.percent) for twin in page.context["twins"]]
    assert (one.code, same.code, 100) in pairs
    assert any({first, second} == {one.code, near.code} and percent < 100 for first, second, percent in pairs)
    assert gone.code not in {code for pair in pairs for code in pair[:2]}
    assert [pair[2] for pair in pairs] == sorted((pair[2] for pair in pairs), reverse=True)


def test_a_teacher_sees_no_report(teacher: Client) -> None:
    assert teacher.get(reverse("bank_duplicates")).status_code == 403
