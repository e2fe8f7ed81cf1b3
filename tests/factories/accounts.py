"""Staff without a password, officers, and the walks of a log-in: for the tests of accounts."""

from __future__ import annotations

import re
import secrets
import time
from typing import Any

from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from people.accounts import issuing, second_factor
from people.models import Grant, Membership, Organisation, User

PHONE = "Mozilla/5.0 (Linux; Android 12; V2148A) AppleWebKit/537.36 Chrome/107.0 Mobile Safari/537.36 MicroMessenger/8.0"
OFFICE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/109.0 Safari/537.36"
OWN = "一句只有我知道的话2026"


def browser(agent: str = PHONE, **more: Any) -> Client:
    return Client(HTTP_HOST="localhost", HTTP_USER_AGENT=agent, **more)


def signed_in(name: str, agent: str = OFFICE) -> Client:
    client = browser(agent)
    client.force_login(User.objects.get(username=name))
    return client


def school() -> Organisation:
    return Organisation.objects.get(name="示范县实验小学")


def staff(number: str, place: Organisation | None = None, **more: Any) -> User:
    """A member of staff as a roster brings them: without any password."""
    user = User(username=number, first_name=more.pop("name", f"教师{number}"), **more)
    user.set_unusable_password()
    user.save()
    Membership.objects.create(user=user, organisation=place or school(), posts=("class-teacher",))
    return user


def with_password(number: str, **more: Any) -> User:
    user = staff(number, **more)
    user.set_password(OWN)
    user.save()
    return user


def give(user: User, role: str, place: Organisation) -> None:
    Grant.objects.create(user=user, organisation=place, role=role)


def code_for(user: User, officer: str = "admin") -> str:
    """A new code as it stands on the slip."""
    (slip,) = issuing.issue(
        User.objects.get(username=officer), [user], batch=secrets.token_hex(16), place=None
    )
    return slip.code


def log_in(client: Client, number: str, password: str = OWN, **more: Any) -> Any:
    return client.post(reverse("accounts:login"), {"username": number, "password": password, **more})


def enter_code(client: Client, number: str, code: str) -> Any:
    return client.post(reverse("accounts:first"), {"username": number, "code": code})


def is_in(client: Client) -> bool:
    return client.get(reverse("accounts:home")).status_code == 200


def text(response: Any) -> str:
    return re.sub(r"<[^>]+>", "", response.content.decode())


def phone_app(user: User) -> TOTPDevice:
    """A second factor that is set up; its codes come from `six`."""
    device, _backups = with_backups(user)
    return device


def with_backups(user: User) -> tuple[TOTPDevice, list[str]]:
    key = second_factor.new_key()
    clock = TOTP(bytes.fromhex(key))
    clock.time = time.time() - 30  # the step before: the present code stays unused
    made = second_factor.turn_on(user, key, f"{clock.token():06d}")
    assert made is not None
    device, backups = made
    TOTPDevice.objects.filter(pk=device.pk).update(last_t=-1)
    return device, backups


def six(user: User) -> str:
    """What the app shows now."""
    clock = TOTP(bytes.fromhex(TOTPDevice.objects.get(user=user).key))
    clock.time = time.time()
    return f"{clock.token():06d}"
