"""What an officer reads of how questions were answered."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from quizzes.bank import tallies
from quizzes.bank.domain.statistics import Answered, tallied
from quizzes.bank.models import ItemTally, Question
from quizzes.bank.services import load_questions, revise
from quizzes.bank.shapes import CONTENT
from quizzes.bank.templatetags.figures import decimal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bank(tmp_path: Path) -> None:
    shutil.copy(CONTENT / "drowning.yaml", tmp_path)
    load_questions(tmp_path)


def answer(code: str, option: int, times: int, rest: float = 0.5, source: str = "live") -> None:
    question = Question.objects.get(code=code)
    right = option in question.body.right
    tally = tallied([Answered(float(right), rest, (option,), 12.0)] * times)
    tallies.add(source, {question.live_version_id: tally})


def test_doubtful_questions_come_first_with_what_to_check(admin_client: Client) -> None:
    answer("q003", 3, 40)
    answer("q001", 2, 40, rest=0.9)
    answer("q001", 1, 10, rest=0.2)
    page = admin_client.get(reverse("bank_statistics"))
    assert [question.code for question, _figures in page.context["page_obj"]] == ["q001", "q003"]
    assert "选 C 的人比选正确答案的还多" in page.content.decode()
    only = admin_client.get(reverse("bank_statistics"), {"doubtful": "1"})
    assert [question.code for question, figures in only.context["page_obj"] if not figures.warnings] == []


def test_a_question_shows_each_option_with_its_misconception_and_all_sources_together(admin_client: Client) -> None:
    answer("q001", 0, 5)
    answer("q001", 1, 15, source="exam")
    question = Question.objects.get(code="q001")
    text = admin_client.get(reverse("bank_statistics_question", args=[question.pk])).content.decode()
    for words in ("20 人作答", "答对率 75%", "会游泳就能下水救人", "≤ 15 秒", "25%"):
        assert words in text


def test_a_new_version_starts_its_own_figures(admin_client: Client) -> None:
    answer("q001", 1, 5)
    question = Question.objects.get(code="q001")
    from dataclasses import replace

    revise(question, replace(question.body, stem="同伴掉进水塘，你怎么做？"))
    [only] = tallies.of_question(question)
    assert only.version.number == 1
    assert ItemTally.objects.get().version.question_id == question.pk


def test_the_list_costs_the_same_however_long_it_is(admin_client: Client, django_assert_max_num_queries) -> None:
    answer("q001", 1, 5)
    admin_client.get(reverse("bank_statistics"))
    with django_assert_max_num_queries(12) as one:
        admin_client.get(reverse("bank_statistics"))
    for code in ("q002", "q003", "q004"):
        answer(code, 0, 5)
    with django_assert_max_num_queries(len(one)):
        admin_client.get(reverse("bank_statistics"))


def test_nobody_answered_yet_is_said_in_words(admin_client: Client) -> None:
    assert "还没有人答过题" in admin_client.get(reverse("bank_statistics")).content.decode()


def test_a_figure_that_is_nearly_nothing_has_no_sign() -> None:
    assert [decimal(value) for value in (-0.002, -0.04, 0.414, None)] == ["0.00", "-0.04", "0.41", "—"]
