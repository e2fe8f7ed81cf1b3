"""Timers: what is due goes, what is not due stays, and each run leaves a line without names."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from people.audit.models import AuditEntry
from people.audit.services import Entry, record_many
from people.audit.verify import verify
from people.privacy import timers
from people.privacy.models import Deletion
from people.privacy.timers import sweep

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC)


def session(key, expires):
    Session.objects.create(session_key=key, session_data="x", expire_date=expires)


def test_expired_sessions_go_and_live_ones_stay():
    session("old", NOW - dt.timedelta(seconds=1))
    session("live", NOW + dt.timedelta(seconds=1))
    assert sweep(NOW)["sessions.session"] == 1
    assert [one.session_key for one in Session.objects.all()] == ["live"]
    line = Deletion.objects.get()
    assert (line.holding, line.model, line.count, line.cause, line.at) == ("sessions", "sessions.session", 1, "due", NOW)
    assert line.oldest == NOW - dt.timedelta(seconds=1)


def test_wrong_passwords_are_forgotten_after_their_days():
    for number, days in enumerate((29, 31)):
        attempt = AccessAttempt.objects.create(username=f"t{number}", user_agent="x", failures_since_start=1)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=NOW - dt.timedelta(days=days))
    assert settings.PRIVACY_DAYS["login_attempts"] == 30
    assert sweep(NOW)["axes.accessattempt"] == 1
    assert AccessAttempt.objects.get().username == "t0"


def test_addresses_in_the_audit_log_go_and_its_chain_stays_whole():
    for days in (200, 100):
        record_many([Entry("people.edit", ("user", 1))], address="10.0.0.7", at=NOW - dt.timedelta(days=days))
    assert sweep(NOW)["audit.auditentry"] == 1
    assert list(AuditEntry.objects.filter(action="people.edit").order_by("number").values_list("address", flat=True)) == ["", "10.0.0.7"]
    assert verify().fault == ""


def test_sweeping_again_deletes_nothing_and_writes_nothing():
    session("old", NOW - dt.timedelta(days=1))
    sweep(NOW)
    lines, entries = Deletion.objects.count(), AuditEntry.objects.count()
    assert sum(sweep(NOW).values()) == 0
    assert (Deletion.objects.count(), AuditEntry.objects.count()) == (lines, entries)


def test_many_rows_go_in_batches_and_make_one_line(monkeypatch):
    monkeypatch.setattr(timers, "BATCH", 3)
    Session.objects.bulk_create(
        Session(session_key=f"k{n}", session_data="x", expire_date=NOW - dt.timedelta(hours=n + 1)) for n in range(8)
    )
    assert sweep(NOW)["sessions.session"] == 8
    assert Deletion.objects.get().count == 8
    assert AuditEntry.objects.get().detail == {"count": 8}


def test_a_kind_that_fails_is_logged_and_the_others_are_swept(monkeypatch, caplog):
    session("old", NOW - dt.timedelta(days=1))
    real = timers._sweep_table

    def broken(holding, table, model, before, now):
        if table.model == "axes.accessattempt":
            raise RuntimeError
        return real(holding, table, model, before, now)

    monkeypatch.setattr(timers, "_sweep_table", broken)
    assert sweep(NOW)["sessions.session"] == 1
    assert "axes.accessattempt could not be swept" in caplog.text


def test_the_command_says_what_it_did():
    session("old", timezone.now() - dt.timedelta(days=1))
    out = io.StringIO()
    call_command("privacy_sweep", stdout=out)
    assert "sessions.session 1" in out.getvalue() and "到期删除 1 条" in out.getvalue()


def test_a_class_room_that_is_due_leaves_a_line_in_the_deletion_log(room):
    from quizzes.live.sweep import sweep as sweep_rooms

    sweep_rooms(room.delete_after)
    line = Deletion.objects.get(holding="rooms")
    assert (line.model, line.count, line.cause) == ("live.room", 1, "due")


def test_a_class_room_is_deleted_at_once_when_somebody_asks(room):
    out = io.StringIO()
    call_command("sweep_rooms", "--delete", room.code, stdout=out)
    assert type(room).objects.count() == 0
    assert (Deletion.objects.get().cause, room.code in out.getvalue()) == ("at-once", True)
    with pytest.raises(CommandError, match="没有课堂号"):
        call_command("sweep_rooms", "--delete", room.code)


def test_an_officer_deletes_a_room_by_its_number_and_a_wrong_number_is_told(room, admin_client):
    page = admin_client.post(reverse("live_delete"), {"code": "424 242"}, follow=True)
    assert "424242 的数据已经全部删除" in page.content.decode()
    assert type(room).objects.count() == 0
    assert AuditEntry.objects.first().action == "rooms.delete"
    page = admin_client.post(reverse("live_delete"), {"code": "424242"}, follow=True)
    assert "没有课堂号是 424242" in page.content.decode()


@pytest.fixture
def room():
    from quizzes.live.models import Room

    return Room.objects.create(
        code="424242", mode="hands", band="P2", topic_slug="fire", title="防火灾", max_players=10, host_key="x",
        deck=[], phase="ended", created_at=NOW, touched_at=NOW, ended_at=NOW, harvested_at=NOW,
        delete_after=NOW + dt.timedelta(days=7),
    )
