"""The audit log in the database: appended, never changed, and every tampering found."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sqlite3
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.utils import timezone

from people.audit.models import AppendOnly, AuditCheck, AuditEntry
from people.audit.origin import OriginMiddleware
from people.audit.services import Entry, record, record_many
from people.audit.verify import verify
from people.models import User
from tests.conftest import ROOT, environment

pytestmark = pytest.mark.django_db


@pytest.fixture
def ten():
    start = AuditEntry.objects.count()
    record_many(Entry("people.edit", ("user", number), detail={"fields": ["phone"]}) for number in range(10))
    assert start == 0


def tamper(sql: str) -> None:
    """What somebody with the database's password could do: first take the guard away."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER audit_no_change")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS audit_no_change")
        cursor.execute(sql)


def verified(capsys, *words):
    """(exit code, answer) of the command."""
    capsys.readouterr()
    code = 0
    try:
        call_command("audit_verify", "--json", *words)
    except CommandError as error:
        code = error.returncode
    return code, json.loads(capsys.readouterr().out)


def test_numbers_follow_each_other_and_the_log_is_whole(ten, capsys):
    record("people.leave", target=User.objects.create_user("1001"))
    assert list(AuditEntry.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 12))
    code, answer = verified(capsys)
    assert (code, answer["ok"], answer["upto"], answer["whole"]) == (0, True, 11, True)


TAMPERING = {
    "a changed detail": ("UPDATE audit_auditentry SET detail = '{\"fields\": []}' WHERE number = 4", 4, "changed"),
    "another actor": ("UPDATE audit_auditentry SET actor_id = 7 WHERE number = 9", 9, "changed"),
    "another moment": ("UPDATE audit_auditentry SET at = '2020-01-01 00:00:00' WHERE number = 1", 1, "changed"),
    "a deleted entry": ("DELETE FROM audit_auditentry WHERE number = 4", 4, "missing"),
    "a deleted first entry": ("DELETE FROM audit_auditentry WHERE number = 1", 1, "missing"),
    "a deleted last entry": ("DELETE FROM audit_auditentry WHERE number = 10", 10, "missing"),
    "all deleted": ("DELETE FROM audit_auditentry", 1, "missing"),
    "an entry put in behind": (
        "INSERT INTO audit_auditentry (number, at, action, target_type, target_id, detail, address, previous, hash) "
        "SELECT 11, at, action, target_type, target_id, detail, address, hash, hash FROM audit_auditentry WHERE number = 10",
        11,
        "inserted",
    ),
    "an entry put in before": (
        "INSERT INTO audit_auditentry (number, at, action, target_type, target_id, detail, address, previous, hash) "
        "SELECT 0, at, action, target_type, target_id, detail, address, previous, hash FROM audit_auditentry WHERE number = 1",
        0,
        "inserted",
    ),
    "a forged head": ("UPDATE audit_audithead SET hash = previous FROM audit_auditentry WHERE audit_auditentry.number = 3", 10, "head"),
    "a head set back": ("UPDATE audit_audithead SET number = 8", 9, "inserted"),
}


@pytest.mark.parametrize("how", TAMPERING)
def test_tampering_is_found_at_its_place(ten, capsys, how):
    sql, number, kind = TAMPERING[how]
    tamper(sql)
    code, answer = verified(capsys)
    assert (code, answer["number"], answer["fault"]) == (1, number, kind)
    assert AuditCheck.objects.first().fault == kind


def test_an_exchange_whole_in_itself_is_found(ten, capsys):
    entry = AuditEntry.objects.get(number=5)
    from people.audit.chain import seal

    entry.action = "people.leave"
    tamper(f"UPDATE audit_auditentry SET action = 'people.leave', hash = '{seal(entry.previous, entry.content())}' WHERE number = 5")
    code, answer = verified(capsys)
    assert (code, answer["number"], answer["fault"]) == (1, 5, "replaced")


def test_a_shortened_log_with_a_matching_head_differs_from_what_was_written_down(ten, capsys):
    kept = AuditEntry.objects.get(number=10)
    anchor = f"10:{kept.hash}"
    assert verified(capsys, "--anchor", anchor)[0] == 0
    AuditCheck.objects.all().delete()
    tamper("DELETE FROM audit_auditentry WHERE number > 7")
    tamper("UPDATE audit_audithead SET number = 7, hash = (SELECT hash FROM audit_auditentry WHERE number = 7)")
    assert verified(capsys)[0] == 0
    AuditCheck.objects.all().delete()
    assert verified(capsys, "--anchor", anchor)[0] == 1


def test_earlier_checks_are_anchors_too(ten, capsys):
    assert verified(capsys)[0] == 0
    tamper("DELETE FROM audit_auditentry WHERE number > 7")
    tamper("UPDATE audit_audithead SET number = 7, hash = (SELECT hash FROM audit_auditentry WHERE number = 7)")
    code, answer = verified(capsys)
    assert (code, answer["number"], answer["fault"]) == (1, 8, "missing")


