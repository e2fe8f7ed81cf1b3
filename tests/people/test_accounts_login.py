"""Logging in: by password, for the first time by code, and what a stranger can learn from it."""

from __future__ import annotations

import datetime as dt
import logging

import pytest
from django.contrib.auth import hashers
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from people.accounts.models import FirstCode, SignedIn
from people.audit.models import AuditEntry
from people.models import User
from tests.factories.accounts import (
    OFFICE,
    OWN,
    browser,
    code_for,
    enter_code,
    is_in,
    log_in,
    staff,
    text,
    with_password,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]
WORKING = []


class CountingHasher(hashers.PBKDF2PasswordHasher):
    """Django's own, counting how often somebody waited for it."""

    iterations = 1000

    def encode(self, password, salt, iterations=None):
        WORKING.append(1)
        return super().encode(password, salt, iterations)


def test_a_password_opens_the_own_account():
    with_password("T900")
    client = browser()
    assert log_in(client, "T900").headers["Location"] == reverse("accounts:home")
    assert is_in(client)


def test_an_officer_lands_in_the_cms():
    officer = User.objects.get(username="anquan")
    officer.set_password(OWN)
    officer.save()
    assert log_in(browser(), "anquan").headers["Location"] == reverse("wagtailadmin_home")


@pytest.mark.parametrize("typed", ["t900", "Ｔ９００", " T900 "])
def test_a_staff_number_is_forgiven_capitals_blanks_and_full_width(typed):
    with_password("T900")
    assert log_in(browser(), typed).status_code == 302


@pytest.mark.parametrize(
    ("goal", "where"),
    [
        ("/account/password/", "/account/password/"),
        ("https://evil.example/", "/account/"),
        ("//evil.example/", "/account/"),
        ("javascript:alert(1)", "/account/"),
        ("", "/account/"),
    ],
)
def test_the_way_back_leads_nowhere_else(goal, where):
    with_password("T900")
    assert log_in(browser(), "T900", next=goal).headers["Location"] == where


def test_the_old_log_in_of_the_cms_leads_to_the_one_page():
    response = browser().get("/cms/login/?next=/cms/pages/")
    assert response.headers["Location"] == "/account/login/?next=/cms/pages/"
    assert browser().get("/cms/").headers["Location"] == "/account/login/?next=/cms/"


def test_whoever_is_in_is_sent_on_from_the_log_in():
    with_password("T900")
    client = browser()
    log_in(client, "T900")
    assert client.get(reverse("accounts:login")).headers["Location"] == reverse("accounts:home")


def test_without_the_tick_a_log_in_ends_with_the_browser():
    with_password("T900")
    shared, own = browser(OFFICE), browser()
    log_in(shared, "T900")
    log_in(own, "T900", keep="on")
    assert shared.session.get_expire_at_browser_close()
    assert not own.session.get_expire_at_browser_close()


# --- the first time ---------------------------------------------------------------------------
def test_a_code_leads_to_an_own_password_and_in():
    teacher = staff("T901")
    client = browser()
    assert enter_code(client, "T901", code_for(teacher)).headers["Location"] == reverse("accounts:first_password")
    assert not is_in(client)
    response = client.post(reverse("accounts:first_password"), {"password": OWN, "again": OWN})
    assert response.headers["Location"] == reverse("accounts:home")
    assert is_in(client)
    assert log_in(browser(), "T901").status_code == 302
    assert FirstCode.objects.get(user=teacher).used_at is not None
    assert AuditEntry.objects.filter(action="codes.use", target_id=str(teacher.pk)).count() == 1


@pytest.mark.parametrize("change", [str.upper, lambda code: code.replace("-", ""), lambda code: f" {code} ",
                                    lambda code: "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in code)])
def test_a_code_is_read_however_it_is_typed(change):
    teacher = staff("T901")
    assert enter_code(browser(), "T901", change(code_for(teacher))).status_code == 302


def test_a_code_is_used_up_by_the_password_not_by_looking():
    teacher = staff("T901")
    code = code_for(teacher)
    assert enter_code(browser(), "T901", code).status_code == 302
    second = browser()
    assert enter_code(second, "T901", code).status_code == 302
    second.post(reverse("accounts:first_password"), {"password": OWN, "again": OWN})
    assert enter_code(browser(), "T901", code).status_code == 200


def test_two_browsers_with_one_code_set_one_password():
    teacher = staff("T901")
    code = code_for(teacher)
    first, second = browser(), browser()
    enter_code(first, "T901", code)
    enter_code(second, "T901", code)
    first.post(reverse("accounts:first_password"), {"password": OWN, "again": OWN})
    response = second.post(reverse("accounts:first_password"), {"password": "另一句很长的话2026", "again": "另一句很长的话2026"})
    assert response.headers["Location"] == reverse("accounts:first")
    assert not is_in(second)
    assert log_in(browser(), "T901").status_code == 302


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("短", "短", "至少要 10 位"),
        ("1234567890123", "1234567890123", "数字"),
        ("password1234", "password1234", "常见"),
        (OWN, OWN + "x", "两遍不一样"),
        (OWN, "", "再输一遍"),
    ],
)
def test_a_weak_password_is_told_why_and_the_code_stays(password, again, said):
    teacher = staff("T901")
    client = browser()
    enter_code(client, "T901", code_for(teacher))
    page = text(client.post(reverse("accounts:first_password"), {"password": password, "again": again}))
    assert said in page
    assert FirstCode.objects.get(user=teacher).used_at is None


