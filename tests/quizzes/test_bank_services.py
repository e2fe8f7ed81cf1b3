"""The bank's door: loading the shipped questions, and the frozen cards that other rooms get."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from common.contentfile import ContentErrors
from quizzes.bank import shapes
from quizzes.bank.fields import parse_bands
from quizzes.bank.models import Question
from quizzes.bank.services import (
    OptionCard,
    QuestionCard,
    card,
    card_by_code,
    load_questions,
    published_cards,
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
    assert len(report.created) == Question.objects.count() == 105
    assert report.kept == ()
    assert set(Question.objects.values_list("live", flat=True)) == {True}


def test_running_it_again_changes_nothing_an_editor_edited(tmp_path: Path) -> None:
    content(tmp_path, "fire", "q901", "q902")
    load_questions(tmp_path)
    edited = Question.objects.get(code="q901")
    edited.stem = "锅里的油着火了，怎么办？"
    edited.live = False
    edited.options = edited.options.all()[:2]
    edited.save()

    report = load_questions(tmp_path)

    assert (report.created, report.kept) == ((), ("q901", "q902"))
    found = Question.objects.get(code="q901")
    assert (found.stem, found.live) == ("锅里的油着火了，怎么办？", False)
    assert [option.text for option in found.options.all()] == ["往锅里倒水", "盖上锅盖"]


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


def test_a_database_failure_leaves_nothing_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content(tmp_path, "fire", "q901", "q902")
    save = Question.save

    def fail_at_the_second(self: Question, *args: object, **kwargs: object) -> None:
        if self.code == "q902":
            raise IntegrityError
        save(self)

    monkeypatch.setattr(Question, "save", fail_at_the_second)
    with pytest.raises(IntegrityError):
        load_questions(tmp_path)
    assert not Question.objects.exists()


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
    )


def test_a_card_does_not_change_when_the_question_does(tmp_path: Path) -> None:
    load_questions(content(tmp_path, "fire", "q901"))
    question = Question.objects.get(code="q901")
    held = card(question)
    question.stem = "改过的题干？"
    question.save()
    assert held.stem == "油锅起火怎么办？"
    with pytest.raises(dataclasses.FrozenInstanceError):
        held.stem = "改卡片"  # type: ignore[misc]


def test_a_withdrawn_or_unknown_question_has_no_card(tmp_path: Path) -> None:
    load_questions(content(tmp_path, "fire", "q901"))
    Question.objects.update(live=False)
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


def test_cards_of_a_topic_cost_two_queries_however_many_there_are(
    tmp_path: Path, django_assert_num_queries
) -> None:
    load_questions(content(tmp_path, "fire", "q901"))
    with django_assert_num_queries(2):
        assert len(published_cards("fire", "P1")) == 1
    load_questions(content(tmp_path, "fire", "q901", "q902", "q903"))
    with django_assert_num_queries(2):
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


def test_scoring_knows_exactly_the_kinds_of_the_bank() -> None:
    assert set(KINDS) == set(shapes.KINDS)
