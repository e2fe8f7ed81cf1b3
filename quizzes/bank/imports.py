"""Bringing a file of questions in: kept between preview and decision, applied as a whole, undone as a whole.

A file is read once, when it is uploaded; its pictures are checked and kept then. What comes of it depends
on the choices of the person, so the preview is worked out anew from the file's questions each time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from common.text import normalise
from lessons.services import topics
from people.audit.services import record
from quizzes.bank import exchange
from quizzes.bank.domain.body import (
    Body,
    Item,
    Labels,
    Option,
    Picture,
    RubricLine,
    content_hash,
    faults,
    from_json,
    pictures,
    to_json,
)
from quizzes.bank.domain.similar import Index
from quizzes.bank.domain.states import State, WrongStep
from quizzes.bank.exchange.base import Problem, Reading
from quizzes.bank.models import Question, QuestionImport, QuestionVersion
from quizzes.bank.pictures import BadPicture, keep
from quizzes.bank.services import create_many, label_faults, labels_of, relabel, revise
from quizzes.bank.shapes import CODE

WAITING_DAYS = 7
"""An upload that nobody decided upon is deleted after this many days."""
UNDO_DAYS = 30
"""So long an import can be undone."""
LIKELY, SAME = 0.6, 0.9
SHORT_RUBRIC = "按参考答案评分"


class NotDone(Exception):
    """The import or its undoing was not done, and nothing changed. `str()` says why and what to do."""


@dataclass(frozen=True)
class Choices:
    """What the person decided. Labels fill in what the file does not say."""

    topic: str = ""
    bands: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    difficulty: int = 0
    """Of every question; 0 leaves what the file says."""
    tag: str = ""
    short_marks: int = 10
    """Marks of a short answer that came without a rubric; 0 leaves it without."""
    known: str = "skip"
    """What becomes of a question whose code the bank has: skip, new or revise."""
    skip_faulty: bool = False
    skip_twins: bool = False

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Choices:
        known = {name: value for name, value in data.items() if name in cls.__dataclass_fields__}
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in known.items()})


@dataclass(frozen=True)
class Twin:
    """The most alike question: of the bank by its code, or of the same file by its place."""

    name: str
    percent: int

    @property
    def in_bank(self) -> bool:
        return bool(CODE.fullmatch(self.name))


@dataclass(frozen=True)
class Line:
    """One question of the file and what would come of it: new, revise, same, skip, twin or faulty."""

    number: int
    place: str
    item: Item
    faults: tuple[str, ...]
    twin: Twin | None
    known: Question | None
    fate: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]

    def count(self, *fates: str) -> int:
        return sum(line.fate in fates for line in self.lines)

    @property
    def stopping(self) -> int:
        """Questions and places in the file that must be put right, or left out knowingly."""
        return self.count("faulty") + sum(not problem.note for problem in self.problems)


# --- upload -------------------------------------------------------------------------------------
def receive(owner: Any, token: UUID, name: str, data: bytes) -> QuestionImport:
    """Read and keep an uploaded file; the one that is there already when the token was sent before.

    Raises `exchange.base.Refused` for a file that cannot be read at all.
    """
    there = QuestionImport.objects.filter(pk=token, owner=owner).first()
    if there is not None:
        return there
    form, reading = exchange.read(data)
    with transaction.atomic():
        sweep()
        content = _content(reading)
        try:
            with transaction.atomic():
                return QuestionImport.objects.create(
                    token=token, owner=owner, file_name=name[:200], format=form, content=content
                )
        except IntegrityError:  # the same form was sent twice at once
            return QuestionImport.objects.get(pk=token, owner=owner)


def _content(reading: Reading) -> dict[str, Any]:
    problems = list(reading.problems)
    items = []
    for place, item in zip(reading.places, reading.items, strict=True):
        items.append({"place": place, "code": item.code, "labels": asdict(item.labels), "body": _pictured(item, place, problems)})
    _mark_twins(items)
    return {"items": items, "problems": [asdict(problem) for problem in problems]}


def _pictured(item: Item, place: str, problems: list[Problem]) -> dict[str, Any]:
    """The body as JSON, its pictures kept under the names of what was written anew."""
    names: dict[str, str] = {}
    for picture in pictures(item.body):
        try:
            names[picture.name] = keep(item.files.get(picture.name, b"")).name
        except BadPicture as bad:
            problems.append(Problem(place, str(bad), "这张图没有导入，可以导入后在题目里另传", note=True))
    return to_json(_with_pictures(item.body, names))


def _with_pictures(body: Body, names: Mapping[str, str]) -> Body:
    def new(picture: Picture | None) -> Picture | None:
        return Picture(names[picture.name], picture.alt) if picture and picture.name in names else None

    return replace(
        body,
        picture=new(body.picture),
        options=tuple(Option(o.text, o.right, o.misconception, new(o.picture)) for o in body.options),
        parts=tuple(_with_pictures(part, names) for part in body.parts),
    )


def _mark_twins(items: list[dict[str, Any]]) -> None:
    """Note at each question the one most like it, in the bank or before it in the file."""
    index: Index[str] = Index()
    for code, stem in Question.objects.exclude(state=State.RETIRED).values_list("code", "stem"):
        index.put(code, stem)
    for entry in items:
        stem = entry["body"].get("stem", "")
        found = index.nearest(stem, most=1, least=LIKELY, without=entry["code"])
        if found:
            entry["twin"] = [found[0][0], round(100 * found[0][1])]
        index.put(entry["place"], stem)


# --- preview ------------------------------------------------------------------------------------
def plan(upload: QuestionImport, choices: Choices | None = None) -> Plan:
    """What would come of the file. A fixed number of queries."""
    choices = choices or Choices.of(upload.choices)
    entries = upload.content.get("items", [])
    codes = {entry["code"] for entry in entries if entry["code"]}
    known = {
        question.code: question
        for question in Question.objects.filter(code__in=codes).select_related("latest_version").prefetch_related("tags")
    }
    names = _topic_names()
    first = {entry["code"]: entry["place"] for entry in reversed(entries)}
    lines = tuple(_line(number, entry, known, names, choices, first[entry["code"]]) for number, entry in enumerate(entries, 1))
    return Plan(lines, tuple(Problem(**problem) for problem in upload.content.get("problems", [])))


def _topic_names() -> dict[str, str]:
    found = {}
    for entry in topics():
        found |= {_plain(name): entry.slug for name in (entry.pupil_title, entry.official_title, entry.slug)}
    return found


def _plain(text: str) -> str:
    return normalise(text).replace(" ", "")


def _line(
    number: int,
    entry: dict[str, Any],
    known: Mapping[str, Question],
    topic_names: Mapping[str, str],
    choices: Choices,
    first: str,
) -> Line:
    """One line of the plan. `first` is the first place in the file with the same code."""
    notes = []
    labels = Labels(**{name: tuple(value) if isinstance(value, list) else value for name, value in entry["labels"].items()})
    topic = topic_names.get(_plain(labels.topic), "")
    if labels.topic and not topic:
        notes.append(f"文件里的主题“{labels.topic[:20]}”本站没有，用所选的主题")
    body = from_json(entry["body"])
    if body.kind == "short" and not body.rubric and choices.short_marks:
        body = replace(body, rubric=(RubricLine(SHORT_RUBRIC, choices.short_marks),))
    body = replace(body, parts=tuple(_with_rubric(part, choices) for part in body.parts))
    bands = labels.bands or choices.bands
    labels = replace(
        labels,
        topic=topic or choices.topic,
        bands=bands,
        posts=labels.posts or (choices.posts if "T" in bands else ()),
        difficulty=choices.difficulty or labels.difficulty,
        tags=tuple(sorted({*labels.tags, *([choices.tag] if choices.tag else [])})),
    )
    code = entry["code"] if CODE.fullmatch(entry["code"]) else ""
    if entry["code"] and not code:
        notes.append(f"文件里的编号“{entry['code'][:20]}”不是本站的写法，导入时另编")
    twin = Twin(*entry["twin"]) if "twin" in entry else None
    old = known.get(code)
    wrong = tuple(fault.message for fault in (*faults(body), *label_faults(labels)))
    if code and first != entry["place"] and (old is None or choices.known != "new"):
        wrong += (f"编号 {code} 和{first}的题重复；请改掉一个编号，或清空它，导入时会另编",)
    fate = _fate(body, labels, old, twin, bool(wrong), choices)
    item = Item(body, labels, "" if fate == "new" and old else code)
    return Line(number, entry["place"], item, wrong, twin, old, fate, tuple(notes))


def _with_rubric(part: Body, choices: Choices) -> Body:
    bare = part.kind == "short" and not part.rubric and choices.short_marks
    return replace(part, rubric=(RubricLine(SHORT_RUBRIC, choices.short_marks),)) if bare else part


def _fate(body: Body, labels: Labels, old: Question | None, twin: Twin | None, wrong: bool, choices: Choices) -> str:
    if old is not None and old.latest_version is not None and choices.known != "new":
        if old.latest_version.content_hash == content_hash(body) and (choices.known == "skip" or labels_of(old) == labels):
            return "same"
        if choices.known == "skip":
            return "skip"
    if wrong:
        return "faulty"
    if old is not None and choices.known == "revise":
        return "revise"
    if choices.skip_twins and twin and twin.percent >= 100 * SAME:
        return "twin"
    return "new"


# --- deciding -----------------------------------------------------------------------------------
@transaction.atomic
def apply(upload: QuestionImport, choices: Choices, *, actor: Any) -> QuestionImport:
    """Bring the questions in as drafts, all or none. Doing it twice does it once. Raises `NotDone`."""
    locked = QuestionImport.objects.select_for_update().get(pk=upload.pk)
    if locked.state != QuestionImport.State.WAITING:
        return locked
    made = plan(locked, choices)
    if made.stopping and not choices.skip_faulty:
        raise NotDone(f"还有 {made.stopping} 处要改。请改好文件重新上传，或勾选“跳过有问题的题”再导入。")
    if not made.count("new", "revise"):
        raise NotDone("没有可以导入的题目，题库没有变。")
    note = f"导入：{locked.file_name}"[:200]
    try:
        with transaction.atomic():
            created = create_many([line.item for line in made.lines if line.fate == "new"], author=actor, note=note)
    except IntegrityError as clash:
        raise NotDone("有人同时在出题，编号撞上了；什么都没有导入，请再点一次“导入”。") from clash
    revised = [_revise(line, actor, note) for line in made.lines if line.fate == "revise"]
    locked.state, locked.applied_at, locked.choices = QuestionImport.State.APPLIED, timezone.now(), asdict(choices)
    locked.result = {"created": [question.pk for question in created], "revised": revised}
    locked.content = {}  # the questions are in the bank now; the rest of the file is nobody's business any more
    locked.save()
    count = len(created) + len(revised)
    counts = {"count": count, "created": len(created), "revised": len(revised), "skipped": len(made.lines) - count}
    record("bank.import", actor=actor, target=("questionimport", locked.pk), detail={"format": locked.format, **counts})
    return locked


def _revise(line: Line, actor: Any, note: str) -> int:
    assert line.known is not None
    try:
        revise(line.known, line.item.body, author=actor, note=note)
    except WrongStep as wrong:
        raise NotDone(f"{line.place}（{line.known.code}）：{wrong}。什么都没有导入。") from wrong
    relabel(line.known, line.item.labels, actor=actor)
    return line.known.pk


def touched(upload: QuestionImport) -> list[str]:
    """Codes of the import's new questions that are no longer as they came; two queries at most."""
    made = upload.result.get("created", [])
    there = Question.objects.filter(pk__in=made).select_related("latest_version")
    limit = (upload.applied_at or timezone.now()) + dt.timedelta(seconds=2)
    return [
        question.code
        for question in there
        if question.state != State.DRAFT or question.live or question.latest_version.number != 1 or question.updated_at > limit
    ]


