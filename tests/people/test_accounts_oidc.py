"""Log-in through a bureau's own provider: the whole code flow against a real one, and what must not get in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.messages import get_messages
from django.urls import reverse

from people.models import User
from tests.factories.accounts import browser, is_in, log_in, phone_app, six, staff, text, with_password
from tests.factories.provider import Provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]
START, CALLBACK = "/account/oidc/start/", "/account/oidc/callback/"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    made = Provider()
    for name, value in made.settings().items():
        setattr(settings, name, value)
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, "people.accounts.oidc.ProviderBackend"]
    yield made
    made.close()


def walk(client: Any, provider: Provider, **query: str) -> Any:
    """There, agree, and back."""
    there = client.get(START, query)
    return client.get(provider.agree(there.headers["Location"]))


def said(client: Any) -> str:
    return text(client.get(reverse("accounts:login")))


def test_off_by_default_nothing_answers_and_no_button_shows():
    assert browser().get(START).status_code == 404
    assert browser().get(CALLBACK, {"code": "x", "state": "y"}).status_code == 404
    assert START not in browser().get("/account/login/").content.decode()


def test_the_button_says_whose_log_in_it_is(provider, settings):
    settings.OIDC_LABEL = "某县智慧教育登录"
    page = browser().get("/account/login/?next=/account/password/").content.decode()
    assert "某县智慧教育登录" in page and f"{START}?next=/account/password/" in page


def test_a_person_of_the_roster_gets_in_without_a_password_here(provider):
    staff("T960")
    client = browser()
    assert walk(client, provider).headers["Location"] == "/account/"
    assert is_in(client)
    page = text(client.get("/account/"))
    assert "在本站没有密码" in page and "安卓手机" in page


def test_the_way_back_is_kept_and_leads_nowhere_else(provider):
    staff("T960")
    assert walk(browser(), provider, next="/account/second-factor/").headers["Location"] == "/account/second-factor/"
    assert walk(browser(), provider, next="https://evil.example/").headers["Location"] == "/account/"


def test_nobody_is_made_who_is_not_in_the_roster(provider):
    before = User.objects.count()
    client = browser()
    walk(client, provider)
    assert not is_in(client) and User.objects.count() == before
    assert "联系本校安全员" in said(client)


@pytest.mark.parametrize("change", [{"is_active": False}, {"username": "T961"}])
def test_a_closed_account_is_answered_like_an_unknown_one(provider, change):
    User.objects.filter(pk=staff("T960").pk).update(**change)
    client = browser()
    walk(client, provider)
    assert not is_in(client) and "联系本校安全员" in said(client)


def test_a_session_of_the_provider_ends_with_the_account(provider):
    person, client = staff("T960"), browser()
    walk(client, provider)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get("/account/").headers["Location"].startswith("/account/login/")



def test_eight_strangers_do_not_lock_their_school_out(provider):
    for _ in range(9):
        assert walk(browser(), provider).status_code == 302
    staff("T960")
    client = browser()
    walk(client, provider)
    assert is_in(client)


def test_the_second_factor_is_asked_here_too(provider):
    teacher = staff("T960")
    phone_app(teacher)
    client = browser()
    assert walk(client, provider).headers["Location"] == "/account/verify/"
    assert not is_in(client)
    client.post("/account/verify/", {"token": six(teacher)})
    assert is_in(client)


def test_the_claim_that_holds_the_number_may_come_from_either_answer(provider, settings):
    staff("T960")
    settings.OIDC_STAFF_CLAIM = "employee_number"
    provider.userinfo = {"sub": "u-1", "employee_number": " Ｔ960"}
    client = browser()
    walk(client, provider)
    assert is_in(client)


def test_a_provider_without_a_page_of_claims_will_do(provider, settings):
    staff("T960")
    settings.OIDC_OP_USER_ENDPOINT = ""
    client = browser()
    walk(client, provider)
    assert is_in(client)


BAD = {
    "another site's token": {"token": {"aud": "another-site"}},
    "another issuer": {"token": {"iss": "https://evil.example"}},
    "a foreign nonce": {"token": {"nonce": "replayed"}},
    "an old token": {"token": {"exp": int(time.time()) - 600}},
    "a forged signature": {"key": True},
    "somebody else's claims": {"userinfo": {"sub": "u-2", "preferred_username": "T960"}},
    "no number": {"claims": {"sub": "u-1"}},
}


@pytest.mark.parametrize("case", list(BAD))
def test_what_must_not_get_in_does_not(provider, case):
    staff("T960")
    bad = BAD[case]
    provider.token_changes = bad.get("token", {})
    provider.userinfo = bad.get("userinfo", provider.userinfo)
    provider.claims = bad.get("claims", provider.claims)
    if bad.get("key"):
        provider.sign_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    client = browser()
    answer = walk(client, provider)
    assert answer.headers["Location"] == reverse("accounts:login")
    assert not is_in(client)
    assert list(get_messages(answer.wsgi_request))


def test_a_code_that_another_browser_fetched_does_not_log_me_in(provider):
    staff("T960")
    attacker, victim = browser(), browser()
    victim.get(START)
    back = provider.agree(attacker.get(START).headers["Location"])
    assert victim.get(back).headers["Location"] == reverse("accounts:login")
    assert not is_in(victim)


def test_an_answer_opens_once(provider):
    staff("T960")
    client = browser()
    back = provider.agree(client.get(START).headers["Location"])
    client.get(back)
    client.post(reverse("accounts:logout"))
    client.get(back)
    assert not is_in(client)


def test_the_password_form_does_not_open_to_a_code_in_its_address(provider):
    staff("T960")
    client = browser()
    query = parse_qs(urlsplit(provider.agree(client.get(START).headers["Location"])).query)
    address = f"/account/login/?code={query['code'][0]}&state={query['state'][0]}"
    client.post(address, {"username": "T960", "password": "x"})
    assert not is_in(client)


def test_a_refusal_or_a_silent_provider_is_told_in_words(provider):
    client = browser()
    client.get(CALLBACK, {"error": "access_denied", "state": "x"})
    assert "没有通过或被取消" in said(client)
    there = client.get(START).headers["Location"]
    back = provider.agree(there)
    provider.server.shutdown()
    provider.server.server_close()
    assert client.get(back).headers["Location"] == reverse("accounts:login")
    assert "请用工号和密码登录" in said(client)


def test_password_log_in_goes_on_beside_it(provider):
    with_password("T960")
    client = browser()
    log_in(client, "T960")
    assert is_in(client)
