"""The steps between a proof (password, code, provider) and being in. Nobody is half logged in.

Whoever has a second factor stays anonymous until it is given: what was proved so far waits in the visitor's
session for ten minutes, bound to the password that was valid then.
"""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass

import django_otp
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from people.access import Action, can
from people.accounts import second_factor
from people.models import User

PASSWORD = "django.contrib.auth.backends.ModelBackend"  # noqa: S105 - the name of a backend
_WAITING, _CODE = "signing_in", "first_code"
MINUTES = 10
CODE_MINUTES = 30  # to think of a password


@dataclass(frozen=True)
class Waiting:
    """Somebody who proved one thing and owes the second factor."""

    user: User
    backend: str
    goal: str
    keep: bool


def proved(request: HttpRequest, user: User, *, backend: str = PASSWORD, goal: str = "", keep: bool = False) -> HttpResponse:
    """Go on after the first proof: to the second factor, or in."""
    if second_factor.is_on(user):
        request.session[_WAITING] = {
            "user": user.pk,
            "backend": backend,
            "goal": goal,
            "keep": keep,
            "at": time.time(),
            "password": user.get_session_auth_hash(),
        }
        return redirect("accounts:verify")
    return enter(request, Waiting(user, backend, goal, keep))


def waiting(request: HttpRequest) -> Waiting | None:
    """Who owes the second factor in this browser; None when nobody does, or not any more."""
    kept = request.session.get(_WAITING)
    if not kept or time.time() - kept["at"] > MINUTES * 60:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not hmac.compare_digest(user.get_session_auth_hash(), kept["password"]):
        return None
    return Waiting(user, kept["backend"], kept["goal"], kept["keep"])


def enter(request: HttpRequest, who: Waiting, device: object = None) -> HttpResponse:
    """Log in, and on to where the person wanted to go."""
    for key in (_WAITING, _CODE):
        request.session.pop(key, None)
    auth.login(request, who.user, backend=who.backend)
    if device is not None:
        django_otp.login(request, device)
    # A staff-room computer is shared: without the tick the log-in ends with the browser.
    request.session.set_expiry(None if who.keep else 0)
    return redirect(destination(request, who.user, who.goal))


def destination(request: HttpRequest, user: User, goal: str) -> str:
    """The page asked for when it is ours; else the CMS for officers and the own account for the rest."""
    if goal and url_has_allowed_host_and_scheme(goal, {request.get_host()}, require_https=request.is_secure()):
        return goal
    return reverse("wagtailadmin_home" if can(user, Action.CMS) else "accounts:home")


def hold_code(request: HttpRequest, code_id: int) -> None:
    request.session[_CODE] = {"code": code_id, "at": time.time()}


def held_code(request: HttpRequest) -> int | None:
    """The first code that was entered in this browser within the last half hour."""
    kept = request.session.get(_CODE)
    return kept["code"] if kept and time.time() - kept["at"] <= CODE_MINUTES * 60 else None
