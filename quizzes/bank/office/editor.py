"""Making and changing a question: one form for all kinds, server-rendered and complete without JavaScript.

What was typed comes back with every refusal. A draft may be unfinished; submitting and publishing want a
faultless question. A form whose question somebody else saved meanwhile is shown against the newer version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from people.posts import Post, post_names, posts
from quizzes.bank.domain.body import DIFFICULTIES, KINDS, PARTIAL_KINDS, Item, Labels, content_hash
from quizzes.bank.domain.diff import Change, changes
from quizzes.bank.domain.states import State, Step, WrongStep
from quizzes.bank.models import Question
from quizzes.bank.office.sheet import Sheet, compact, half_filled, name_of, problems, read, sheet_of
from quizzes.bank.office.words import split_tags, topic_choices
from quizzes.bank.services import create as create_question
from quizzes.bank.services import label_faults, labels_of, next_code, relabel, revise, take
from quizzes.bank.shapes import BANDS

NOTE_LENGTH, TAG_LENGTH = 200, 20


@dataclass(frozen=True)
class Typed:
    """Everything the form holds."""

    sheet: Sheet
    labels: Labels
    note: str = ""
    code: str = ""
    """Of a question that is being made: a form that is sent twice makes one question."""
    base: str = ""
    """The `stamp` of the question that the form was filled from."""


def create(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        start = Labels(topic=request.GET.get("topic", ""))
        return _form(request, Typed(Sheet(kind=_kind(request.GET.get("kind", ""))), start, code=next_code()))
    typed = read_form(request)
    action = request.POST.get("action", "save")
    errors = _errors(typed, action)
    if action == "look" or errors:
        return _form(request, typed, errors=errors, status=200 if action == "look" else 422)
    question = _create(typed, request.user)
    return _saved(request, question, action)


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    question = get_object_or_404(Question.objects.select_related("latest_version").prefetch_related("tags"), pk=pk)
    assert question.latest_version is not None
    if question.state == State.RETIRED:
        messages.error(request, _("%(code)s 已停用。要修改，请先由审核员“恢复为草稿”。") % {"code": question.code})
        return redirect("bank_question", pk)
    if request.method != "POST":
        typed = Typed(sheet_of(question.latest_version.body), labels_of(question), base=stamp(question))
        errors = _errors(typed, "save") if question.state == State.DRAFT else {}
        return _form(request, typed, question, errors=errors)
    typed = read_form(request)
    action = request.POST.get("action", "save")
    errors = _errors(typed, action)
    if action == "draft" and question.live:  # labels have no versions: they would count at once
        errors |= {fault.field: [fault.message] for fault in label_faults(typed.labels)}
    if action == "look" or errors:
        return _form(request, typed, question, errors=errors, status=200 if action == "look" else 422)
    with transaction.atomic():
        question = Question.objects.select_for_update().get(pk=pk)
        if typed.base != stamp(question) and not _same(question, typed):
            return _conflict(request, question, typed)
        revise(question, typed.sheet.body, author=request.user, note=typed.note)
        relabel(question, typed.labels, actor=request.user)
    return _saved(request, question, action)


def stamp(question: Question) -> str:
    """Which version and labels a form was filled from."""
    labels = hashlib.sha256(repr(labels_of(question)).encode()).hexdigest()[:8]
    return f"{question.latest_version.number if question.latest_version else 0}.{labels}"


# --- reading the form ---------------------------------------------------------------------------
def read_form(request: HttpRequest) -> Typed:
    data = request.POST
    difficulty = data.get("difficulty", "")
    labels = Labels(
        topic=data.get("topic", ""),
        bands=_known(data.getlist("bands"), BANDS),
        posts=_known(data.getlist("posts"), posts()),
        difficulty=int(difficulty) if difficulty in {str(level) for level in DIFFICULTIES} else 2,
        tags=tuple(sorted(split_tags(data.get("tags", "")))),
    )
    return Typed(compact(read(data)), labels, data.get("note", "").strip(), data.get("code", ""), data.get("base", ""))


def _known(given: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    wanted = set(given)
    return tuple(name for name in known if name in wanted)


def _kind(name: str) -> str:
    return name if name in KINDS else "single"


def _errors(typed: Typed, action: str) -> dict[str, list[str]]:
    """What holds the action back, by the form's fields. A draft is held back only by what it would lose."""
    found: dict[str, list[str]] = {}
    if action == "look":
        return found
    if len(typed.note) > NOTE_LENGTH:
        found["note"] = [_("修改说明最多 200 字，请写短一些")]
    if any(len(tag) > TAG_LENGTH for tag in typed.labels.tags):
        found["tags"] = [_("一个标签最多 20 字，请用顿号隔开几个标签")]
    if typed.labels.topic and typed.labels.topic not in dict(topic_choices()):
        found["topic"] = [_("没有这个主题，请另选一个")]
    if action == "draft":
        if typed.sheet.is_empty:
            found["stem"] = [_("还什么都没有写，先写题干再存草稿")]
        for fault in half_filled(typed.sheet):
            found.setdefault(name_of(fault.field), []).append(fault.message)
        return found
    for fault in label_faults(typed.labels):
        found.setdefault(fault.field, []).append(fault.message)
    return found | problems(typed.sheet)


