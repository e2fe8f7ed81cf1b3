"""Logging in: with a password, for the first time with a code, with the second factor; and logging out."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from people.accounts import issuing, second_factor, signing_in
from people.accounts.forms import FirstCodeForm, LoginForm, NewPasswordForm, TokenForm
from people.models import User

READ_AND_SEND = ["GET", "HEAD", "POST"]


@never_cache
@sensitive_post_parameters()
@require_http_methods(READ_AND_SEND)
def login(request: HttpRequest) -> HttpResponse:
    goal = request.POST.get("next") or request.GET.get("next") or ""
    if request.method == "GET" and request.user.is_authenticated:
        return redirect(signing_in.destination(request, request.user, goal))
    form = LoginForm(request, request.POST or None)
    if form.is_valid() and form.user:
        return signing_in.proved(request, form.user, goal=goal, keep=form.cleaned_data["keep"])
    context = {"form": form, "next": goal, "oidc": settings.OIDC_ON, "oidc_label": settings.OIDC_LABEL}
    return render(request, "accounts/login.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(READ_AND_SEND)
def first(request: HttpRequest) -> HttpResponse:
    """Staff number and code from the slip."""
    form = FirstCodeForm(request, request.POST or None)
    if form.is_valid() and form.user:
        code = issuing.open_codes().filter(user=form.user).first()
        if code is not None:
            signing_in.hold_code(request, code.pk)
            return redirect("accounts:first_password")
    return render(request, "accounts/first.html", {"form": form, "days": settings.FIRST_CODE_DAYS})


@never_cache
@sensitive_post_parameters()
@require_http_methods(READ_AND_SEND)
def first_password(request: HttpRequest) -> HttpResponse:
    """The own password; only now is the code used up."""
    code_id = signing_in.held_code(request)
    code = issuing.open_codes().select_related("user").filter(pk=code_id).first() if code_id else None
    if code is None:
        messages.warning(request, _("登录码要重新输入：这一步开得太久了，或者登录码已经用过。"))
        return redirect("accounts:first")
    form = NewPasswordForm(code.user, request.POST or None)
    if form.is_valid():
        try:
            user: User = issuing.use(code.pk, form.cleaned_data["password"])
        except issuing.CodeGone:
            messages.warning(request, _("这个登录码刚刚失效了，请本校安全员重新发一个。"))
            return redirect("accounts:first")
        messages.success(request, _("密码设好了。以后用工号和这个密码登录，登录码已经作废。"))
        return signing_in.proved(request, user)
    return render(request, "accounts/first_password.html", {"form": form, "person": code.user})


@never_cache
@sensitive_post_parameters()
@require_http_methods(READ_AND_SEND)
def verify(request: HttpRequest) -> HttpResponse:
    """The second factor of whoever proved the first in this browser."""
    who = signing_in.waiting(request)
    if who is None:
        messages.warning(request, _("请重新登录：上一步过去太久了。"))
        return redirect("accounts:login")
    form = TokenForm(request.POST or None)
    status = 200
    if form.is_valid():
        checked = second_factor.check(who.user, form.cleaned_data["token"])
        if checked.device is not None:
            return signing_in.enter(request, who, checked.device)
        if checked.wait:
            status = 429
            form.add_error("token", _("输错多次了，请过 %(seconds)d 秒再试。") % {"seconds": checked.wait})
        else:
            form.add_error("token", _("验证码不对。请看手机上现在的六位数，它每 30 秒换一次。"))
    return render(request, "accounts/verify.html", {"form": form}, status=status)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("已经退出。"))
    return redirect("accounts:login")
