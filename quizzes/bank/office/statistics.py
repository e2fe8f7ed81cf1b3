"""How questions were answered: the doubtful ones first, and the figures of one question by version."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quizzes.bank import tallies
from quizzes.bank.domain.statistics import ENOUGH
from quizzes.bank.models import Question

PAGE = 50


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every question in use that was answered; `?doubtful=1` keeps those with a warning."""
    only = request.GET.get("doubtful") == "1"
    found = [pair for pair in tallies.answered() if pair[1].warnings or not only]
    page = Paginator(found, PAGE).get_page(request.GET.get("p"))
    context = {"page_obj": page, "only": only, "enough": ENOUGH, **_header(_("题目统计"))}
    return render(request, "bank/office/statistics.html", context)


@require_safe
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures of one question, version by version."""
    asked = get_object_or_404(Question, pk=pk)
    above = {"url": reverse("bank_statistics"), "label": _("题目统计")}
    context = {"question": asked, "versions": tallies.of_question(asked), **_header(asked.code, above)}
    return render(request, "bank/office/statistics_question.html", context)


def _header(title: str, *above: dict[str, str]) -> dict[str, Any]:
    """What Wagtail's slim header shows: the way here, and the title."""
    return {"breadcrumbs_items": [*above, {"url": "", "label": title}], "header_title": title, "header_icon": "order"}


urlpatterns = [
    path("bank/statistics/", index, name="bank_statistics"),
    path("bank/statistics/<int:pk>/", question, name="bank_statistics_question"),
]
