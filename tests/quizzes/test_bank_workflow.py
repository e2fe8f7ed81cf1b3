"""A question's way from draft to use and out of use, who may take which step, and the correction of a wrong key."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from people.audit.models import AuditEntry
from people.models import User
from quizzes.bank.domain.body import Body, Item, Labels
from quizzes.bank.domain.states import Step
from quizzes.bank.models import Question, QuestionVersion
from quizzes.bank.services import create, revise, take
from quizzes.bank.signals import key_corrected
from quizzes.bank.usage import uses
from quizzes.live.domain.room import Mode
from quizzes.live.domain.view import host_view, player_view
from quizzes.live.models import Room
from quizzes.live.opening import open_room
from quizzes.live.rows import state_of
from tests.factories.questions import GOOD_BODIES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]

SINGLE = GOOD_BODIES["single"]
OTHER_KEY = replace(
    SINGLE, options=(SINGLE.options[0], replace(SINGLE.options[1], right=False), replace(SINGLE.options[2], right=True))
)


@pytest.fixture
def question() -> Question:
    return create(Item(SINGLE, Labels("fire", ("P1", "P2")), "q901"), author=User.objects.get(username="bianji"))


def do(client: Client, question: Question, step: str, **more: Any) -> str:
    """Press the step's button; the page that follows."""
    question.refresh_from_db()
    data = {"step": step, "version": str(question.latest_version.number)} | more
    page = client.post(reverse("bank_step", args=[question.pk]), data, follow=True)
    question.refresh_from_db()
    return str(page.content.decode())


def page_of(client: Client, question: Question) -> str:
    return str(client.get(reverse("bank_question", args=[question.pk])).content.decode())


# --- steps --------------------------------------------------------------------------------------
def test_an_editor_submits_and_a_reviewer_publishes(editor: Client, reviewer: Client, question: Question) -> None:
    assert "q901：已提交审核。" in do(editor, question, "submit")
    assert "q901：已发布。" in do(reviewer, question, "publish")
    assert (question.state, question.live) == ("published", True)


def test_an_editor_is_not_offered_what_takes_a_reviewer_and_is_refused_it(editor: Client, question: Question) -> None:
    text = page_of(editor, question)
    assert "提交审核" in text
    assert 'value="publish"' not in text
    for step in ("publish", "retire"):
        page = editor.post(reverse("bank_step", args=[question.pk]), {"step": step, "version": "1"})
        assert page.url == reverse("wagtailadmin_home"), "Wagtail sends away whoever may not"
    assert Question.objects.get(pk=question.pk).state == "draft"


def test_a_teacher_neither_reads_nor_changes_the_bank(teacher: Client, question: Question) -> None:
    for name in ("bank_question", "bank_edit", "bank_compare"):
        assert teacher.get(reverse(name, args=[question.pk])).status_code == 403
    assert teacher.post(reverse("bank_step", args=[question.pk]), {"step": "submit"}).status_code == 403
    assert teacher.get(reverse("bank_create")).status_code == 403
    assert teacher.post(reverse("bank_similar"), {"stem": "油锅起火怎么办"}).status_code == 403


def test_a_reviewer_who_returns_a_question_says_what_to_change(reviewer: Client, question: Question) -> None:
    take(question, Step.SUBMIT)
    assert "退回时请写一句要改什么" in do(reviewer, question, "return")
    assert question.state == "review"
    text = do(reviewer, question, "return", note="选项 C 太明显")
    assert question.state == "draft"
    assert "选项 C 太明显" in text, "the history shows the note"


def test_whoever_looked_at_an_older_version_is_told_to_look_again(reviewer: Client, question: Question) -> None:
    revise(question, replace(SINGLE, stem="新的题干？"))
    page = reviewer.post(reverse("bank_step", args=[question.pk]), {"step": "publish", "version": "1"}, follow=True)
    assert "有人存了新的版本" in page.content.decode()
    assert Question.objects.get(pk=question.pk).live is False


