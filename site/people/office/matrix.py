"""Who may do what, as a table: read from the rules themselves, so that it is never out of date."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from people.access_rules import ACTIONS, GRANTABLE, ROLES, RULES, Action


class RoleMatrix(WagtailAdminTemplateMixin, TemplateView):
    template_name = "people/office/roles.html"
    page_title = _("角色权限")
    header_icon = "key"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["roles"] = [_now(name) for name in ROLES.values()]
        context["rows"] = [
            (_now(words), [role in RULES.get(action, frozenset()) for role in ROLES])
            for action, words in ACTIONS.items()
            if action is not Action.PUBLIC
        ]
        context["grantable"] = [
            (_now(ROLES[role]), "、".join(_now(ROLES[given]) for given in ROLES if given in roles))
            for role, roles in GRANTABLE.items()
        ]
        return context
