"""The organisation tree on screen: one level at a time, search below, and the page of one organisation."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.models import IndexView
from wagtail.admin.widgets.button import Button, HeaderButton

from people.access import Action, access_of, organisations
from people.access_rules import ROLES, Role
from people.models import Grant, Membership, Organisation, OrganisationKind
from people.office.chooser import matching
from people.office.trails import prefixes, with_trails
from people.office.words import event_words, kinds_words, posts_words
from people.organisations import effect

FEW = 20
"""How many people, roles and events the page of an organisation shows before it links to the whole list."""


class OrganisationFilters(WagtailFilterSet):
    kind = django_filters.ModelChoiceFilter(
        label=_("类型"),
        queryset=OrganisationKind.objects.all(),
        empty_label=_("全部类型"),
        widget=forms.RadioSelect,
    )
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        choices=[("closed", _("已停用")), ("all", _("全部"))],
        empty_label=_("在用"),
        method="in_state",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Organisation
        fields = ["kind", "stage"]

    def in_state(self, found: QuerySet[Organisation], name: str, state: str) -> QuerySet[Organisation]:
        return found if state == "all" else found.exclude(closed_on=None)

    def filter_queryset(self, found: QuerySet[Organisation]) -> QuerySet[Organisation]:
        found = super().filter_queryset(found)
        return found if self.form.cleaned_data.get("state") else found.open()


class OrganisationList(IndexView):
    """The level below one organisation, or what the person may see at the top. Search and filters look
    through everything below."""

    model = Organisation
    template_name = "people/office/organisations.html"
    page_title = _("单位")
    header_icon = "site"
    index_url_name = "office:organisations"
    index_results_url_name = "office:organisations_results"
    filterset_class = OrganisationFilters
    is_searchable = True
    default_ordering = "path"
    paginate_by = 50
    any_permission_required = None

    @cached_property
    def parent(self) -> Organisation | None:
        pk = self.kwargs.get("pk")
        found = Organisation.objects.select_related("kind")
        return with_trails([get_object_or_404(found, pk=pk)], self.request.user)[0] if pk else None

    @cached_property
    def columns(self) -> list[Column]:
        columns = [
            TitleColumn("name", label=_("名称"), sort_key="name", url_name="office:organisation"),
            Column("kind", label=_("类型")),
            Column("get_stage_display", label=_("办学类型")),
            Column("code", label=_("单位代码"), sort_key="code"),
            TitleColumn("children", label=_("下级单位"), accessor=_children_words, get_url=_below_url),
            TitleColumn("staff", label=_("在岗（含下级）"), accessor=lambda row: row.staff, get_url=_staff_url),
            StatusTagColumn("state", label=_("状态"), accessor=_state_words, primary=lambda row: row.is_open),
        ]
        if self.looks_below:
            columns.insert(
                4, Column("trail", label=_("上级单位"), accessor=lambda row: " / ".join(node.name for node in row.trail))
            )
        return columns

    def get_base_queryset(self) -> QuerySet[Organisation]:
        user = self.request.user
        found = organisations(user, Action.ORGANISATIONS_VIEW)
        if self.parent:
            found = found.under(self.parent.path).exclude(pk=self.parent.pk)
        if not self.looks_below:
            found = found.filter(depth=self.parent.depth + 1) if self.parent else found & _top(user)
        return found.select_related("kind")

    @cached_property
    def looks_below(self) -> bool:
        """Whether the list goes through all levels."""
        return bool(self.is_searching or self.request.GET.get("kind") or self.request.GET.get("stage"))

    def search_queryset(self, queryset: QuerySet[Organisation]) -> QuerySet[Organisation]:
        return queryset.filter(matching(self.search_query)) if self.is_searching else queryset

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        paginator, page, rows, more = super().paginate_queryset(queryset, page_size)
        rows = with_counts(with_trails(rows, self.request.user))
        page.object_list = rows
        return paginator, page, rows, more

    def get_index_url(self) -> str:
        return reverse("office:organisations_below", args=[self.parent.pk]) if self.parent else super().get_index_url()

    def get_index_results_url(self) -> str:
        if self.parent:
            return reverse("office:organisations_below_results", args=[self.parent.pk])
        return super().get_index_results_url()

    def get_page_title(self) -> Any:
        return self.parent.name if self.parent else self.page_title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        if not self.parent:
            return super().get_breadcrumbs_items()
        return [*self.breadcrumbs_items, *crumbs(self.parent.trail), {"url": "", "label": self.parent.name}]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        context["trail"] = crumbs(self.parent.trail) if self.parent else []
        return context

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.parent:
            add = HeaderButton(_("新建单位"), url=reverse("office:organisation_add_top"), icon_name="plus")
            return [add] if access_of(self.request.user).everything else []
        buttons = [HeaderButton(_("单位详情"), url=reverse("office:organisation", args=[self.parent.pk]), icon_name="view")]
        if access_of(self.request.user).can(Action.ORGANISATIONS_EDIT, self.parent.path) and self.parent.is_open:
            buttons.insert(0, _add_button(reverse("office:organisation_add", args=[self.parent.pk])))
        return buttons

    @cached_property
    def no_results_message(self) -> Any:
        if self.is_searching or self.is_filtering:
            return _("没有符合条件的单位。请换个词，或去掉筛选。")
        return _("下面还没有单位。")


class OrganisationPage(WagtailAdminTemplateMixin, TemplateView):
    """One organisation: details, what stands below, who works there, who holds a role there, its history."""

    template_name = "people/office/organisation.html"
    header_icon = "site"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = get_object_or_404(Organisation.objects.select_related("kind", "merged_into"), pk=kwargs["pk"])
        self.organisation = with_trails([found], request.user)[0]

    def get_page_title(self) -> str:
        return self.organisation.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": "", "label": self.organisation.name}
        return [*self.breadcrumbs_items, *crumbs(self.organisation.trail), here]

    @cached_property
    def header_buttons(self) -> list[Any]:
        node, user = self.organisation, self.request.user
        if not access_of(user).can(Action.ORGANISATIONS_EDIT, node.path):
            return []
        buttons = [HeaderButton(_("修改"), url=reverse("office:organisation_edit", args=[node.pk]), icon_name="edit")]
        if node.is_open:
            buttons.append(_add_button(reverse("office:organisation_add", args=[node.pk])))
        return buttons

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        node = self.organisation
        if not access_of(self.request.user).can(Action.ORGANISATIONS_EDIT, node.path_above):
            return []
        if not node.is_open:
            offered = [] if node.merged_into_id else [("reopen", _("恢复"), "undo")]
        else:
            offered = [("merge", _("并入另一单位"), "collapse-down"), ("close", _("停用"), "cross")]
            if node.depth > 1:
                offered.insert(0, ("move", _("调整隶属"), "arrow-right"))
        return [
            Button(label, url=reverse(f"office:organisation_{name}", args=[node.pk]), icon_name=icon, priority=10 * number)
            for number, (name, label, icon) in enumerate(offered)
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        node, user = self.organisation, self.request.user
        context = super().get_context_data(**kwargs)
        numbers = effect(node)
        here = Membership.objects.filter(organisation=node, until=None).select_related("user").order_by("user__username")
        sees_people = access_of(user).can(Action.PEOPLE_VIEW, node.path)
        context.update(
            organisation=node,
            parents=crumbs(node.trail, "office:organisation"),
            numbers=numbers,
            below_words=kinds_words(numbers.below),
            sees_people=sees_people,
            may_add_people=access_of(user).can(Action.PEOPLE_EDIT, node.path) and node.is_open,
            people=[(row.user, posts_words(row.posts)) for row in here[:FEW]] if sees_people else [],
            people_here=here.count() if sees_people else 0,
            roles=_roles_at(node) if sees_people else [],
            events=[(event, event_words(event)) for event in node.events.select_related("actor")[:FEW]],
        )
        return context


def with_counts(rows: list[Organisation]) -> list[Organisation]:
    """The rows, each with `children` (open, directly below) and `staff` (people at and below): one query a page."""

    def end(ref: Any) -> Any:
        return Concat(ref, Value("Z" * Organisation.steplen))

    inside = {"path__gt": OuterRef("path"), "path__lte": end(OuterRef("path"))}
    below = Organisation.objects.filter(**inside, depth=OuterRef("depth") + 1, closed_on=None).order_by()
    # Places first, then who works there: a join lets SQLite read every membership for every row.
    outer = OuterRef(OuterRef("path"))
    places = Organisation.objects.filter(path__gte=outer, path__lte=end(outer)).order_by()
    working = Membership.objects.filter(organisation__in=places, until=None).order_by()
    counted = (
        Organisation.objects.filter(pk__in=[row.pk for row in rows])
        .order_by()
        .annotate(children=_counted(below, "pk"), staff=_counted(working, "user", distinct=True))
        .values_list("pk", "children", "staff")
    )
    numbers = {pk: (children, staff) for pk, children, staff in counted}
    for row in rows:
        row.children, row.staff = numbers.get(row.pk, (0, 0))
    return rows


def crumbs(nodes: list[Organisation], name: str = "office:organisations_below") -> list[dict[str, Any]]:
    """Breadcrumbs through the tree, from the list at its top."""
    top = [{"url": reverse("office:organisations"), "label": _("单位")}]
    return top + [{"url": reverse(name, args=[node.pk]), "label": node.name} for node in nodes]


def _top(user: Any) -> QuerySet[Organisation]:
    """Where a person's view of the tree begins."""
    places = access_of(user).places(Action.ORGANISATIONS_VIEW)
    if "" in places:
        return Organisation.objects.filter(depth=1)
    return Organisation.objects.filter(path__in=places)


