"""Template tags of the lesson views: words with or without 拼音, and addresses that also work in a pack."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from common.pinyin import ruby
from lessons.shapes import HOTLINES

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: dict[str, Any], text: str) -> SafeString:
    """The text, with 拼音 above it for the two youngest bands."""
    if context.get("with_ruby"):
        return mark_safe(ruby(str(text), context.get("readings")))  # noqa: S308 - ruby escapes
    return conditional_escape(text)


@register.simple_tag(takes_context=True)
def asset(context: dict[str, Any], name: str) -> str:
    """The address of a static file; relative inside an offline pack."""
    return f"assets/{name}" if context.get("embedded") else static(name)


@register.simple_tag(takes_context=True)
def picture_url(context: dict[str, Any], picture: Any) -> str:
    """The address of a lesson's picture; relative inside an offline pack."""
    name = picture.file.name.rsplit("/", 1)[-1]
    return f"pictures/{name}" if context.get("embedded") else f"{settings.MEDIA_URL}{picture.file.name}"


@register.simple_tag(takes_context=True)
def view_url(context: dict[str, Any], view: str, band: str = "", length: int = 0) -> str:
    """The address of another view of this lesson; the file of that name inside an offline pack."""
    band, length = band or context["band"], length or context["length"]
    if context.get("embedded"):
        return f"{view}-{band}-{length}.html" if view else "index.html"
    return f"{context['page'].url or ''}{view + '/' if view else ''}?band={band}&length={length}"


@register.simple_tag(takes_context=True)
def source_title(context: dict[str, Any], mark: str) -> str:
    return context.get("sources", {}).get(mark, mark)


@register.filter
def hotline_use(number: str) -> str:
    return HOTLINES.get(number, "")


@register.filter
def letter(index: int) -> str:
    return "ABCDEFGH"[index]


@register.filter
def topic_icon(name: str) -> str:
    return f"topics/{name}"
