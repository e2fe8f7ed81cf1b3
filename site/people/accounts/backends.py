"""The two ways to prove who one is here: staff number with the own password, or with a first code.

Both answer an unknown number, a wrong secret, a used and an expired code alike, after the same work.
axes stands before them in `AUTHENTICATION_BACKENDS` and counts what fails.
"""

from __future__ import annotations

import hmac
from typing import Any

from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.http import HttpRequest
from django.utils import timezone

from people.accounts import codes
from people.accounts.issuing import code_key
from people.accounts.models import FirstCode
from people.models import User


class PasswordBackend(ModelBackend):
    """Django's own, with staff numbers forgiven their capitals and their full-width digits."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if username is None or password is None:
            return None
        number = codes.read_number(username)
        found = list(User.objects.filter(username__in=codes.spellings(number)))
        user = next((one for one in found if one.username == number), found[0] if len(found) == 1 else None)
        if user is None:
            User().set_password(password)  # as slow as a real check: nobody learns which numbers exist
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None


class FirstCodeBackend(BaseBackend):
    """Proves that somebody holds an open first code. It is used up only with the new password."""

    def authenticate(self, request: HttpRequest | None, username: str, first_password: str) -> User | None:
        # `first_password`, because Django masks what is called a password in its signals.
        number = codes.read_number(username)
        open_codes = FirstCode.objects.filter(
            user__username__in=codes.spellings(number),
            user__is_active=True,
            used_at=None,
            ended_at=None,
            expires_at__gt=timezone.now(),
        ).select_related("user")
        found = list(open_codes)
        code = next((one for one in found if one.user.username == number), found[0] if len(found) == 1 else None)
        typed = codes.digest(code_key(), code.user_id if code else 0, codes.read(first_password))
        right = hmac.compare_digest(typed, code.digest if code else "0" * 64)
        return code.user if code and right else None
