"""The screen of the audit log: look up, page, export."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.access import Action, can
from people.audit.forms import WantedForm
from people.audit.models import AuditCheck, AuditHead
from people.audit.reading import lines
from people.audit.search import Wanted, readable, wanted
from people.audit.services import record
from people.audit.sheet import MOST, workbook
from people.audit.words import FAULTS

PAGE = 50


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    form = WantedForm(request.GET or None)
    asked = form.wanted() if form.is_valid() else Wanted()
    entries = wanted(readable(request.user), asked, request.user)
    older, newer = _number(request, "older"), _number(request, "newer")
    if newer is not None:
        rows = list(entries.filter(number__gt=newer).reverse()[: PAGE + 1])
        more_newer, more_older = len(rows) > PAGE, True
        rows = rows[:PAGE][::-1]
    else:
        rows = list((entries.filter(number__lt=older) if older is not None else entries)[: PAGE + 1])
        more_newer, more_older = older is not None, len(rows) > PAGE
        rows = rows[:PAGE]
    kept = {key: value for key, value in request.GET.items() if key in form.fields and value}
    context = {
        "form": form,
        "lines": lines(rows),
        "asked": bool(kept),
        "kept": kept,
        "newer": _page(kept, newer=rows[0].number) if rows and more_newer else "",
        "older": _page(kept, older=rows[-1].number) if rows and more_older else "",
        "first": _page(kept) if older is not None or newer is not None else "",
        "may_export": can(request.user, Action.AUDIT_EXPORT),
        "most": MOST,
        "chain": chain_state(),
    }
    return render(request, "audit/log.html", context)


@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """The entries that the filters leave, as an Excel file; that somebody took them is an entry itself."""
    form = WantedForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("筛选条件有误，没有导出。请改好后再导出。"))
        return redirect("audit_log")
    entries = wanted(readable(request.user, Action.AUDIT_EXPORT), form.wanted(), request.user, Action.AUDIT_EXPORT)
    file, count = workbook(entries)
    with transaction.atomic():
        filters = sorted(key for key, value in form.cleaned_data.items() if value)
        record("audit.export", actor=request.user, detail={"count": count, "filters": filters})
    name = f"操作记录-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name)


def chain_state() -> dict[str, Any]:
    """Where the chain ends and what the last check of it found."""
    head = AuditHead.objects.filter(pk=1).first()
    check = AuditCheck.objects.first()
    return {"number": head.number if head else 0, "check": check, "fault": FAULTS[check.fault] if check and check.fault else ""}


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _page(kept: dict[str, str], **place: int) -> str:
    return f"{reverse('audit_log')}?{urlencode({**kept, **place})}"
