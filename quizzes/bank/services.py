"""The question bank's only door: other rooms get frozen cards, never models.

A card is a copy of a version: a room that holds one goes on unchanged while an editor writes the next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from taggit.models import Tag, TaggedItem
from wagtail.search import index
from wagtail.search.backends import get_search_backend
from wagtail.search.query import SearchQuery

from common.contentfile import ContentErrors
from people.audit.models import AuditEntry
from people.audit.services import Entry, named, record, record_many
from quizzes.bank.domain.body import (
    Body,
    Fault,
    Item,
    Labels,
    content_hash,
    faults,
    needs_check,
    tidy,
    to_json,
    wall_ready,
)
from quizzes.bank.domain.diff import key_changes
from quizzes.bank.domain.states import State, Step, WrongStep, after
from quizzes.bank.fields import holding
from quizzes.bank.models import Question, QuestionVersion
from quizzes.bank.shapes import CONTENT, item, read_folder
from quizzes.bank.signals import key_corrected

FIRST_CODE, LAST_CODE = 200_001, 299_999
"""Codes that the bank gives itself. Shipped questions have fewer digits."""
LABELS = ("topic", "bands", "posts", "difficulty", "tags")


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
    version: int | None = None
    """The number (primary key) of the version that was put."""


@dataclass(frozen=True)
class LoadReport:
    """Codes of the questions that `load_questions` made, and of those it found and left alone."""

    created: tuple[str, ...]
    kept: tuple[str, ...]


# --- reading ------------------------------------------------------------------------------------
def card(question: Question) -> QuestionCard:
    """The frozen copy of what a question says now."""
    body = question.body
    return QuestionCard(
        code=question.code,
        kind=body.kind,
        topic_slug=question.topic_slug,
        stem=body.stem,
        options=tuple(OptionCard(o.text, o.right) for o in body.options),
        explanation=body.explanation,
        source_mark=body.source,
        bands=tuple(question.bands),
        version=question.live_version_id,
    )


def published() -> QuerySet[Question]:
    """The questions in use, each with the version in use."""
    return Question.objects.filter(live=True).select_related("live_version")


def published_cards(topic_slug: str, band: str) -> list[QuestionCard]:
    """The published questions of a topic that fit a band and a classroom wall, in the order of their codes."""
    found = published().filter(topic_slug=topic_slug, bands__contains=holding(band))
    return [card(question) for question in found if wall_ready(question.body)]


def card_by_code(code: str) -> QuestionCard | None:
    """The published question with this code if a class can answer it; None when there is none."""
    found = published().filter(code=code).first()
    return card(found) if found and wall_ready(found.body) else None


def published_items() -> list[Item]:
    """Every question in use with its labels, as version and labels stand now. Three queries."""
    found = published().prefetch_related("tags")
    return [
        Item(
            question.body,
            Labels(
                question.topic_slug,
                tuple(question.bands),
                tuple(question.posts),
                question.difficulty,
                tuple(sorted(tag.name for tag in question.tags.all())),
            ),
            question.code,
        )
        for question in found
    ]


def search_published(wanted: SearchQuery, most: int) -> list[QuestionCard]:
    """Published questions for pupils and parents that fit a query of `common.text` tokens, the best first.

    Questions for staff alone stay out: an exam may ask them.
    """
    found = get_search_backend().search(wanted, published())
    open_to_all = (question for question in found if set(question.bands) != {"T"})
    return [card(question) for question in islice(open_to_all, most)]


# --- writing ------------------------------------------------------------------------------------
@transaction.atomic
def create(given: Item, *, author: Any = None, note: str = "") -> Question:
    """A new question with its first version, as a draft. An item without a code gets the next free one."""
    question = Question(code=given.code or next_code())
    _set_labels(question, given.labels)
    body = tidy(given.body)
    question.kind, question.stem, question.to_check = body.kind, body.stem, needs_check(body)
    question.save()
    question.tags.set(given.labels.tags)
    _add_version(question, body, author, note)
    record("bank.create", actor=author, target=question, detail={"code": question.code})
    return question


@transaction.atomic
def revise(question: Question, body: Body, *, author: Any = None, note: str = "") -> QuestionVersion:
    """The body as a new version and draft; the newest version itself when nothing changed.

    Raises `WrongStep` for a retired question. Tell from `version.number` whether something was saved.
    """
    locked = Question.objects.select_for_update().get(pk=question.pk)
    body = tidy(body)
    latest = locked.latest_version
    if latest is not None and latest.content_hash == content_hash(body):
        return latest
    locked.state = after(State(locked.state), Step.EDIT)
    version = _add_version(locked, body, author, note)
    record("bank.revise", actor=author, target=locked, detail={"code": locked.code, "version": version.number})
    question.refresh_from_db()
    return version


@transaction.atomic
def relabel(question: Question, labels: Labels, *, actor: Any = None) -> None:
    """Sort a question anew; its content and versions stay."""
    before = labels_of(question)
    if before == labels:
        return
    _set_labels(question, labels)
    # Labels only: whoever read the question a while ago must not undo a step that was taken since.
    question.save(update_fields=["topic_slug", "bands", "posts", "difficulty", "updated_at"])
    question.tags.set(labels.tags)
    index.insert_or_update_object(question)
    changed = [name for name in LABELS if getattr(before, name) != getattr(labels, name)]
    record("bank.relabel", actor=actor, target=question, detail={"code": question.code, "fields": changed})


def take(question: Question, step: Step, *, actor: Any = None, note: str = "") -> None:
    """Take a question one step on. Raises `WrongStep`. The caller has asked whether the actor may."""
    take_many([question], step, actor=actor, note=note)
    question.refresh_from_db()


@transaction.atomic
def take_many(questions: Sequence[Question], step: Step, *, actor: Any = None, note: str = "") -> None:
    """Take every one of these questions one step on, or, when one cannot, none: raises `WrongStep`.

    Publishing a version whose key differs from the one published before sends `signals.key_corrected`.
    """
    locked = list(
        Question.objects.select_for_update(of=("self",))
        .filter(pk__in=[question.pk for question in questions])
        .select_related("live_version", "latest_version")
        .prefetch_related("tags")
    )
    entries: list[Entry] = []
    corrected: list[tuple[Question, QuestionVersion]] = []
    for question in locked:
        ready_for(question, step)
        question.state = after(State(question.state), step)
        newest = question.latest_version
        detail: dict[str, Any] = {"code": question.code, "version": newest.number if newest else None}
        if step is Step.RETIRE and question.live_version is not None:
            detail["live"] = question.live_version.number  # of a bank older than its log, all that tells what was in use
        entries.append(Entry(f"bank.{step}", named(question), detail=detail | ({"note": note} if note else {})))
        if step is Step.PUBLISH:
            before = last_published(question)
            if before and question.latest_version and key_changes(before.body, question.latest_version.body):
                corrected.append((question, before))
                entries.append(Entry("bank.key_corrected", named(question), detail=detail | {"before": before.number}))
            question.live_version = question.latest_version
        elif step is Step.RETIRE:
            question.live_version = None
        question.live = question.live_version_id is not None
        question.updated_at = timezone.now()
    Question.objects.bulk_update(locked, ["state", "live", "live_version", "updated_at"], batch_size=200)
    record_many(entries, actor=actor)
    for question, before in corrected:
        key_corrected.send(
            Question, question=question, old_version=before, new_version=question.live_version, by=actor
        )


def ready_for(question: Question, step: Step) -> None:
    """Raises `WrongStep` unless the step can be taken: from this state, and with nothing left to mend."""
    after(State(question.state), step)
    if step in (Step.SUBMIT, Step.PUBLISH) and question.latest_version is not None:
        found = faults(question.latest_version.body) + label_faults(labels_of(question))
        if found:
            raise WrongStep(f"{question.code} 还有 {len(found)} 处要改：{found[0].message}")


def label_faults(labels: Labels) -> list[Fault]:
    """What keeps a question with these labels from being put to anybody."""
    found = []
    if not labels.topic:
        found.append(Fault("topic", "请选主题"))
    if not labels.bands:
        found.append(Fault("bands", "请至少选一个适用对象"))
    if labels.posts and "T" not in labels.bands:
        found.append(Fault("posts", "分岗位的题目要给教职工，请在适用对象里加上“教职工”，或去掉岗位"))
    return found


def last_published(question: Question) -> QuestionVersion | None:
    """The version in use, or of a question out of use the one that was published last."""
    if question.live_version is not None or question.latest_version is None or question.latest_version.number == 1:
        return question.live_version
    entries = AuditEntry.objects.filter(target_type="question", target_id=str(question.pk))
    for entry in entries.filter(action__in=("bank.publish", "bank.retire")):
        number = entry.detail.get("version" if entry.action == "bank.publish" else "live")
        if number:
            return question.versions.filter(number=number).first()
    return None


def labels_of(question: Question) -> Labels:
    return Labels(
        question.topic_slug,
        tuple(question.bands),
        tuple(question.posts),
        question.difficulty,
        tuple(sorted(tag.name for tag in question.tags.all())),
    )


def item_of(question: Question) -> Item:
    """The newest version with its labels, without the pictures' files."""
    assert question.latest_version is not None
    return Item(question.latest_version.body, labels_of(question), question.code)