@transaction.atomic
def undo(upload: QuestionImport, *, actor: Any) -> QuestionImport:
    """Take the new questions out again, all or none. Raises `NotDone`."""
    locked = QuestionImport.objects.select_for_update().get(pk=upload.pk)
    if locked.state == QuestionImport.State.UNDONE:
        return locked
    if locked.state != QuestionImport.State.APPLIED:
        raise NotDone("这个文件没有导入过，不用撤销。")
    if locked.applied_at and locked.applied_at < timezone.now() - dt.timedelta(days=UNDO_DAYS):
        raise NotDone(f"导入已经超过 {UNDO_DAYS} 天，不能整批撤销；不要的题请在题目列表里停用。")
    if locked.result.get("revised"):
        raise NotDone(f"这次导入给 {len(locked.result['revised'])} 道已有的题写了新版本，不能整批撤销；请在那些题的历史里改回去。")
    changed = touched(locked)
    if changed:
        raise NotDone(f"这些题导入以后有人改过或提交过：{'、'.join(changed[:10])}，不能整批撤销；不要的题请逐题停用。")
    made = locked.result.get("created", [])
    Question.objects.filter(pk__in=made).update(latest_version=None, live_version=None)
    QuestionVersion.objects.filter(question__in=made).delete()
    Question.objects.filter(pk__in=made).delete()
    locked.state, locked.undone_at = QuestionImport.State.UNDONE, timezone.now()
    locked.save()
    record("bank.import_undo", actor=actor, target=("questionimport", locked.pk), detail={"count": len(made)})
    return locked


def discard(upload: QuestionImport) -> None:
    """Forget an upload that nobody decided upon."""
    if upload.state == QuestionImport.State.WAITING:
        upload.delete()


# --- retention ----------------------------------------------------------------------------------
def sweep(now: dt.datetime | None = None) -> int:
    """Delete uploads that nobody decided upon; returns how many. Lines of old imports go by the privacy timers."""
    due = (now or timezone.now()) - dt.timedelta(days=WAITING_DAYS)
    return QuestionImport.objects.filter(state=QuestionImport.State.WAITING, created_at__lt=due).delete()[0]
