"""A finished room leaves counts with its questions, once, and nothing about a player."""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
from pathlib import Path

import pytest

from quizzes.bank import tallies
from quizzes.bank.models import ItemTally, Question
from quizzes.bank.services import card_by_code, load_questions
from quizzes.bank.shapes import CONTENT
from quizzes.live import store
from quizzes.live.batch import AnswerJob, JoinJob, write_batch
from quizzes.live.domain import commands as c
from quizzes.live.domain.deal import shuffled
from quizzes.live.domain.room import Mode
from quizzes.live.harvest import harvest_ended
from quizzes.live.models import Room
from quizzes.live.opening import slide
from quizzes.live.sweep import sweep
from tests.factories.live import NOON

pytestmark = pytest.mark.django_db
CODES = ("q001", "q005")


@pytest.fixture(autouse=True)
def bank(tmp_path: Path) -> None:
    shutil.copy(CONTENT / "drowning.yaml", tmp_path)
    load_questions(tmp_path)


def room(*, mode: Mode = Mode.PHONES, quiet: bool = False, seed: int = 3) -> Room:
    rng = random.Random(seed)
    deck = tuple(shuffled(slide(card_by_code(code)), rng) for code in CODES)
    opened = store.create_room(
        mode=mode, band="P2", topic_slug="drowning", title="防溺水", deck=deck, quiet=quiet, now=NOON
    )
    row = Room.objects.get(pk=opened.room_id)
    for i, code in enumerate(CODES):
        row.deck[i]["version"] = Question.objects.get(code=code).live_version_id
    row.save()
    return row


def do(row: Room, word: str, counts: tuple[int, ...] | None = None) -> None:
    rev = Room.objects.get(pk=row.pk).rev
    store.host_command(row.pk, rev, c.command(word, None, counts), NOON)


def key(row: Room, index: int) -> int:
    return next(i for i, (_text, right) in enumerate(row.deck[index]["options"]) if right)


def class_answers(row: Room, *answers: tuple[int, int]) -> None:
    """Each player answers both questions; the numbers are steps away from the key: 0 is right."""
    players = write_batch([JoinJob(row.pk, str(i), f"key {i}", NOON) for i in range(len(answers))])
    do(row, "start")
    for index in (0, 1):
        write_batch(
            [
                AnswerJob(row.pk, player, index, 1, ((key(row, index) + pair[index]) % 4,), NOON)
                for player, pair in zip(players, answers, strict=True)
            ]
        )
        do(row, "reveal")
        if index == 0:
            do(row, "next")
    do(row, "end")


def figures(code: str):
    [found] = tallies.of_question(Question.objects.get(code=code))
    return found.figures


def test_answers_are_counted_by_version_whatever_order_the_options_had() -> None:
    row = room()
    class_answers(row, (0, 0), (0, 1), (1, 1), (0, 0))
    assert harvest_ended(NOON) == 1
    first, second = figures("q001"), figures("q005")
    assert (first.count, first.facility) == (4, 0.75)
    assert (second.count, second.facility) == (4, 0.5)
    assert {option.letter: option.count for option in first.options if option.right} == {"B": 3}
    assert first.discrimination == pytest.approx(0.577, abs=0.001)


def test_a_room_is_counted_once_however_often_the_sweep_runs() -> None:
    class_answers(room(), (0, 0), (1, 1))
    for _ in range(3):
        sweep(NOON + dt.timedelta(hours=1))
    assert figures("q001").count == 2


def test_two_rooms_add_up_and_the_figures_outlive_them() -> None:
    class_answers(room(seed=1), (0, 0), (1, 1))
    class_answers(room(seed=2), (0, 1), (0, 0))
    sweep(NOON + dt.timedelta(days=30))
    assert not Room.objects.exists()
    assert (figures("q001").count, figures("q001").facility) == (4, 0.75)


def test_raised_hands_are_counted_too() -> None:
    row = room(mode=Mode.HANDS)
    counts = [5, 5, 5, 5]
    counts[key(row, 0)] = 20
    do(row, "set_hands", tuple(counts))
    do(row, "reveal")
    do(row, "end")
    harvest_ended(NOON)
    assert (figures("q001").count, figures("q001").facility) == (35, pytest.approx(20 / 35))


def test_a_quiet_topic_is_never_counted() -> None:
    class_answers(room(quiet=True), (0, 0))
    assert harvest_ended(NOON) == 1
    assert not ItemTally.objects.exists()


def test_what_is_kept_holds_no_player() -> None:
    class_answers(room(), (0, 0), (1, 1))
    harvest_ended(NOON)
    kept = json.dumps([row.content for row in ItemTally.objects.all()])
    assert set(json.loads(kept)[0]) == {"sums", "chosen", "chosen_rest", "times"}


def test_a_room_that_cannot_be_counted_holds_up_neither_the_others_nor_the_deletion(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, fine = room(), room(seed=4)
    for each in (broken, fine):
        class_answers(each, (0, 0), (0, 1))
    Room.objects.filter(pk=broken.pk).update(deck=[{"version": 1}])
    assert harvest_ended(NOON) == 1
    later = NOON + dt.timedelta(days=400)
    sweep(later)
    assert not Room.objects.exists()
