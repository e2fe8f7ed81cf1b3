"""The list of the bank in Wagtail's own listing: columns, filters, search; and the chooser for lessons.

Questions are a snippet because lessons choose them; making, changing and reading them happens on the
bank's own screens, and nothing is ever deleted.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView
from taggit.models import Tag
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.widgets import HeaderButton
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.search.backends import get_search_backend
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from common.text import search_tokens
from people.access import Action, can
from people.posts import posts
from quizzes.bank.domain.body import LIVE_KINDS
from quizzes.bank.domain.states import State
from quizzes.bank.fields import holding
from quizzes.bank.models import Question
from quizzes.bank.office.words import filter_topics, for_whom, topic_names
from quizzes.bank.shapes import BANDS


class BankPolicy(BasePermissionPolicy):
    """What Wagtail may offer of questions: it asks `people.access`, as everything does."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        wanted = {"view": Action.BANK_VIEW, "choose": Action.CMS, "add": Action.BANK_EDIT, "change": Action.BANK_EDIT}
        return action in wanted and can(user, wanted[action])

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_permission(user, action)


# --- filters ------------------------------------------------------------------------------------
class QuestionFilters(WagtailFilterSet):
    topic_slug = django_filters.ChoiceFilter(label=_("主题"), choices=filter_topics)
    band = django_filters.ChoiceFilter(
        label=_("适用对象"), choices=[(band, _(name)) for band, name in BANDS.items()], method="for_band"
    )
    post = django_filters.ChoiceFilter(
        label=_("岗位"), choices=lambda: [(slug, post.name) for slug, post in posts().items()], method="for_post"
    )
    tag = django_filters.ChoiceFilter(
        label=_("标签"),
        choices=lambda: [(name, name) for name in Tag.objects.filter(question__isnull=False).distinct().values_list("name", flat=True)],
        method="for_tag",
    )
    to_check = django_filters.ChoiceFilter(
        label=_("待核"), choices=[("1", _("只看待核"))], method="for_check", widget=forms.RadioSelect, empty_label=_("全部")
    )

    class Meta:
        model = Question
        fields = ["topic_slug", "kind", "state", "band", "post", "difficulty", "tag", "to_check"]

    def for_band(self, found: QuerySet[Question], name: str, band: str) -> QuerySet[Question]:
        return found.filter(bands__contains=holding(band))

    def for_post(self, found: QuerySet[Question], name: str, post: str) -> QuerySet[Question]:
        return found.filter(posts__contains=holding(post))

    def for_tag(self, found: QuerySet[Question], name: str, tag: str) -> QuerySet[Question]:
        # By numbers: the search index knows no tags, and filters only by columns of the question.
        return found.filter(pk__in=list(Question.objects.filter(tags__name=tag).values_list("pk", flat=True)))

    def for_check(self, found: QuerySet[Question], name: str, value: str) -> QuerySet[Question]:
        return found.filter(to_check=True)


def search(words: str, among: QuerySet[Question], *, by_relevance: bool = True) -> Any:
    """The questions that hold these words, cut as the index was cut: a database does not split Chinese."""
    return get_search_backend().autocomplete(search_tokens(words), among, order_by_relevance=by_relevance)


# --- columns ------------------------------------------------------------------------------------
class ClippedColumn(Column):
    """A text of a line or two; the whole of it as its title."""

    cell_template_name = "bank/office/cell_stem.html"


class CheckColumn(Column):
    cell_template_name = "bank/office/cell_check.html"


def topic_column(sort_key: str | None = "topic_slug") -> Column:
    """The topics' names are read once for the whole list."""
    names = topic_names()
    return Column(
        "topic_slug",
        label=_("主题"),
        sort_key=sort_key,
        accessor=lambda question: names.get(question.topic_slug, question.topic_slug),
    )


