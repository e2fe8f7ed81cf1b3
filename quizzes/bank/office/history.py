"""One question: what it says, what may be done next, every version with what changed, and where it is used."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from people.access import Action, can
from people.audit.models import AuditEntry
from people.models import User
from people.posts import posts
from quizzes.bank.domain.body import Body
from quizzes.bank.domain.diff import Change, changes
from quizzes.bank.domain.states import MOVES, State, Step, steps
from quizzes.bank.models import Question, QuestionVersion
from quizzes.bank.office.preview import facts
from quizzes.bank.office.words import header, topic_names
from quizzes.bank.services import labels_of
from quizzes.bank.usage import uses

FIELDS = {"topic": _("主题"), "bands": _("适用对象"), "posts": _("岗位"), "difficulty": _("难度"), "tags": _("标签")}
MOST_ENTRIES = 300


@dataclass(frozen=True)
class Line:
    """One thing that happened: a version that was saved, or a step that was taken."""

    at: dt.datetime
    who: str
    what: str
    sort: str
    """`version`, `correction` or `step`."""
    number: int | None = None
    note: str = ""
    changes: tuple[Change, ...] = ()


def question(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Question.objects.select_related("live_version", "latest_version").prefetch_related("tags"), pk=pk
    )
    versions = list(found.versions.order_by("number"))
    assert found.latest_version is not None
    may_edit = can(request.user, Action.BANK_EDIT)
    next_steps = steps(State(found.state), reviewer=can(request.user, Action.BANK_REVIEW)) if may_edit else ()
    body = found.latest_version.body
    context = {
        "question": found,
        "labels": labels_of(found),
        "topic": topic_names().get(found.topic_slug, found.topic_slug),
        "posts": [posts()[slug].name for slug in found.posts],
        "body": body,
        "latest": found.latest_version,
        "pending": changes(found.live_version.body, body) if found.live_version and found.live_version != found.latest_version else (),
        "may_edit": Step.EDIT in next_steps,
        "steps": [(each, MOVES[each]) for each in next_steps if each is not Step.EDIT],
        "lines": lines(found, versions),
        "versions": versions,
        "uses": uses(found),
        **facts(body),
        **header(found.code),
    }
    return render(request, "bank/office/question.html", context)


def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Any two versions: `?a=1&b=3`. What cannot be read means the first and the last."""
    found = get_object_or_404(Question.objects.select_related("live_version", "latest_version"), pk=pk)
    versions = {version.number: version for version in found.versions.order_by("number")}
    a = versions.get(_number(request, "a"), next(iter(versions.values())))
    b = versions.get(_number(request, "b"), versions[max(versions)])
    context = {"question": found, "versions": list(versions.values()), "a": a, "b": b, "changes": changes(a.body, b.body)}
    context |= header(_("比较版本"), found)
    return render(request, "bank/office/compare.html", context)


def lines(question: Question, versions: list[QuestionVersion]) -> list[Line]:
    """The question's history, the newest first: from its versions and from the audit log."""
    entries = list(AuditEntry.objects.filter(target_type="question", target_id=str(question.pk))[:MOST_ENTRIES])
    people = User.objects.in_bulk({entry.actor_id for entry in entries} | {version.author_id for version in versions} - {None})

    def name(pk: int | None) -> str:
        return str(people[pk]) if pk in people else _("系统")

    found = [_step_line(entry, name(entry.actor_id)) for entry in entries if entry.action in _STEPS]
    before: Body | None = None
    for version in versions:
        changed = tuple(changes(before, version.body)) if before else ()
        what = _("保存第 %(number)d 版") % {"number": version.number}
        found.append(Line(version.created_at, name(version.author_id), what, "version", version.number, version.note, changed))
        before = version.body
    return sorted(found, key=lambda line: (line.at, line.sort != "version", line.number or 0), reverse=True)


_STEPS = {f"bank.{step}": move.name for step, move in MOVES.items() if step is not Step.EDIT} | {
    "bank.key_corrected": "答案更正",
    "bank.relabel": "修改分类",
}


def _step_line(entry: AuditEntry, who: str) -> Line:
    detail: dict[str, Any] = entry.detail
    what, sort = _STEPS[entry.action], "step"
    if entry.action == "bank.key_corrected":
        sort = "correction"
        what = _("答案更正：第 %(new)d 版的答案与第 %(old)d 版不同") % {"new": detail["version"], "old": detail["before"]}
    elif entry.action == "bank.relabel":
        what += "：" + "、".join(str(FIELDS.get(field, field)) for field in detail.get("fields", ()))
    elif detail.get("version"):
        what = _("%(step)s第 %(number)d 版") % {"step": what, "number": detail["version"]}
    return Line(entry.at, who, what, sort, detail.get("version"), detail.get("note", ""))


def _number(request: HttpRequest, name: str) -> int:
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 9 else 0
