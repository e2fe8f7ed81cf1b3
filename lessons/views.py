"""The four views of one lesson: reading page, projector deck (with its notes window), print, offline pack."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lessons import deck
from lessons.shapes import BANDS, LENGTHS

if TYPE_CHECKING:
    from lessons.models import LessonPage


def index_context() -> dict[str, Any]:
    from lessons import services

    lessons = {page.topic_slug: page for page in services.published_lessons()}
    return {"topics": [(entry, lessons.get(entry.slug)) for entry in services.topics()], "bands": BANDS}


def lesson_context(
    page: LessonPage, request: HttpRequest, view: str, band: str | None = None, length: str | None = None
) -> dict[str, Any]:
    """What every view of a lesson needs: the steps of one band at one length, and who vouches for them."""
    from lessons import services

    band, minutes = deck.choose(band or request.GET.get("band"), length or request.GET.get("length"))
    return {
        "page": page,
        "topic": services.topic(page.topic_slug),
        "view": view,
        "band": band,
        "band_name": BANDS[band],
        "length": minutes,
        "bands": BANDS,
        "lengths": LENGTHS,
        "goal": page.goal(band),
        "steps": deck.steps_for(page.steps, band, minutes),
        "with_ruby": band in deck.RUBY_BANDS,
        "readings": {r.phrase: r.pinyin for r in page.readings.all()},
        "sources": {s.mark: s.title for s in page.sources.all()},
        "place": f"band={band}&length={minutes}",
        "embedded": False,
    }


def wall(page: LessonPage, request: HttpRequest) -> HttpResponse:
    return render(request, "lessons/wall.html", lesson_context(page, request, "wall"))


def notes(page: LessonPage, request: HttpRequest) -> HttpResponse:
    return render(request, "lessons/notes.html", lesson_context(page, request, "notes"))


def printed(page: LessonPage, request: HttpRequest) -> HttpResponse:
    return render(request, "lessons/print.html", lesson_context(page, request, "print"))


def pack(page: LessonPage, request: HttpRequest) -> HttpResponse:
    from lessons.pack import build

    response = HttpResponse(build(page, request), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="shiwufang-{page.topic_slug}.zip"'
    return response


def pack_preview(page: LessonPage, request: HttpRequest) -> HttpResponse:
    """The first page that a teacher sees after opening the zip."""
    return render(request, "lessons/pack_index.html", lesson_context(page, request, "pack"))


PREVIEWS: dict[str, Callable[[Any, HttpRequest], HttpResponse]] = {
    "wall": wall,
    "print": printed,
    "pack": pack_preview,
}
