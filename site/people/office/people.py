"""People on screen: the list with search and filters, and the page of one person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Prefetch, Q, QuerySet
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
from wagtail.admin.widgets.button import HeaderButton

from common.text import normalise
from people.access import Action, access_of, answers_for, can, can_reach, organisations, people
from people.access_rules import IMPLIED, ROLES, Role
from people.audit.models import AuditEntry
from people.audit.words import sentence
from people.models import Grant, Membership, Organisation, User, within
from people.office.base import address
from people.office.chooser import organisation_chooser
from people.office.words import posts_words, role_words
from people.posts import posts

FEW = 30
"""How many entries of the audit log a person's page shows."""


def _visible(request: Any) -> QuerySet[Organisation]:
    return organisations(request.user, Action.ORGANISATIONS_VIEW)


def _post_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The posts as a select box shows them: by group."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for slug, post in posts().items():
        groups.setdefault(_now(post.group), []).append((slug, _now(post.name)))
    return list(groups.items())


class PeopleFilters(WagtailFilterSet):
    organisation = django_filters.ModelChoiceFilter(
        label=_("单位（含下级）"),
        queryset=_visible,
        widget=organisation_chooser.widget_class(show_edit_link=False),
    )
    post = django_filters.ChoiceFilter(label=_("岗位"), choices=_post_choices, empty_label=_("全部岗位"))
    role = django_filters.ChoiceFilter(
        label=_("角色"),
        choices=[(role.value, _(name)) for role, name in ROLES.items() if role not in IMPLIED],
        empty_label=_("不限"),
        widget=forms.RadioSelect,
    )
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        choices=[("left", _("已离岗")), ("off", _("账号停用")), ("new", _("还没有登录过")), ("all", _("全部"))],
        empty_label=_("在岗"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = User
        fields: list[str] = []

    def filter_queryset(self, found: QuerySet[User]) -> QuerySet[User]:
        """All filters speak of the same work: who is at these places, in this post, now or no longer."""
        asked, access = self.form.cleaned_data, access_of(self.request.user)
        reach = access.places(Action.PEOPLE_VIEW)
        state = asked.get("state")
        work = Membership.objects.all()
        if "" not in reach:
            work = work.filter(organisation__in=_places(reach))
        if asked.get("organisation"):
            work = work.filter(organisation__in=_places([asked["organisation"].path]))
        if asked.get("post"):
            work = work.filter(posts__contains=f",{asked['post']},")
        if state == "left":
            found = found.exclude(pk__in=work.filter(until=None).values("user"))
        elif state == "off":
            found = found.filter(is_active=False)
        elif state == "new":
            found = found.filter(last_login=None, is_active=True)
        if state in ("", None, "new"):
            work = work.filter(until=None)
        # Whoever may do everything also sees those who work nowhere.
        if "" not in reach or state in ("", None, "new") or asked.get("organisation") or asked.get("post"):
            found = found.filter(pk__in=work.values("user"))
        if asked.get("role"):
            found = found.filter(pk__in=Grant.objects.filter(role=asked["role"]).values("user"))
        return found


class PeopleList(IndexView):
    model = User
    page_title = _("人员")
    header_icon = "group"
    index_url_name = "office:people"
    index_results_url_name = "office:people_results"
    filterset_class = PeopleFilters
    is_searchable = True
    default_ordering = "username"
    paginate_by = 50
    any_permission_required = None
    columns = [
        TitleColumn("name", label=_("姓名"), accessor=str, sort_key="first_name", url_name="office:person"),
        Column("username", label=_("工号"), sort_key="username"),
        Column("work", label=_("单位与岗位"), accessor=lambda person: work_words(person)),
        Column("roles", label=_("角色"), accessor=lambda person: roles_words(person)),
        StatusTagColumn("state", label=_("状态"), accessor=lambda person: state_words(person), primary=lambda p: p.is_active),
    ]

    def get_base_queryset(self) -> QuerySet[User]:
        return User.objects.all() if self.filters.is_valid() else people(self.request.user, Action.PEOPLE_VIEW)

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        """Sorts and cuts bare numbers, then reads one page of people: sorting 80,000 whole rows is slow."""
        found = super().paginate_queryset(queryset.values_list("pk", flat=True), page_size)
        paginator, page, numbers, more = found
        people = User.objects.prefetch_related(
            Prefetch("memberships", Membership.objects.filter(until=None).select_related("organisation"), "working"),
            Prefetch("grants", Grant.objects.select_related("organisation"), "held"),
        ).in_bulk(list(numbers))
        page.object_list = [people[number] for number in numbers if number in people]
        return paginator, page, page.object_list, more

    def search_queryset(self, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(matching(self.search_query)) if self.is_searching else queryset

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not can(self.request.user, Action.PEOPLE_EDIT):
            return []
        return [HeaderButton(_("新建人员"), url=reverse("office:person_add"), icon_name="plus")]

    @cached_property
    def no_results_message(self) -> Any:
        if self.is_searching or self.is_filtering:
            return _("没有符合条件的人。请换个词，或去掉筛选；已离岗的人要在“状态”里选。")
        return _("还没有人员。可以逐个新建，也可以导入名册。")


class PersonPage(WagtailAdminTemplateMixin, TemplateView):
    """One person: where they work, what they may do, the account, and what was done."""

    template_name = "people/office/person.html"
    header_icon = "user"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.person = get_object_or_404(User, pk=kwargs["pk"])

    def get_page_title(self) -> str:
        return shown_name(self.person)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        top = {"url": reverse("office:people"), "label": _("人员")}
        return [*self.breadcrumbs_items, top, {"url": "", "label": shown_name(self.person)}]

    @cached_property
    def whole(self) -> bool:
        """Whether the whole account is the viewer's to change."""
        return answers_for(self.request.user, Action.PEOPLE_EDIT, self.person) and not self.person.erased_at

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.whole:
            return []
        return [HeaderButton(_("修改"), url=reverse("office:person_edit", args=[self.person.pk]), icon_name="edit")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        person, viewer = self.person, self.request.user
        access = access_of(viewer)
        edits = access.can(Action.PEOPLE_EDIT) and can_reach(viewer, Action.PEOPLE_EDIT, person)
        memberships = [
            {
                "row": row,
                "posts": posts_words(row.posts),
                "may": not row.until and access.can(Action.PEOPLE_EDIT, row.organisation.path),
                "seen": access.can(Action.ORGANISATIONS_VIEW, row.organisation.path),
            }
            for row in person.memberships.select_related("organisation").order_by("until", "-since", "pk")
        ]
        memberships.sort(key=lambda one: one["row"].until is not None)
        grants = [
            {
                "row": row,
                "name": _now(ROLES[Role(row.role)]),
                "words": role_words(Role(row.role)),
                "may": access.may_grant(Role(row.role), row.organisation.path) and row.user_id != viewer.pk,
            }
            for row in person.grants.select_related("organisation", "granted_by").order_by("granted_at")
        ]
        context.update(
            person=person,
            shown=shown_name(person),
            state=state_words(person, [one["row"] for one in memberships]),
            memberships=memberships,
            grants=grants,
            may_join=edits and not person.erased_at,
            may_grant=access.can(Action.ROLES_GRANT) and can_reach(viewer, Action.ROLES_GRANT, person),
            # A former school keeps the record of the work, not the number to call.
            sees_phone=self.whole or any(one["may"] for one in memberships),
            whole=self.whole,
            has_password=bool(person.password) and not person.password.startswith(UNUSABLE_PASSWORD_PREFIX),
            login_url=address("accounts_person", person.pk) if self.manages_login() else "",
            privacy_url=address("privacy_person", person.pk) if can_reach(viewer, Action.PRIVACY_MANAGE, person) else "",
            history=self.history(),
            sees_history=access.can(Action.AUDIT_VIEW),
        )
        return context

    def manages_login(self) -> bool:
        return not self.person.erased_at and answers_for(self.request.user, Action.SESSIONS_REVOKE, self.person)

    def history(self) -> list[tuple[AuditEntry, str, str]]:
        """(entry, sentence, who) of what was done to this person, as far as the viewer may see the place."""
        viewer = self.request.user
        if not can(viewer, Action.AUDIT_VIEW):
            return []
        found = AuditEntry.objects.filter(target_type="user", target_id=str(self.person.pk))
        if not access_of(viewer).everything:
            mine = Q(organisation_id__in=organisations(viewer, Action.AUDIT_VIEW).order_by().values("pk"))
            found = found.filter(mine | Q(organisation_id=None) if self.whole else mine)
        rows = list(found.order_by("-number")[:FEW])
        actors = {user.pk: user for user in User.objects.filter(pk__in={row.actor_id for row in rows})}
        name = shown_name(self.person)
        return [
            (row, sentence(row.action, name, row.detail), str(actors.get(row.actor_id) or _now("系统"))) for row in rows
        ]


def matching(text: str) -> Q:
    """People for whom each word is in the name, begins the staff number, or is in the name of where they work."""
    wanted = Q()
    for word in normalise(text).split():
        there = Organisation.objects.filter(name__icontains=word).order_by()
        at = Membership.objects.filter(organisation__in=there, until=None)
        wanted &= Q(first_name__icontains=word) | Q(username__istartswith=word) | Q(pk__in=at.values("user"))
    return wanted


def _places(paths: Iterable[str]) -> QuerySet[Organisation]:
    return Organisation.objects.filter(within(paths)).order_by()


def shown_name(person: User) -> str:
    return _now("已删除的人员 #%(n)d") % {"n": person.pk} if person.erased_at else str(person)


def work_words(person: Any) -> str:
    """示范县实验小学：班主任、体育教师；…"""
    said = []
    for row in person.working:
        held = posts_words(row.posts)
        said.append(f"{row.organisation.name}：{held}" if held else row.organisation.name)
    return "；".join(said)


def roles_words(person: Any) -> str:
    return "；".join(f"{_now(ROLES[Role(row.role)])}（{row.organisation.name}）" for row in person.held)


def state_words(person: Any, memberships: Any = None) -> str:
    if person.erased_at:
        return _now("个人信息已删除")
    if not person.is_active:
        return _now("账号停用")
    working = person.working if memberships is None else [row for row in memberships if not row.until]
    return _now("在岗") if working else _now("已离岗")
