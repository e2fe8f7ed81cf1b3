"""One column for several bands: `,P1,P2,` in the database, a tuple in Python, tick boxes in a form.

Text with a comma at both ends is the one form that SQLite and PostgreSQL filter alike: P1 never
matches inside another name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from quizzes.bank.shapes import BANDS

Bands = tuple[str, ...]


def parse_bands(value: Any) -> Bands:
    """The bands of a text or of any iterable, each once, from the youngest to the parents."""
    given: Iterable[str] = value.split(",") if isinstance(value, str) else (value or ())
    names = {name.strip() for name in given} - {""}
    unknown = names - set(BANDS)
    if unknown:
        message = _("不认识的对象：%(names)s；可用：%(known)s") % {
            "names": "、".join(sorted(unknown)),
            "known": "、".join(BANDS),
        }
        raise ValidationError(message)
    return tuple(band for band in BANDS if band in names)


def holding(band: str) -> str:
    """The text to look for in the column: `filter(bands__contains=holding("P1"))`."""
    return f",{band},"


class BandsField(models.CharField):  # type: ignore[type-arg]
    """A set of bands, kept in a char column."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *args: Any) -> Bands:
        return parse_bands(value)

    def to_python(self, value: Any) -> Bands:
        return parse_bands(value)

    def get_prep_value(self, value: Any) -> str:
        # A plain text is a lookup such as `,P1,` and goes to the database as it is.
        if isinstance(value, str):
            return value
        bands = parse_bands(value)
        return f",{','.join(bands)}," if bands else ""

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def run_validators(self, value: Any) -> None:
        super().run_validators(self.get_prep_value(value))

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.TypedMultipleChoiceField(
            choices=[(band, _(name)) for band, name in BANDS.items()],
            coerce=str,
            empty_value=[],
            required=not self.blank,
            label=kwargs.get("label", self.verbose_name),
            help_text=kwargs.get("help_text", self.help_text),
            widget=forms.CheckboxSelectMultiple,
        )