def test_a_step_that_the_network_sends_twice_is_taken_once(reviewer: Client, question: Question) -> None:
    do(reviewer, question, "publish")
    assert "已经发布过了" in do(reviewer, question, "publish")
    assert AuditEntry.objects.filter(target_id=str(question.pk), action="bank.publish").count() == 1


def test_a_step_that_does_not_lead_on_is_refused_in_words(reviewer: Client, question: Question) -> None:
    take(question, Step.RETIRE)
    assert "题目现在是“已停用”，不能“发布”" in do(reviewer, question, "publish")
    assert "不认识这个操作" in do(reviewer, question, "fly")


def test_a_retired_question_comes_back_as_a_draft(reviewer: Client, question: Question) -> None:
    do(reviewer, question, "publish")
    do(reviewer, question, "retire")
    assert question.live is False
    do(reviewer, question, "restore")
    assert question.state == "draft"


# --- history ------------------------------------------------------------------------------------
def test_the_history_tells_each_version_with_who_why_and_what_changed(
    editor: Client, reviewer: Client, question: Question
) -> None:
    revise(question, replace(SINGLE, stem="油锅着火怎么办？"), author=User.objects.get(username="shenhe"), note="换个说法")
    do(reviewer, question, "publish")
    text = page_of(editor, question)
    for words in ("保存第 1 版", "林编辑", "保存第 2 版", "沈审核", "换个说法", "发布第 2 版", "正在使用"):
        assert words in text
    assert "“油锅起火怎么办？” 改为 “油锅着火怎么办？”" in text
    assert "油锅<del>起</del><ins>着</ins>火怎么办？" in text


def test_any_two_versions_can_be_compared(editor: Client, question: Question) -> None:
    revise(question, replace(SINGLE, stem="二？"))
    revise(question, replace(SINGLE, stem="三？"))
    url = reverse("bank_compare", args=[question.pk])
    assert "“油锅起火怎么办？” 改为 “三？”" in editor.get(url, {"a": "1", "b": "3"}).content.decode()
    assert "“三？” 改为 “二？”" in editor.get(url, {"a": "3", "b": "2"}).content.decode()
    assert "内容一样" in editor.get(url, {"a": "2", "b": "2"}).content.decode()
    assert editor.get(url, {"a": "x", "b": "99"}).status_code == 200


def test_what_is_typed_into_a_question_is_shown_as_text(editor: Client, question: Question) -> None:
    revise(question, replace(SINGLE, stem="<script>alert(1)</script>？"))
    assert "<script>alert(1)" not in page_of(editor, question)


def test_a_long_history_costs_no_more_questions_to_the_database(editor: Client, question: Question) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            page_of(editor, question)
        return len(asked)

    page_of(editor, question)
    revise(question, replace(SINGLE, stem="0？"), author=User.objects.get(username="shenhe"))
    few = queries()
    for i in range(1, 8):
        revise(question, replace(SINGLE, stem=f"{i}？"), author=User.objects.get(username="shenhe"))
        take(question, Step.SUBMIT)
    assert queries() == few


# --- a wrong key --------------------------------------------------------------------------------
def corrections() -> list[tuple[str, int, int, str]]:
    """What the bank told while a test ran: (code, old number, new number, by whom)."""
    return _told


_told: list[tuple[str, int, int, str]] = []


@pytest.fixture(autouse=True)
def listener() -> Any:
    def hear(
        sender: Any, question: Question, old_version: QuestionVersion, new_version: QuestionVersion, by: Any, **more: Any
    ) -> None:
        _told.append((question.code, old_version.number, new_version.number, by.username))

    _told.clear()
    key_corrected.connect(hear)
    yield
    key_corrected.disconnect(hear)


def test_a_wrong_key_is_corrected_by_a_version_after_its_uses_were_shown(reviewer: Client, question: Question) -> None:
    do(reviewer, question, "publish")
    open_room(
        topic_slug="fire", band="P1", mode=Mode.PHONES, title="二年级防火", codes=["q901"], now=timezone.now(), rng=random.Random(1)
    )
    revise(question, OTHER_KEY, note="答案标错了")

    asked = do(reviewer, question, "publish")

    assert "“B（盖上锅盖）” 改为 “C（用扇子扇）”" in asked
    assert "二年级防火" in asked, "the reviewer sees where the old key was used"
    assert (question.state, corrections()) == ("draft", [])

    done = do(reviewer, question, "publish", confirmed="1")
    assert corrections() == [("q901", 1, 2, "shenhe")]
    assert "答案更正：第 2 版的答案与第 1 版不同" in done
    assert question.live_version.number == 2