def next_code() -> str:
    """A free code of six digits: `q200001` and on. Shipped questions have fewer digits."""
    return next(free_codes(1))


def free_codes(many: int, without: Collection[str] = ()) -> Iterator[str]:
    """As many free codes as that, one after the other, and none of those that are about to be used."""
    own = Question.objects.filter(code__regex=r"^q2\d{5}$").order_by("-code").values_list("code", flat=True)
    last, taken = own.first(), set(without)
    first = int(last[1:]) + 1 if last else FIRST_CODE
    if first + many + len(taken) > LAST_CODE:  # a file brought a code from the end: the gaps are used
        first, taken = FIRST_CODE, taken | set(own)
    return islice((code for code in map("q{}".format, range(first, 10_000_000)) if code not in taken), many)


def _set_labels(question: Question, labels: Labels) -> None:
    question.topic_slug = labels.topic
    question.bands = labels.bands
    question.posts = labels.posts
    question.difficulty = labels.difficulty


def _version(question: Question, body: Body, number: int, author: Any, note: str) -> QuestionVersion:
    return QuestionVersion(
        question=question,
        number=number,
        content=to_json(body),
        content_hash=content_hash(body),
        note=note,
        author=author,
    )


def _add_version(question: Question, body: Body, author: Any, note: str) -> QuestionVersion:
    before = question.latest_version
    version = _version(question, body, before.number + 1 if before else 1, author, note)
    version.save()
    question.latest_version = version
    question.kind, question.stem, question.to_check = body.kind, body.stem, needs_check(body)
    question.save()
    index.insert_or_update_object(question)
    return version


