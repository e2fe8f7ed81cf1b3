"""Which live rooms put a question: those that are still kept, by the copy of the question in their deck."""

from __future__ import annotations

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from quizzes.bank.models import Question
from quizzes.bank.usage import Use
from quizzes.live.domain.room import Phase
from quizzes.live.models import Room

MOST = 200


def rooms_that_ask(question: Question) -> list[Use]:
    """The newest rooms with the question. The code in quotation marks: q1 must not find q10."""
    rooms = (
        Room.objects.annotate(text=Cast("deck", TextField()))
        .filter(text__contains=f'"{question.code}"')
        .order_by("-created_at")[:MOST]
    )
    return [_use(room, question.code) for room in rooms]


def _use(room: Room, code: str) -> Use:
    version = next((slide.get("version") for slide in room.deck if slide["code"] == code), None)
    state = _("已结束") if room.phase == Phase.ENDED else _("进行中")
    return Use(f"{room.title}（{room.band}，{state}）", "", room.created_at, version)
