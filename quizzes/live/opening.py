"""Opening a room from a lesson: which questions of the bank come in, and under which rules.

The only place of the live room that knows the question bank; what it takes are frozen copies.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

from quizzes.bank.services import QuestionCard, card_by_code, published_cards
from quizzes.live import store
from quizzes.live.domain.deal import DECK_SIZE, QUIET_TOPICS, choose, shuffled
from quizzes.live.domain.errors import RoomError
from quizzes.live.domain.room import Kind, Mode, Option, Slide


def open_room(
    *,
    topic_slug: str,
    band: str,
    mode: Mode,
    title: str,
    codes: Sequence[str],
    now: dt.datetime,
    rng: random.Random,
    lesson_path: str = "",
) -> store.OpenedRoom:
    """A room with the lesson's own questions, or with questions of its topic and band."""
    deck = _named(codes, band, rng) or choose(
        lambda wanted: [slide(card) for card in published_cards(topic_slug, wanted)],
        band,
        mode,
        rng,
    )
    if not deck:
        raise RoomError("room.no_questions")
    return store.create_room(
        mode=mode,
        band=band,
        topic_slug=topic_slug,
        title=title,
        deck=deck,
        quiet=topic_slug in QUIET_TOPICS,
        now=now,
        lesson_path=lesson_path,
    )


def slide(card: QuestionCard) -> Slide:
    """A question of the bank as the live room keeps it."""
    return Slide(
        code=card.code,
        kind=Kind(card.kind),
        stem=card.stem,
        options=tuple(Option(option.text, option.right) for option in card.options),
        explanation=card.explanation,
        source=card.source_mark,
        version=card.version,
    )


def _named(codes: Sequence[str], band: str, rng: random.Random) -> tuple[Slide, ...]:
    """Codes come from an address that anyone can write: what only staff are asked stays among staff."""
    cards = [card_by_code(code) for code in codes[:DECK_SIZE]]
    fitting = [card for card in cards if card is not None and (band == "T" or set(card.bands) != {"T"})]
    return tuple(shuffled(slide(card), rng) for card in fitting)
