"""One column for several names: `,P1,P2,` in the database, a tuple in Python, tick boxes in a form.

Text with a comma at both ends is the one form that SQLite and PostgreSQL filter alike: P1 never
matches inside another name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

Names = tuple[str, ...]


def parse_names(value: Any, known: Mapping[str, str]) -> Names:
    """The names of a text or of any iterable, each once, in the order of `known`."""
    given: Iterable[Any] = value.split(",") if isinstance(value, str) else (value or ())
    names = {str(name).strip() for name in given} - {""}
    unknown = names - set(known)
    if unknown:
        message = _("不认识的对象：%(names)s；可用：%(known)s") % {
            "names": "、".join(sorted(unknown)),
            "known": "、".join(known),
        }
        raise ValidationError(message)
    return tuple(name for name in known if name in names)


def holding(name: str) -> str:
    """The text to look for in the column: `filter(bands__contains=holding("P1"))`."""
    return f",{name},"


class NamesField(models.CharField):  # type: ignore[type-arg]
    """A set of names out of `known` (name → label), kept in a char column."""

    known: Mapping[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 60)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *args: Any) -> Names:
        return parse_names(value, self.known)

    def to_python(self, value: Any) -> Names:
        return parse_names(value, self.known)

    def get_prep_value(self, value: Any) -> str:
        # A plain text is a lookup such as `,P1,` and goes to the database as it is.
        if isinstance(value, str):
            return value
        names = parse_names(value, self.known)
        return f",{','.join(names)}," if names else ""

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def run_validators(self, value: Any) -> None:
        super().run_validators(self.get_prep_value(value))

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.TypedMultipleChoiceField(
            choices=[(name, _(label)) for name, label in self.known.items()],
            coerce=str,
            empty_value=[],
            required=not self.blank,
            label=kwargs.get("label", self.verbose_name),
            help_text=kwargs.get("help_text", self.help_text),
            widget=forms.CheckboxSelectMultiple,
        )
