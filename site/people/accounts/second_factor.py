"""The second factor: a TOTP app on the phone (django-otp), and ten backup codes for the day it is lost.

django-otp counts wrong tries on the device in the database and makes each next one wait longer, so the
limit holds over all processes. Backup codes are kept only as a keyed hash.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from base64 import b32encode
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from people.accounts import codes
from people.audit.services import record
from people.models import Grant, OrganisationKind, User

BACKUPS = 10


@dataclass(frozen=True)
class Checked:
    """`device` is what accepted the code; else `wait` says for how many seconds no try counts."""

    device: Any = None
    wait: int = 0


def is_on(user: User) -> bool:
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def is_demanded(user: User) -> bool:
    """Whether this person must have one: superusers and roles at a bureau, where the setting asks for it."""
    if not settings.BUREAU_TOTP:
        return False
    roles = Grant.objects.filter(
        user=user, organisation__kind=OrganisationKind.BUREAU, organisation__closed_on=None
    )
    return user.is_superuser or roles.exists()


def new_key() -> str:
    return str(random_hex(20))


def address(user: User, key: str) -> str:
    """The `otpauth://` address for the app's camera."""
    return str(TOTPDevice(user=user, key=key).config_url)


def in_groups(key: str) -> str:
    """The secret as a person types it into an app: base32 in fours."""
    text = b32encode(bytes.fromhex(key)).decode()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def turn_on(user: User, key: str, typed: str) -> tuple[TOTPDevice, list[str]] | None:
    """Confirm by one code from the app. Returns the device and the backup codes, or None for a wrong code."""
    digits = codes.read(typed)
    clock = TOTP(bytes.fromhex(key))
    clock.time = timezone.now().timestamp()
    if not (len(digits) == 6 and digits.isdigit() and clock.verify(int(digits), tolerance=1)):
        return None
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        device = TOTPDevice.objects.create(
            user=user, key=key, name="app", confirmed=True, last_t=clock.t(), drift=clock.drift
        )
        plain = _new_backups(user)
        record("totp.enable", actor=user, target=user)
    return device, plain


def renew_backups(user: User) -> list[str]:
    with transaction.atomic():
        plain = _new_backups(user)
        record("totp.backups", actor=user, target=user)
    return plain


def backups_left(user: User) -> int:
    return StaticToken.objects.filter(device__user=user).count()


def check(user: User, typed: str) -> Checked:
    """Try six digits from the app, or a backup code."""
    plain = codes.read(typed)
    from_app = len(plain) == 6 and plain.isdigit()
    kind = TOTPDevice if from_app else StaticDevice
    with transaction.atomic():
        device = kind.objects.select_for_update().filter(user=user, confirmed=True).first()
        if device is None:
            return Checked()
        allowed, why = device.verify_is_allowed()
        if not allowed:
            until = (why or {}).get("locked_until")
            left = (until - timezone.now()).total_seconds() if until else 60.0
            return Checked(wait=max(1, math.ceil(left)))
        right = device.verify_token(plain if from_app else _kept(user, plain))
    return Checked(device=device if right else None)


def turn_off(user: User, *, actor: User) -> bool:
    """Remove app and backup codes; by the person or, for a lost phone, by an officer. Returns whether there was one."""
    with transaction.atomic():
        had, _rows = TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
        if had:
            record("totp.remove", actor=actor, target=user)
    return bool(had)


def _new_backups(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="backup", confirmed=True)
    plain = ["".join(secrets.choice(codes.ALPHABET) for _ in range(codes.LENGTH)) for _ in range(BACKUPS)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_kept(user, code)) for code in plain)
    return [codes.shown(code) for code in plain]


def _kept(user: User, code: str) -> str:
    """What the token table holds: 64 bits of a keyed hash, which is all that its column takes."""
    text = f"backup:{user.pk}:{code}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).hexdigest()[:16]
