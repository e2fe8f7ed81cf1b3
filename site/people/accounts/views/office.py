"""The officers' screens: codes by school with their slips, and one person's log-in."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from common import qr
from people import access
from people.access import Action
from people.accounts import codes, issuing, second_factor, sessions
from people.accounts.views.account import places_of, shown
from people.audit.services import record
from people.models import Membership, Organisation, OrganisationKind, User

PAGE = 50
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """The schools for which codes may be issued; straight on when there is one."""
    mine = _staffed(request.user)
    first_two = list(mine[:2])
    if len(first_two) == 1:
        return redirect("accounts_codes_at", organisation=first_two[0].pk)
    words = request.GET.get("q", "").strip()
    if words:
        mine = mine.filter(Q(name__icontains=words) | Q(code=codes.read_number(words)))
    page = Paginator(mine.select_related("kind"), PAGE).get_page(request.GET.get("p"))
    waiting = issuing.waiting_at(list(page))
    rows = [(place, waiting[place.pk]) for place in page]
    return render(request, "accounts/office/places.html", {"page": page, "rows": rows, "q": words, **_head(_("登录码"))})


@never_cache
@require_GET
def place(request: HttpRequest, organisation: int) -> HttpResponse:
    """The staff of one school, who has logged in and who holds a code."""
    there = get_object_or_404(Organisation.objects.select_related("kind"), pk=organisation)
    staff = issuing.people_at(request.user, there)
    everyone = request.GET.get("show") == "all"
    words = request.GET.get("q", "").strip()
    listed = staff if everyone or words else issuing.never_in(staff)
    if words:
        listed = listed.filter(Q(first_name__icontains=words) | Q(username__startswith=codes.read_number(words)))
    counts = staff.aggregate(
        all=Count("pk"),
        never=Count("pk", filter=Q(last_login=None)),
        new=Count("pk", filter=Q(last_login=None, code_until=None)),
    )
    context = {
        "place": there,
        "page": Paginator(listed, PAGE).get_page(request.GET.get("p")),
        "counts": counts,
        "most": issuing.MOST,
        "everyone": everyone,
        "q": words,
        "token": secrets.token_hex(16),
        "days": settings.FIRST_CODE_DAYS,
        **_head(there.name, [{"url": reverse("accounts_codes"), "label": _("登录码")}]),
    }
    return render(request, "accounts/office/place.html", context)


@never_cache
@require_POST
def issue(request: HttpRequest, organisation: int) -> HttpResponse:
    """Issue codes and answer with the slips: the only time they can be seen."""
    there = get_object_or_404(Organisation.objects.select_related("kind"), pk=organisation)
    staff = issuing.people_at(request.user, there)
    whom = request.POST.get("whom", "")
    if whom == "new":
        chosen: QuerySet[User] = issuing.without_code(staff)
    elif whom == "never":
        chosen = issuing.never_in(staff)
    else:
        ids = sorted({int(pk) for pk in request.POST.getlist("person") if pk.isdecimal() and len(pk) < 19})
        whom = ",".join(map(str, ids))
        chosen = staff.filter(pk__in=ids)
    back = reverse("accounts_codes_at", args=[there.pk])
    return _print(request, chosen, there, f"{there.pk}:{whom}", back)


@never_cache
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's log-in: state, devices, and what an officer can do about it."""
    user = get_object_or_404(User, pk=pk)
    code = issuing.open_codes().filter(user=user).first()
    context = {
        "person": user,
        "places": places_of(user),
        "devices": shown(list(sessions.of(user)[:PAGE]), ""),
        "factor": second_factor.is_on(user),
        "code_until": code.expires_at if code else None,
        "may_issue": user.is_active and user.erased_at is None,
        "token": secrets.token_hex(16),
        **_head(str(user), [{"url": reverse("accounts_codes"), "label": _("登录码")}]),
    }
    return render(request, "accounts/office/person.html", context)


@never_cache
@require_POST
def person_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """A code for one person: the answer to a forgotten password."""
    user = get_object_or_404(User, pk=pk)
    chosen = issuing.reachable(request.user).filter(pk=user.pk)
    place = Organisation.objects.filter(
        pk__in=Membership.objects.filter(user=user, until=None).values("organisation")
    ).first()
    return _print(request, chosen, place, f"person:{pk}", reverse("accounts_person", args=[pk]))


@require_POST
def person_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End every session of a person."""
    user = get_object_or_404(User, pk=pk)
    with transaction.atomic():
        ended = sessions.end(user)
        record("sessions.revoke", actor=request.user, target=user, detail={"count": ended})
    messages.success(request, _("已让 %(count)d 台设备退出。") % {"count": ended})
    return redirect("accounts_person", pk=pk)


@require_POST
def person_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a lost phone's second factor, and end the sessions that it opened."""
    user = get_object_or_404(User, pk=pk)
    with transaction.atomic():
        had = second_factor.turn_off(user, actor=request.user)
        sessions.end(user)
    if had:
        messages.success(request, _("已解除手机验证码，本人下次登录只用密码，请提醒重新绑定。"))
    else:
        messages.info(request, _("没有绑定手机验证码，不用解除。"))
    return redirect("accounts_person", pk=pk)


def _print(request: HttpRequest, chosen: QuerySet[User], place: Organisation | None, what: str, back: str) -> HttpResponse:
    token = request.POST.get("token", "")
    if len(token) != 32 or not token.isalnum():
        messages.error(request, _("这一页开得太久了，没有发码。请再点一次。"))
        return redirect(back)
    officer: User = request.user
    try:
        slips = issuing.issue(officer, chosen, batch=f"{token}:{what}", place=place)
    except issuing.AlreadyPrinted:
        messages.warning(request, _("这一批登录码已经显示过，不能再看。条子丢了的话，请重新发码，旧码随即作废。"))
        return redirect(back)
    if not slips:
        messages.info(request, _("没有要发的人：请先勾选，或者都已经有码了。"))
        return redirect(back)
    site = _address(request)
    address = site + reverse("accounts:first")
    context = {
        "slips": slips,
        "sheets": [slips[i : i + 10] for i in range(0, len(slips), 10)],
        "place": place,
        "site": address.split("://", 1)[-1],
        "qr": qr.svg(address, _("登录页的二维码")),
        "back": back,
        "now": timezone.now(),
        "most": issuing.MOST,
    }
    return render(request, "accounts/office/slips.html", context)


def _staffed(officer: User) -> QuerySet[Organisation]:
    """Open bureaus, districts and schools of the officer; grades and classes count as their school."""
    school = OrganisationKind.objects.filter(pk=OrganisationKind.SCHOOL).values("rank")
    return access.organisations(officer, Action.CODES_ISSUE).filter(closed_on=None, kind__rank__lte=Subquery(school))


def _address(request: HttpRequest) -> str:
    """Where staff find the site: the public address, or this network's when it was opened as localhost."""
    if settings.PUBLIC_URL:
        return str(settings.PUBLIC_URL)
    here = request.build_absolute_uri("/").rstrip("/")
    return settings.LAN_URL if settings.LAN_URL and urlsplit(here).hostname in LOOPBACK else here


def _head(title: str, above: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """What Wagtail's generic page wants: its crumbs and title."""
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("首页")}, *(above or []), {"url": "", "label": title}]
    return {"breadcrumbs_items": crumbs, "header_title": title, "header_icon": "key"}
