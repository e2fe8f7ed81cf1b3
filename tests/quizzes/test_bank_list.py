"""The list of the bank as an officer meets it: columns, filters, search, the cost of a page."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quizzes.bank.models import Question
from quizzes.bank.services import load_questions
from quizzes.bank.shapes import CONTENT, read_questions

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
