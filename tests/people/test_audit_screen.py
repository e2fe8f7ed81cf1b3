"""The screen of the audit log: who reads which entries, how they are found, paged and exported."""

from __future__ import annotations

import datetime as dt
import io
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from people.audit.models import AuditEntry
from people.audit.services import Entry, record, record_many
from people.audit.verify import verify
from people.audit.views import PAGE
from people.models import Grant, Membership, Organisation, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]


def browser_of(user):
    user = User.objects.get(username=user) if isinstance(user, str) else user
    client = Client(HTTP_HOST="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def shown(name, **asked):
    """The numbers on the first page for these filters."""
    page = browser_of(name).get(reverse("audit_log"), asked)
    assert page.status_code == 200
    return [line.number for line in page.context["lines"]]


@pytest.fixture
def schools():
    return list(Organisation.objects.filter(kind_id="school").order_by("path"))


@pytest.fixture
def story(schools):
    """Three things that happened: at the own school, at another one, and to no organisation. Their numbers."""
    teacher = User.objects.get(username="laoshi")
    start = AuditEntry.objects.count()
    record("people.edit", actor=User.objects.get(username="anquan"), target=teacher, organisation=schools[0], detail={"fields": ["phone"]})
    record("roles.grant", actor=User.objects.get(username="admin"), target=("user", 0), organisation=schools[1], detail={"role": "teacher"})
    record("bank.publish", target=("question", 5), detail={"code": "q777", "version": 2})
    return start + 1, start + 2, start + 3


def test_a_school_s_officer_reads_the_own_school_s_entries_only(story, schools):
    own, other, of_all = story
    assert own in shown("anquan")
    assert not {other, of_all} & set(shown("anquan"))
    assert set(shown("admin")) >= {own, other, of_all}


def test_the_bureau_s_observer_reads_everything_and_may_not_export(story):
    observer = User.objects.create_user("watch", first_name="观察员")
    Grant.objects.create(user=observer, organisation=Organisation.objects.get(depth=1), role="observer")
    assert set(shown(observer)) >= set(story)
    assert browser_of(observer).post(reverse("audit_export")).status_code in {302, 403}
    assert "导出 Excel" not in browser_of(observer).get(reverse("audit_log")).content.decode()


def test_entries_below_the_own_organisation_are_read_too(story, schools):
    schools[0].refresh_from_db()
    grade = schools[0].add_child(name="一年级", kind_id="grade")
    record("people.edit", target=("user", 1), organisation=grade)
    assert AuditEntry.objects.first().number in shown("anquan")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"person": "劳老师"}, [0]),
        ({"person": "laoshi"}, [0]),
        ({"person": "安主任"}, [0]),
        ({"group": "roles"}, [1]),
        ({"organisation": "第一中学"}, [1]),
        ({"organisation": "教育局"}, [0, 1]),
        ({"text": "q777"}, [2]),
        ({"person": "没有这个人"}, []),
        ({"group": "kites"}, [0, 1, 2]),
    ],
)
def test_entries_are_found_by_what_the_reader_knows(story, asked, found):
    numbers = shown("admin", **asked)
    assert [number for number in story if number in numbers] == [story[place] for place in found]


def test_both_days_of_a_period_are_included(story):
    day = dt.date(2026, 3, 8)
    at = [timezone.make_aware(dt.datetime(2026, 3, 7 + extra, 0, 0)) for extra in range(3)]
    for moment in [*at, at[2] - dt.timedelta(seconds=1)]:
        record_many([Entry("people.leave")], at=moment)
    late = AuditEntry.objects.first().number
    assert shown("admin", since=day, until=day) == [late, late - 2]


def test_a_period_that_ends_before_it_begins_is_explained_and_nothing_is_lost(story):
    page = browser_of("admin").get(reverse("audit_log"), {"since": "2026-03-08", "until": "2026-03-01", "text": "q777"})
    text = page.content.decode()
    assert "结束日期早于开始日期" in text and 'value="q777"' in text


