"""How much one address, one room and one socket may ask for."""

from __future__ import annotations

from quizzes.live.throttle import MAX_KEYS, Limits, Throttle, frames_of_a_socket


def test_a_burst_is_let_through_and_the_next_one_is_told_when_to_come_back():
    throttle = Throttle(burst=3, rate=0.5)
    assert [throttle.wait("a", 0) for _ in range(4)] == [0, 0, 0, 2]


def test_waiting_as_long_as_told_is_enough():
    throttle = Throttle(burst=1, rate=0.2)
    throttle.wait("a", 0)
    wait = throttle.wait("a", 0)
    assert throttle.wait("a", wait) == 0


def test_one_key_does_not_use_up_anothers_allowance():
    throttle = Throttle(burst=1, rate=1)
    assert [throttle.wait(key, 0) for key in "aabb"] == [0, 1, 0, 1]


def test_an_allowance_never_grows_past_its_burst():
    throttle = Throttle(burst=2, rate=10)
    throttle.wait("a", 0)
    assert [throttle.wait("a", 1000) for _ in range(3)] == [0, 0, 1]


def test_a_clock_that_jumps_back_gives_nothing_and_breaks_nothing():
    throttle = Throttle(burst=1, rate=1)
    throttle.wait("a", 100)
    assert throttle.wait("a", 0) == 1


def test_a_refused_action_costs_nothing():
    throttle = Throttle(burst=1, rate=1)
    throttle.wait("a", 0)
    for _ in range(50):
        throttle.wait("a", 0)
    assert throttle.wait("a", 1) == 0


def test_a_hall_behind_one_address_gets_in_within_seconds():
    joins = Limits().joins_by_address
    inside, now = 0, 0.0
    while inside < 400:
        inside += joins.wait("school", now) == 0
        now += 0.001
    assert now < 10


def test_old_keys_are_forgotten_before_memory_runs_out():
    throttle = Throttle(burst=1, rate=0.001)
    for key in range(MAX_KEYS + 100):
        throttle.wait(str(key), 0)
    assert len(throttle._buckets) == MAX_KEYS
    assert throttle.wait("0", 0) == 0


def test_a_socket_may_send_forty_frames_at_once_and_twenty_a_second():
    bucket = frames_of_a_socket(0)
    assert sum(bucket.take(0) == 0 for _ in range(100)) == 40
    assert sum(bucket.take(1) == 0 for _ in range(100)) == 20
