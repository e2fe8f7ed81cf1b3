"""Changes to many questions at once: those that were ticked, or all that match; all or none of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.audit.models import AuditEntry
from quizzes.bank.bulk import LabelChange, Refused, change_labels
from quizzes.bank.domain.body import Body, Item, Labels
from quizzes.bank.models import Question
from quizzes.bank.services import create_many, labels_of
from tests.factories.questions import GOOD_BODIES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]

LIST = "/cms/snippets/bank/question/"


@pytest.fixture
def drafts() -> list[Question]:
    labels = [Labels("fire", ("P1",), tags=("旧",)), Labels("fire", ("T",), ("class-teacher",)), Labels("traffic", ("J",))]
    return create_many(Item(GOOD_BODIES["single"], each) for each in labels)


def address(action: str, questions: list[Question] | None = None, **query: Any) -> str:
    """The confirm page for ticked rows, or (without questions) for all that match a filter."""
    ids = "&".join(f"id={question.pk}" for question in questions) if questions is not None else "id=all"
    more = "".join(f"&{name}={value}" for name, value in query.items())
    return reverse("wagtail_bulk_action", args=["bank", "question", action]) + f"?{ids}{more}&next={LIST}"


def reread(questions: list[Question]) -> list[Question]:
    return list(Question.objects.filter(pk__in=[question.pk for question in questions]).order_by("pk"))


def test_the_confirm_page_says_how_many_and_which(editor: Client, drafts: list[Question]) -> None:
    text = editor.get(address("labels", drafts)).content.decode()
    assert "将改动 <strong>3</strong> 道题" in text
    assert all(question.code in text for question in drafts)
    assert [question.state for question in reread(drafts)] == ["draft"] * 3


def test_tags_are_added_and_removed_and_difficulty_set_for_ticked_rows(editor: Client, drafts: list[Question]) -> None:
    data = {"add_tags": "厨房、消防", "remove_tags": "旧", "difficulty": "3"}
    assert editor.post(address("labels", drafts[:2]), data).url == LIST
    first, second, third = (labels_of(question) for question in reread(drafts))
    assert (first.tags, first.difficulty) == (("厨房", "消防"), 3)
    assert (second.tags, second.difficulty) == (("厨房", "消防"), 3)
    assert (third.tags, third.difficulty) == ((), 2)


def test_bands_and_posts_are_added_and_taken_away(editor: Client, drafts: list[Question]) -> None:
    editor.post(address("labels", drafts[1:2]), {"add_bands": ["F"], "add_posts": ["pe-teacher"], "remove_posts": ["class-teacher"]})
    labels = labels_of(reread(drafts)[1])
    assert (labels.bands, labels.posts) == (("T", "F"), ("pe-teacher",))


def test_all_that_match_the_filter_are_changed_and_no_others(editor: Client, drafts: list[Question]) -> None:
    editor.post(address("labels", state="draft", topic_slug="fire"), {"add_tags": "甲"})
    assert ["甲" in labels_of(question).tags for question in reread(drafts)] == [True, True, False]
    assert not Question.objects.filter(state="published", tags__name="甲").exists()


def test_all_that_a_search_found_are_changed_and_no_others(editor: Client) -> None:
    make = [Item(Body("single", f"{word}怎么办？", GOOD_BODIES["single"].options), Labels("fire", ("P1",))) for word in ("独角兽", "麒麟")]
    unicorn, other = create_many(make)
    editor.post(address("labels", q="独角兽"), {"add_tags": "甲"})
    assert [labels_of(question).tags for question in reread([unicorn, other])] == [("甲",), ()]


def test_a_change_that_would_leave_a_question_for_nobody_changes_none(editor: Client, drafts: list[Question]) -> None:
    page = editor.post(address("labels", drafts), {"add_tags": "甲", "remove_bands": ["P1"]})
    assert "有 1 道题没有适用对象" in page.content.decode()
    assert "甲" not in {tag for question in reread(drafts) for tag in labels_of(question).tags}


def test_posts_are_not_given_to_a_question_for_pupils(drafts: list[Question]) -> None:
    with pytest.raises(Refused, match="不给教职工"):
        change_labels(drafts, LabelChange(add_posts=("pe-teacher",)), actor=None)


@pytest.mark.parametrize("number", ["²", "9" * 30, "x"])
def test_a_number_that_no_question_has_changes_nothing(editor: Client, drafts: list[Question], number: str) -> None:
    assert editor.get(f"{address('labels', [])}&id={number}").status_code in (200, 302, 404)
    found = editor.post(reverse("bank_similar"), {"stem": "油锅起火怎么办", "question": number})
    assert found.status_code == 200


def test_an_empty_change_is_asked_about(editor: Client, drafts: list[Question]) -> None:
    assert "还没有填要改什么" in editor.post(address("labels", drafts), {}).content.decode()


def test_each_changed_question_leaves_its_line_in_the_audit_log(editor: Client, drafts: list[Question]) -> None:
    editor.post(address("labels", drafts), {"add_tags": "旧"})
    ids = [str(question.pk) for question in drafts]
    entries = AuditEntry.objects.filter(action="bank.relabel", target_id__in=ids)
    assert {entry.target_id: entry.detail["fields"] for entry in entries} == {ids[1]: ["tags"], ids[2]: ["tags"]}


def test_an_editor_submits_many_and_what_is_not_ready_stays_with_its_reason(editor: Client, drafts: list[Question]) -> None:
    [bare] = create_many([Item(Body("single", "没写完？"), Labels("fire", ("P1",)))])
    text = editor.get(address("submit", [*drafts, bare])).content.decode()
    assert "将改动 <strong>3</strong> 道题" in text
    assert f"{bare.code} 还有" in text
    editor.post(address("submit", [*drafts, bare]))
    assert [question.state for question in reread([*drafts, bare])] == ["review"] * 3 + ["draft"]


def test_only_a_reviewer_publishes_and_retires_many(editor: Client, reviewer: Client, drafts: list[Question]) -> None:
    for action in ("publish", "retire"):
        assert editor.get(address(action, drafts)).url == reverse("wagtailadmin_home")
        assert editor.post(address(action, drafts)).url == reverse("wagtailadmin_home")
    assert [question.state for question in reread(drafts)] == ["draft"] * 3
    reviewer.post(address("publish", drafts))
    assert [(question.state, question.live) for question in reread(drafts)] == [("published", True)] * 3
    reviewer.post(address("retire", drafts))
    assert [(question.state, question.live) for question in reread(drafts)] == [("retired", False)] * 3


def test_a_teacher_changes_nothing(teacher: Client, drafts: list[Question]) -> None:
    assert teacher.post(address("labels", drafts), {"add_tags": "甲"}).status_code in (302, 403)
    assert not Question.objects.filter(tags__name="甲").exists()


@pytest.mark.parametrize("action", ["labels", "publish"])
def test_many_cost_the_database_hardly_more_than_few(reviewer: Client, action: str) -> None:
    def queries(count: int) -> int:
        made = create_many(Item(GOOD_BODIES["single"], Labels("fire", ("P1",))) for _ in range(count))
        with CaptureQueriesContext(connection) as asked:
            reviewer.post(address(action, made), {"add_tags": f"甲{count}"})
        return len(asked)

    queries(1)
    assert queries(40) <= queries(2) + 2


def test_nobody_deletes_a_question_not_even_the_administrator(admin_client: Client, drafts: list[Question]) -> None:
    page = admin_client.post(address("delete", drafts), follow=True)
    assert "题目不能删除" in page.content.decode()
    assert len(reread(drafts)) == 3


def test_each_officer_is_offered_only_what_is_allowed(editor: Client, reviewer: Client) -> None:
    def offered(client: Client) -> list[str]:
        return [action["type"] for action in client.get(LIST).context["bulk_actions"]]

    assert offered(editor) == ["labels", "submit"]
    assert offered(reviewer) == ["labels", "submit", "publish", "retire"]
