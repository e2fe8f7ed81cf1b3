"""The editor's form of a lesson: the topic is chosen from the list in use, not typed."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminPageForm


class LessonPageForm(WagtailAdminPageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("topic_slug")
        if field is not None:
            from lessons.services import topics

            choices = [(entry.slug, f"{entry.official_title} · {entry.pupil_title}") for entry in topics()]
            current = self.instance.topic_slug
            if current and current not in dict(choices):
                choices.append((current, current))  # a topic that another set has
            field.widget = forms.Select(choices=[("", "———"), *choices])
