"""What a person must settle before the CMS opens, and the note when a session was last used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from people.accounts import second_factor, sessions

OPEN = {"wagtailadmin_logout", "wagtailadmin_javascript_catalog", "wagtailadmin_sprite", "cms-login"}


class ErrandMiddleware:
    """Stands behind the gate: first whether one may at all, then what one still owes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Only if somebody asked who it is: a public page stays without a query.
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated:
            sessions.seen(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if not request.path.startswith("/cms/") or match is None or match.view_name in OPEN:
            return None
        user = request.user
        if not user.is_authenticated:
            return None
        if user.must_change_password:
            messages.warning(request, _("请先设一个自己的密码，再进后台。"))
            return redirect("accounts:password")
        if settings.BUREAU_TOTP and not user.is_verified() and second_factor.is_demanded(user):
            messages.warning(request, _("局里要求管理人员登录时多一道手机验证码。请先绑定，再进后台。"))
            return redirect("accounts:second_factor")
        return None
