"""Bulk changes in the list: for ticked rows, or for all that match the list's filter and search.

Wagtail brings ticks, footer and the confirm page's address; “all” carries the list's own query string,
so the same filters choose the same questions here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from people.access import Action, can, require
from people.posts import posts
from quizzes.bank.bulk import LabelChange, Plan, Refused, change_labels, plan, take_all
from quizzes.bank.domain.body import DIFFICULTIES
from quizzes.bank.domain.states import MOVES, Step
from quizzes.bank.models import Question
from quizzes.bank.office.listing import QuestionFilters, search
from quizzes.bank.office.words import split_tags
from quizzes.bank.shapes import BANDS

SHOWN = 12
"""Questions that the confirm page names."""


class BankBulkAction(SnippetBulkAction):
    """What all bulk actions of the bank share."""

    models = [Question]
    action = Action.BANK_EDIT
    form_class = forms.Form
    template_name = "bank/office/bulk.html"
    button = ""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        require(request.user, self.action)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def chosen(self) -> list[Question]:
        found: QuerySet[Question] = Question.objects.all()
        ids = self.request.GET.getlist("id")
        if "all" in ids:
            filters = QuestionFilters(self.request.GET, queryset=found, request=self.request)
            found = filters.qs
            if words := self.request.GET.get("q", "").strip():
                found = Question.objects.filter(pk__in=[question.pk for question in search(words, found)])
        else:
            found = found.filter(pk__in=[int(pk) for pk in ids if pk.isdecimal() and len(pk) < 19])
        return list(found.order_by("code").select_related("latest_version", "live_version").prefetch_related("tags"))

    def get_actionable_objects(self) -> tuple[list[Question], dict[str, Any]]:
        return self.chosen, {"items_with_no_access": []}

    def object_context(self, obj: Question) -> dict[str, Any]:
        return {"item": obj}

    def taking_part(self) -> Sequence[Question]:
        return self.chosen

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        change = self.taking_part()
        return super().get_context_data(
            title=self.display_name, count=len(change), shown=change[:SHOWN], button=self.button, **kwargs
        )

    def get_success_message(self, changed: int, _children: int) -> str:
        return gettext("%(title)s：改动了 %(count)d 道题。") % {"title": self.display_name, "count": changed}


class LabelForm(forms.Form):
    add_tags = forms.CharField(label=_("加标签"), required=False, max_length=200, help_text=_("几个标签用顿号或逗号隔开。"))
    remove_tags = forms.CharField(label=_("减标签"), required=False, max_length=200)
    difficulty = forms.TypedChoiceField(
        label=_("难度改为"), required=False, coerce=int, empty_value=0, choices=[("", _("不改")), *DIFFICULTIES.items()]
    )
    add_bands = forms.MultipleChoiceField(
        label=_("加适用对象"), required=False, choices=list(BANDS.items()), widget=forms.CheckboxSelectMultiple
    )
    remove_bands = forms.MultipleChoiceField(
        label=_("减适用对象"), required=False, choices=list(BANDS.items()), widget=forms.CheckboxSelectMultiple
    )
    add_posts = forms.MultipleChoiceField(label=_("加岗位"), required=False, widget=forms.CheckboxSelectMultiple)
    remove_posts = forms.MultipleChoiceField(label=_("减岗位"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(slug, post.name) for slug, post in posts().items()]
        self.fields["add_posts"].choices = self.fields["remove_posts"].choices = names

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("add_tags", "remove_tags"):
            data[name] = split_tags(data.get(name, ""))
            if any(len(tag) > 20 for tag in data[name]):
                self.add_error(name, _("一个标签最多 20 字，请用顿号隔开几个标签。"))
        if not any(data.get(name) for name in self.fields):
            raise forms.ValidationError(_("还没有填要改什么。"))
        return data

    def change(self) -> LabelChange:
        data = self.cleaned_data
        named = {name: tuple(data[name]) for name in self.fields if name != "difficulty"}
        return LabelChange(difficulty=data["difficulty"] or 0, **named)


class ChangeLabels(BankBulkAction):
    display_name = _("改分类")
    action_type = "labels"
    aria_label = _("给选中的题目改标签、难度、适用对象和岗位")
    button = _("改这些题")
    form_class = LabelForm
    action_priority = 10

    def form_valid(self, form: Any) -> Any:
        try:
            return super().form_valid(form)
        except Refused as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)

    @classmethod
    def execute_action(cls, objects: list[Question], **kwargs: Any) -> tuple[int, int]:
        self = kwargs["self"]
        return change_labels(objects, self.cleaned_form.change(), actor=self.request.user), 0


class StepAction(BankBulkAction):
    step: Step

    @cached_property
    def plan(self) -> Plan:
        return plan(self.chosen, self.step)

    def taking_part(self) -> Sequence[Question]:
        return self.plan.ready

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(plan=self.plan, **kwargs)

    @classmethod
    def execute_action(cls, objects: list[Question], **kwargs: Any) -> tuple[int, int]:
        self = kwargs["self"]
        if MOVES[self.step].reviewer and not can(self.request.user, Action.BANK_REVIEW):
            raise PermissionDenied
        return take_all(objects, self.step, actor=self.request.user), 0


class Submit(StepAction):
    step, action_type, action_priority = Step.SUBMIT, "submit", 20
    display_name, aria_label, button = _("提交审核"), _("把选中的题目提交审核"), _("提交这些题")


class Publish(StepAction):
    step, action_type, action_priority = Step.PUBLISH, "publish", 30
    action = Action.BANK_REVIEW
    display_name, aria_label, button = _("发布"), _("发布选中的题目"), _("发布这些题")


class Retire(StepAction):
    step, action_type, action_priority = Step.RETIRE, "retire", 40
    action = Action.BANK_REVIEW
    display_name, aria_label, button = _("停用"), _("停用选中的题目"), _("停用这些题")
    classes = {"serious"}


ACTIONS = (ChangeLabels, Submit, Publish, Retire)
