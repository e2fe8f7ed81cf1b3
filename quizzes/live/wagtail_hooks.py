"""The live room in the CMS: deleting one room at once, because a child, a guardian or the teacher wants it."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail import hooks

from people.audit.services import record
from quizzes.live.sweep import delete_at_once


@require_POST
def delete_room(request: HttpRequest) -> HttpResponse:
    """The form stands on the page of personal data."""
    code = "".join(request.POST.get("code", "").split())[:6]
    with transaction.atomic():
        gone = delete_at_once(code)
        if gone:
            record("rooms.delete", actor=request.user, detail={"code": code})
    if gone:
        messages.success(request, _("课堂 %(code)s 的数据已经全部删除。") % {"code": code})
    else:
        messages.error(request, _("没有课堂号是 %(code)s 的课堂：可能写错了，也可能已经删除。") % {"code": code or "（空）"})
    return redirect("privacy_office")


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [path("live/delete/", delete_room, name="live_delete")]
