"""What the screen of the audit log can be asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.audit.search import Wanted
from people.audit.words import GROUPS


class WantedForm(forms.Form):
    person = forms.CharField(
        label=_("人员"), required=False, max_length=60, widget=forms.TextInput(attrs={"placeholder": _("姓名或工号")})
    )
    organisation = forms.CharField(
        label=_("单位（含下级）"), required=False, max_length=80, widget=forms.TextInput(attrs={"placeholder": _("名称或代码")})
    )
    group = forms.ChoiceField(
        label=_("操作"), required=False, choices=[("", _("全部")), *((key, name) for key, (name, _firsts) in GROUPS.items())]
    )
    text = forms.CharField(
        label=_("内容"), required=False, max_length=60, widget=forms.TextInput(attrs={"placeholder": _("题号、网络地址等")})
    )
    since = forms.DateField(label=_("从"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and since > until:
            self.add_error("until", _("结束日期早于开始日期，请改一下。"))
        return given

    def wanted(self) -> Wanted:
        """Call only when the form is valid."""
        given = self.cleaned_data
        return Wanted(**{key: value.strip() if isinstance(value, str) else value for key, value in given.items()})
