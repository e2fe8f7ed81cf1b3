"""Setting up the second factor, its backup codes, and giving it up."""

from __future__ import annotations

import django_otp
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from common import qr
from people.accounts import second_factor, sessions
from people.accounts.forms import TokenForm
from people.models import User

_KEY = "second_factor_key"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Scan, confirm by one code, and read the backup codes once."""
    user: User = request.user
    if second_factor.is_on(user):
        return redirect("accounts:home")
    key = request.session.setdefault(_KEY, second_factor.new_key())
    form = TokenForm(request.POST or None)
    form.fields["token"].widget.attrs["inputmode"] = "numeric"
    if form.is_valid():
        made = second_factor.turn_on(user, key, form.cleaned_data["token"])
        if made is not None:
            device, backups = made
            del request.session[_KEY]
            sessions.keep_only_this(request, user)
            django_otp.login(request, device)
            return render(request, "accounts/backups.html", {"backups": backups, "fresh": True})
        form.add_error("token", _("对不上。请看手机上现在的六位数；手机的时间要自动校准。"))
    context = {
        "form": form,
        "qr": qr.svg(second_factor.address(user, key), _("用验证器应用扫描的二维码")),
        "key": second_factor.in_groups(key),
        "issuer": settings.OTP_TOTP_ISSUER,
        "demanded": second_factor.is_demanded(user),
    }
    return render(request, "accounts/second_factor.html", context)


@never_cache
@require_POST
def backups(request: HttpRequest) -> HttpResponse:
    """Ten new backup codes; the old ones end. Asks for a code of the app first."""
    return _with_token(request, "backups")


@never_cache
@require_POST
def off(request: HttpRequest) -> HttpResponse:
    """Give the second factor up; asks for a code first, so that a device left open cannot do it."""
    return _with_token(request, "off")


def _with_token(request: HttpRequest, wish: str) -> HttpResponse:
    user: User = request.user
    checked = second_factor.check(user, request.POST.get("token", ""))
    if checked.device is None:
        text = _("输错多次了，请过 %(seconds)d 秒再试。") % {"seconds": checked.wait}
        messages.error(request, text if checked.wait else _("验证码不对，没有改动。请看手机上现在的六位数再试。"))
        return redirect("accounts:home")
    if wish == "backups":
        codes = second_factor.renew_backups(user)
        return render(request, "accounts/backups.html", {"backups": codes, "fresh": False})
    second_factor.turn_off(user, actor=user)
    messages.success(request, _("手机验证码已经关掉。"))
    return redirect("accounts:home")
