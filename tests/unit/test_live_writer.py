"""Batches: what is acknowledged is written, what could not be written is said, nobody waits for ever."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from django.db import OperationalError

from quizzes.live.batch import AnswerJob
from quizzes.live.domain.errors import RoomError
from quizzes.live.reading import Reader
from quizzes.live.writer import Writer

pytestmark = pytest.mark.asyncio


def answer(player_id: int, room_id: int = 1) -> AnswerJob:
    return AnswerJob(room_id, player_id, 0, 1, (0,), dt.datetime(2026, 11, 23, tzinfo=dt.UTC))


async def test_answers_that_come_together_share_a_transaction():
    batches = []

    def write(jobs):
        batches.append(len(jobs))
        return [job.player_id for job in jobs]

    writer = Writer(lambda rooms: None, write)
    assert await asyncio.gather(*(writer.submit(answer(n)) for n in range(500))) == list(range(500))
    assert len(batches) == 1


async def test_nobody_is_told_before_the_transaction_is_over():
    order = []

    def write(jobs):
        order.append("written")
        return [job.player_id for job in jobs]

    writer = Writer(lambda rooms: order.append("told"), write)
    await writer.submit(answer(1))
    order.append("acknowledged")
    assert order[0] == "written"


async def test_a_refused_answer_is_refused_alone():
    def write(jobs):
        return [
            RoomError("question.closed") if job.player_id == 2 else job.player_id for job in jobs
        ]

    writer = Writer(lambda rooms: None, write)
    results = await asyncio.gather(
        *(writer.submit(answer(n)) for n in (1, 2, 3)), return_exceptions=True
    )
    assert [getattr(result, "code", result) for result in results] == [1, "question.closed", 3]


async def test_a_batch_that_hits_a_locked_database_is_tried_once_more():
    tries = []

    def write(jobs):
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError("database is locked")
        return [job.player_id for job in jobs]

    assert await Writer(lambda rooms: None, write).submit(answer(1)) == 1


async def test_when_nothing_can_be_written_everyone_is_told_and_the_next_batch_is_tried():
    broken = [True]

    def write(jobs):
        if broken[0]:
            raise OperationalError("disk full")
        return [job.player_id for job in jobs]

    writer = Writer(lambda rooms: None, write)
    with pytest.raises(RoomError, match="server.busy"):
        await writer.submit(answer(1))
    broken[0] = False
    assert await writer.submit(answer(1)) == 1


async def test_a_socket_that_leaves_before_the_commit_disturbs_nobody():
    writer = Writer(lambda rooms: None, lambda jobs: [job.player_id for job in jobs])
    leaving = asyncio.create_task(writer.submit(answer(1)))
    staying = asyncio.create_task(writer.submit(answer(2)))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == 2


async def test_the_hub_hears_which_rooms_changed_once_a_batch():
    heard = []
    writer = Writer(heard.append, lambda jobs: [job.player_id for job in jobs])
    await asyncio.gather(*(writer.submit(answer(n, room_id=n % 3)) for n in range(30)))
    await asyncio.sleep(0)
    assert heard == [{0, 1, 2}]


# --- snapshots for many ----------------------------------------------------------------------------


class Counting:
    """A slow database that counts how often it is read."""

    def __init__(self) -> None:
        self.reads: list[set[int]] = []

    async def __call__(self, room_id, players):
        if room_id == 404:
            raise RoomError("room.unknown")
        self.reads.append(set(players))
        number = len(self.reads)
        await asyncio.sleep(0.01)
        return number


async def test_a_thousand_phones_that_come_back_at_once_read_the_room_a_few_times():
    database = Counting()
    reader = Reader(database)
    await asyncio.gather(*(reader.view(1, n) for n in range(1000)))
    assert len(database.reads) <= 3
    assert set.union(*database.reads) == set(range(1000))


async def test_nobody_is_given_a_reading_that_began_before_the_question():
    reader = Reader(Counting())
    first = asyncio.create_task(reader.view(1, 1))
    await asyncio.sleep(0.005)
    assert await reader.view(1, 2) == 2
    assert await first == 1


async def test_a_room_that_is_gone_is_said_to_all_who_asked():
    reader = Reader(Counting())
    asked = await asyncio.gather(*(reader.view(404, n) for n in range(3)), return_exceptions=True)
    assert [error.code for error in asked] == ["room.unknown"] * 3
    assert not reader._tasks
