"""Item statistics in the database: one tally a version and source, added to when a room or an exam is over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from quizzes.bank.domain.statistics import ItemStatistics, Tally, statistics
from quizzes.bank.models import ItemTally, Question, QuestionVersion


@dataclass(frozen=True)
class VersionStatistics:
    version: QuestionVersion
    figures: ItemStatistics


@transaction.atomic
def add(source: str, tallies: Mapping[int, Tally]) -> None:
    """Add to the tallies of these versions (by primary key). The caller sees to it that nothing is added twice.

    A version that no longer exists is left out: a room may outlive a question.
    """
    there = set(QuestionVersion.objects.filter(pk__in=tallies).values_list("pk", flat=True))
    for pk in sorted(there):
        row, _made = ItemTally.objects.select_for_update().get_or_create(
            version_id=pk, source=source, defaults={"content": Tally().to_json()}
        )
        tally = Tally.from_json(row.content)
        tally.merge(tallies[pk])
        row.content, row.count = tally.to_json(), tally.count
        row.save()


def option_places(versions: Iterable[int]) -> dict[int, dict[str, int]]:
    """For each of these versions where each option stands, by its text: rooms shuffle options."""
    found = QuestionVersion.objects.filter(pk__in=versions)
    return {v.pk: {option.text: i for i, option in enumerate(v.body.options)} for v in found}


def of_question(question: Question) -> list[VersionStatistics]:
    """The figures of each version that was ever answered, the newest first; all sources together."""
    rows = ItemTally.objects.filter(version__question=question).select_related("version")
    whole: dict[int, tuple[QuestionVersion, Tally]] = {}
    for row in rows:
        _version, tally = whole.setdefault(row.version_id, (row.version, Tally()))
        tally.merge(Tally.from_json(row.content))
    ordered = sorted(whole.values(), key=lambda pair: -pair[0].number)
    return [VersionStatistics(version, statistics(version.body, tally)) for version, tally in ordered]


def answered(least: int = 1) -> list[tuple[Question, ItemStatistics]]:
    """Every question whose version in use was answered at least so often, the doubtful ones first."""
    rows = ItemTally.objects.filter(version__question__live_version_id__isnull=False).select_related(
        "version__question__live_version"
    )
    whole: dict[int, tuple[Question, Tally]] = {}
    for row in rows:
        question = row.version.question
        if question.live_version_id == row.version_id:
            whole.setdefault(question.pk, (question, Tally()))[1].merge(Tally.from_json(row.content))
    found = [(question, statistics(question.body, tally)) for question, tally in whole.values() if tally.count >= least]
    return sorted(found, key=lambda pair: (-len(pair[1].warnings), -pair[1].count, pair[0].code))
