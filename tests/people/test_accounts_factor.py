"""The second factor: set up, asked for, demanded of bureau roles, lost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from people.audit.models import AuditEntry
from people.models import Organisation, User
from tests.factories.accounts import (
    OWN,
    browser,
    code_for,
    enter_code,
    give,
    is_in,
    log_in,
    phone_app,
    signed_in,
    six,
    text,
    with_backups,
    with_password,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]
VERIFY, SETUP = "/account/verify/", "/account/second-factor/"


def app_code(client) -> str:
    """What an app shows that scanned the page's QR."""
    import time

    from django_otp.oath import TOTP

    clock = TOTP(bytes.fromhex(client.session["second_factor_key"]))
    clock.time = time.time()
    return f"{clock.token():06d}"


def test_set_up_by_scanning_and_one_code_with_ten_backup_codes_shown_once():
    teacher = with_password("T920")
    client, other = browser(), browser()
    log_in(client, "T920")
    log_in(other, "T920")
    page = client.get(SETUP).content.decode()
    assert '<svg class="qr"' in page
    answer = client.post(SETUP, {"token": app_code(client)})
    shown = answer.content.decode()
    assert shown.count("<li>") >= 10 and "no-store" in answer.headers["Cache-Control"]
    assert client.get(SETUP).headers["Location"] == reverse("accounts:home")
    kept = set(StaticToken.objects.filter(device__user=teacher).values_list("token", flat=True))
    assert len(kept) == 10 and not [token for token in kept if token in shown]
    assert is_in(client) and not is_in(other)
    assert AuditEntry.objects.filter(action="totp.enable", target_id=str(teacher.pk)).count() == 1


def test_a_wrong_code_sets_nothing_up_and_the_qr_stays_the_same():
    with_password("T920")
    client = browser()
    log_in(client, "T920")
    client.get(SETUP)
    key = client.session["second_factor_key"]
    assert "对不上" in text(client.post(SETUP, {"token": "000000" if app_code(client) != "000000" else "111111"}))
    assert client.session["second_factor_key"] == key
    assert not TOTPDevice.objects.exists()


def test_the_password_alone_lets_nobody_in():
    phone_app(with_password("T920"))
    client = browser()
    assert log_in(client, "T920").headers["Location"] == VERIFY
    assert not is_in(client)
    assert client.post(VERIFY, {"token": six(User.objects.get(username="T920"))}).headers["Location"] == "/account/"
    assert is_in(client)


def test_no_other_log_in_page_goes_round_the_second_factor():
    phone_app(with_password("T920"))
    for page in ("/_util/login/", "/cms/login/"):
        client = browser()
        answer = client.post(page, {"username": "T920", "password": OWN})
        assert answer.status_code == 302 and answer.headers["Location"] == "/account/login/"
        assert not is_in(client)



def test_the_way_back_survives_the_second_step():
    teacher = with_password("T920")
    phone_app(teacher)
    client = browser()
    log_in(client, "T920", next="/account/password/")
    assert client.post(VERIFY, {"token": six(teacher)}).headers["Location"] == "/account/password/"


def test_a_code_of_the_app_opens_once():
    teacher = with_password("T920")
    phone_app(teacher)
    token = six(teacher)
    first, second = browser(), browser()
    log_in(first, "T920")
    log_in(second, "T920")
    first.post(VERIFY, {"token": token})
    second.post(VERIFY, {"token": token})
    assert is_in(first) and not is_in(second)


def test_each_wrong_code_makes_the_next_wait_longer_in_every_browser():
    teacher = with_password("T920")
    phone_app(teacher)
    client = browser()
    log_in(client, "T920")
    assert "不对" in text(client.post(VERIFY, {"token": "000000"}))
    other = browser(REMOTE_ADDR="10.9.9.9")
    log_in(other, "T920")
    answer = other.post(VERIFY, {"token": six(teacher)})
    assert answer.status_code == 429 and "秒再试" in text(answer)
    TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - dt.timedelta(minutes=1))
    assert other.post(VERIFY, {"token": six(teacher)}).status_code == 302


def test_a_backup_code_opens_once_however_it_is_typed():
    teacher = with_password("T920")
    _device, backups = with_backups(teacher)
    client = browser()
    log_in(client, "T920")
    assert client.post(VERIFY, {"token": backups[0].upper().replace("-", " ")}).status_code == 302
    assert "还剩 9 个" in text(client.get("/account/"))
    again = browser()
    log_in(again, "T920")
    again.post(VERIFY, {"token": backups[0]})
    assert not is_in(again)


