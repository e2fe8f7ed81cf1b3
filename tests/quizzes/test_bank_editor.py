"""What an editor meets: messages that say what to do, the list, its filters, and the preview."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.admin.panels import get_edit_handler

from quizzes.bank.models import Question
from quizzes.bank.services import card_by_code, load_questions
from quizzes.bank.shapes import CONTENT

pytestmark = pytest.mark.django_db


def filled_in(kind: str, *options: tuple[str, bool], **fields: Any) -> dict[str, Any]:
    """The editor's form as a browser sends it."""
    data: dict[str, Any] = {
        "code": "q901",
        "topic_slug": "fire",
        "kind": kind,
        "bands": ["P1", "P2"],
        "stem": "油锅起火怎么办？",
        "explanation": "盖锅盖隔绝空气。",
        "source_mark": "V73",
        "options-TOTAL_FORMS": str(len(options)),
        "options-INITIAL_FORMS": "0",
        "options-MIN_NUM_FORMS": "2",
        "options-MAX_NUM_FORMS": "4",
        **fields,
    }
    for i, (text, right) in enumerate(options):
        data[f"options-{i}-text"] = text
        data[f"options-{i}-ORDER"] = str(i + 1)
        if right:
            data[f"options-{i}-right"] = "on"
    return data


def form_for(data: dict[str, Any], instance: Question | None = None) -> Any:
    form_class = get_edit_handler(Question).get_form_class()
    return form_class(data, instance=instance or Question())


def test_a_well_made_question_is_accepted() -> None:
    form = form_for(filled_in("single", ("倒水", False), ("盖锅盖", True)))
    assert form.is_valid(), (form.errors, form.formsets["options"].errors)
    form.save()
    question = Question.objects.get(code="q901")
    assert question.bands == ("P1", "P2")
    options = [(option.text, option.right) for option in question.options.all()]
    assert options == [("倒水", False), ("盖锅盖", True)]
    assert str(question) == "q901 油锅起火怎么办？"


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        (
            "single",
            [("倒水", True), ("盖锅盖", True)],
            "单选题要有且只有 1 个正确选项，现在标了 2 个",
        ),
        (
            "judge",
            [("对", False), ("错", False)],
            "判断题要有且只有 1 个正确选项，现在标了 0 个",
        ),
        (
            "judge",
            [("错", True), ("对", False)],
            "判断题的选项只能是“对”“错”两个，“对”在前",
        ),
        (
            "multiple",
            [("倒水", False), ("盖锅盖", True)],
            "多选题至少要有 2 个正确选项，现在标了 1 个；只有 1 个时请改成单选题",
        ),
        ("single", [("倒水", False), ("倒水", True)], "有两个选项写得一样，请改掉其中一个"),
    ],
)
def test_a_wrong_key_is_refused_with_what_to_do(
    kind: str, options: list[tuple[str, bool]], message: str
) -> None:
    form = form_for(filled_in(kind, *options))
    assert not form.is_valid()
    assert form.non_field_errors() == [message]


@pytest.mark.parametrize("count", [1, 5])
def test_fewer_than_two_or_more_than_four_options_are_refused(count: int) -> None:
    options = [(f"选项{i}", i == 0) for i in range(count)]
    assert not form_for(filled_in("single", *options)).is_valid()


def test_a_removed_option_no_longer_counts() -> None:
    data = filled_in("single", ("倒水", True), ("盖锅盖", True), ("扇风", False))
    data["options-0-DELETE"] = "on"
    form = form_for(data)
    assert form.is_valid(), form.errors


@pytest.mark.parametrize(
    ("field", "value"), [("code", "901"), ("topic_slug", "防火"), ("bands", []), ("stem", "")]
)
def test_a_field_that_is_wrong_is_named(field: str, value: object) -> None:
    options = [("倒水", False), ("盖锅盖", True)]
    form = form_for(filled_in("single", *options, **{field: value}))
    assert not form.is_valid()
    assert list(form.errors) == [field]


def test_a_draft_keeps_its_bands_and_options_through_a_revision(three_topics: None) -> None:
    question = Question.objects.get(code="q001")
    question.stem = "草稿里的题干？"
    question.bands = ("S", "K")
    draft = question.save_revision().as_object()
    assert draft.bands == ("K", "S")
    assert draft.stem == "草稿里的题干？"
    assert len(draft.options.all()) == 4
    assert Question.objects.get(code="q001").bands == ("P1", "P2", "J")


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
    assert codes_on(page) == ["q001", "q002", "q003", "q004", "q005", "q101", "q102"]
    text = page.content.decode()
    for words in ("编号", "题型", "单选题", "主题", "适用对象", "小学低年级、小学高年级、初中"):
        assert words in text


def test_the_list_is_filtered_by_kind_and_by_band(admin_client: Client, list_url: str) -> None:
    page = admin_client.get(list_url, {"topic_slug": "fire", "kind": "judge", "band": "K"})
    assert codes_on(page) == ["q103"]


def test_the_list_costs_the_same_however_long_it_is(admin_client: Client, list_url: str) -> None:
    def queries(topic: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert admin_client.get(list_url, {"topic_slug": topic}).status_code == 200
        return len(asked)

    admin_client.get(list_url)
    Question.objects.filter(topic_slug="fire").exclude(code="q006").delete()
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


def test_the_preview_shows_the_key_the_misconception_and_the_source(
    three_topics: None,
) -> None:
    question = Question.objects.get(code="q006")
    text = question.make_preview_request().render().content.decode()
    for words in ("只要用湿毛巾捂住口鼻", "误区：湿毛巾能过滤毒气", "正确", "V70"):
        assert words in text


def test_an_editor_makes_a_question_in_the_browser_and_publishes_it(admin_client: Client) -> None:
    data = filled_in("single", ("倒水", False), ("盖锅盖", True))
    url = reverse(Question.snippet_viewset.get_url_name("add"))  # type: ignore[attr-defined]

    refused = admin_client.post(url, filled_in("single", ("倒水", True), ("盖锅盖", True)))
    assert "单选题要有且只有 1 个正确选项，现在标了 2 个" in refused.content.decode()
    assert not Question.objects.exists()

    admin_client.post(url, data)
    assert card_by_code("q901") is None, "a draft is not put to a class"

    admin_client.post(url, {**data, "code": "q902", "action-publish": "1"})
    published = card_by_code("q902")
    assert published is not None
    assert [option.text for option in published.options] == ["倒水", "盖锅盖"]
