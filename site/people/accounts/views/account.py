"""The own account: units and roles in words, password, signed-in devices."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from people.access import Action, can
from people.access_rules import ROLES, Role
from people.accounts import second_factor, sessions
from people.accounts.devices import in_words
from people.accounts.forms import ChangePasswordForm
from people.audit.services import record
from people.models import Grant, Membership, User
from people.posts import post_names

SHOWN = 30  # devices on the page; more are only counted
ROLE_WORDS: dict[Role, Any] = {
    Role.ADMIN: gettext_lazy("管理单位、人员、角色和全部内容"),
    Role.EXAM_OFFICER: gettext_lazy("组织考试，查看人员，维护题库"),
    Role.EDITOR: gettext_lazy("编写课程和题目，送审"),
    Role.REVIEWER: gettext_lazy("审核并发布课程和题目"),
    Role.SAFETY_OFFICER: gettext_lazy("维护本校名册，发登录码，看本校情况"),
    Role.INVIGILATOR: gettext_lazy("监考"),
    Role.OBSERVER: gettext_lazy("查看，不能改动"),
}


@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    if user.must_change_password:
        return redirect("accounts:password")
    devices = list(sessions.of(user)[: SHOWN + 1])
    context = {
        "person": user,
        "places": places_of(user),
        "roles": roles_of(user),
        "officer": can(user, Action.CMS),
        "devices": shown(devices[:SHOWN], sessions.current(request)),
        "others": len(devices) - 1,
        "factor": second_factor.is_on(user),
        "factor_demanded": second_factor.is_demanded(user),
        "backups": second_factor.backups_left(user),
        "has_password": user.has_usable_password(),
    }
    return render(request, "accounts/home.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    user: User = request.user
    form = ChangePasswordForm(user, request.POST or None)
    if form.is_valid():
        with transaction.atomic():
            user.set_password(form.cleaned_data["password"])
            user.must_change_password = False
            user.save(update_fields=["password", "must_change_password"])
            ended = sessions.keep_only_this(request, user)
            record("password.change", actor=user, target=user, detail={"sessions": ended})
        messages.success(request, _("密码改好了。别的设备都已退出，请用新密码登录。"))
        return redirect("accounts:home")
    return render(request, "accounts/password.html", {"form": form})


@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one own device by its place in the list, or all others."""
    user: User = request.user
    here = sessions.current(request)
    if request.POST.get("which") == "others":
        ended = sessions.end(user, keep=here)
    else:
        wanted = request.POST.get("which", "")
        keys = sessions.of(user).exclude(session=here).values_list("session", flat=True)
        key = next((key for key in keys if sessions.handle(key) == wanted), "")
        ended = sessions.end(user, key=key) if key else 0
    if ended:
        record("sessions.end", actor=user, target=user, detail={"count": ended})
        messages.success(request, _("已让 %(count)d 台设备退出。") % {"count": ended})
    else:
        messages.info(request, _("那台设备已经退出了。"))
    return redirect("accounts:home")


def places_of(user: User) -> list[dict[str, Any]]:
    """Where the person works, with the posts in words."""
    names = post_names()
    works = Membership.objects.filter(user=user, until=None).select_related("organisation").order_by("organisation__path")
    return [
        {"name": work.organisation.name, "posts": [names.get(post, post) for post in work.posts]} for work in works
    ]


def roles_of(user: User) -> list[dict[str, Any]]:
    """What the person was given beyond working somewhere, each with its words."""
    given = Grant.objects.filter(user=user, organisation__closed_on=None).select_related("organisation")
    return [
        {"name": ROLES[Role(grant.role)], "place": grant.organisation.name, "words": ROLE_WORDS.get(Role(grant.role), "")}
        for grant in given.order_by("organisation__path", "role")
    ]


def shown(devices: list[Any], here: str) -> list[dict[str, Any]]:
    """Each device in words; this one first. The page carries a handle of the session, never its key."""
    rows = [
        {
            "device": in_words(row.agent),
            "address": row.address,
            "since": row.since,
            "seen": row.seen_at,
            "just": (timezone.now() - row.seen_at).total_seconds() < 2 * sessions.STEP,
            "here": row.session_id == here,
            "handle": sessions.handle(row.session_id),
        }
        for row in devices
    ]
    return sorted(rows, key=lambda row: not row["here"])
