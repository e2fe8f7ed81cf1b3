"""A member of staff's own data: take it along, or have it erased."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from people.audit.services import record
from people.models import User
from people.privacy import erasure
from people.privacy.export import archive
from people.privacy.pages import map_context

RECENT = dt.timedelta(minutes=10)
"""Whoever has no password here (log-in by the bureau's own system) shows who they are by logging in anew."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """GET says what will be in it; POST gives the file."""
    if request.method != "POST":
        return render(request, "privacy/data.html", map_context())
    return send(request, request.user)


def send(request: HttpRequest, person: Any) -> HttpResponse:
    """The person's data as a download; that it was taken is an entry of the audit log."""
    with transaction.atomic():
        data = archive(person)
        record("privacy.export", actor=request.user, target=person)
    answer = HttpResponse(data, content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="data-{person.pk}-{timezone.localdate():%Y%m%d}.zip"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """What goes and what stays; POST with the password asks for it."""
    person: Any = request.user
    problem = ""
    if request.method == "POST" and not erasure.open_request(person):
        problem = _unproved(request, person) if request.POST.get("sure") else _("请先勾选“我已经看清楚”。")
        if not problem:
            try:
                erasure.ask(person, person)
            except erasure.Refused as refused:
                problem = str(refused)
        if not problem:
            messages.success(request, _("已经收到删除申请。"))
            return redirect("privacy:erase")
    context = {
        **map_context(),
        "open": erasure.open_request(person),
        "problem": problem,
        "sure": bool(request.POST.get("sure")),
        "obstacle": erasure.obstacle(person),
        "has_password": person.has_usable_password(),
        "days": settings.PRIVACY_DAYS["erasure_grace"],
    }
    return render(request, "privacy/erase.html", context, status=400 if problem else 200)


@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    if erasure.withdraw(person, person):
        messages.success(request, _("已经撤回，账号照常使用。"))
    else:
        messages.info(request, _("没有等待执行的删除申请。"))
    return redirect("privacy:erase")


def _unproved(request: HttpRequest, person: User) -> str:
    """Why this is not surely the person; empty when it is. A wrong password counts towards the lock."""
    if not person.has_usable_password():
        recent = person.last_login is not None and timezone.now() - person.last_login < RECENT
        return "" if recent else _("为了确认是您本人，请先退出，重新登录，然后在 10 分钟内再申请。")
    known = authenticate(request, username=person.username, password=request.POST.get("password", ""))
    if known is None or known.pk != person.pk:
        return _("密码不对，没有提交。请重新输入。")
    return ""