class StateColumn(StatusTagColumn):
    """Wagtail's own status column asks the database twice for every row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            "state_label",
            label=_("状态"),
            sort_key="state",
            primary=lambda question: question.state == State.PUBLISHED,
            **kwargs,
        )


class QuestionIndexView(IndexView):
    def search_queryset(self, queryset: Any) -> Any:
        if not self.is_searching:
            return queryset
        return search(self.search_query, queryset, by_relevance=not self.is_explicitly_ordered)

    @cached_property
    def columns(self) -> list[Column]:
        found = [topic_column() if column.name == "topic_slug" else column for column in super().columns]
        return found if can(self.request.user, Action.BANK_EDIT) else found[1:]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        from quizzes.bank.office.bulk_actions import ACTIONS  # it stands on the filters of this module

        mine = [
            {"type": action.action_type, "name": action.display_name, "label": action.aria_label}
            for action in ACTIONS
            if can(self.request.user, action.action)
        ]
        return super().get_context_data(bulk_actions=mine, **kwargs)

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not can(self.request.user, Action.BANK_EDIT):
            return []
        return [HeaderButton(_("出题"), url=reverse("bank_create"), icon_name="plus")]

    def get_list_buttons(self, instance: Question) -> list[Any]:
        return []


class ToCreate(RedirectView):
    """Wagtail's own add page leads to the bank's form."""

    pattern_name = "bank_create"
    template_name = ""  # the viewset asks for it


class ToQuestion(RedirectView):
    """Every page that Wagtail would have on one question leads to the bank's page on it."""

    template_name = ""
    pattern_name = "bank_question"


# --- chooser ------------------------------------------------------------------------------------
class _Chooses:
    """Only what a class can answer: published, with letters. Search cuts Chinese as the index does."""

    def get_object_list(self) -> QuerySet[Question]:
        return Question.objects.filter(live=True, kind__in=sorted(LIVE_KINDS))

    def filter_object_list(self, objects: QuerySet[Question]) -> Any:
        form = self.filter_form  # type: ignore[attr-defined]
        if form.is_valid() and form.cleaned_data.get("q"):
            form.is_searching, form.search_query = True, form.cleaned_data["q"]
            return search(form.search_query, objects)
        return objects

    @property
    def columns(self) -> list[Column]:
        own: list[Column] = super().columns  # type: ignore[misc]
        return [
            *own,
            Column("get_kind_display", label=_("题型")),
            topic_column(sort_key=None),
            Column("bands_label", label=_("适用对象")),
        ]

    def can_create(self) -> bool:
        return False  # a question is made on the bank's own form


class QuestionChooseView(_Chooses, ChooseView):
    pass


class QuestionChooseResultsView(_Chooses, ChooseResultsView):
    pass


class QuestionChooserViewSet(SnippetChooserViewSet):
    choose_view_class = QuestionChooseView
    choose_results_view_class = QuestionChooseResultsView


class QuestionViewSet(SnippetViewSet):
    model = Question
    icon = "help"
    add_to_admin_menu = False  # the list stands in the bank's own menu
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = QuestionIndexView
    index_template_name = "bank/office/list.html"
    add_view_class = ToCreate
    edit_view_class = delete_view_class = usage_view_class = history_view_class = ToQuestion
    chooser_viewset_class = QuestionChooserViewSet
    list_display = [
        "code",
        ClippedColumn("stem", label=_("题干")),
        Column("get_kind_display", label=_("题型"), sort_key="kind"),
        Column("topic_slug", label=_("主题"), sort_key="topic_slug"),
        Column("for_whom", label=_("适用"), accessor=for_whom),
        Column("get_difficulty_display", label=_("难度"), sort_key="difficulty"),
        StateColumn(),
        CheckColumn("to_check", label=_("待核"), sort_key="to_check"),
    ]
    list_per_page = 50
    filterset_class = QuestionFilters
    ordering = ["code"]

    @cached_property
    def permission_policy(self) -> BankPolicy:
        return BankPolicy(self.model)