def test_using_a_code_ends_the_old_password_and_the_old_devices():
    teacher = with_password("T901")
    old = browser(OFFICE)
    log_in(old, "T901")
    code = code_for(teacher)
    assert is_in(old)  # a slip printed by mistake locks nobody out
    client = browser()
    enter_code(client, "T901", code)
    new = "换一句新的话2027"
    client.post(reverse("accounts:first_password"), {"password": new, "again": new})
    assert not is_in(old)
    assert is_in(client)
    assert SignedIn.objects.filter(user=teacher).count() == 1
    assert log_in(browser(), "T901", OWN).status_code == 200


# --- what a stranger learns -------------------------------------------------------------------
def test_unknown_numbers_and_wrong_secrets_are_answered_alike():
    with_password("T900")
    staff("T902")
    used, late, gone = staff("T903"), staff("T904"), staff("T905")
    codes = {one.username: code_for(one) for one in (used, late, gone)}
    FirstCode.objects.filter(user=used).update(used_at=timezone.now())
    FirstCode.objects.filter(user=late).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    User.objects.filter(pk=gone.pk).update(is_active=False)

    def plain(response, number):
        page = text(response).replace(number, "")
        return response.status_code, page

    wrong = {plain(log_in(browser(), number, "不对的密码"), number) for number in ("T900", "T902", "T999")}
    assert len(wrong) == 1
    answers = {plain(enter_code(browser(), number, codes.get(number, "abcd-efgh")), number)
               for number in ("T900", "T902", "T903", "T904", "T905", "T999")}
    assert len(answers) == 1


def test_an_unknown_number_costs_the_same_work_as_a_wrong_password(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    hashers.get_hashers.cache_clear()
    with_password("T900")
    staff("T902")
    work = []
    for number in ("T900", "T902", "T999"):
        WORKING.clear()
        log_in(browser(), number, "不对的密码")
        work.append(len(WORKING))
    assert work == [1, 1, 1]


def test_every_wrong_code_costs_the_same_queries(django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    staff("T902")
    code_for(staff("T903"))
    counts = []
    for number in ("T902", "T903", "T999"):
        with CaptureQueriesContext(connection, ) as captured:
            enter_code(browser(), number, "abcd-efgh")
        counts.append(len(captured))
    assert len(set(counts)) == 1


@pytest.mark.parametrize("way", [log_in, enter_code])
def test_a_wrong_secret_counts_towards_the_lock_whatever_the_spelling(way):
    teacher = with_password("T900")
    code = code_for(teacher)
    client = browser()
    spellings = ["T900", "t900", "Ｔ９００", " t900"] * 2
    answers = [way(client, number, "abcd-2222-不对").status_code for number in spellings]
    assert answers == [200] * 7 + [429]
    assert log_in(browser(), "T900").status_code == 429  # the right one does not help while locked
    assert enter_code(browser(), "T900", code).status_code == 429
    assert log_in(browser(REMOTE_ADDR="10.9.9.9"), "T900").status_code == 302


def test_behind_the_proxy_a_stranger_locks_a_number_at_the_own_address_only(settings):
    settings.TRUST_PROXY = True
    with_password("T900")
    stranger, owner = browser(HTTP_X_FORWARDED_FOR="203.0.113.9"), browser(HTTP_X_FORWARDED_FOR="198.51.100.7")
    assert [log_in(stranger, "T900", "不对的密码").status_code for _try in range(8)][-1] == 429
    assert log_in(owner, "T900").status_code == 302



def test_an_unknown_number_is_locked_like_a_known_one():
    """Else whoever spells it in two ways could tell which numbers exist."""
    answers = [log_in(browser(), number, "不对的密码").status_code for number in ["X900", "x900", "Ｘ９００", " x900"] * 2]
    assert answers == [200] * 7 + [429]


def test_the_lock_opens_after_a_quarter_of_an_hour_even_for_whoever_kept_trying():
    from axes.models import AccessAttempt

    with_password("T900")
    for _ in range(8):
        log_in(browser(), "T900", "不对的密码")
    AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=14))
    assert log_in(browser(), "T900").status_code == 429
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - dt.timedelta(minutes=2))
    assert log_in(browser(), "T900").status_code == 302


def test_no_log_line_names_a_person_or_a_code(caplog):
    with_password("T900", name="张保密")
    with caplog.at_level(logging.DEBUG, logger="axes"), caplog.at_level(logging.DEBUG, logger="people"):
        for _ in range(9):
            enter_code(browser(), "T900", "abcd-2222")
        log_in(browser(), "T900")
    assert caplog.records
    for word in ("T900", "t900", "张保密", "abcd", "127.0.0.1"):
        assert word not in caplog.text


def test_what_axes_keeps_of_a_failure_holds_no_secret():
    from axes.models import AccessAttempt, AccessLog

    enter_code(browser(), "T900", "abcd-2222")
    kept = AccessAttempt.objects.get()
    assert "abcd" not in kept.post_data and "T900" not in kept.post_data
    log_in(browser(), with_password("T901").username)
    assert not AccessLog.objects.exists()


@pytest.mark.parametrize("name", ["login", "first", "first_password", "verify"])
def test_the_pages_of_the_log_in_are_never_kept_and_hold_nothing_inline(name):
    import re

    response = browser().get(reverse(f"accounts:{name}"), follow=True)
    assert "no-store" in response.headers["Cache-Control"]
    assert re.findall(r"<style|<script(?![^>]*src=)|\sstyle=|\son[a-z]+=", response.content.decode()) == []
