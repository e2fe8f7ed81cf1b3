"""Taking questions out: which ones, what a format would lose of them, and the file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from lessons.services import topics
from people.audit.services import record
from quizzes.bank.domain.body import Item, pictures
from quizzes.bank.exchange import FORMATS
from quizzes.bank.exchange.base import Loss, losses, writable
from quizzes.bank.fields import holding
from quizzes.bank.models import Question
from quizzes.bank.pictures import bytes_of
from quizzes.bank.services import labels_of

MOST = 5_000
"""Questions in one file; a bank that is larger is taken out topic by topic."""
LIVE = "live"
"""The choice of state that means: in use, with the version in use."""
CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xml": "application/xml",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class Wanted:
    """Which questions; an empty choice takes all."""

    topic: str = ""
    kind: str = ""
    state: str = LIVE
    band: str = ""
    post: str = ""
    tag: str = ""

    def questions(self) -> QuerySet[Question]:
        found = Question.objects.select_related("live_version", "latest_version").prefetch_related("tags").order_by("code")
        if self.topic:
            found = found.filter(topic_slug=self.topic)
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.state:
            found = found.filter(live=True) if self.state == LIVE else found.filter(state=self.state)
        if self.band:
            found = found.filter(bands__contains=holding(self.band))
        if self.post:
            found = found.filter(posts__contains=holding(self.post))
        if self.tag:
            found = found.filter(tags__name=self.tag)
        return found

    def items(self) -> list[Item]:
        """The questions with topics by their names, without pictures' files. Four queries."""
        names = {entry.slug: entry.official_title for entry in topics()}
        found = []
        for question in self.questions()[: MOST + 1]:
            version = question.live_version if self.state == LIVE else question.latest_version
            if version is not None:
                labels = labels_of(question)
                labels = replace(labels, topic=names.get(labels.topic, labels.topic))
                found.append(Item(version.body, labels, question.code))
        return found


@dataclass(frozen=True)
class Survey:
    """What an export would hold and what it would lose."""

    count: int
    written: int
    losses: tuple[Loss, ...]
    too_many: bool


def survey(items: list[Item], form: str) -> Survey:
    can = FORMATS[form].CAN
    return Survey(len(items), len(writable(items, can)), tuple(losses(items, can)), len(items) > MOST)


def write(items: list[Item], form: str, *, actor: Any, wanted: Wanted) -> tuple[str, bytes]:
    """The file's name and content; written into the audit log, because it holds keys."""
    module = FORMATS[form]
    items = [replace(item, files=_files(item)) for item in writable(items, module.CAN)]
    data: bytes = module.write(items)
    chosen = {name: value for name, value in vars(wanted).items() if value}
    record("bank.export", actor=actor, detail={"format": form, "count": len(items), "chosen": chosen})
    return f"题库-{timezone.localdate():%Y%m%d}-{len(items)}题.{module.ENDING}", data


def _files(item: Item) -> dict[str, bytes]:
    found = {}
    for picture in pictures(item.body):
        try:
            found[picture.name] = bytes_of(picture.name)
        except FileNotFoundError:
            continue  # the text still goes out; a picture that is gone stays gone
    return found
