"""Search, the pages about the site, and what the home page shows on a given day."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from home import today
from home.search import LONGEST
from home.search import search as find
from lessons import services
from lessons.deck import DEFAULT_BAND
from lessons.shapes import BANDS


def home_context(date: datetime.date | None = None) -> dict[str, Any]:
    """Today's lesson, this month's hazards and the grid of topics."""
    date = date or timezone.localdate()
    lessons = {page.topic_slug: page for page in services.published_lessons().defer("steps")}
    topics = [(entry, lessons.get(entry.slug)) for entry in services.topics()]
    seasons = [
        (entry.slug, [int(month) for month in lesson.months]) for entry, lesson in topics if lesson is not None
    ]
    pick = today.pick(date, seasons)
    month = set(today.of_month(date.month, seasons))
    context: dict[str, Any] = {
        "date": date,
        "topics": topics,
        "month_topics": [(entry, lesson) for entry, lesson in topics if entry.slug in month],
        "bands": BANDS,
        "band": DEFAULT_BAND,
        "pick": pick,
    }
    if pick:
        context["today_topic"], context["today_lesson"] = next(row for row in topics if row[0].slug == pick.slug)
    return context


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    results = find(request.GET.get("q", ""))
    return render(request, "search/search.html", {"results": results, "longest": LONGEST})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    from home.models import HomePage

    return render(request, "home/about.html", {"home": HomePage.objects.live().first()})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "home/privacy.html", {"room_days": settings.DATA_DELETE_DAYS})