def test_the_nightly_walk_reads_only_what_is_new(ten):
    assert verify().number == 10
    record_many(Entry("people.edit", ("user", number)) for number in range(3))
    check = verify(only_new=True)
    assert (check.number, check.whole, check.fault) == (13, False, "")
    tamper("UPDATE audit_auditentry SET action = 'x' WHERE number = 12")
    assert (verify(only_new=True).fault, verify().fault_number) == ("", 12)


def test_once_a_month_the_nightly_walk_begins_at_the_first_entry(ten):
    verify()
    assert not verify(only_new=True).whole
    AuditCheck.objects.update(at=timezone.now() - dt.timedelta(days=31))
    tamper("UPDATE audit_auditentry SET action = 'x' WHERE number = 2")
    check = verify(only_new=True)
    assert (check.whole, check.fault_number) == (True, 2)


def test_verifying_needs_a_fixed_number_of_queries_a_batch(ten, django_assert_num_queries):
    with django_assert_num_queries(6):
        verify()


def test_an_anchor_that_is_none_is_explained(capsys):
    with pytest.raises(CommandError, match="校验值"):
        call_command("audit_verify", "--anchor", "12")


@override_settings(TIME_ZONE="Asia/Shanghai")
def test_an_entry_given_in_local_time_and_with_odd_details_verifies():
    beijing = dt.timezone(dt.timedelta(hours=8))
    detail = {3: ("a", 2.5), "since": dt.date(2026, 9, 1), "names": {"b", "a"}, "nul": "x\0y"}
    record_many([Entry("people.edit", ("user", 1), detail=detail)], at=dt.datetime(2026, 1, 1, 7, tzinfo=beijing))
    assert verify().fault == ""


def test_what_a_failed_transaction_did_is_not_in_the_log(ten):
    with pytest.raises(RuntimeError), transaction.atomic():
        record("people.leave", target=("user", 3))
        raise RuntimeError
    record("people.create", target=("user", 4))
    assert AuditEntry.objects.first().number == 11
    assert verify().fault == ""


def test_entries_cannot_be_changed_or_deleted_by_the_code(ten):
    entry = AuditEntry.objects.first()
    for attempt in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(action="x"),
        lambda: AuditEntry.objects.bulk_update([entry], ["action"]),
    ):
        with pytest.raises(AppendOnly):
            attempt()


def test_the_database_refuses_a_change_but_lets_an_address_be_forgotten(ten):
    record("people.edit", address="10.0.0.7")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditentry SET action = 'x' WHERE number = 3")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditentry SET address = '10.0.0.8' WHERE number = 11")
    assert AuditEntry.objects.filter(address="10.0.0.7").forget_addresses() == 1
    assert verify().fault == ""


def test_an_installed_site_has_both_guards(migrated_database, tmp_path):
    copy = tmp_path / "db.sqlite3"
    shutil.copy(migrated_database, copy)
    with sqlite3.connect(copy) as database:
        database.execute(
            "INSERT INTO audit_auditentry (number, at, action, target_type, target_id, detail, address, previous, hash) "
            "VALUES (1, '2026-01-01', 'a', '', '', '{}', '', '', '')"
        )
        for sql in ("DELETE FROM audit_auditentry", "UPDATE audit_auditentry SET hash = 'x'"):
            with pytest.raises(sqlite3.DatabaseError, match="append-only"):
                database.execute(sql)
    database.close()


@pytest.mark.parametrize(
    ("trusted", "forwarded", "kept"),
    [
        (False, "", "10.1.2.3"),
        (False, "6.6.6.6", "10.1.2.3"),
        (True, "6.6.6.6, 10.9.9.9", "10.9.9.9"),
        (True, "x" * 90, ""),
    ],
)
def test_an_entry_of_a_request_knows_where_it_came_from(trusted, forwarded, kept):
    def view(request):
        record("people.edit", target=("user", 1))
        return HttpResponse()

    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    with override_settings(TRUST_PROXY=trusted):
        OriginMiddleware(view)(RequestFactory().post("/", REMOTE_ADDR="10.1.2.3", **headers))
    record("people.edit", target=("user", 2))
    assert list(AuditEntry.objects.order_by("number").values_list("address", flat=True)) == [kept, ""]


def test_two_processes_that_write_at_once_leave_no_gap_and_no_double_number(migrated_database, tmp_path):
    shutil.copy(migrated_database, tmp_path / "db.sqlite3")
    code = (
        "import django; django.setup()\n"
        "from people.audit.services import record\n"
        "for number in range(40): record('people.edit', target=('user', number))\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment(tmp_path)) for _ in range(2)]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    done = subprocess.run(
        [sys.executable, "manage.py", "audit_verify", "--json"],
        cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, timeout=60,
    )
    assert json.loads(done.stdout)["upto"] == 80, done.stderr