def _counted(rows: QuerySet[Any], field: str, distinct: bool = False) -> Coalesce:
    number = rows.annotate(one=Value(1)).values("one").annotate(n=Count(field, distinct=distinct)).values("n")
    return Coalesce(Subquery(number), 0)


def _roles_at(node: Organisation) -> list[tuple[Grant, str]]:
    """Roles that hold here: given here or at a place above."""
    found = Grant.objects.filter(organisation__path__in=[node.path, *prefixes(node.path)], organisation__closed_on=None)
    rows = found.select_related("user", "organisation").order_by(F("organisation__path").desc(), "role", "user_id")
    return [(row, _now(ROLES[Role(row.role)])) for row in rows[:FEW]]


def _add_button(url: str) -> HeaderButton:
    return HeaderButton(_("新建下级单位"), url=url, icon_name="plus")


def _children_words(row: Any) -> str:
    return str(row.children) if row.children else ""


def _below_url(row: Any) -> str | None:
    return reverse("office:organisations_below", args=[row.pk]) if row.numchild else None


def _staff_url(row: Any) -> str | None:
    return f"{reverse('office:people')}?organisation={row.pk}" if row.staff else None


def _state_words(row: Organisation) -> str:
    if row.is_open:
        return _now("在用")
    return _now("已并入") if row.merged_into_id else _now("已停用")