# --- writing ------------------------------------------------------------------------------------
def _create(typed: Typed, user: Any) -> Question:
    """The new question; the one that is there already when the network sent the form twice."""
    there = Question.objects.filter(code=typed.code).select_related("latest_version").first()
    if there is not None and _same(there, typed) and there.versions.filter(number=1, author=user).exists():
        return there
    code = "" if there is not None or not _is_next(typed.code) else typed.code
    item = Item(typed.sheet.body, typed.labels, code)
    try:
        with transaction.atomic():
            return create_question(item, author=user, note=typed.note)
    except IntegrityError:  # another form took the number in the same moment
        return create_question(Item(item.body, item.labels), author=user, note=typed.note)


def _is_next(code: str) -> bool:
    """Whether a code sent by a form is one that we would give: 200001 and on, and not far ahead."""
    return code.startswith("q2") and code[1:].isdecimal() and len(code) == 7 and int(code[1:]) <= int(next_code()[1:]) + 1000


def _same(question: Question, typed: Typed) -> bool:
    """Whether the question says already what was typed."""
    assert question.latest_version is not None
    return question.latest_version.content_hash == content_hash(typed.sheet.body) and labels_of(question) == typed.labels


def _saved(request: HttpRequest, question: Question, action: str) -> HttpResponse:
    if action == "submit":
        try:
            if question.state != State.REVIEW:
                take(question, Step.SUBMIT, actor=request.user)
        except WrongStep as wrong:
            messages.warning(request, str(wrong))
        else:
            messages.success(request, _("%(code)s 已保存并提交审核。") % {"code": question.code})
        return redirect("bank_question", question.pk)
    number = question.latest_version.number if question.latest_version else 1
    if action == "draft":
        left = _errors(Typed(sheet_of(question.latest_version.body), labels_of(question)), "save")  # type: ignore[union-attr]
        count = sum(map(len, left.values()))
        text = _("%(code)s 已存草稿（第 %(number)d 版）。") % {"code": question.code, "number": number}
        if count:
            text += _("还有 %(count)d 处要补，补完才能提交审核。") % {"count": count}
        messages.success(request, text)
        return redirect("bank_edit", question.pk)
    messages.success(request, _("%(code)s 已保存（第 %(number)d 版）。") % {"code": question.code, "number": number})
    return redirect("bank_question", question.pk)


# --- showing the form ---------------------------------------------------------------------------
def _form(
    request: HttpRequest,
    typed: Typed,
    question: Question | None = None,
    *,
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    groups: dict[str, list[Post]] = {}
    for post in posts().values():
        groups.setdefault(post.group, []).append(post)
    context = {
        "typed": typed,
        "sheet": typed.sheet.padded,
        "question": question,
        "errors": errors or {},
        "kinds": KINDS,
        "part_kinds": {kind: name for kind, name in KINDS.items() if kind != "case"},
        "partial_kinds": sorted(PARTIAL_KINDS),
        "topics": topic_choices(),
        "bands": BANDS,
        "post_groups": groups,
        "difficulties": DIFFICULTIES,
        "empty": Sheet().padded,
        **more,
    }
    return render(request, "bank/office/editor.html", context, status=status)


def _conflict(request: HttpRequest, question: Question, typed: Typed) -> HttpResponse:
    """The form once more, against what somebody else saved; saving it now is a decision."""
    theirs = question.latest_version
    assert theirs is not None
    differences = changes(theirs.body, typed.sheet.body) + label_changes(labels_of(question), typed.labels)
    now = Typed(typed.sheet, typed.labels, typed.note, base=stamp(question))
    return _form(request, now, question, status=409, theirs=theirs, differences=differences)


def label_changes(old: Labels, new: Labels) -> list[Change]:
    topics, names = dict(topic_choices()), post_names()
    rows = [
        (_("主题"), topics.get(old.topic, old.topic), topics.get(new.topic, new.topic)),
        (_("适用对象"), "、".join(BANDS[band] for band in old.bands), "、".join(BANDS[band] for band in new.bands)),
        (_("岗位"), "、".join(names[slug] for slug in old.posts), "、".join(names[slug] for slug in new.posts)),
        (_("难度"), DIFFICULTIES[old.difficulty], DIFFICULTIES[new.difficulty]),
        (_("标签"), "、".join(old.tags), "、".join(new.tags)),
    ]
    return [Change(label, before, after) for label, before, after in rows if before != after]

