"""The list of the bank as an officer meets it: columns, filters, search, the cost of a page."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quizzes.bank.domain.body import Item, Labels
from quizzes.bank.domain.states import Step
from quizzes.bank.models import Question
from quizzes.bank.services import create, load_questions, relabel, revise, take
from quizzes.bank.shapes import CONTENT, read_questions
from tests.factories.questions import GOOD_BODIES

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_topics(tmp_path: Path) -> None:
    for topic in ("drowning", "fire", "gas-poisoning"):
        shutil.copy(CONTENT / f"{topic}.yaml", tmp_path)
    load_questions(tmp_path)


@pytest.fixture
def list_url(three_topics: None) -> str:
    url: str = reverse(Question.snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]
    return url


def codes_on(page: Any) -> list[str]:
    return [question.code for question in page.context["object_list"]]


def test_the_list_shows_kind_topic_bands_and_state(admin_client: Client, list_url: str) -> None:
    page = admin_client.get(list_url, {"topic_slug": "drowning"})
    shipped = read_questions(CONTENT / "drowning.yaml")["questions"]
    assert codes_on(page) == sorted(entry["id"] for entry in shipped)[:50]
    text = page.content.decode()
    for words in ("编号", "题型", "单选题", "主题", "适用", "低、高、初", "难度", "已发布", "待核"):
        assert words in text


def test_the_list_is_filtered_by_kind_and_by_band(admin_client: Client, list_url: str) -> None:
    page = admin_client.get(list_url, {"topic_slug": "fire", "kind": "judge", "band": "K"})
    found = codes_on(page)
    assert "q103" in found
    assert {(question.topic_slug, question.kind) for question in Question.objects.filter(code__in=found)} == {("fire", "judge")}
    assert all("K" in question.bands for question in Question.objects.filter(code__in=found))


def test_the_list_costs_the_same_however_long_it_is(admin_client: Client, list_url: str) -> None:
    def queries(topic: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert admin_client.get(list_url, {"topic_slug": topic}).status_code == 200
        return len(asked)

    admin_client.get(list_url)
    Question.objects.filter(topic_slug="fire").exclude(code="q006").update(topic_slug="traffic")
    assert queries("fire") == queries("drowning")


@pytest.mark.parametrize(
    ("words", "code"),
    [("煤炉", "q023"), ("烧煤炉的屋里", "q023"), ("喝一碗醋", "q023"), ("q021", "q021")],
)
def test_a_teacher_finds_a_question_by_any_words_in_it(
    admin_client: Client, list_url: str, words: str, code: str
) -> None:
    found = codes_on(admin_client.get(list_url, {"q": words}))
    assert code in found
    assert "q001" not in found


def test_a_search_for_what_no_question_says_finds_nothing(
    admin_client: Client, list_url: str
) -> None:
    assert codes_on(admin_client.get(list_url, {"q": "量子力学"})) == []


@pytest.mark.parametrize(
    "query",
    [
        {"post": "class-teacher"},
        {"difficulty": "1"},
        {"tag": "夜间"},
        {"to_check": "1"},
        {"state": "draft"},
        {"tag": "夜间", "q": "煤炉", "band": "P1", "post": "class-teacher", "difficulty": "2", "to_check": "1"},
    ],
)
def test_each_filter_keeps_what_fits_alone_and_with_a_search(
    admin_client: Client, list_url: str, query: dict[str, str]
) -> None:
    fits = Question.objects.get(code="q023")
    relabel(fits, Labels("gas-poisoning", ("P1", "T"), ("class-teacher",), int(query.get("difficulty", "1")), ("夜间",)))
    revise(fits, replace(fits.body, source="G"))
    take(fits, Step.PUBLISH) if "state" not in query else None
    plain = Question.objects.get(code="q001")
    relabel(plain, Labels("drowning", ("J",), (), 3))
    revise(plain, replace(plain.body, source="V1"))
    take(plain, Step.PUBLISH)
    found = codes_on(admin_client.get(list_url, query))
    assert "q023" in found
    assert "q001" not in found


def test_wagtails_pages_on_a_question_lead_to_the_banks_own(admin_client: Client, list_url: str) -> None:
    pk = Question.objects.get(code="q001").pk
    for page in ("edit", "delete", "usage", "history"):
        assert admin_client.get(f"{list_url}{page}/{pk}/").url == reverse("bank_question", args=[pk])
    assert admin_client.post(f"{list_url}delete/{pk}/").status_code in (302, 405)
    assert Question.objects.filter(pk=pk).exists()
    assert admin_client.get(f"{list_url}add/").url == reverse("bank_create")


# --- the chooser of the lesson editor ------------------------------------------------------------
def chosen_from(client: Client, **query: str) -> list[str]:
    page = client.get(reverse(Question.snippet_viewset.chooser_viewset.get_url_name("choose_results")), query)  # type: ignore[attr-defined]
    assert page.status_code == 200
    return [question.code for question in page.context["results"]]


def test_a_lesson_chooses_published_questions_that_a_class_can_answer(admin_client: Client, list_url: str) -> None:
    draft, retired = Question.objects.get(code="q002"), Question.objects.get(code="q003")
    take(retired, Step.RETIRE)
    revise(draft, replace(draft.body, stem="改了一半？"))
    made = create(Item(GOOD_BODIES["short"], Labels("fire", ("T",)), "q000"))
    take(made, Step.PUBLISH)
    found = chosen_from(admin_client)
    assert found[:3] == ["q001", "q002", "q004"], "an old version in use may be chosen, what is out of use may not"


def test_a_lesson_finds_a_question_by_chinese_words(admin_client: Client, list_url: str) -> None:
    assert "q023" in chosen_from(admin_client, q="煤炉")
    assert chosen_from(admin_client, q="量子力学") == []


def test_the_choosers_dialogue_opens_and_gives_the_question(admin_client: Client, list_url: str) -> None:
    views = Question.snippet_viewset.chooser_viewset  # type: ignore[attr-defined]
    assert "q001" in admin_client.get(reverse(views.get_url_name("choose"))).content.decode()
    question = Question.objects.get(code="q001")
    told = admin_client.get(reverse(views.get_url_name("chosen"), args=[question.pk])).json()
    assert told["result"]["string"] == str(question)