def test_a_reader_sees_names_sentences_and_where_it_came_from(story):
    text = browser_of("admin").get(reverse("audit_log")).content.decode()
    assert "安主任（anquan）" in text
    assert "修改劳老师（laoshi）的资料，改了：手机号" in text
    assert "发布题目 q777，第 2 版" in text


def test_whoever_was_erased_has_a_number_only(story):
    teacher = User.objects.get(username="laoshi")
    User.objects.filter(pk=teacher.pk).update(erased_at=timezone.now())
    text = browser_of("admin").get(reverse("audit_log")).content.decode()
    assert f"已删除的人员 #{teacher.pk}" in text and "劳老师" not in text
    assert story[0] in shown("admin", person=f"#{teacher.pk}")


def test_pages_follow_each_other_by_number_in_both_directions():
    record_many(Entry("people.leave", ("user", number)) for number in range(2 * PAGE + 5))
    newest = AuditEntry.objects.first().number
    client = browser_of("admin")
    first = client.get(reverse("audit_log"), {"group": "people"}).context
    second = client.get(first["older"]).context
    assert [line.number for line in second["lines"]] == list(range(newest - PAGE, newest - 2 * PAGE, -1))
    assert parse_qs(urlsplit(first["older"]).query)["group"] == ["people"]
    back = client.get(second["newer"]).context
    assert [line.number for line in back["lines"]] == list(range(newest, newest - PAGE, -1))
    assert (first["newer"], back["newer"]) == ("", "")
    third = client.get(second["older"]).context
    assert third["older"] == "" and len(third["lines"]) == 5


def test_the_page_needs_the_same_queries_for_one_entry_and_for_many(schools):
    client = browser_of("anquan")

    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("audit_log"), {"organisation": "实验", "person": "老师", "text": "phone"})
        return len(seen)

    teacher = User.objects.get(username="laoshi")
    record("people.edit", actor=teacher, target=teacher, organisation=schools[0], detail={"fields": ["phone"]})
    queries()
    one = queries()
    people = [User.objects.create_user(f"q{number}", first_name="某老师") for number in range(5)]
    for person in people:
        Membership.objects.create(user=person, organisation=schools[0])
        record("people.edit", actor=person, target=teacher, organisation=schools[0], detail={"fields": ["phone"]})
    assert queries() == one


def test_the_state_of_the_chain_is_shown_and_a_fault_is_loud(story):
    verify()
    number = story[2]
    assert f"第 1 至 {number} 条连续" in browser_of("admin").get(reverse("audit_log")).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_no_change")
        cursor.execute("UPDATE audit_auditentry SET actor_id = 1 WHERE number = %s", [number])
    verify()
    text = browser_of("admin").get(reverse("audit_log")).content.decode()
    assert f"第 {number} 条有问题" in text and "被改动过" in text


def test_the_export_holds_what_was_asked_for_and_is_an_entry_itself(story):
    record("people.leave", target=("user", 1), detail={"note": "=HYPERLINK(1)"}, organisation=None)
    answer = browser_of("admin").post(reverse("audit_export"), {"group": "bank", "text": "q777"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    assert rows[0][:4] == ["序号", "时间", "操作人", "做了什么"]
    assert [(row[0], row[2], row[3]) for row in rows[1:]] == [(story[2], "系统", "发布题目 q777，第 2 版")]
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.detail, entry.address) == (
        "audit.export", {"count": 1, "filters": ["group", "text"]}, "127.0.0.1",
    )


def test_a_school_s_admin_exports_the_own_entries_only(story, schools):
    head = User.objects.create_user("xiaozhang")
    Grant.objects.create(user=head, organisation=schools[0], role="admin")
    answer = browser_of(head).post(reverse("audit_export"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == [story[0]]


def test_an_export_with_a_broken_filter_exports_nothing(story):
    before = AuditEntry.objects.count()
    answer = browser_of("admin").post(reverse("audit_export"), {"since": "yesterday"}, follow=True)
    assert "没有导出" in answer.content.decode()
    assert AuditEntry.objects.count() == before
