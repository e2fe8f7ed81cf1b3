"""The stylesheet of the topic colours: they are data, and the page's policy allows no inline style."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lessons import services


def topic_rules() -> str:
    return "\n".join(f".topic-{entry.slug}{{--accent:{entry.colour}}}" for entry in services.topics())


@require_safe
def topics_css(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(topic_rules(), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=600"
    return response
