"""The live room in the database: the row is the referee, the rules decide, this module only carries.

Every function here is synchronous and runs in a thread of `quizzes.live.db`. A host command is one
transaction: lock, apply the rules, count what was closed, write where `rev` is still the one read.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, F

from quizzes.live.domain import answers as answer_rules
from quizzes.live.domain import commands, rules
from quizzes.live.domain.errors import RoomError
from quizzes.live.domain.room import Mode, Phase, RoomState, Slide
from quizzes.live.models import Answer, Player, Room
from quizzes.live.rows import deck_json, fields_of, parse_chosen, state_of

CODE_TRIES = 20


@dataclass(frozen=True)
class OpenedRoom:
    code: str
    room_id: int
    secret: str
    """The host's secret; it exists in the answer to the opener only."""


@dataclass(frozen=True)
class PlayerView:
    """What one player's private frame is made of."""

    name: str
    seed: int
    chosen: frozenset[int] | None


@dataclass(frozen=True)
class RoomView:
    """One consistent reading of a room and of some of its players."""

    room_id: int
    state: RoomState
    joined: int
    answered: int
    players: dict[int, PlayerView]


def digest(secret: str) -> str:
    """How secrets are kept: a leaked database opens no room."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create_room(
    *,
    mode: Mode,
    band: str,
    topic_slug: str,
    title: str,
    deck: tuple[Slide, ...],
    quiet: bool,
    now: dt.datetime,
    lesson_path: str = "",
) -> OpenedRoom:
    """A new room under a free six-digit code."""
    secret = secrets.token_urlsafe(24)
    delete_after = now + dt.timedelta(days=settings.DATA_DELETE_DAYS)
    capacity = settings.LIVE_ROOM_CAPACITY
    for _ in range(CODE_TRIES):
        code = str(100_000 + secrets.randbelow(900_000))
        state = rules.new_room(
            code,
            mode,
            title,
            deck,
            now,
            quiet=quiet,
            max_players=capacity,
            delete_after=delete_after,
        )
        try:
            with transaction.atomic():
                row = Room.objects.create(
                    code=code,
                    mode=mode.value,
                    band=band,
                    topic_slug=topic_slug,
                    title=title,
                    lesson_path=lesson_path,
                    quiet=quiet,
                    max_players=capacity,
                    host_key=digest(secret),
                    deck=deck_json(deck),
                    created_at=now,
                    touched_at=now,
                    delete_after=delete_after,
                    **fields_of(state),
                )
        except IntegrityError:
            continue
        return OpenedRoom(code, row.pk, secret)
    raise RoomError("server.busy")


def room_id_of(code: str) -> int:
    """The room behind a code. Raises `RoomError("room.unknown")`."""
    room_id = Room.objects.filter(code=code).values_list("pk", flat=True).first()
    if room_id is None:
        raise RoomError("room.unknown")
    return room_id


def is_host(room_id: int, secret: str) -> bool:
    """Whether this secret opens the host's side of this room."""
    kept = Room.objects.filter(pk=room_id).values_list("host_key", flat=True).first()
    return kept is not None and secrets.compare_digest(kept, digest(secret))


def read(room_id: int, player_ids: Collection[int] = ()) -> RoomView:
    """The room and these players as they are now; unknown players are left out."""
    row = Room.objects.filter(pk=room_id).first()
    if row is None:
        raise RoomError("room.unknown")
    state = state_of(row)
    current = Answer.objects.filter(room_id=room_id, index=state.index, round=state.round)
    players: dict[int, PlayerView] = {}
    if player_ids:
        chosen = dict(current.filter(player_id__in=player_ids).values_list("player_id", "chosen"))
        found = Player.objects.filter(room_id=room_id, pk__in=player_ids)
        for pk, name, seed in found.values_list("pk", "name", "seed"):
            text = chosen.get(pk)
            players[pk] = PlayerView(name, seed, parse_chosen(text) if text else None)
    return RoomView(row.pk, state, row.joined, current.count(), players)


def progress(room_id: int) -> tuple[int, int]:
    """How many players there are and how many have answered the question on the wall."""
    row = Room.objects.filter(pk=room_id).values("joined", "index", "round").first()
    if row is None:
        raise RoomError("room.unknown")
    answered = Answer.objects.filter(room_id=room_id, index=row["index"], round=row["round"])
    return row["joined"], answered.count()


def host_command(
    room_id: int, rev: int, command: commands.Command, now: dt.datetime
) -> tuple[RoomState, tuple[commands.Event, ...]]:
    """Carry out a host's command if the room still stands at `rev`; otherwise `room.moved_on`."""
    with transaction.atomic():
        row = Room.objects.select_for_update().filter(pk=room_id).first()
        if row is None:
            raise RoomError("room.unknown")
        before = state_of(row)
        if before.rev != rev:
            raise RoomError("room.moved_on")
        state, events = rules.apply(before, command, now)
        for event in events:
            if isinstance(event, commands.QuestionClosed):
                state = _count(room_id, state, event.index, event.round)
        changed = Room.objects.filter(pk=room_id, rev=rev).update(
            touched_at=now, **fields_of(state)
        )
        if not changed:
            raise RoomError("room.moved_on")
    return state, events


def _count(room_id: int, state: RoomState, index: int, round_: int) -> RoomState:
    if state.mode is Mode.HANDS:
        return state
    groups = (
        Answer.objects.filter(room_id=room_id, index=index, round=round_)
        .values_list("chosen")
        .annotate(players=Count("pk"))
        .order_by()
    )
    tally = answer_rules.count(
        state.deck[index], ((parse_chosen(chosen), players) for chosen, players in groups)
    )
    return rules.with_tally(state, index, round_, tally)


def players_answers(room_id: int, index: int, round_: int) -> dict[int, frozenset[int]]:
    """Everyone's answer to one round, for the private results after a reveal."""
    rows = Answer.objects.filter(room_id=room_id, index=index, round=round_)
    return {pk: parse_chosen(text) for pk, text in rows.values_list("player_id", "chosen")}


def end_idle(before: dt.datetime, now: dt.datetime) -> int:
    """End rooms that nobody has touched since `before`. Returns how many."""
    ended = 0
    stale = Room.objects.filter(touched_at__lt=before).exclude(phase=Phase.ENDED.value)
    for room_id, rev in stale.values_list("pk", "rev"):
        try:
            host_command(room_id, rev, commands.End(), now)
        except RoomError:
            continue  # somebody came back to it a moment ago
        ended += 1
    return ended


def delete_expired(now: dt.datetime) -> int:
    """Delete rooms whose time is over, with players and answers. Returns how many rooms."""
    expired = list(Room.objects.filter(delete_after__lte=now).values_list("pk", flat=True))
    for room_id in expired:
        delete_room(room_id)
    return len(expired)


@transaction.atomic
def delete_room(room_id: int) -> None:
    """Delete a room with its players and answers, whatever its state."""
    # The lock keeps a batch of answers from writing to players that are being deleted.
    Room.objects.select_for_update().filter(pk=room_id).first()
    Answer.objects.filter(room_id=room_id)._raw_delete("default")
    Player.objects.filter(room_id=room_id)._raw_delete("default")
    Room.objects.filter(pk=room_id).delete()


def count_joined(room_id: int, more: int, now: dt.datetime) -> None:
    """Note that players came in; a joining class keeps its room from being swept as idle."""
    Room.objects.filter(pk=room_id).update(joined=F("joined") + more, touched_at=now)
