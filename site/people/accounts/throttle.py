"""What django-axes is told: whom a failed try counts for, what it may keep, what it may log.

axes counts in the database, so the limit holds over any number of server processes.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from common.address import of_request
from people.accounts.codes import read_number
from people.audit.origin import clean

MOST = 60  # characters of a staff number


def name_of(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name under which tries are counted: all spellings of a staff number share one count."""
    typed = (credentials or {}).get("username") or request.POST.get("username", "")
    return read_number(str(typed)).casefold()[:MOST]


def address_of(request: HttpRequest) -> str | None:
    """The address at which a name is locked. Behind our proxy the visitor's, not the proxy's: otherwise one
    stranger who tries a number would lock its owner out everywhere."""
    return clean(of_request(request)) or None


def in_log(username: str, address: str, agent: str, path: str, request: HttpRequest) -> str:
    """How axes names somebody in the log: the same person again can be seen, but not who it is."""
    text = f"{username}\n{address}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).hexdigest()[:12]


def is_exempt(request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
    """Log-ins through the bureau's provider: there is no name to guess, and the provider throttles itself.

    Counting them would lock a whole school's address after eight staff who are not in the roster yet.
    """
    return "nonce" in (credentials or {})
