"""How the bank's screens name topics, bands, posts and options."""

from __future__ import annotations

import re
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lessons.services import topics
from people.posts import posts
from quizzes.bank.models import Question

SHORT_BANDS = {"K": "幼", "P1": "低", "P2": "高", "J": "初", "S": "高中", "T": "教职工", "F": "家长"}


def topic_choices() -> list[tuple[str, str]]:
    """(slug, official title) of the topic set in use; before content is loaded, of nothing."""
    return [(entry.slug, entry.official_title) for entry in topics()]


def filter_topics() -> list[tuple[str, str]]:
    """The topics of the set in use, and those that only questions still name."""
    known = dict(topic_choices())
    used = Question.objects.order_by().values_list("topic_slug", flat=True).distinct()
    return [*known.items(), *((slug, slug) for slug in sorted(set(used) - set(known) - {""}))]


def topic_names() -> dict[str, str]:
    return dict(topic_choices())


def for_whom(question: Question) -> str:
    """Bands and posts in a narrow column: 低、高 · 班主任等 3 岗."""
    bands = "、".join(SHORT_BANDS[band] for band in question.bands)
    if not question.posts:
        return bands
    first = posts()[question.posts[0]].name
    return f"{bands} · {first}" + (f"等 {len(question.posts)} 岗" if len(question.posts) > 1 else "")


def header(title: str, question: Question | None = None) -> dict[str, Any]:
    """What Wagtail's slim header shows: the way here, and the title."""
    way = [{"url": reverse("wagtailsnippets_bank_question:list"), "label": _("题库")}]
    if question is not None:
        way.append({"url": reverse("bank_question", args=[question.pk]), "label": question.code})
    return {"breadcrumbs_items": [*way, {"url": "", "label": title}], "header_title": title, "header_icon": "help"}


def split_tags(text: str) -> tuple[str, ...]:
    """Tags as a person types them, each once: by comma, 顿号, semicolon or line."""
    return tuple(dict.fromkeys(tag.strip() for tag in re.split(r"[,，、;；\n]", text) if tag.strip()))
