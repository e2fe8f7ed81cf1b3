"""Small words of the bank's templates: letters, faults at a field, marked differences, pictures."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from quizzes.bank.domain.body import GAP, LETTERS, Body, Picture
from quizzes.bank.pictures import url_of

register = template.Library()
_SHAPES = ("a", "b", "c", "d")
_FIGURES = (
    '<circle cx="24" cy="24" r="21"/>',
    '<path d="M24 2 47 44H1z"/>',
    '<rect x="4" y="4" width="40" height="40" rx="3"/>',
    '<path d="M24 1 47 24 24 47 1 24z"/>',
)
_BASELINES = (33, 40, 33, 33)


@register.filter
def letter(index: int) -> str:
    """0 → A. Options have up to eight letters."""
    return LETTERS[index] if 0 <= index < len(LETTERS) else str(index + 1)


@register.simple_tag
def shape(index: int) -> SafeString:
    """A ● B ▲ C ■ D ◆ as the live room draws them; further letters stand in a ring without a colour."""
    if index >= len(_SHAPES):
        return format_html('<span class="ring" role="img" aria-label="{0}">{0}</span>', letter(index))
    text = f'<text x="24" y="{_BASELINES[index]}" text-anchor="middle">{LETTERS[index]}</text>'
    return mark_safe(  # noqa: S308  constants of this file only
        f'<svg viewBox="0 0 48 48" class="shape shape-{_SHAPES[index]}" role="img" aria-label="{LETTERS[index]}">'
        f"{_FIGURES[index]}{text}</svg>"
    )


@register.filter
def at(errors: dict[str, list[str]], name: str) -> list[str]:
    """The faults of the form's field with this name."""
    return errors.get(name, [])


@register.filter
def below(errors: dict[str, list[str]], prefix: str) -> list[str]:
    """The faults of a whole group of fields, for its legend."""
    return [message for name, messages in errors.items() if name.startswith(prefix) for message in messages]


@register.filter
def pieces(marked: Any) -> SafeString:
    """A text with `<del>` and `<ins>` where it changed."""
    tags = {"same": "{}", "del": "<del>{}</del>", "ins": "<ins>{}</ins>"}
    return format_html_join("", "{}", ((format_html(tags[tag], text),) for tag, text in marked))


@register.filter
def gaps(stem: str) -> SafeString:
    """A stem with its `____` drawn as blanks."""
    parts = GAP.split(stem)
    blanks = [""] * (len(parts) - 1) + [None]
    return format_html_join(
        "", "{}{}", ((part, "" if gap is None else mark_safe('<span class="gap"></span>')) for part, gap in zip(parts, blanks, strict=True))
    )


@register.filter
def address(picture: Picture | str) -> str:
    return url_of(picture.name if isinstance(picture, Picture) else picture)


@register.filter
def right_letters(body: Body) -> str:
    return "、".join(letter(i) for i in sorted(body.right))


@register.filter
def marks(rubric: Any) -> int:
    """The whole that the lines of a rubric add up to."""
    return sum(line.marks for line in rubric)


@register.filter
def paragraphs(text: str) -> list[str]:
    return [part for part in re.split(r"\n+", text) if part.strip()]


@register.filter
def topic_in(slug: str, names: dict[str, str]) -> str:
    return names.get(slug, slug)