def test_the_second_step_waits_ten_minutes_and_not_past_a_new_password():
    teacher = with_password("T920")
    phone_app(teacher)
    late, changed = browser(), browser()
    for client in (late, changed):
        log_in(client, "T920")
    session = late.session
    session["signing_in"] = {**session["signing_in"], "at": session["signing_in"]["at"] - 601}
    session.save()
    assert late.post(VERIFY, {"token": six(teacher)}).headers["Location"] == reverse("accounts:login")
    teacher.set_password("换一句新的话2027")
    teacher.save()
    assert changed.post(VERIFY, {"token": six(teacher)}).headers["Location"] == reverse("accounts:login")


def test_a_first_code_does_not_go_round_the_second_factor():
    teacher = with_password("T920")
    phone_app(teacher)
    client = browser()
    enter_code(client, "T920", code_for(teacher))
    answer = client.post(reverse("accounts:first_password"), {"password": OWN, "again": OWN})
    assert answer.headers["Location"] == VERIFY
    assert not is_in(client)


def test_giving_it_up_and_new_backup_codes_ask_for_a_code():
    teacher = with_password("T920")
    _device, old = with_backups(teacher)
    client = browser()
    log_in(client, "T920")
    client.post(VERIFY, {"token": old[0]})
    client.post(reverse("accounts:second_factor_off"), {"token": "22222222"})
    assert TOTPDevice.objects.filter(user=teacher).exists()
    from django_otp.plugins.otp_static.models import StaticDevice

    StaticDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    fresh = text(client.post(reverse("accounts:backups"), {"token": old[1]}))
    assert old[2] not in fresh and "新的备用码" in fresh
    client.post(reverse("accounts:second_factor_off"), {"token": six(teacher)})
    assert not TOTPDevice.objects.filter(user=teacher).exists()
    assert log_in(browser(), "T920").headers["Location"] == "/account/"


# --- demanded of bureau roles -----------------------------------------------------------------
def test_a_bureau_role_is_led_to_set_it_up_before_the_cms_opens(settings):
    settings.BUREAU_TOTP = True
    client = signed_in("kaowu")
    for page in ("/cms/", "/cms/pages/"):
        assert client.get(page).headers["Location"] == SETUP
    client.get(SETUP)
    client.post(SETUP, {"token": app_code(client)})
    assert client.get("/cms/").status_code == 200


def test_the_superuser_is_asked_too_and_school_roles_are_not(settings):
    settings.BUREAU_TOTP = True
    User.objects.get(username="admin").grants.all().delete()
    assert signed_in("admin").get("/cms/").headers["Location"] == SETUP
    assert signed_in("anquan").get("/cms/").status_code == 200
    assert signed_in("laoshi").get("/account/").status_code == 200


def test_nothing_is_demanded_by_default():
    assert signed_in("kaowu").get("/cms/").status_code == 200


def test_one_can_log_out_of_the_cms_without_it(settings):
    settings.BUREAU_TOTP = True
    assert signed_in("kaowu").post("/cms/logout/").headers["Location"] == "/account/login/"


# --- the lost phone ---------------------------------------------------------------------------
def test_an_officer_removes_a_lost_phone_and_every_session_ends():
    teacher = with_password("T920")
    phone_app(teacher)
    client = browser()
    log_in(client, "T920")
    client.post(VERIFY, {"token": six(teacher)})
    signed_in("anquan").post(reverse("accounts_person_factor", args=[teacher.pk]))
    assert not is_in(client)
    assert log_in(browser(), "T920").headers["Location"] == "/account/"
    entry = AuditEntry.objects.get(action="totp.remove")
    assert entry.actor_id == User.objects.get(username="anquan").pk and entry.target_id == str(teacher.pk)


def test_an_officer_cannot_disarm_somebody_above():
    boss = with_password("T921")
    give(boss, "admin", Organisation.objects.get(name="示范县教育局"))
    phone_app(boss)
    assert signed_in("anquan").post(reverse("accounts_person_factor", args=[boss.pk])).status_code == 403
    assert TOTPDevice.objects.filter(user=boss).exists()
