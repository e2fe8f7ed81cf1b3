"""Proving who one is by a first code, beside Django's own backend for passwords.

Both answer an unknown number, a wrong secret, a used and an expired code alike, after the same work.
axes stands before them in `AUTHENTICATION_BACKENDS` and counts what fails.
"""

from __future__ import annotations

import hmac

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from people.accounts import codes
from people.accounts.issuing import code_key, open_codes
from people.models import User


class FirstCodeBackend(BaseBackend):
    """Proves that somebody holds an open first code. It is used up only with the new password."""

    def authenticate(self, request: HttpRequest | None, username: str, first_password: str) -> User | None:
        # `first_password`, because Django masks what is called a password in its signals.
        code = open_codes().filter(user__username=username, user__is_active=True).select_related("user").first()
        typed = codes.digest(code_key(), code.user_id if code else 0, codes.read(first_password))
        right = hmac.compare_digest(typed, code.digest if code else "0" * 64)
        return code.user if code and right else None
