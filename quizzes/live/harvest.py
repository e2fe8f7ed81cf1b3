"""What a finished room teaches about its questions: counts by version, and nothing about a player.

Only the first round counts, before the class has talked it over. Topics that are quiet are left out:
nobody counts right and wrong there. Each room is counted once, in the transaction that notes it.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from django.db import transaction

from quizzes import scoring
from quizzes.bank import tallies
from quizzes.bank.domain.statistics import Answered, Tally
from quizzes.live.domain.room import Mode, Phase, RoomState
from quizzes.live.models import Answer, Room
from quizzes.live.rows import parse_chosen, state_of

logger = logging.getLogger(__name__)
SOURCE = "live"
FIRST = 1


def harvest_ended(now: dt.datetime) -> int:
    """Count every room that is over and was not counted yet. Returns how many.

    A room that cannot be counted is noted in the log and holds up neither the others nor their deletion.
    """
    waiting = Room.objects.filter(phase=Phase.ENDED.value, harvested_at=None).values_list("pk", flat=True)
    counted = 0
    for pk in list(waiting):
        try:
            counted += harvest(pk, now)
        except Exception:
            logger.exception("room %s cannot be counted", pk)
    return counted


@transaction.atomic
def harvest(room_id: int, now: dt.datetime) -> bool:
    """Count one room; False when it was counted already or is gone."""
    row = Room.objects.select_for_update().filter(pk=room_id, harvested_at=None).first()
    if row is None:
        return False
    row.harvested_at = now
    row.save(update_fields=["harvested_at"])
    if not row.quiet:
        tallies.add(SOURCE, _counted(row))
    return True


def _counted(row: Room) -> dict[int, Tally]:
    """The tallies of the room by version, with options in the order of the version."""
    state = state_of(row)
    versions = {i: slide["version"] for i, slide in enumerate(row.deck) if slide.get("version")}
    places = tallies.option_places(versions.values())
    found: dict[int, Tally] = defaultdict(Tally)
    for index, answer in _hands(state) if row.mode == Mode.HANDS.value else _phones(row, state):
        version = versions.get(index)
        if version in places:
            texts = [state.deck[index].options[i].text for i in answer.chosen]
            chosen = tuple(sorted(places[version][text] for text in texts if text in places[version]))
            found[version].add(replace(answer, chosen=chosen))
    return found


def _phones(row: Room, state: RoomState) -> Iterator[tuple[int, Answered]]:
    given: dict[int, dict[int, frozenset[int]]] = defaultdict(dict)
    answers = Answer.objects.filter(room=row, round=FIRST).values_list("player_id", "index", "chosen")
    for player, index, chosen in answers:
        given[player][index] = parse_chosen(chosen)
    for one in given.values():
        shares = {i: float(scoring.mark_choice(state.deck[i].key, chosen)) for i, chosen in one.items()}
        for i, chosen in one.items():
            others = [share for j, share in shares.items() if j != i]
            rest = sum(others) / len(others) if others else None
            yield i, Answered(shares[i], rest, tuple(sorted(chosen)))


def _hands(state: RoomState) -> Iterator[tuple[int, Answered]]:
    """Raised hands are counts of options; whose hands, nobody knows."""
    for (index, round_), counted in state.tallies.items():
        key = state.deck[index].key
        if round_ != FIRST or len(key) != 1:
            continue
        for option, hands in enumerate(counted.counts):
            for _hand in range(hands):
                yield index, Answered(float(option in key), None, (option,))
