"""Fan-out inside one process and between processes, without a network."""

from __future__ import annotations

import asyncio
import json

import pytest
from channels.layers import InMemoryChannelLayer

from quizzes.live import bridge as bridge_module
from quizzes.live import hub as hub_module
from quizzes.live.bridge import Bridge
from quizzes.live.hub import Connection, Hub, Publication
from quizzes.live.outbox import MOST_WAITING, Outbox, buffered_bytes

pytestmark = pytest.mark.asyncio

ROOM = 7


class Phone:
    """A socket that remembers what it was sent; `stuck` ones take nothing."""

    def __init__(self, stuck: bool = False) -> None:
        self.got: list[str] = []
        self.gate = asyncio.Event()
        if not stuck:
            self.gate.set()
        self.fell_behind = 0
        self.displaced = 0
        self.outbox = Outbox(self.send, self.lagging)

    async def send(self, message) -> None:
        await self.gate.wait()
        self.got.append(message["text"])

    def lagging(self) -> None:
        self.fell_behind += 1

    def lose(self) -> None:
        self.displaced += 1

    def connect(self, hub: Hub, player_id: int | None) -> Connection:
        connection = Connection(self.outbox, ROOM, player_id, self.lose)
        hub.attach(connection)
        return connection


async def progress(room_id: int) -> str:
    return "tick"


async def results(room_id, revealed, player_ids):
    return {player_id: f"me of {player_id}" for player_id in player_ids}


async def current(room_id: int) -> Publication:
    return news(9)


@pytest.fixture
def hub(monkeypatch):
    monkeypatch.setattr(hub_module, "TICK", 0.01)
    return Hub(progress, results, current)


def news(rev: int, revealed=None) -> Publication:
    return Publication(ROOM, rev, f"players {rev}", f"hosts {rev}", revealed)


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_players_and_hosts_each_get_their_own_frame(hub):
    phone, wall = Phone(), Phone()
    phone.connect(hub, 1)
    wall.connect(hub, None)
    await settled()
    hub.publish(news(2))
    await settled()
    assert phone.got == ["players 2"]
    assert "hosts 2" in wall.got
    assert "players 2" not in wall.got


async def test_a_reveal_brings_each_player_the_own_result_and_nobody_elses(hub):
    phones = [Phone() for _ in range(3)]
    for number, phone in enumerate(phones):
        phone.connect(hub, number)
    hub.publish(news(2, revealed=(0, 1)))
    await settled()
    assert [phone.got for phone in phones] == [["players 2", f"me of {n}"] for n in range(3)]


async def test_an_older_publication_that_arrives_late_is_dropped(hub):
    phone = Phone()
    phone.connect(hub, 1)
    hub.deliver(news(3))
    await settled()
    hub.deliver(news(2))
    await settled()
    assert phone.got == ["players 3"]


async def test_other_rooms_hear_nothing(hub):
    phone = Phone()
    hub.attach(Connection(phone.outbox, ROOM + 1, 1, phone.lose))
    hub.publish(news(2))
    await settled()
    assert phone.got == []


async def test_the_newest_socket_of_a_player_wins(hub):
    old, new = Phone(), Phone()
    connection = old.connect(hub, 1)
    new.connect(hub, 1)
    hub.detach(connection)
    hub.publish(news(2))
    await settled()
    assert (old.displaced, old.got) == (1, [])
    assert (new.displaced, new.got) == (0, ["players 2"])


async def test_two_walls_of_one_room_stay_both(hub):
    panel, tablet = Phone(), Phone()
    panel.connect(hub, None)
    tablet.connect(hub, None)
    hub.publish(news(2))
    await settled()
    assert panel.displaced == tablet.displaced == 0
    assert "hosts 2" in panel.got
    assert "hosts 2" in tablet.got


async def test_many_answers_are_few_ticks_and_no_frame_for_players(hub):
    phone, wall = Phone(), Phone()
    phone.connect(hub, 1)
    wall.connect(hub, None)
    for _ in range(100):
        hub.touch(ROOM)
    await asyncio.sleep(0.05)
    assert 1 <= wall.got.count("tick") <= 3
    assert phone.got == []


async def test_an_empty_room_is_forgotten(hub):
    connection = Phone().connect(hub, 1)
    hub.detach(connection)
    hub.detach(connection)
    assert hub._rooms == {}


async def test_a_waiting_snapshot_is_replaced_by_the_newer_one():
    phone = Phone(stuck=True)
    phone.outbox.put("ack")
    for rev in range(50):
        phone.outbox.put(f"state {rev}", "state")
    phone.gate.set()
    await phone.outbox.flush()
    assert phone.got == ["ack", "state 49"]
    assert phone.fell_behind == 0


async def test_a_replacement_does_not_overtake_what_was_queued_before_it():
    phone = Phone(stuck=True)
    for frame, slot in (("first", None), ("state 1", "state"), ("ack", None), ("state 2", "state")):
        phone.outbox.put(frame, slot)
    phone.gate.set()
    await phone.outbox.flush()
    assert phone.got == ["first", "ack", "state 2"]


async def test_frames_keep_their_order():
    phone = Phone()
    for number in range(MOST_WAITING):
        phone.outbox.put(str(number))
    await phone.outbox.flush()
    assert phone.got == [str(number) for number in range(MOST_WAITING)]


async def test_a_phone_that_takes_nothing_is_given_up_once_and_costs_no_memory():
    phone = Phone(stuck=True)
    for number in range(1000):
        phone.outbox.put(str(number))
        await asyncio.sleep(0)
    assert phone.fell_behind == 1
    assert not phone.outbox._waiting


