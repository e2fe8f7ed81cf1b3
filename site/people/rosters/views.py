"""The screens of rosters: upload, preview, progress, result, undo. `kind` comes from the address."""

from __future__ import annotations

import io
from collections import Counter
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.access import Action, can
from people.rosters import compare_units, plan, services, workbooks
from people.rosters.files import Unreadable
from people.rosters.models import RosterImport
from people.rosters.present import places
from people.rosters.reading import Problem

PER_PAGE = 20
PROBLEMS_PER_PAGE = 30
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Kind, State = RosterImport.Kind, RosterImport.State
TITLES = {Kind.PEOPLE: gettext_lazy("名册导入"), Kind.UNITS: gettext_lazy("单位导入")}
GROUPS = {Kind.PEOPLE: plan.GROUPS, Kind.UNITS: compare_units.GROUPS}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("名册文件"),
        max_length=200,
        error_messages={
            "required": gettext_lazy("还没有选文件。请选一个 .xlsx 或 .csv 文件再点“上传”。"),
            "empty": gettext_lazy("文件是空的。请确认已经在 Excel 里保存并关闭，再上传。"),
            "max_length": gettext_lazy("文件名太长，请改短一些再上传。"),
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )
    make_numbers = forms.BooleanField(label=gettext_lazy("没有工号的，按单位代码自动编工号"), required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, kind: str) -> HttpResponse:
    """Upload a file; and the earlier imports."""
    sent = request.method == "POST"
    form = UploadForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        file = form.cleaned_data["file"]
        options = {"make_numbers": form.cleaned_data["make_numbers"]}
        try:
            roster = services.start(request.user, kind, file.name, file.chunks(), options)
        except Unreadable as error:
            form.add_error("file", str(error))
        else:
            return redirect(name(kind, "show"), roster.pk)
    imports = Paginator(services.visible(request.user, kind).select_related("owner"), PER_PAGE)
    page = imports.get_page(request.GET.get("p"))
    context = {
        **common(kind),
        "form": form,
        "page": page,
        "rows": [{"roster": each, "said": said(each), "url": reverse(name(kind, "show"), args=[each.pk])} for each in page],
        "may_units": kind == Kind.PEOPLE and can(request.user, Action.ORGANISATIONS_IMPORT),
    }
    return render(request, "people/rosters/index.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def show(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """One import, in whatever state it is."""
    roster = find(request, kind, pk)
    job = services.job_of(roster) if roster.state in RosterImport.BUSY else None
    if job and job["state"] == "done":  # it ended between the two reads
        roster.refresh_from_db()
    view = roster.get("view") or {}
    problems = Paginator([Problem(*each) for each in view.get("problems", [])], PROBLEMS_PER_PAGE)
    groups = [
        {
            "name": group,
            "label": _(label),
            "count": roster.counts.get(group, 0),
            "samples": view.get("samples", {}).get(group, []),
            # With errors in it, the file does not say yet who is missing.
            "hidden": group == "left" and roster.counts.get("errors"),
        }
        for group, label in GROUPS[Kind(kind)].items()
        if group != skipped(roster)
    ]
    alike = Counter(problem[4] for problem in view.get("problems", []))
    context = {
        **common(kind),
        "roster": roster,
        "job": job,
        "busy": roster.state in RosterImport.BUSY and job and job["state"] in ("queued", "running"),
        "stuck": roster.state in RosterImport.BUSY and job and job["state"] == "failed",
        "percent": round(100 * job["share"]) if job else 0,
        "groups": groups,
        "nothing": not any(group["count"] for group in groups if group["name"] not in ("unchanged", "left")),
        "notes": view.get("notes", []),
        "alike": [(message, n) for message, n in alike.most_common(5) if n > 1],
        "codes_url": codes_url(request, roster),
        "page": problems.get_page(request.GET.get("p")),
        "hidden_problems": max(0, roster.counts.get("errors", 0) + roster.counts.get("warnings", 0) - problems.count),
        "said": said(roster),
        "can_undo": services.can_undo(roster),
    }
    return render(request, "people/rosters/show.html", context)


@never_cache
@require_safe
def status(request: HttpRequest, kind: str, pk: int) -> JsonResponse:
    """For the progress bar: {"busy", "percent", "text"}."""
    roster = find(request, kind, pk)
    job = services.job_of(roster) if roster.state in RosterImport.BUSY else None
    busy = job is not None and job["state"] in ("queued", "running")
    percent = round(100 * job["share"]) if job else 100
    return JsonResponse({"busy": busy, "percent": percent, "text": (job["text"] or job["label"]) if job else ""})


@require_safe
def template(request: HttpRequest, kind: str) -> HttpResponseBase:
    if kind == Kind.PEOPLE:
        return excel(workbooks.people_template(places(request.user)), _("教职工名册模板"))
    return excel(workbooks.units_template(), _("单位导入模板"))


@require_safe
def errors(request: HttpRequest, kind: str, pk: int) -> HttpResponseBase:
    """The problems of an import as an Excel file."""
    view = find(request, kind, pk).get("view") or {}
    return excel(workbooks.errors_list(Problem(*each) for each in view.get("problems", [])), _("错误清单"))


@require_POST
def apply(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    roster = find(request, kind, pk)
    services.apply(request.user, roster, mark_leavers=request.POST.get("leavers") == "mark")
    return redirect(name(kind, "show"), pk)


@require_POST
def undo(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    services.undo(request.user, find(request, kind, pk))
    return redirect(name(kind, "show"), pk)


@require_POST
def retry(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    services.retry(find(request, kind, pk))
    return redirect(name(kind, "show"), pk)


@require_POST
def discard(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Drop a preview, and with it everything that was read from the file."""
    if services.discard(find(request, kind, pk)):
        messages.success(request, _("已放弃，读到的内容都删除了。"))
    else:
        messages.warning(request, _("这次导入已经开始或已经完成，不能放弃；需要时可以撤销。"))
    return redirect(name(kind))


def find(request: HttpRequest, kind: str, pk: int) -> RosterImport:
    """The import, if this person may see it; otherwise 404, which tells nothing."""
    return get_object_or_404(services.visible(request.user, kind).select_related("owner"), pk=pk)


def name(kind: str, what: str = "") -> str:
    return f"rosters_{kind}_{what}" if what else f"rosters_{kind}"


def common(kind: str) -> dict[str, Any]:
    whats = ("show", "status", "errors", "apply", "undo", "retry", "discard")
    return {
        "kind": kind,
        "people": kind == Kind.PEOPLE,
        "title": TITLES[Kind(kind)],
        "icon": "group" if kind == Kind.PEOPLE else "site",
        "unit": _("人") if kind == Kind.PEOPLE else _("个单位"),
        "routes": {what: name(kind, what) for what in whats} | {"index": name(kind), "template": name(kind, "template")},
    }


def said(roster: RosterImport) -> str:
    """The counts as one sentence: 新增 12，调动 3，不变 120。"""
    shown = [
        f"{_(label)} {roster.counts[group]:,}"
        for group, label in GROUPS[Kind(roster.kind)].items()
        if roster.counts.get(group) and (group != "left" or roster.options.get("mark_leavers"))
    ]
    return "，".join(shown)


def skipped(roster: RosterImport) -> str:
    """The group that was shown and then, by choice, left alone."""
    done = roster.state in (State.APPLYING, State.APPLIED, State.UNDOING, State.UNDONE)
    return "left" if done and not roster.options.get("mark_leavers") else ""


def codes_url(request: HttpRequest, roster: RosterImport) -> str:
    """Where newcomers get what they log in with, for those who may give it."""
    newcomers = roster.kind == Kind.PEOPLE and roster.state == State.APPLIED and roster.counts.get("added")
    return reverse("accounts_codes") if newcomers and can(request.user, Action.CODES_ISSUE) else ""


def excel(content: bytes, title: str) -> HttpResponseBase:
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=f"{title}.xlsx", content_type=EXCEL)
