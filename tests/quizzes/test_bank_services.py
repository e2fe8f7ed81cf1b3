"""The bank's door: loading the shipped questions, and the frozen cards that other rooms get."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.template.loader import render_to_string
from wagtail.search.query import PlainText

from common.contentfile import ContentErrors
from common.text import search_tokens
from people.audit.models import AuditEntry
from quizzes.bank import shapes
from quizzes.bank.domain.body import LIVE_KINDS, Body, Item, Labels, Option
from quizzes.bank.domain.states import Step, WrongStep
from quizzes.bank.fields import parse_bands
from quizzes.bank.models import Frozen, Question
from quizzes.bank.services import (
    OptionCard,
    QuestionCard,
    card,
    card_by_code,
    create,
    create_many,
    labels_of,
    load_questions,
    published_cards,
    relabel,
    revise,
    search_published,
    tag_many,
    take,
)
from quizzes.scoring import KINDS

pytestmark = pytest.mark.django_db

ENTRY = """\
  - id: "{code}"
    type: single
    bands: [{bands}]
    stem: "油锅起火怎么办？"
    options:
      - {{text: "往锅里倒水", misconception: "水能灭一切火"}}
      - {{text: "盖上锅盖", right: true}}
      - {{text: "用扇子扇"}}
    explanation: "盖锅盖隔绝空气。"
    source: "V73"