async def test_one_stuck_phone_does_not_hold_up_the_others(hub):
    stuck, quick = Phone(stuck=True), Phone()
    stuck.connect(hub, 1)
    quick.connect(hub, 2)
    for rev in range(2, 60):
        hub.publish(news(rev))
        await settled()
    assert quick.got[-1] == "players 59"


async def test_a_socket_that_broke_is_given_up_without_a_trace(caplog):
    async def broken(message):
        raise ConnectionResetError

    lost = []
    outbox = Outbox(broken, lambda: lost.append(1))
    outbox.put("state")
    await outbox.flush()
    assert lost == [1]
    assert not caplog.records


async def test_bytes_that_daphne_holds_back_are_seen():
    class Transport:
        dataBuffer = b"x" * 10
        _tempDataLen = 90

    class Protocol:
        transport = Transport()

    class Partial:
        args = (Protocol(),)

        async def __call__(self, message): ...

    assert buffered_bytes(Partial()) == 100
    assert buffered_bytes(Phone().send) == 0


# --- between processes ---------------------------------------------------------------------------


@pytest.fixture
async def two(monkeypatch):
    """Two hubs that share a channel layer, as two processes share Redis."""
    monkeypatch.setattr(hub_module, "TICK", 0.01)
    monkeypatch.setattr(bridge_module, "TICK", 0.01)
    layer = InMemoryChannelLayer()
    hubs, bridges = [], []
    for _ in range(2):
        hub = Hub(progress, results, current)
        hub.elsewhere = bridge = Bridge(layer, hub)
        hubs.append(hub)
        bridges.append(bridge)
    sent = []
    original = layer.group_send

    async def counting(group, message):
        sent.append(message)
        await original(group, message)

    monkeypatch.setattr(layer, "group_send", counting)
    yield hubs, sent
    for bridge in bridges:
        for task in list(bridge._tasks):
            task.cancel()
    await asyncio.sleep(0)


async def test_a_change_reaches_the_other_process_by_one_message_however_many_players(two):
    (here, there), sent = two
    phones = [Phone() for _ in range(20)]
    for number, phone in enumerate(phones):
        phone.connect(there, number)
    await asyncio.sleep(0.05)
    sent.clear()
    for phone in phones:
        phone.got.clear()
    here.publish(news(10, revealed=(0, 1)))
    await asyncio.sleep(0.05)
    assert all(phone.got == ["players 10", f"me of {n}"] for n, phone in enumerate(phones))
    assert len(sent) == 1
    assert len(json.dumps(sent[0])) < 400


async def test_answers_written_here_are_counted_on_a_wall_there(two):
    (here, there), sent = two
    wall = Phone()
    wall.connect(there, None)
    await asyncio.sleep(0.05)
    wall.got.clear()
    for _ in range(100):
        here.touch(ROOM)
    await asyncio.sleep(0.05)
    assert "tick" in wall.got
    assert sum(message["kind"] == "touch" for message in sent) <= 3


async def test_a_newer_socket_there_displaces_the_one_here_and_not_the_other_way(two):
    (here, there), _ = two
    old, new = Phone(), Phone()
    old.connect(here, 1)
    await asyncio.sleep(0.02)
    new.connect(there, 1)
    await asyncio.sleep(0.05)
    assert (old.displaced, new.displaced) == (1, 0)


async def test_news_of_an_older_socket_elsewhere_displaces_nothing(hub):
    phone = Phone()
    connection = phone.connect(hub, 1)
    hub.displaced(ROOM, 1, connection.since - 1)
    assert phone.displaced == 0
    hub.displaced(ROOM, 1, connection.since + 1)
    assert phone.displaced == 1


async def test_a_room_that_was_left_is_no_longer_listened_to(two):
    (here, there), _ = two
    phone = Phone()
    connection = phone.connect(there, 1)
    await asyncio.sleep(0.02)
    there.detach(connection)
    await asyncio.sleep(0.02)
    phone.got.clear()
    here.publish(news(10))
    await asyncio.sleep(0.02)
    assert phone.got == []


async def test_what_was_published_before_this_process_listened_is_caught_up(two):
    (here, there), _ = two
    here.publish(news(9))
    phone = Phone()
    phone.connect(there, 1)
    await asyncio.sleep(0.05)
    assert phone.got == ["players 9"]


async def test_a_layer_that_was_lost_and_came_back_costs_no_frame(monkeypatch):
    monkeypatch.setattr(bridge_module, "RETRY", 0.01)
    layer = InMemoryChannelLayer()
    receive = layer.receive
    broken = [True]

    async def failing_once(channel):
        if broken:
            broken.clear()
            raise ConnectionError
        return await receive(channel)

    monkeypatch.setattr(layer, "receive", failing_once)
    hub = Hub(progress, results, current)
    hub.elsewhere = bridge = Bridge(layer, hub)
    phone = Phone()
    phone.connect(hub, 1)
    await asyncio.sleep(0.1)
    assert phone.got == ["players 9"]
    await layer.group_send(
        "live.room.7",
        {
            "type": "live.hub",
            "from": "x",
            "room": ROOM,
            "kind": "publish",
            "rev": 10,
            "player_frame": "players 10",
            "host_frame": "",
            "revealed": [],
        },
    )
    await asyncio.sleep(0.05)
    assert phone.got == ["players 9", "players 10"]
    for task in list(bridge._tasks):
        task.cancel()
    await asyncio.sleep(0)