def test_a_reworded_question_is_published_without_more_ado(reviewer: Client, question: Question) -> None:
    do(reviewer, question, "publish")
    revise(question, replace(SINGLE, stem="油锅着火怎么办？"))
    assert "q901：已发布。" in do(reviewer, question, "publish")
    assert corrections() == []


def test_a_question_that_was_taken_out_of_use_before_it_was_mended_is_a_correction_too(
    reviewer: Client, question: Question
) -> None:
    for step in ("publish", "retire", "restore"):
        do(reviewer, question, step)
    revise(question, OTHER_KEY)
    do(reviewer, question, "publish", confirmed="1")
    assert corrections() == [("q901", 1, 2, "shenhe")]


def test_a_question_that_was_never_published_has_no_key_to_correct(reviewer: Client, question: Question) -> None:
    revise(question, OTHER_KEY)
    assert "q901：已发布。" in do(reviewer, question, "publish")
    assert corrections() == []


def test_a_receiver_that_fails_keeps_the_old_key_in_use(reviewer: Client, question: Question) -> None:
    def fail(sender: Any, **more: Any) -> None:
        raise RuntimeError("regrade is down")

    do(reviewer, question, "publish")
    revise(question, OTHER_KEY)
    key_corrected.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            take(question, Step.PUBLISH, actor=User.objects.get(username="shenhe"))
    finally:
        key_corrected.disconnect(fail)
    question.refresh_from_db()
    assert question.live_version.number == 1


# --- where it is used ---------------------------------------------------------------------------
def used_in(question: Question) -> dict[str, list[str]]:
    return {name: [use.label for use in found] for name, found in uses(question)}


def test_a_lesson_that_embeds_a_question_is_among_its_uses() -> None:
    embedded = [question for question in Question.objects.filter(code__in=["q001", "q002", "q003", "q006"]) if used_in(question)["课程和网页"]]
    assert embedded, "the shipped lessons embed shipped questions"


def test_a_room_is_found_by_the_whole_code_and_knows_the_version_it_put(reviewer: Client, question: Question) -> None:
    do(reviewer, question, "publish")
    open_room(
        topic_slug="fire", band="P1", mode=Mode.PHONES, title="二年级防火", codes=["q901"], now=timezone.now(), rng=random.Random(1)
    )
    [use] = dict(uses(question))["课堂互动（保留期内）"]
    assert use.label.startswith("二年级防火")
    assert use.version == question.live_version_id
    almost = create(Item(SINGLE, Labels("fire", ("P1",)), "q90"))
    assert used_in(almost)["课堂互动（保留期内）"] == []


def test_a_room_keeps_the_version_of_each_question_and_tells_nobody(reviewer: Client, question: Question) -> None:
    do(reviewer, question, "publish")
    open_room(
        topic_slug="fire", band="P1", mode=Mode.PHONES, title="防火", codes=["q901"], now=timezone.now(), rng=random.Random(1)
    )
    room = Room.objects.latest("pk")
    assert [slide["version"] for slide in room.deck] == [question.live_version_id]
    state = state_of(room)
    assert state.deck[0].version == question.live_version_id
    assert "version" not in str(player_view(state)) + str(host_view(state))


def test_a_question_of_any_kind_has_its_page(editor: Client) -> None:
    for kind, body in GOOD_BODIES.items():
        made = create(Item(body, Labels("fire", ("T",), ("class-teacher",))))
        text = page_of(editor, made)
        assert body.stem.split("____")[0] in text, kind


def test_an_unfinished_question_has_its_page_too(editor: Client) -> None:
    assert "没有题干" in page_of(editor, create(Item(Body("single", ""), Labels())))
