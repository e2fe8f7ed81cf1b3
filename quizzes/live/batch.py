"""One batch of joins and answers, written in one transaction. Called by the writer, in its thread.

Inside the transaction the room rows are read again and locked: an answer that arrives while the host
closes the question is either counted or refused, never acknowledged and lost.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from quizzes.live import store
from quizzes.live.domain.answers import check_answer
from quizzes.live.domain.errors import RoomError
from quizzes.live.domain.room import Phase, RoomState
from quizzes.live.models import Answer, Player, Room
from quizzes.live.rows import chosen_text, state_of


@dataclass(frozen=True)
class AnswerJob:
    room_id: int
    player_id: int
    index: int
    round: int
    chosen: tuple[int, ...]
    at: dt.datetime


@dataclass(frozen=True)
class JoinJob:
    room_id: int
    name: str
    join_key: str
    at: dt.datetime


Job = AnswerJob | JoinJob
Result = int | RoomError
"""The player's id, or why not."""


def write_batch(jobs: Sequence[Job]) -> list[Result]:
    """Write all jobs; the results stand in the same order and are true once this has returned."""
    with transaction.atomic():
        # The same order in every process: two batches can wait for each other, never in a circle.
        room_ids = sorted({job.room_id for job in jobs})
        rows = Room.objects.select_for_update().filter(pk__in=room_ids).order_by("pk")
        rooms = {row.pk: (row, state_of(row)) for row in rows}
        results: list[Result] = [RoomError("room.unknown") for _ in jobs]
        joins: dict[int, list[int]] = {}
        answers: dict[tuple[int, int, int, int], Answer] = {}
        for place, job in enumerate(jobs):
            if job.room_id not in rooms:
                continue
            row, state = rooms[job.room_id]
            if isinstance(job, JoinJob):
                joins.setdefault(job.room_id, []).append(place)
                continue
            try:
                chosen = check_answer(state, job.index, job.round, job.chosen)
            except RoomError as refused:
                results[place] = refused
                continue
            key = (job.room_id, job.index, job.round, job.player_id)
            answers[key] = _answer(job, chosen)  # the last one in a batch wins
            results[place] = job.player_id
        if answers:
            Answer.objects.bulk_create(
                answers.values(),
                update_conflicts=True,
                unique_fields=["room", "index", "round", "player"],
                update_fields=["chosen", "at"],
            )
        for room_id, places in joins.items():
            row, state = rooms[room_id]
            _join(row, state, [(place, jobs[place]) for place in places], results)
    return results


def _answer(job: AnswerJob, chosen: frozenset[int]) -> Answer:
    return Answer(
        room_id=job.room_id,
        index=job.index,
        round=job.round,
        player_id=job.player_id,
        chosen=chosen_text(chosen),
        at=job.at,
    )


def _join(
    row: Room, state: RoomState, places: list[tuple[int, Job]], results: list[Result]
) -> None:
    keys = [job.join_key for _, job in places if isinstance(job, JoinJob)]
    known: dict[str, Player] = {
        player.join_key: player for player in row.players.filter(join_key__in=keys)
    }
    fresh: dict[str, Player] = {}
    for place, job in places:
        if not isinstance(job, JoinJob) or job.join_key in known or job.join_key in fresh:
            continue
        if state.phase is Phase.ENDED:
            results[place] = RoomError("room.ended")
        elif row.joined + len(fresh) >= state.max_players:
            results[place] = RoomError("room.full")
        else:
            fresh[job.join_key] = Player(
                room_id=row.pk,
                number=row.joined + len(fresh) + 1,
                name=job.name,
                seed=secrets.randbits(32),
                join_key=job.join_key,
                joined_at=job.at,
            )
    if fresh:
        Player.objects.bulk_create(fresh.values())
        store.count_joined(row.pk, len(fresh), max(job.at for _, job in places))
    for place, job in places:
        player = isinstance(job, JoinJob) and (fresh.get(job.join_key) or known.get(job.join_key))
        if player:
            results[place] = player.pk
