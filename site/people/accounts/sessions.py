"""Who is signed in where, and ending it. The list is `SignedIn`; the truth is Django's session table."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from common.address import of_request
from people.accounts.models import SignedIn
from people.audit.origin import clean
from people.models import User

STEP = 300  # seconds between two notes of “last seen”


def remember(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Note a log-in, whichever way it came: connected to Django's own signal."""
    session = request.session
    if session.session_key is None:
        session.create()
    _note(request, user)


def current(request: HttpRequest) -> str:
    return request.session.session_key or ""


def of(user: User) -> QuerySet[SignedIn]:
    """The person's live sessions, the last used first."""
    return SignedIn.objects.filter(user=user, session__expire_date__gt=timezone.now()).order_by("-seen_at", "-since")


def seen(request: HttpRequest) -> None:
    """Move “last seen” forward, at most every five minutes a process."""
    key = current(request)
    if key and cache.add(_seen(key), 1, STEP):
        SignedIn.objects.filter(session=key).update(seen_at=timezone.now(), address=clean(of_request(request)))


def end(user: User, *, key: str = "", keep: str = "") -> int:
    """End the person's session `key`, or all but `keep`. Returns how many ended."""
    mine = SignedIn.objects.filter(user=user).exclude(session=keep)
    keys = list((mine.filter(session=key) if key else mine).values_list("session", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)


def end_if_closed(sender: Any, user: User, **kwargs: Any) -> None:
    """A switched-off account is out everywhere, and stays so when it is switched on again: it may be a lost phone."""
    if not user.is_active:
        end(user)


def keep_only_this(request: HttpRequest, user: User) -> int:
    """After the password or the second factor changed: this device stays, under a new key; the others go."""
    ended = end(user, keep=current(request))
    update_session_auth_hash(request, user)
    _note(request, user)
    return ended


def _seen(key: str) -> str:
    return f"seen:{key}"


def _note(request: HttpRequest, user: User) -> None:
    agent = request.META.get("HTTP_USER_AGENT", "")[:200]
    cache.set(_seen(current(request)), 1, STEP)
    now = timezone.now()
    SignedIn.objects.update_or_create(
        session_id=current(request),
        defaults={"user": user, "since": now, "seen_at": now, "address": clean(of_request(request)), "agent": agent},
    )


def handle(key: str) -> str:
    """What a page may say to name a session; who reads it cannot take the session over."""
    return salted_hmac("accounts.sessions", key, algorithm="sha256").hexdigest()[:24]
