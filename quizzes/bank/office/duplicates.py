"""Near-duplicates: the answer while somebody types, and the report of the whole bank.

Each process keeps an index of all stems; before it answers it reads what changed since (one small query).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quizzes.bank.domain.diff import marked
from quizzes.bank.domain.similar import DOUBTFUL, Index, pairs
from quizzes.bank.domain.states import State
from quizzes.bank.models import Question
from quizzes.bank.office.words import header, topic_names

LEAST_CHARACTERS = 4
"""A stem shorter than this is alike to too much."""
OVERLAP = dt.timedelta(seconds=30)
"""Rows are read again for so long after they changed: a transaction may be seen later than its time."""


class _Stems:
    """The index of one process, over every question's newest stem."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._index: Index[int] = Index()
        self._newest: dt.datetime | None = None
        self._count = -1

    def nearest(self, stem: str, without: int | None) -> list[tuple[int, float]]:
        with self._lock:
            self._refresh()
            return self._index.nearest(stem, without=without)

    def _refresh(self) -> None:
        found = Question.objects.aggregate(newest=Max("updated_at"), last=Max("pk"))
        count = Question.objects.count()
        if count == self._count and found["newest"] == self._newest:
            return
        rows = Question.objects.order_by()
        if self._newest is not None and count >= self._count and found["newest"] and found["newest"] >= self._newest:
            rows = rows.filter(updated_at__gte=self._newest - OVERLAP)
        else:
            self._index = Index()
        for pk, stem in rows.values_list("pk", "stem").iterator():
            self._index.put(pk, stem)
        if len(self._index) != count:  # something was taken away, or another database was put in place
            self._index = Index()
            for pk, stem in Question.objects.order_by().values_list("pk", "stem").iterator():
                self._index.put(pk, stem)
        self._newest, self._count = found["newest"], count


_stems = _Stems()


@require_POST
def similar(request: HttpRequest) -> JsonResponse:
    """The questions most alike to a stem: number, code, stem with marks, state, likeness in percent."""
    stem = request.POST.get("stem", "").strip()[:1000]
    own = request.POST.get("question", "")
    if len(stem) < LEAST_CHARACTERS:
        return JsonResponse({"found": []})
    near = _stems.nearest(stem, int(own) if own.isdecimal() and len(own) < 19 else None)
    questions = Question.objects.in_bulk([pk for pk, _score in near])
    names = topic_names() if near else {}
    return JsonResponse(
        {"found": [_told(questions[pk], score, stem, names) for pk, score in near if pk in questions]}
    )


def _told(question: Question, score: float, stem: str, names: dict[str, str]) -> dict[str, Any]:
    return {
        "code": question.code,
        "url": reverse("bank_question", args=[question.pk]),
        "percent": round(100 * score),
        "topic": names.get(question.topic_slug, question.topic_slug),
        "kind": question.get_kind_display(),
        "state": question.state_label(),
        # What both say is plain, what only the other says is marked.
        "stem": [[tag == "ins", text] for tag, text in marked(stem, question.stem) if tag != "del"],
    }


@dataclass(frozen=True)
class Twins:
    percent: int
    first: Question
    second: Question

    @property
    def pieces(self) -> Any:
        return marked(self.first.stem, self.second.stem)


def report(request: HttpRequest) -> HttpResponse:
    """疑似重复: every two questions in use or in work that say almost the same, the most alike first."""
    stems = dict(Question.objects.exclude(state=State.RETIRED).order_by().values_list("pk", "stem"))
    page = Paginator(pairs(stems, least=DOUBTFUL), 25).get_page(request.GET.get("p"))
    questions = Question.objects.in_bulk({pk for one, other, _score in page for pk in (one, other)})
    twins = [
        Twins(round(100 * score), *sorted((questions[one], questions[other]), key=lambda question: question.code))
        for one, other, score in page
    ]
    context = {"page": page, "twins": twins, "topics": topic_names(), "count": len(stems), **header(_("疑似重复"))}
    return render(request, "bank/office/duplicates.html", context)
