"""Changes to many questions at once: all of them in one transaction, or none.

Labels change without a version; steps go through `services`, so that the same rules hold, and each
question leaves its line in the audit log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from people.audit.services import Entry, named, record_many
from people.posts import posts
from quizzes.bank.domain.body import Labels
from quizzes.bank.domain.states import Step, WrongStep
from quizzes.bank.models import Question
from quizzes.bank.services import LABELS, labels_of, ready_for, tag_many, take_many, untag_many
from quizzes.bank.shapes import BANDS


@dataclass(frozen=True)
class LabelChange:
    """What is added to and removed from the labels of each question. `difficulty` 0 leaves it as it is."""

    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    add_posts: tuple[str, ...] = ()
    remove_posts: tuple[str, ...] = ()
    add_bands: tuple[str, ...] = ()
    remove_bands: tuple[str, ...] = ()
    difficulty: int = 0

    def applied(self, labels: Labels) -> Labels:
        return replace(
            labels,
            tags=_changed(labels.tags, self.add_tags, self.remove_tags, sorted),
            posts=_changed(labels.posts, self.add_posts, self.remove_posts, _in_order(posts())),
            bands=_changed(labels.bands, self.add_bands, self.remove_bands, _in_order(BANDS)),
            difficulty=self.difficulty or labels.difficulty,
        )


class Refused(Exception):
    """The change would leave questions that fit nobody. `str()` names them and says what to do."""


@transaction.atomic
def change_labels(questions: Iterable[Question], change: LabelChange, *, actor: Any) -> int:
    """Apply a change in a few queries; returns how many questions it changed. Raises `Refused` before it writes."""
    chosen = list(Question.objects.filter(pk__in=[question.pk for question in questions]).prefetch_related("tags"))
    befores = {question.pk: labels_of(question) for question in chosen}
    afters = {pk: change.applied(before) for pk, before in befores.items()}
    changed = [question for question in chosen if befores[question.pk] != afters[question.pk]]
    _check([(question, befores[question.pk], afters[question.pk]) for question in changed])
    entries = []
    for question in changed:
        before, after = befores[question.pk], afters[question.pk]
        question.bands, question.posts, question.difficulty = after.bands, after.posts, after.difficulty
        question.updated_at = timezone.now()
        names = [name for name in LABELS if getattr(before, name) != getattr(after, name)]
        entries.append(Entry("bank.relabel", named(question), detail={"code": question.code, "fields": names}))
    Question.objects.bulk_update(changed, ["bands", "posts", "difficulty", "updated_at"], batch_size=200)
    untag_many(changed, change.remove_tags)
    tag_many((question, change.add_tags) for question in changed)
    record_many(entries, actor=actor)
    return len(changed)


@dataclass(frozen=True)
class Plan:
    """Which of the chosen questions a step can be taken with, and why not with the others."""

    ready: tuple[Question, ...]
    unready: tuple[tuple[Question, str], ...]


def plan(questions: Iterable[Question], step: Step) -> Plan:
    ready, unready = [], []
    for question in questions:
        try:
            ready_for(question, step)
        except WrongStep as wrong:
            unready.append((question, str(wrong)))
        else:
            ready.append(question)
    return Plan(tuple(ready), tuple(unready))


@transaction.atomic
def take_all(questions: Iterable[Question], step: Step, *, actor: Any) -> int:
    """Take the step with every question that is ready for it; returns how many."""
    ready = plan(questions, step).ready
    take_many(ready, step, actor=actor)
    return len(ready)


def _changed(have: Sequence[str], add: Sequence[str], remove: Sequence[str], order: Any) -> tuple[str, ...]:
    return tuple(order((set(have) | set(add)) - set(remove)))


def _in_order(known: Iterable[str]) -> Any:
    return lambda names: [name for name in known if name in names]


def _check(pairs: Iterable[tuple[Question, Labels, Labels]]) -> None:
    pairs = list(pairs)
    bare = [question.code for question, before, after in pairs if before.bands and not after.bands]
    if bare:
        raise Refused(f"这样改以后有 {len(bare)} 道题没有适用对象（{_some(bare)}），请少减一项或先加别的适用对象")
    stray = [question.code for question, _before, after in pairs if after.posts and "T" not in after.bands]
    if stray:
        raise Refused(f"有 {len(stray)} 道题不给教职工，却分了岗位（{_some(stray)}）；请同时加上“教职工”，或减去岗位")


def _some(codes: list[str]) -> str:
    return "、".join(codes[:5]) + (" 等" if len(codes) > 5 else "")
