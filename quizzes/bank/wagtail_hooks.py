"""The question bank in the editor: its menu entry, list columns, filters and search."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import URLPattern, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.search.backends import get_search_backend
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from common.text import search_tokens
from people.access import Action
from people.menus import GuardedMenuItem
from quizzes.bank.domain.states import State
from quizzes.bank.fields import holding
from quizzes.bank.models import Question
from quizzes.bank.office import statistics
from quizzes.bank.shapes import BANDS


class QuestionFilters(WagtailFilterSet):
    topic_slug = django_filters.AllValuesFilter(label=_("主题"))
    band = django_filters.ChoiceFilter(
        label=_("适用对象"),
        choices=[(band, _(name)) for band, name in BANDS.items()],
        method="for_band",
    )

    class Meta:
        model = Question
        fields = ["topic_slug", "kind", "state"]

    def for_band(self, found: QuerySet[Question], name: str, band: str) -> QuerySet[Question]:
        return found.filter(bands__contains=holding(band))


class QuestionIndexView(IndexView):
    def search_queryset(self, queryset: Any) -> Any:
        """Cuts the words sought as the index was cut; a database does not split Chinese."""
        if not self.is_searching:
            return queryset
        return get_search_backend(self.search_backend_name).autocomplete(
            search_tokens(self.search_query),
            queryset,
            order_by_relevance=not self.is_explicitly_ordered,
        )


class QuestionViewSet(SnippetViewSet):
    model = Question
    icon = "help"
    add_to_admin_menu = False  # the list stands in the bank's own menu
    index_view_class = QuestionIndexView
    list_display = [
        "code",
        "stem",
        Column("get_kind_display", label=_("题型"), sort_key="kind"),
        Column("topic_slug", label=_("主题"), sort_key="topic_slug"),
        Column("bands_label", label=_("适用对象")),
        # Wagtail's own status column asks the database twice for every row.
        StatusTagColumn(
            "state_label", label=_("状态"), sort_key="state", primary=lambda question: question.state == State.PUBLISHED
        ),
    ]
    list_per_page = 50
    filterset_class = QuestionFilters
    ordering = ["code"]
    panels = [FieldPanel("topic_slug"), FieldPanel("bands"), FieldPanel("posts"), FieldPanel("difficulty"), FieldPanel("tags")]


viewset = QuestionViewSet()
register_snippet(viewset)

# Every part of the bank adds its own items: hook `register_bank_menu_item`.
bank_menu = Menu(register_hook_name="register_bank_menu_item", construct_hook_name="construct_bank_menu")


@hooks.register("register_admin_menu_item")
def bank_menu_item() -> MenuItem:
    return SubmenuMenuItem(_("题库"), bank_menu, name="bank", icon_name="help", order=220)


@hooks.register("register_bank_menu_item")
def list_item() -> MenuItem:
    url = reverse_lazy(viewset.get_url_name("list"))
    return GuardedMenuItem(_("题目"), url, name="bank-questions", icon_name="list-ul", order=100, action=Action.BANK_VIEW)


@hooks.register("register_admin_urls")
def statistics_urls() -> list[URLPattern]:
    return statistics.urlpatterns


@hooks.register("register_bank_menu_item")
def statistics_item() -> MenuItem:
    url = reverse_lazy("bank_statistics")
    return GuardedMenuItem(
        _("题目统计"), url, name="bank-statistics", icon_name="order", order=400, action=Action.BANK_STATISTICS
    )
