"""Choosing an organisation by search, in Wagtail's own chooser: a select box with 2,000 schools serves nobody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser as views
from wagtail.admin.viewsets.chooser import ChooserViewSet

from people.access import Action, organisations
from people.models import Organisation, OrganisationKind
from people.office.trails import with_trails


def matching(text: str) -> Q:
    """Organisations whose name or code holds each of the words."""
    wanted = Q()
    for word in text.split():
        wanted &= Q(name__icontains=word) | Q(code__istartswith=word)
    return wanted


class ChooserFilters(BaseFilterForm):
    q = forms.CharField(
        label=_("搜索"), required=False, widget=forms.TextInput(attrs={"placeholder": _("单位名称或代码")})
    )
    kind = forms.ModelChoiceField(
        label=_("类型"),
        queryset=OrganisationKind.objects.all(),
        required=False,
        empty_label=_("全部类型"),
        widget=forms.Select(attrs={"data-chooser-modal-search-filter": True}),
    )

    def filter(self, objects: Any) -> Any:
        if self.cleaned_data.get("kind"):
            objects = objects.filter(kind=self.cleaned_data["kind"])
        if self.cleaned_data.get("q"):
            self.is_searching, self.search_query = True, self.cleaned_data["q"]
            objects = objects.filter(matching(self.search_query))
        return objects


class _Narrowed:
    """Only what the person may see, and only what is open; the higher kinds first."""

    filter_form_class = ChooserFilters
    ordering = ["kind__rank", "path"]
    per_page = 12
    request: Any

    def get_object_list(self) -> QuerySet[Organisation]:
        return organisations(self.request.user, Action.ORGANISATIONS_VIEW).open().select_related("kind")

    @property
    def title_column(self) -> Column:
        column = super().title_column  # type: ignore[misc]
        column.label = _("名称")
        return column

    @property
    def columns(self) -> list[Column]:
        return [
            self.title_column,
            Column("kind", label=_("类型")),
            Column("trail", label=_("上级单位"), accessor=lambda row: " / ".join(node.name for node in row.trail)),
            Column("code", label=_("单位代码")),
        ]

    def get_results_page(self, request: Any) -> Any:
        page = super().get_results_page(request)  # type: ignore[misc]
        page.object_list = with_trails(page.object_list, request.user)
        return page


class ChooseView(_Narrowed, views.ChooseView):
    pass


class ChooseResultsView(_Narrowed, views.ChooseResultsView):
    pass


class ChosenView(views.ChosenView):
    def get_object(self, pk: Any) -> Organisation:
        return organisations(self.request.user, Action.ORGANISATIONS_VIEW).get(pk=pk)


class OrganisationChooser(ChooserViewSet):
    model = Organisation
    icon = "site"
    choose_one_text = _("选择单位")
    choose_another_text = _("换一个单位")
    edit_item_text = _("查看单位")
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
    chosen_view_class = ChosenView
    register_widget = False

    def get_urlpatterns(self) -> list[URLPattern]:
        """Without Wagtail's screens for creating and for choosing several."""
        kept = {"choose", "choose_results", "chosen"}
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in kept]


organisation_chooser = OrganisationChooser("organisation_chooser")


class OrganisationField(forms.ModelChoiceField):
    """One open organisation at which the user may do the action; anything else is refused with a sentence."""

    default_error_messages = {"invalid_choice": _("您不能选这个单位，或它已停用。请另选。")}

    def __init__(self, user: Any, action: Action, **kwargs: Any) -> None:
        found = organisations(user, action).open()
        super().__init__(queryset=found, widget=organisation_chooser.widget_class(show_edit_link=False), **kwargs)