# --- many at once -------------------------------------------------------------------------------
@transaction.atomic
def create_many(given: Iterable[Item], *, author: Any = None, note: str = "", publish: bool = False) -> list[Question]:
    """New questions with their first versions, as `create` (and `take`) would make them, in a few queries for all.

    500 questions take about a second. The order is kept; a code that is taken raises `IntegrityError`.
    """
    items = list(given)
    codes = free_codes(sum(not each.code for each in items), {each.code for each in items if each.code})
    pairs: list[tuple[Question, Body]] = []
    for each in items:
        body = tidy(each.body)
        question = Question(code=each.code or next(codes), kind=body.kind, stem=body.stem, to_check=needs_check(body))
        _set_labels(question, each.labels)
        if publish:
            question.state, question.live = State.PUBLISHED, True
        pairs.append((question, body))
    questions = Question.objects.bulk_create([question for question, _body in pairs], batch_size=500)
    versions = QuestionVersion.objects.bulk_create(
        [_version(question, body, 1, author, note) for question, body in pairs], batch_size=500
    )
    for question, version in zip(questions, versions, strict=True):
        question.latest_version = version
        question.live_version = version if publish else None
    Question.objects.bulk_update(questions, ["latest_version", "live_version"], batch_size=200)
    tag_many(zip(questions, (each.labels.tags for each in items), strict=True))
    index_many(questions)
    entries = [Entry("bank.create", named(question), detail={"code": question.code}) for question in questions]
    if publish:
        entries += [
            Entry("bank.publish", named(question), detail={"code": question.code, "version": 1}) for question in questions
        ]
    record_many(entries, actor=author)
    return questions


def tag_many(wanted: Iterable[tuple[Question, Iterable[str]]]) -> None:
    """Add tags to questions; a tag that a question has already is not added twice."""
    pairs = [(question, name) for question, names in wanted for name in names]
    names = {name for _question, name in pairs}
    there = set(Tag.objects.filter(name__in=names).values_list("name", flat=True))
    # taggit makes a slug, with queries, for each tag it creates; nothing here reads slugs, so the name serves.
    Tag.objects.bulk_create([Tag(name=name, slug=name) for name in sorted(names - there)], ignore_conflicts=True)
    tags = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
    kind = ContentType.objects.get_for_model(Question)
    rows = [TaggedItem(tag=tags[name], content_type=kind, object_id=question.pk) for question, name in pairs]
    TaggedItem.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def untag_many(questions: Sequence[Question], names: Iterable[str]) -> None:
    kind = ContentType.objects.get_for_model(Question)
    ids = [question.pk for question in questions]
    TaggedItem.objects.filter(content_type=kind, object_id__in=ids, tag__name__in=list(names)).delete()


def index_many(questions: Sequence[Question]) -> None:
    """Bring the search index up to date for questions that were written without `save`."""
    if questions:
        get_search_backend().add_bulk(Question, questions)


# --- the shipped bank ---------------------------------------------------------------------------
def load_questions(folder: Path = CONTENT) -> LoadReport:
    """Create and publish the questions of the content files that the bank does not have yet.

    A question that exists is never touched: an editor may have improved it. A file with a mistake
    is not loaded at all; the others are, and then `ContentErrors` tells every problem.
    """
    files, problems = read_folder(folder)
    given = [item(data["topic"], entry) for data in files for entry in data["questions"]]
    with transaction.atomic():
        there = set(Question.objects.values_list("code", flat=True))
        new = [each for each in given if each.code not in there]
        create_many(new, publish=True)
    if problems:
        raise ContentErrors(problems)
    return LoadReport(tuple(each.code for each in new), tuple(each.code for each in given if each.code in there))
