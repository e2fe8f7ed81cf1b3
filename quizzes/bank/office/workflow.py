"""The steps of one question: submit, return, publish, retire, restore.

Publishing another key is a correction: the reviewer sees first where the old version was used.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people.access import Action, require
from quizzes.bank.domain.diff import key_changes
from quizzes.bank.domain.states import MOVES, State, Step, WrongStep
from quizzes.bank.models import Question
from quizzes.bank.office.words import header
from quizzes.bank.services import last_published, take
from quizzes.bank.usage import uses

NOTE_LENGTH = 200


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the step `step`; `version` is the number of the version that the person saw."""
    question = get_object_or_404(Question.objects.select_related("live_version", "latest_version"), pk=pk)
    try:
        wanted = Step(request.POST.get("step", ""))
    except ValueError:
        wanted = Step.EDIT
    if wanted is Step.EDIT:
        messages.error(request, _("不认识这个操作，请从本页的按钮里选。"))
        return redirect("bank_question", pk)
    if MOVES[wanted].reviewer:
        require(request.user, Action.BANK_REVIEW)
    latest = question.latest_version
    if latest is None or request.POST.get("version") != str(latest.number):
        messages.error(request, _("您看这一页的时候，有人存了新的版本。请看过新版本以后再操作。"))
        return redirect("bank_question", pk)
    if wanted is Step.PUBLISH and not request.POST.get("confirmed"):
        before = last_published(question)
        corrections = key_changes(before.body, latest.body) if before else []
        if corrections:
            return render(request, "bank/office/correct.html", {
                "question": question, "before": before, "latest": latest, "corrections": corrections, "uses": uses(question),
                **header(_("更正答案"), question),
            })  # fmt: skip
    return _take(request, question, wanted)


def _take(request: HttpRequest, question: Question, wanted: Step) -> HttpResponse:
    note = request.POST.get("note", "").strip()
    if wanted is Step.RETURN and not note:
        messages.error(request, _("退回时请写一句要改什么，出题人才知道怎么改。"))
    elif len(note) > NOTE_LENGTH:
        messages.error(request, _("说明最多 200 字，请写短一些。"))
    elif _done_already(question, wanted):
        messages.success(request, _("已经%(step)s过了。") % {"step": MOVES[wanted].name})
    else:
        try:
            take(question, wanted, actor=request.user, note=note)
        except WrongStep as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(request, _("%(code)s：已%(step)s。") % {"code": question.code, "step": MOVES[wanted].name})
    return redirect("bank_question", question.pk)


def _done_already(question: Question, wanted: Step) -> bool:
    """A click that the network repeated."""
    done = State(question.state) is MOVES[wanted].to and wanted in (Step.SUBMIT, Step.PUBLISH, Step.RETIRE)
    return done and (wanted is not Step.PUBLISH or question.live_version_id == question.latest_version_id)
