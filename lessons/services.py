"""The lessons room's only door: topics, published lessons, and the content that is loaded once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from lessons.models import LessonPage, TopicEntry, TopicSet

if TYPE_CHECKING:
    from lessons.loading import LoadReport


def topics() -> list[TopicEntry]:
    """The entries of the topic set in use, in order; empty before content is loaded."""
    current = TopicSet.objects.filter(is_current=True).first() or TopicSet.objects.order_by("pk").first()
    return list(current.entries.all()) if current else []


def topic(slug: str) -> TopicEntry | None:
    return next((entry for entry in topics() if entry.slug == slug), None)


def published_lessons() -> QuerySet[LessonPage]:
    """The bureau's live lessons (schools' own editions stay with their schools), in tree order."""
    from lessons.models import LessonIndexPage

    pages = LessonPage.objects.live().public().order_by("path")
    index = LessonIndexPage.objects.first()
    return pages.child_of(index) if index else pages


def lesson_url(topic_slug: str) -> str | None:
    page = published_lessons().filter(topic_slug=topic_slug).first()
    return page.url if page else None


def load_content(progress: Callable[[str], None] = print, content: Path | None = None) -> LoadReport:
    """Create the topic set, pictures and lessons that are missing; change none that is there."""
    from lessons.loading import load

    return load(progress, content)
