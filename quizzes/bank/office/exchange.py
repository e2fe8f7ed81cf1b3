"""The screens of import: upload, preview with choices, apply, undo; and the templates to download."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lessons.services import topics
from people.posts import post_names, posts
from quizzes.bank import imports
from quizzes.bank.domain.body import DIFFICULTIES
from quizzes.bank.exchange import FORMATS, samples
from quizzes.bank.exchange.base import MOST_BYTES, Refused
from quizzes.bank.exports import CONTENT_TYPES
from quizzes.bank.models import Question, QuestionImport
from quizzes.bank.shapes import BANDS

PER_PAGE, RESULT_PER_PAGE = 20, 50
FATES = {
    "new": gettext_lazy("新题"),
    "revise": gettext_lazy("写成新版本"),
    "same": gettext_lazy("和题库里一样"),
    "skip": gettext_lazy("编号已有，跳过"),
    "twin": gettext_lazy("几乎一样，跳过"),
    "faulty": gettext_lazy("要改"),
}
KNOWN = {
    "skip": gettext_lazy("跳过，不动题库里的"),
    "revise": gettext_lazy("给题库里的那道题写新版本（草稿，审核后才生效）"),
    "new": gettext_lazy("当作新题，另编编号"),
}


class UploadForm(forms.Form):
    token = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("题库文件"),
        max_length=200,
        error_messages={
            "required": gettext_lazy("还没有选文件。请选一个文件再点“上传并预览”。"),
            "empty": gettext_lazy("文件是空的。请确认已经保存并关闭，再上传。"),
            "max_length": gettext_lazy("文件名太长，请改短一些再上传。"),
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.docx,.xml,.zip,.txt,.gift"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("文件超过 %(n)s MB，请分成几个文件，或把图片压缩后再试。") % {"n": MOST_BYTES // 1024 // 1024})
        return file


class ChoicesForm(forms.Form):
    topic = forms.ChoiceField(label=gettext_lazy("主题"), required=False)
    bands = forms.MultipleChoiceField(
        label=gettext_lazy("适用对象"),
        choices=[(band, gettext_lazy(name)) for band, name in BANDS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    posts = forms.MultipleChoiceField(label=gettext_lazy("岗位（给教职工的题）"), required=False)
    difficulty = forms.TypedChoiceField(
        label=gettext_lazy("难度"),
        choices=[
            (0, gettext_lazy("按文件（没写为中）")),
            *((number, gettext_lazy("全部设为“%s”") % name) for number, name in DIFFICULTIES.items()),
        ],
        coerce=int,
        empty_value=0,
        required=False,
    )
    tag = forms.CharField(label=gettext_lazy("给这批题都加一个标签"), max_length=20, required=False)
    short_marks = forms.IntegerField(
        label=gettext_lazy("简答题没写得分点时，整题按几分"), min_value=0, max_value=100, required=False
    )
    known = forms.ChoiceField(
        label=gettext_lazy("编号在题库里已有的题"), choices=list(KNOWN.items()), widget=forms.RadioSelect, required=False
    )
    skip_twins = forms.BooleanField(label=gettext_lazy("跳过和题库几乎一样的题"), required=False)
    skip_faulty = forms.BooleanField(label=gettext_lazy("跳过有问题的题，只导入其余的"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [("", _("（请选）")), *((entry.slug, entry.official_title) for entry in topics())]
        self.fields["posts"].choices = [(slug, post.name) for slug, post in posts().items()]

    @property
    def choices(self) -> imports.Choices:
        data = dict(self.cleaned_data)
        data |= {"known": data["known"] or "skip", "short_marks": data["short_marks"] or 0, "tag": data["tag"].strip()}
        return imports.Choices.of(data)


def own(request: HttpRequest) -> QuerySet[QuestionImport]:
    """A person decides about the own uploads only."""
    return QuestionImport.objects.filter(owner=request.user)


def header(title: str) -> dict[str, Any]:
    way = [{"url": reverse("wagtailsnippets_bank_question:list"), "label": _("题库")}]
    if title != _("导入题目"):
        way.append({"url": reverse("bank_import"), "label": _("导入题目")})
    return {"breadcrumbs_items": [*way, {"url": "", "label": title}], "header_title": title, "header_icon": "upload"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Upload a file; the own earlier imports below."""
    form = UploadForm(request.POST or None, request.FILES or None, initial={"token": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = imports.receive(request.user, form.cleaned_data["token"], file.name, file.read())
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("bank_import_show", upload.pk)
    page = Paginator(own(request).defer("content"), PER_PAGE).get_page(request.GET.get("p"))
    formats = {name: module.NAME for name, module in FORMATS.items()}
    context = {**header(_("导入题目")), "form": form, "page": page, "formats": formats, "fresh": uuid.uuid4()}
    return render(request, "bank/exchange/index.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """The preview of an upload, in which choices are tried; or what came of it."""
    upload = get_object_or_404(own(request), pk=token)
    if upload.state != QuestionImport.State.WAITING:
        return result(request, upload)
    sent = request.method == "POST"
    choices = imports.Choices.of(upload.choices)
    form = ChoicesForm(request.POST if sent else None, initial=asdict(choices))
    if sent and form.is_valid():
        choices = form.choices
        upload.choices = asdict(choices)
        upload.save(update_fields=["choices"])
        if "apply" not in request.POST:
            return redirect("bank_import_show", upload.pk)
        try:
            imports.apply(upload, choices, actor=request.user)
        except imports.NotDone as error:
            messages.error(request, str(error))
        return redirect("bank_import_show", upload.pk)
    plan = imports.plan(upload, choices)
    fates = [(name, label, plan.count(name)) for name, label in FATES.items() if plan.count(name)]
    only = request.GET.get("only", "")
    lines = [line for line in plan.lines if not only or line.fate == only]
    context = {
        **header(upload.file_name),
        "upload": upload,
        "form": form,
        "plan": plan,
        "format": FORMATS[upload.format].NAME if upload.format in FORMATS else upload.format,
        "fates": fates,
        "labels": FATES,
        "only": only,
        "writing": plan.count("new", "revise"),
        "known": plan.count("skip", "revise") + sum(line.known is not None and line.fate == "new" for line in plan.lines),
        "twins": sum(1 for line in plan.lines if line.twin and line.twin.percent >= 100 * imports.SAME),
        "wrong": [problem for problem in plan.problems if not problem.note],
        "notes": [problem for problem in plan.problems if problem.note],
        "topics": {entry.slug: entry.official_title for entry in topics()},
        "posts": post_names(),
        "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("p")),
        "undo_days": imports.UNDO_DAYS,
    }
    return render(request, "bank/exchange/show.html", context, status=422 if form.errors else 200)


def result(request: HttpRequest, upload: QuestionImport) -> HttpResponse:
    """What came of an import: its questions as they are now."""
    made = [*upload.result.get("created", []), *upload.result.get("revised", [])]
    page = Paginator(Question.objects.filter(pk__in=made).order_by("code"), RESULT_PER_PAGE).get_page(request.GET.get("p"))
    context = {**header(upload.file_name), "upload": upload, "page": page}
    return render(request, "bank/exchange/result.html", context)


@require_POST
def undo(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    upload = get_object_or_404(own(request), pk=token)
    try:
        imports.undo(upload, actor=request.user)
    except imports.NotDone as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已撤销，这批题不在题库里了。"))
    return redirect("bank_import_show", token)


@require_POST
def discard(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    imports.discard(get_object_or_404(own(request), pk=token))
    messages.success(request, _("已放弃，题库没有变。"))
    return redirect("bank_import")


@require_safe
def template(request: HttpRequest, form: str) -> HttpResponse:
    """The Excel or Word template with instructions and an example of each kind."""
    made = samples.TEMPLATES.get(form)
    if made is None:
        raise Http404
    titles = [entry.official_title for entry in topics()]
    return download(f"题目模板.{form}", made(titles), form)


def download(name: str, data: bytes, ending: str) -> HttpResponse:
    response = HttpResponse(data, content_type=CONTENT_TYPES.get(ending, "text/plain; charset=utf-8"))
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Cache-Control"] = "no-store, private"
    return response
