"""The own account page: what it says, and which devices are signed in."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from people.accounts import sessions
from people.accounts.models import SignedIn
from people.audit.models import AuditEntry
from people.models import Membership, Organisation, User
from tests.factories.accounts import (
    OFFICE,
    OWN,
    PHONE,
    browser,
    give,
    is_in,
    log_in,
    school,
    signed_in,
    text,
    with_password,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]
HOME = "/account/"
NEW = "换一句新的话2027"


def test_the_page_says_where_i_work_and_what_i_may_do():
    teacher = with_password("T910", name="张伟")
    other = Organisation.objects.get(name="示范县第一中学")
    Membership.objects.create(user=teacher, organisation=other, posts=("pe-teacher",))
    give(teacher, "invigilator", other)
    client = browser()
    log_in(client, "T910")
    page = text(client.get(HOME))
    for words in ("张伟", "T910", "示范县实验小学", "班主任", "示范县第一中学", "体育教师", "监考员", "安卓手机 · 微信", "这一台"):
        assert words in page
    assert "进入后台" not in page


def test_an_officer_finds_the_way_into_the_cms():
    assert "进入后台" in text(signed_in("anquan").get(HOME))


def test_nobody_sees_the_page_without_logging_in():
    assert browser().get(HOME).headers["Location"] == "/account/login/?next=/account/"


def test_each_device_is_listed_and_one_can_be_ended():
    with_password("T910")
    here, there = browser(PHONE), browser(OFFICE, REMOTE_ADDR="10.1.2.3")
    log_in(here, "T910")
    log_in(there, "T910")
    page = here.get(HOME).content.decode()
    assert "Windows 电脑" in page and "10.1.2.3" in page
    assert there.session.session_key not in page  # a glance over the shoulder takes nothing over
    handle = sessions.handle(there.session.session_key)
    here.post(reverse("accounts:end_session"), {"which": handle})
    assert is_in(here) and not is_in(there)


def test_all_others_end_at_once_and_mine_stays():
    with_password("T910")
    devices = [browser() for _ in range(4)]
    for device in devices:
        log_in(device, "T910")
    stranger = signed_in("laoshi")
    devices[0].post(reverse("accounts:end_session"), {"which": "others"})
    assert [is_in(device) for device in devices] == [True, False, False, False]
    assert is_in(stranger)
    assert AuditEntry.objects.get(action="sessions.end").detail == {"count": 3}


def test_nobody_ends_the_device_of_somebody_else():
    with_password("T910")
    mine, theirs = browser(), signed_in("laoshi")
    log_in(mine, "T910")
    mine.post(reverse("accounts:end_session"), {"which": sessions.handle(theirs.session.session_key)})
    assert is_in(theirs)


def test_logging_out_takes_the_device_off_the_list():
    teacher = with_password("T910")
    client = browser()
    log_in(client, "T910")
    client.post(reverse("accounts:logout"))
    assert not is_in(client)
    assert not SignedIn.objects.filter(user=teacher).exists()


def test_an_expired_session_leaves_no_trace():
    teacher = with_password("T910")
    client = browser()
    log_in(client, "T910")
    Session.objects.update(expire_date=timezone.now() - dt.timedelta(seconds=1))
    assert not sessions.of(teacher).exists()
    call_command("clearsessions")
    assert not SignedIn.objects.filter(user=teacher).exists()


def test_last_seen_moves_at_most_every_five_minutes():
    teacher = with_password("T910")
    client = browser()
    log_in(client, "T910")
    key = client.session.session_key
    old = timezone.now() - dt.timedelta(hours=1)
    SignedIn.objects.filter(user=teacher).update(seen_at=old)
    client.get(HOME)
    assert SignedIn.objects.get(user=teacher).seen_at == old  # the log-in counts as seen
    cache.delete(f"seen:{key}")
    client.get(HOME)
    assert SignedIn.objects.get(user=teacher).seen_at > old


def test_a_public_page_asks_the_database_nothing_about_the_session():
    client = signed_in("laoshi")
    client.get("/about/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/about/")
    assert not [query for query in captured if "session" in query["sql"] or "signedin" in query["sql"]]


def test_the_account_page_costs_the_same_for_one_device_and_for_many():
    with_password("T910")
    client = browser()
    log_in(client, "T910")
    client.get(HOME)
    with CaptureQueriesContext(connection) as one:
        client.get(HOME)
    for _ in range(4):
        log_in(browser(), "T910")
    with CaptureQueriesContext(connection) as many:
        client.get(HOME)
    assert len(many) == len(one)


def test_a_new_password_keeps_this_device_and_ends_the_others():
    with_password("T910")
    here, there = browser(), browser()
    log_in(here, "T910")
    log_in(there, "T910")
    here.post(reverse("accounts:password"), {"old": OWN, "password": NEW, "again": NEW})
    assert is_in(here) and not is_in(there)
    assert "这一台" in text(here.get(HOME))
    assert log_in(browser(), "T910", OWN).status_code == 200
    assert log_in(browser(), "T910", NEW).status_code == 302


def test_the_present_password_is_asked_before_a_new_one():
    with_password("T910")
    client = browser()
    log_in(client, "T910")
    page = text(client.post(reverse("accounts:password"), {"old": "猜的", "password": NEW, "again": NEW}))
    assert "现在的密码不对" in page
    assert log_in(browser(), "T910", OWN).status_code == 302


def test_whoever_must_change_the_password_is_led_there_first():
    User.objects.filter(username="anquan").update(must_change_password=True)
    client = signed_in("anquan")
    assert client.get("/cms/").headers["Location"] == reverse("accounts:password")
    assert client.get(HOME).headers["Location"] == reverse("accounts:password")
    officer = User.objects.get(username="anquan")
    officer.set_password(OWN)
    officer.save()
    client = browser()
    log_in(client, "anquan")
    client.post(reverse("accounts:password"), {"old": OWN, "password": NEW, "again": NEW})
    assert client.get("/cms/").status_code == 200


def test_the_units_shown_are_those_of_now():
    teacher = with_password("T910", place=Organisation.objects.get(name="示范县第一中学"))
    Membership.objects.create(user=teacher, organisation=school(), until=dt.date(2026, 7, 1))
    client = browser()
    log_in(client, "T910")
    assert "示范县实验小学" not in text(client.get(HOME))


@pytest.mark.parametrize("screen", ["office:person_edit", "wagtailusers_users:edit"])
def test_an_account_that_was_switched_off_comes_back_without_its_old_devices(screen):
    person = with_password("T931")
    phone, boss, url = signed_in("T931"), signed_in("admin"), reverse(screen, args=[person.pk])
    given = {"name": "教师", "first_name": "教师", "username": "T931", "phone": "", "email": ""}
    for wish in ({}, {"is_active": "on"}):
        assert boss.post(url, given | wish).status_code == 302
        assert User.objects.get(pk=person.pk).is_active == bool(wish)
        assert not is_in(phone)
