"""The screen of export: choose questions and a format, see what would be lost, take the file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from taggit.models import Tag

from lessons.services import topics
from people.posts import posts
from quizzes.bank import exports
from quizzes.bank.domain.body import KINDS
from quizzes.bank.domain.states import STATES
from quizzes.bank.exchange import FORMATS
from quizzes.bank.office.exchange import download
from quizzes.bank.shapes import BANDS

# What each format is for, in the words of an officer.
FOR_WHAT = {
    "xlsx": gettext_lazy("在 Excel、WPS 里批量看、批量改，改完再导回来"),
    "docx": gettext_lazy("打印、传阅、请人改，图片也在里面"),
    "moodle": gettext_lazy("搬到 Moodle 平台"),
    "qti21": gettext_lazy("搬到支持国际标准的考试系统（多数用 2.1）"),
    "qti30": gettext_lazy("搬到支持新版国际标准的考试系统"),
    "gift": gettext_lazy("搬到 Moodle，或当作纯文本留存"),
    "aiken": gettext_lazy("只有单选题和判断题，最简单"),
}


class ExportForm(forms.Form):
    topic = forms.ChoiceField(label=gettext_lazy("主题"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("题型"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    band = forms.ChoiceField(label=gettext_lazy("适用对象"), required=False)
    post = forms.ChoiceField(label=gettext_lazy("岗位"), required=False)
    tag = forms.ChoiceField(label=gettext_lazy("标签"), required=False)
    format = forms.ChoiceField(
        label=gettext_lazy("格式"), choices=[(name, module.NAME) for name, module in FORMATS.items()], widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", _("全部"))
        tags = Tag.objects.filter(question__isnull=False).distinct().order_by("name").values_list("name", flat=True)
        self.fields["topic"].choices = [every, *((entry.slug, entry.official_title) for entry in topics())]
        self.fields["kind"].choices = [every, *KINDS.items()]
        self.fields["state"].choices = [
            (exports.LIVE, _("正在使用的（已发布的版本）")),
            ("", _("全部（最新的版本）")),
            *((state.value, name) for state, name in STATES.items()),
        ]
        self.fields["band"].choices = [every, *BANDS.items()]
        self.fields["post"].choices = [every, *((slug, post.name) for slug, post in posts().items())]
        self.fields["tag"].choices = [every, *((name, name) for name in tags)]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """GET shows what would come and what would be lost; POST gives the file."""
    start = {"state": exports.LIVE, "format": "xlsx"}
    data = request.POST if request.method == "POST" else start | request.GET.dict()
    form = ExportForm(data)
    valid = form.is_valid()
    chosen = form.cleaned_data if valid else start
    form_name = chosen["format"]
    wanted = exports.Wanted(**{name: value for name, value in chosen.items() if name != "format"})
    items = wanted.items()
    survey = exports.survey(items, form_name)
    if request.method == "POST" and valid and survey.written and not survey.too_many:
        name, content = exports.write(items, form_name, actor=request.user, wanted=wanted)
        return download(name, content, name.rpartition(".")[2])
    context = {
        "breadcrumbs_items": [
            {"url": reverse("wagtailsnippets_bank_question:list"), "label": _("题库")},
            {"url": "", "label": _("导出题目")},
        ],
        "header_title": _("导出题目"),
        "header_icon": "download",
        "form": form,
        "survey": survey,
        "most": exports.MOST,
        "formats": [(name, module.NAME, FOR_WHAT[name], name == form_name) for name, module in FORMATS.items()],
        "format_name": FORMATS[form_name].NAME,
    }
    return render(request, "bank/exchange/export.html", context, status=200 if request.method != "POST" else 422)
