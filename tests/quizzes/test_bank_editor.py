"""The form for questions: what is typed becomes a question, what is wrong is told at its field, nothing is lost."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from people.models import User
from quizzes.bank.domain.body import KINDS, Body, Item, Labels, Option
from quizzes.bank.domain.states import Step
from quizzes.bank.models import Question
from quizzes.bank.office.sheet import sheet_of
from quizzes.bank.services import card_by_code, create, labels_of, relabel, revise, take
from tests.factories.questions import GOOD_BODIES
from tests.unit.test_question_sheet import typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]

LABELS = Labels("fire", ("P1", "P2"), difficulty=1, tags=("厨房",))


@pytest.fixture
def question() -> Question:
    return create(Item(GOOD_BODIES["single"], LABELS, "q901"))


def filled_in(body: Body, labels: Labels = LABELS, **more: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    data: dict[str, Any] = typed(sheet_of(body))
    data |= {"topic": labels.topic, "bands": list(labels.bands), "posts": list(labels.posts)}
    data |= {"difficulty": str(labels.difficulty), "tags": "、".join(labels.tags), "action": "save"}
    return data | more


def edit_url(question: Question) -> str:
    return reverse("bank_edit", args=[question.pk])


def opened(client: Client, question: Question) -> dict[str, str]:
    """The hidden fields of the form as the server filled them."""
    page = client.get(edit_url(question))
    return {"base": page.context["typed"].base}


# --- making -------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_well_made_question_of_every_kind_is_accepted(editor: Client, kind: str) -> None:
    page = editor.post(reverse("bank_create"), filled_in(GOOD_BODIES[kind], note="新题"))
    made = Question.objects.latest("pk")
    assert (page.status_code, page.url) == (302, reverse("bank_question", args=[made.pk]))
    assert (made.body, labels_of(made), made.state) == (GOOD_BODIES[kind], LABELS, "draft")
    assert made.latest_version.author.username == "bianji"
    assert made.latest_version.note == "新题"


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        (
            Body("single", "？", (Option("倒水", True), Option("盖锅盖", True))),
            "options",
            "单选题要有且只有 1 个正确选项，现在标了 2 个",
        ),
        (Body("judge", "。", (Option("对"), Option("错"))), "options", "判断题要有且只有 1 个正确选项，现在标了 0 个"),
        (
            Body("multiple", "？", (Option("倒水"), Option("盖锅盖", True))),
            "options",
            "多选题至少要有 2 个正确选项，现在标了 1 个；只有 1 个时请改成单选题",
        ),
        (Body("single", "？", (Option("倒水"), Option("倒水", True))), "options", "有两个选项写得一样，请改掉其中一个"),
        (Body("single", "？", (Option("倒水", True),)), "options", "现在有 1 个选项，请改成 2 到 8 个"),
        (Body("single", "", (Option("倒水", True), Option("盖锅盖"))), "stem", "请写题干"),
        (Body("blank", "火警电话是多少？", blanks=(("119",),)), "stem", "四个下划线"),
    ],
)
def test_a_wrong_question_is_refused_with_what_to_do_at_its_field(
    editor: Client, body: Body, field: str, message: str
) -> None:
    before = Question.objects.count()
    page = editor.post(reverse("bank_create"), filled_in(body))
    assert page.status_code == 422
    assert message in page.context["errors"][field][0]
    assert message in page.content.decode()
    assert Question.objects.count() == before


def test_what_was_typed_comes_back_with_the_refusal(editor: Client) -> None:
    data = filled_in(GOOD_BODIES["single"], Labels("fire", (), ("class-teacher",), 3, ("油锅",)), note="第一次出题")
    text = editor.post(reverse("bank_create"), data).content.decode()
    for words in ("请至少选一个适用对象", "油锅起火怎么办？", "往锅里倒水", "水能灭一切火", "盖锅盖隔绝空气。", "油锅", "第一次出题"):
        assert words in text
    assert 'value="class-teacher" checked' in text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"topic": ""}, "topic"),
        ({"topic": "volcano"}, "topic"),
        ({"bands": []}, "bands"),
        ({"posts": ["class-teacher"]}, "posts"),
        ({"tags": "长" * 21}, "tags"),
        ({"note": "长" * 201}, "note"),
    ],
)
def test_a_label_that_is_wrong_is_named(editor: Client, change: dict[str, Any], field: str) -> None:
    page = editor.post(reverse("bank_create"), filled_in(GOOD_BODIES["single"]) | change)
    assert (page.status_code, list(page.context["errors"])) == (422, [field])


def test_unknown_bands_posts_and_levels_are_left_out(editor: Client) -> None:
    strange = {"bands": ["P1", "P9"], "posts": ["emperor"], "difficulty": "9"}
    assert editor.post(reverse("bank_create"), filled_in(GOOD_BODIES["single"]) | strange).status_code == 302
    labels = labels_of(Question.objects.latest("pk"))
    assert (labels.bands, labels.posts, labels.difficulty) == (("P1",), (), 2)


def test_the_kind_is_changed_without_javascript_and_nothing_is_lost(editor: Client) -> None:
    data = filled_in(GOOD_BODIES["single"]) | {"kind": "blank", "action": "look"}
    page = editor.post(reverse("bank_create"), data)
    assert page.status_code == 200
    assert page.context["sheet"].kind == "blank"
    text = page.content.decode()
    assert "往锅里倒水" in text, "the options are kept, out of sight"
    back = editor.post(reverse("bank_create"), data | {"kind": "single", "action": "save"})
    assert back.status_code == 302


def test_a_form_that_the_network_sends_twice_makes_one_question(editor: Client) -> None:
    code = editor.get(reverse("bank_create")).context["typed"].code
    data = filled_in(GOOD_BODIES["single"], code=code)
    first = editor.post(reverse("bank_create"), data)
    second = editor.post(reverse("bank_create"), data)
    assert first.url == second.url
    assert Question.objects.filter(code=code).count() == 1


def test_two_officers_who_start_at_the_same_time_get_two_questions(editor: Client, reviewer: Client) -> None:
    code = editor.get(reverse("bank_create")).context["typed"].code
    assert reviewer.get(reverse("bank_create")).context["typed"].code == code
    mine = editor.post(reverse("bank_create"), filled_in(GOOD_BODIES["single"], code=code))
    theirs = reviewer.post(reverse("bank_create"), filled_in(GOOD_BODIES["judge"], code=code))
    assert mine.url != theirs.url


# --- drafts -------------------------------------------------------------------------------------
def test_an_unfinished_draft_is_kept_and_says_what_is_missing(editor: Client) -> None:
    body = Body("single", "油锅起火怎么办？", (Option("倒水"),))
    page = editor.post(reverse("bank_create"), filled_in(body, Labels(), action="draft"), follow=True)
    text = page.content.decode()
    made = Question.objects.latest("pk")
    assert page.redirect_chain[-1][0] == edit_url(made)
    assert "已存草稿（第 1 版）。还有 4 处要补，补完才能提交审核。" in text
    assert made.body == body


def test_an_unfinished_draft_cannot_be_submitted(editor: Client) -> None:
    body = Body("single", "油锅起火怎么办？", (Option("倒水"),))
    editor.post(reverse("bank_create"), filled_in(body, Labels(), action="draft"))
    made = Question.objects.latest("pk")
    page = editor.post(reverse("bank_step", args=[made.pk]), {"step": "submit", "version": "1"}, follow=True)
    assert "还有 4 处要改" in page.content.decode()
    made.refresh_from_db()
    assert made.state == "draft"


def test_an_unfinished_draft_takes_no_question_in_use_away_from_its_classes(editor: Client, question: Question) -> None:
    take(question, Step.PUBLISH)
    half = filled_in(question.body, Labels("", ()), action="draft", **opened(editor, question))
    page = editor.post(edit_url(question), half)
    assert page.status_code == 422 and {"topic", "bands"} <= set(page.context["errors"])
    question.refresh_from_db()
    assert labels_of(question) == LABELS


def test_an_empty_form_is_no_draft(editor: Client) -> None:
    page = editor.post(reverse("bank_create"), {"kind": "single", "action": "draft"})
    assert page.status_code == 422
    assert "先写题干再存草稿" in page.content.decode()


# --- changing -----------------------------------------------------------------------------------
def test_a_change_is_a_new_version_and_a_draft_until_it_is_published(editor: Client, question: Question) -> None:
    take(question, Step.PUBLISH)
    body = dataclasses.replace(question.body, stem="锅里的油着火了，怎么办？")
    page = editor.post(edit_url(question), filled_in(body, **opened(editor, question), note="换个说法"))
    assert page.status_code == 302
    question.refresh_from_db()
    assert [(v.number, v.note) for v in question.versions.all()] == [(1, ""), (2, "换个说法")]
    assert question.state == "draft"
    card = card_by_code("q901")
    assert card is not None and card.stem == "油锅起火怎么办？"


def test_sorting_a_question_anew_makes_no_version(editor: Client, question: Question) -> None:
    labels = Labels("fire", ("J",), difficulty=3, tags=("消防",))
    editor.post(edit_url(question), filled_in(question.body, labels, **opened(editor, question)))
    question = Question.objects.get(pk=question.pk)
    assert labels_of(question) == labels
    assert question.versions.count() == 1


def test_saving_twice_makes_one_version(editor: Client, question: Question) -> None:
    data = filled_in(dataclasses.replace(question.body, stem="新的题干？"), **opened(editor, question))
    assert editor.post(edit_url(question), data).status_code == 302
    assert editor.post(edit_url(question), data).status_code == 302
    assert question.versions.count() == 2


def test_a_form_that_is_older_than_the_question_is_shown_against_it_instead_of_overwriting_it(
    editor: Client, question: Question
) -> None:
    base = opened(editor, question)
    revise(question, dataclasses.replace(question.body, stem="别人改过的题干？"), author=User.objects.get(username="shenhe"))
    mine = filled_in(dataclasses.replace(GOOD_BODIES["single"], stem="我改的题干？"), **base)

    page = editor.post(edit_url(question), mine)

    text = page.content.decode()
    assert page.status_code == 409
    assert question.versions.count() == 2
    for words in ("别人存了新的内容", "第 2 版（沈审核", "“别人改过的题干？” 改为 “我改的题干？”"):
        assert words in text
    assert page.context["sheet"].stem == "我改的题干？"

    again = editor.post(edit_url(question), mine | {"base": page.context["typed"].base})
    assert again.status_code == 302
    assert question.versions.count() == 3


def test_labels_that_somebody_else_changed_are_not_overwritten_either(editor: Client, question: Question) -> None:
    base = opened(editor, question)
    relabel(question, dataclasses.replace(LABELS, difficulty=3))
    page = editor.post(edit_url(question), filled_in(GOOD_BODIES["single"], **base))
    assert page.status_code == 409
    assert "“难” 改为 “易”" in page.content.decode()


def test_a_retired_question_is_not_edited_but_sent_back_with_a_word(editor: Client, question: Question) -> None:
    take(question, Step.RETIRE)
    page = editor.get(edit_url(question), follow=True)
    assert "已停用。要修改，请先由审核员“恢复为草稿”" in page.content.decode()


def test_saving_and_submitting_is_one_button(editor: Client, question: Question) -> None:
    editor.post(edit_url(question), filled_in(question.body, action="submit", **opened(editor, question)))
    question.refresh_from_db()
    assert question.state == "review"


# --- preview ------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("look", ["wall", "phone", "paper", "teacher"])
def test_every_kind_has_its_look_on_wall_phone_and_paper_and_for_the_teacher(editor: Client, kind: str, look: str) -> None:
    page = editor.post(reverse("bank_preview"), filled_in(GOOD_BODIES[kind], look=look))
    assert page.status_code == 200
    stem = GOOD_BODIES[kind].stem.split("____")[0]
    assert stem in page.content.decode()


def test_only_the_teachers_look_tells_the_key_and_the_misconceptions(editor: Client) -> None:
    looks = {
        look: editor.post(reverse("bank_preview"), filled_in(GOOD_BODIES["single"], look=look)).content.decode()
        for look in ("wall", "phone", "paper", "teacher")
    }
    for words in ("正确", "误区：水能灭一切火", "盖锅盖隔绝空气。", "V73"):
        assert [look for look, text in looks.items() if words in text] == ["teacher"], words


def test_an_unfinished_question_has_a_preview_too(editor: Client) -> None:
    assert editor.post(reverse("bank_preview"), {"kind": "match", "look": "paper"}).status_code == 200
    assert editor.post(reverse("bank_preview"), {"kind": "single", "look": "?"}).status_code == 200
