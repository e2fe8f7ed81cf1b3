"""The question bank's only door: other rooms get frozen cards, never models.

A card is a copy: a room that holds one goes on unchanged while an editor rewrites the question.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from common.contentfile import ContentErrors
from quizzes.bank.fields import holding
from quizzes.bank.models import Question, QuestionOption
from quizzes.bank.shapes import CONTENT, read_folder


@dataclass(frozen=True)
class OptionCard:
    text: str
    right: bool


@dataclass(frozen=True)
class QuestionCard:
    """A question as it is put: what is asked, what is right and why, and where that comes from."""

    code: str
    kind: str
    topic_slug: str
    stem: str
    options: tuple[OptionCard, ...]
    explanation: str
    source_mark: str
    bands: tuple[str, ...]


@dataclass(frozen=True)
class LoadReport:
    """Codes of the questions that `load_questions` made, and of those it found and left alone."""

    created: tuple[str, ...]
    kept: tuple[str, ...]


def card(question: Question) -> QuestionCard:
    """The frozen copy of a question and its options in their stored order."""
    return QuestionCard(
        code=question.code,
        kind=question.kind,
        topic_slug=question.topic_slug,
        stem=question.stem,
        options=tuple(OptionCard(o.text, o.right) for o in question.options.all()),
        explanation=question.explanation,
        source_mark=question.source_mark,
        bands=tuple(question.bands),
    )


def published_cards(topic_slug: str, band: str) -> list[QuestionCard]:
    """The published questions of a topic that fit a band, in the order of their codes."""
    found = Question.objects.filter(live=True, topic_slug=topic_slug, bands__contains=holding(band))
    return [card(question) for question in found.prefetch_related("options")]


def card_by_code(code: str) -> QuestionCard | None:
    """The published question with this code; None when there is none or it was withdrawn."""
    found = Question.objects.filter(live=True, code=code).prefetch_related("options").first()
    return card(found) if found else None


def load_questions(folder: Path = CONTENT) -> LoadReport:
    """Create the questions of the content files that the bank does not have yet.

    A question that exists is never touched: an editor may have improved it. A file with a mistake
    is not loaded at all; the others are, and then `ContentErrors` tells every problem.
    """
    files, problems = read_folder(folder)
    created: list[str] = []
    kept: list[str] = []
    for data in files:
        with transaction.atomic():
            codes = [entry["id"] for entry in data["questions"]]
            there = set(Question.objects.filter(code__in=codes).values_list("code", flat=True))
            for entry in data["questions"]:
                if entry["id"] in there:
                    kept.append(entry["id"])
                else:
                    _create(data["topic"], entry)
                    created.append(entry["id"])
    if problems:
        raise ContentErrors(problems)
    return LoadReport(tuple(created), tuple(kept))


def _create(topic: str, entry: dict[str, Any]) -> None:
    question = Question(
        code=entry["id"],
        topic_slug=topic,
        kind=entry["type"],
        stem=entry["stem"],
        explanation=entry["explanation"],
        source_mark=entry["source"],
        bands=tuple(entry["bands"]),
    )
    question.options = [
        QuestionOption(
            sort_order=i,
            text=option["text"],
            right=option.get("right", False),
            misconception=option.get("misconception", ""),
        )
        for i, option in enumerate(entry["options"])
    ]
    question.save()
