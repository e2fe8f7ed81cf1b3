"""Kinds of organisations in the CMS: admins of the whole site rename them and add their own."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet

from people.access import Action, can
from people.models import Organisation, OrganisationKind


class KindPolicy(BasePermissionPolicy):
    """Whoever may set up the whole site; nobody deletes a kind, because history speaks of it."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and can(user, Action.SYSTEM)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_permission(user, action)

    def users_with_any_permission(self, actions: Any) -> Any:
        raise NotImplementedError


class KindForm(WagtailAdminModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["slug"].disabled = True  # organisations are tied to it

    def clean_rank(self) -> int:
        """Kinds in use keep their order: the tree below was built on it."""
        rank: int = self.cleaned_data["rank"]
        before = OrganisationKind.objects.filter(pk=self.instance.pk).values_list("rank", flat=True).first()
        if before is None or before == rank or not Organisation.objects.filter(kind=self.instance.pk).exists():
            return rank
        for other in OrganisationKind.objects.filter(organisations__isnull=False).exclude(pk=self.instance.pk).distinct():
            if (before < other.rank, before > other.rank) != (rank < other.rank, rank > other.rank):
                message = _("已有单位在用，“%(name)s”和它的上下顺序不能变。请另取一个数字。")
                raise ValidationError(message, params={"name": other.name})
        return rank


class KindViewSet(SnippetViewSet):
    model = OrganisationKind
    icon = "list-ol"
    menu_label = _("单位类型")
    list_display = ["name", "rank", BooleanColumn("has_staff", label=_("有教职工"))]
    edit_handler = ObjectList(
        [FieldPanel("slug"), FieldPanel("name"), FieldPanel("rank"), FieldPanel("has_staff")], base_form_class=KindForm
    )
    copy_view_enabled = False
    permission_policy = KindPolicy(OrganisationKind)
    add_to_admin_menu = True
    menu_hook = "register_people_menu_item"
    menu_order = 60
