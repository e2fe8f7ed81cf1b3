"""Kinds and bands by their names."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from quizzes.bank.domain.body import KINDS
from quizzes.bank.shapes import BANDS

register = template.Library()


@register.filter
def kind_name(kind: str) -> str:
    return _(KINDS.get(kind, kind))


@register.filter
def band_name(band: str) -> str:
    return _(BANDS.get(band, band))
