"""The CMS side: timers and what they deleted, requests for erasure, one person's data, the audit pack."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.access import Action, answers_for, people
from people.audit.services import record
from people.models import User
from people.privacy import erasure
from people.privacy.account import send
from people.privacy.holdings import HOLDINGS
from people.privacy.models import Deletion, Erasure
from people.privacy.pack import pack
from people.privacy.pages import map_context
from people.privacy.tables import installed, rows_of

PAGE = 50
FOUND = 20


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "").strip()[:60]
    found: list[User] = []
    if asked:
        fits = Q(username=asked) | Q(first_name__icontains=asked)
        found = list(people(request.user, Action.PRIVACY_MANAGE).filter(fits, erased_at=None).order_by("first_name", "pk")[:FOUND])
    waiting = Erasure.objects.filter(withdrawn_at=None, done_at=None, user__in=people(request.user, Action.PRIVACY_MANAGE))
    open_requests = list(waiting.select_related("user").order_by("due_at")[:PAGE])
    held = set(erasure.last_admins().filter(user__in=[one.user_id for one in open_requests]).values_list("user", flat=True))
    log = Paginator(Deletion.objects.all(), PAGE).get_page(request.GET.get("p"))
    titles = {holding.slug: holding.title for holding in HOLDINGS}
    context = {
        **map_context(),
        "asked": asked,
        "found": found,
        "most": FOUND,
        "waiting": [(one, one.user_id in held) for one in open_requests],
        "log": [(line, titles.get(line.holding, line.holding)) for line in log],
        "page": log,
    }
    return render(request, "privacy/office.html", context)


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """What is kept of one person, as counts: the officer sees how much, the person gets what."""
    someone = get_object_or_404(User, pk=pk)
    counts: dict[str, int] = {}
    for holding, table, model in installed():
        if table.person and table.shown:
            counts[holding.slug] = counts.get(holding.slug, 0) + rows_of(someone, table, model).count()
    context = {
        "someone": someone,
        "counts": [(holding, counts[holding.slug]) for holding in HOLDINGS if counts.get(holding.slug)],
        "open": erasure.open_request(someone),
        "obstacle": erasure.obstacle(someone),
        "may": answers_for(request.user, Action.PRIVACY_MANAGE, someone),
    }
    return render(request, "privacy/person.html", context)


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Export, ask for erasure, take it back: on the person's own request."""
    someone = get_object_or_404(User, pk=pk)
    if not answers_for(request.user, Action.PRIVACY_MANAGE, someone):
        raise PermissionDenied
    officer: Any = request.user
    wish = request.POST.get("wish", "")
    if wish == "export":
        return send(request, someone)
    if wish == "erase":
        if not request.POST.get("sure"):
            messages.error(request, _("请先勾选“本人已经提出申请”，再提交。"))
        else:
            try:
                made = erasure.ask(someone, officer)
                day = timezone.localdate(made.due_at)
                messages.success(request, _("已登记，%(day)s 执行；在这之前可以撤回。") % {"day": day})
            except erasure.Refused as refused:
                messages.error(request, str(refused))
    elif wish == "withdraw" and erasure.withdraw(someone, officer):
        messages.success(request, _("已撤回，账号照常使用。"))
    return redirect("privacy_person", pk=pk)


@require_POST
def audit_pack(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        data = pack()
        record("audit.pack", actor=request.user)
    answer = HttpResponse(data, content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="audit-pack-{timezone.localdate():%Y%m%d}.zip"'
    return answer
