"""What the site does by itself: on time, again after a failure, and never in the way of the rest."""

from __future__ import annotations

import logging

from home.housekeeping import DAY, HOUR, MINUTE, chores, run_due


def test_everything_is_done_soon_after_the_start():
    assert run_due(chores(), 100.0, lambda _command: None) == [chore.command for chore in chores()]


def test_publishing_is_done_every_minute_and_sweeping_every_hour():
    todo = chores()
    run_due(todo, 1.0, lambda _command: None)
    assert run_due(todo, 1.0 + MINUTE - 1, lambda _command: None) == []
    assert run_due(todo, 1.0 + MINUTE, lambda _command: None) == ["publish_scheduled", "sweep_jobs"]
    assert {"sweep_rooms"} <= set(run_due(todo, 1.0 + HOUR, lambda _command: None)) < {chore.command for chore in todo}
    assert run_due(todo, 1.0 + DAY, lambda _command: None) == [chore.command for chore in todo]


def test_a_failure_is_logged_and_stops_neither_the_others_nor_the_next_try(caplog):
    calls = []

    def call(command):
        calls.append(command)
        if command == "publish_scheduled":
            raise RuntimeError("the database is away")

    todo = chores()
    with caplog.at_level(logging.ERROR):
        run_due(todo, 1.0, call)
        run_due(todo, 1.0 + MINUTE, call)
    assert calls == [*(chore.command for chore in chores()), "publish_scheduled", "sweep_jobs"]
    assert caplog.text.count("publish_scheduled failed") == 2