"""


def content(folder: Path, topic: str, *codes: str, bands: str = "P1, P2") -> Path:
    entries = "".join(ENTRY.format(code=code, bands=bands) for code in codes)
    (folder / f"{topic}.yaml").write_text(f'topic: "{topic}"\nquestions:\n{entries}', "utf-8")
    return folder


def test_an_empty_bank_gets_every_shipped_question() -> None:
    report = load_questions()
    shipped = [entry["id"] for data in shapes.read_folder()[0] for entry in data["questions"]]
    assert list(report.created) == shipped
    assert len(shipped) == Question.objects.count() >= 105
    assert report.kept == ()
    assert set(Question.objects.values_list("live", "state")) == {(True, "published")}


def test_loading_the_shipped_bank_asks_the_database_a_few_dozen_times(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(80):
        load_questions()


def test_a_loaded_question_has_its_labels_its_version_its_place_in_the_search_and_in_the_audit_log(
    tmp_path: Path,
) -> None:
    load_questions(content(tmp_path, "fire", "q901"))
    question = Question.objects.get(code="q901")
    assert (question.topic_slug, question.bands, question.kind) == ("fire", ("P1", "P2"), "single")
    assert [version.number for version in question.versions.all()] == [1]
    assert question.live_version == question.latest_version
    assert [found.code for found in search_published(PlainText(search_tokens("锅盖")), 5)] == ["q901"]
    done = AuditEntry.objects.filter(target_id=str(question.pk)).order_by("number")
    assert list(done.values_list("action", flat=True)) == ["bank.create", "bank.publish"]


def test_tags_are_kept_once_each(tmp_path: Path) -> None:
    load_questions(content(tmp_path, "fire", "q901"))
    question = Question.objects.get(code="q901")
    tag_many([(question, ["厨房", "油锅"])])
    tag_many([(question, ["油锅"])])
    assert labels_of(question).tags == ("厨房", "油锅")


def test_running_it_again_changes_nothing_an_editor_edited(tmp_path: Path) -> None:
    content(tmp_path, "fire", "q901", "q902")
    load_questions(tmp_path)
    edited = Question.objects.get(code="q901")
    body = edited.body
    revise(edited, dataclasses.replace(body, stem="锅里的油着火了，怎么办？", options=body.options[:2]))
    take(edited, Step.PUBLISH)
    take(edited, Step.RETIRE)

    report = load_questions(tmp_path)

    assert (report.created, report.kept) == ((), ("q901", "q902"))
    found = Question.objects.get(code="q901")
    assert (found.stem, found.live) == ("锅里的油着火了，怎么办？", False)
    assert [option.text for option in found.body.options] == ["往锅里倒水", "盖上锅盖"]


def test_a_question_that_is_missing_is_added_beside_those_that_are_there(tmp_path: Path) -> None:
    load_questions(content(tmp_path, "fire", "q901"))
    report = load_questions(content(tmp_path, "fire", "q901", "q902"))
    assert (report.created, report.kept) == (("q902",), ("q901",))


def test_a_faulty_file_is_not_loaded_at_all_and_every_problem_is_told(tmp_path: Path) -> None:
    content(tmp_path, "drowning", "q900")
    content(tmp_path, "fire", "q901", "902")
    content(tmp_path, "traffic", "q903", bands="P9")
    with pytest.raises(ContentErrors) as caught:
        load_questions(tmp_path)
    told = {(problem.file, problem.field) for problem in caught.value.problems}
    assert told == {
        ("fire.yaml", "questions[2].id"),
        ("traffic.yaml", "questions[1].bands[1]"),
    }
    assert list(Question.objects.values_list("code", flat=True)) == ["q900"]


def test_a_database_failure_leaves_nothing_of_the_file(tmp_path: Path) -> None:
    content(tmp_path, "fire", "q901", "q902")
    if connection.vendor != "sqlite":
        pytest.skip("the failure is made by a trigger of SQLite")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER fail_at_the_second BEFORE INSERT ON bank_questionversion "
            "WHEN (SELECT code FROM bank_question WHERE id = NEW.question_id) = 'q902' "
            "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    with pytest.raises(IntegrityError, match="disk full"):
        load_questions(tmp_path)
    assert not Question.objects.exists()
    assert not AuditEntry.objects.filter(target_type="question").exists()


def test_a_card_holds_the_whole_question_and_nothing_else(tmp_path: Path) -> None:
    load_questions(content(tmp_path, "fire", "q901"))
    assert card_by_code("q901") == QuestionCard(
        code="q901",
        kind="single",
        topic_slug="fire",
        stem="油锅起火怎么办？",
        options=(
            OptionCard("往锅里倒水", False),
            OptionCard("盖上锅盖", True),
            OptionCard("用扇子扇", False),
        ),
        explanation="盖锅盖隔绝空气。",
        source_mark="V73",
        bands=("P1", "P2"),
        version=Question.objects.get().live_version_id,
    )


def test_a_card_does_not_change_when_the_question_does(tmp_path: Path) -> None:
    load_questions(content(tmp_path, "fire", "q901"))
    question = Question.objects.get(code="q901")
    held = card(question)
    revise(question, dataclasses.replace(question.body, stem="改过的题干？"))
    take(question, Step.PUBLISH)
    assert card(question).stem == "改过的题干？"
    assert held.stem == "油锅起火怎么办？"
    with pytest.raises(dataclasses.FrozenInstanceError):
        held.stem = "改卡片"  # type: ignore[misc]


def test_a_withdrawn_or_unknown_question_has_no_card(tmp_path: Path) -> None:
    load_questions(content(tmp_path, "fire", "q901"))
    take(Question.objects.get(), Step.RETIRE)
    assert card_by_code("q901") is None
    assert card_by_code("q999") is None
    assert published_cards("fire", "P1") == []


def test_cards_of_a_topic_are_those_that_fit_the_band_in_order_of_code(tmp_path: Path) -> None:
    content(tmp_path, "fire", "q903", "q901")
    content(tmp_path, "traffic", "q902")
    load_questions(tmp_path)
    assert [card.code for card in published_cards("fire", "P2")] == ["q901", "q903"]
    assert published_cards("fire", "P") == []
    assert published_cards("fire", "K") == []


def test_cards_of_a_topic_cost_one_query_however_many_there_are(
    tmp_path: Path, django_assert_num_queries
) -> None:
    load_questions(content(tmp_path, "fire", "q901"))
    with django_assert_num_queries(1):
        assert len(published_cards("fire", "P1")) == 1
    load_questions(content(tmp_path, "fire", "q901", "q902", "q903"))
    with django_assert_num_queries(1):
        assert len(published_cards("fire", "P1")) == 3


def test_every_class_finds_published_cards_on_a_shipped_topic() -> None:
    load_questions()
    for band in ("K", "P1", "P2", "J", "S"):
        assert published_cards("drowning", band), band


def test_bands_are_kept_once_each_from_the_youngest_on() -> None:
    assert parse_bands(["S", "P1", "S"]) == parse_bands(",S,P1,") == ("P1", "S")
    assert parse_bands("") == parse_bands(None) == ()
    with pytest.raises(ValidationError, match="P9"):
        parse_bands(["P9"])


def test_scoring_marks_every_kind_that_a_class_answers() -> None:
    assert set(KINDS) == LIVE_KINDS <= set(shapes.KINDS)


def test_a_version_is_never_changed(tmp_path: Path) -> None:
    load_questions(content(tmp_path, "fire", "q901"))
    version = Question.objects.get().latest_version
    assert version is not None
    version.note = "改历史"
    with pytest.raises(Frozen):
        version.save()
    with pytest.raises(Frozen):
        version.delete()


def test_a_published_question_stays_in_use_as_it_was_until_its_new_version_is_published(tmp_path: Path) -> None:
    load_questions(content(tmp_path, "fire", "q901"))
    question = Question.objects.get()
    revise(question, dataclasses.replace(question.body, stem="新的题干？"))
    assert question.state == "draft"
    asked = card_by_code("q901")
    assert asked is not None and asked.stem == "油锅起火怎么办？"
    take(question, Step.PUBLISH)
    asked = card_by_code("q901")
    assert asked is not None and asked.stem == "新的题干？"


def test_saving_the_same_content_again_makes_no_version(tmp_path: Path) -> None:
    load_questions(content(tmp_path, "fire", "q901"))
    question = Question.objects.get()
    version = revise(question, dataclasses.replace(question.body, stem=f"  {question.body.stem} "))
    assert (version.number, question.state) == (1, "published")


def test_a_retired_question_is_restored_before_it_is_edited(tmp_path: Path) -> None:
    load_questions(content(tmp_path, "fire", "q901"))
    question = Question.objects.get()
    take(question, Step.RETIRE)
    with pytest.raises(WrongStep, match="已停用"):
        revise(question, dataclasses.replace(question.body, stem="新的题干？"))


def test_own_questions_are_numbered_one_after_the_other() -> None:
    item = Item(Body("judge", "火警电话是119。", (Option("对", True), Option("错")), source="V78"), Labels("fire", ("K",)))
    assert [create(item).code, *(made.code for made in create_many([item, item])), create(item).code] == [
        "q200001", "q200002", "q200003", "q200004",
    ]


# --- lesson pages and old banks -----------------------------------------------------------------
def on_a_lesson(code: str) -> str:
    question = Question.objects.get(code=code)
    return render_to_string("blocks/quiz.html", {"value": {"question": question}, "view": "wall"})


def test_a_lesson_shows_the_version_in_use_and_never_a_draft_or_a_retired_question(tmp_path: Path) -> None:
    load_questions(content(tmp_path, "fire", "q001"))
    question = Question.objects.get(code="q001")
    revise(question, dataclasses.replace(question.body, stem="还没有审核的题干？"))
    page = on_a_lesson("q001")
    assert "油锅起火怎么办？" in page and "盖上锅盖" in page and "还没有审核" not in page
    take(question, Step.RETIRE)
    assert on_a_lesson("q001").strip() == ""


def test_a_lesson_leaves_out_what_its_page_cannot_show(tmp_path: Path) -> None:
    blank = create(Item(Body("blank", "火警电话是____。", blanks=(("119",),), source="V1"), Labels("fire", ("P1",))))
    take(blank, Step.PUBLISH)
    assert on_a_lesson(blank.code).strip() == ""


def test_a_wrong_key_is_noticed_after_retiring_a_question_that_was_published_before_there_was_a_log(tmp_path: Path) -> None:
    load_questions(content(tmp_path, "fire", "q001"))
    AuditEntry.objects.filter(action="bank.publish")._raw_delete("default")
    question = Question.objects.get(code="q001")
    turned = tuple(dataclasses.replace(o, right=o.text == "用扇子扇", misconception="") for o in question.body.options)
    for step in (Step.RETIRE, Step.RESTORE):
        take(question, step)
    revise(question, dataclasses.replace(question.body, options=turned))
    take(question, Step.PUBLISH)
    assert AuditEntry.objects.filter(action="bank.key_corrected").exists()


def test_sorting_a_question_that_was_read_earlier_undoes_no_step_taken_since(tmp_path: Path) -> None:
    load_questions(content(tmp_path, "fire", "q001"))
    old = Question.objects.get(code="q001")
    take(Question.objects.get(code="q001"), Step.RETIRE)
    relabel(old, dataclasses.replace(labels_of(old), difficulty=3))
    now = Question.objects.get(code="q001")
    assert (now.state, now.live, now.live_version, now.difficulty) == ("retired", False, None, 3)
