"""The offline pack: one zip with the deck, the notes and the print of every band and length.

It opens from a USB stick in a browser without a server: every address in it is relative, and its
scripts are plain ones, because browsers refuse modules from a file.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template.loader import render_to_string

from lessons.shapes import BANDS, LENGTHS
from lessons.styles import topic_rules
from lessons.views import lesson_context

if TYPE_CHECKING:
    from lessons.models import LessonPage

ASSETS = (
    "css/tokens.css",
    "css/base.css",
    "css/lesson.css",
    "css/wall.css",
    "css/print.css",
    "js/deck.js",
    "js/notes.js",
    "js/speak.js",
)
VIEWS = ("wall", "notes", "print")


def build(page: LessonPage, request: HttpRequest) -> bytes:
    """The bytes of the zip for one lesson."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ASSETS:
            found = finders.find(name)
            if found:
                archive.write(str(found), f"assets/{name}")
        archive.writestr("assets/css/topics.css", topic_rules())
        for step in page.steps:
            if step.block_type == "picture":
                picture = step.value["picture"]
                name = f"pictures/{picture.file.name.rsplit('/', 1)[-1]}"
                if name not in archive.namelist():
                    with picture.file.open("rb") as file:
                        archive.writestr(name, file.read())
        first = lesson_context(page, request, "pack")
        archive.writestr("index.html", render_to_string("lessons/pack_index.html", {**first, "embedded": True}))
        for band in BANDS:
            for length in LENGTHS:
                for view in VIEWS:
                    context = lesson_context(page, request, view, band, str(length))
                    html = render_to_string(f"lessons/{view}.html", {**context, "embedded": True})
                    archive.writestr(f"{view}-{band}-{length}.html", html)
    return out.getvalue()
