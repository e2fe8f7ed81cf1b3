"""The “人员” menu of the CMS; each part of the people room adds its own items to it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.snippets.models import register_snippet

from people.access import Action, can
from people.models import OrganisationKind
from people.office.chooser import OrganisationChooser, organisation_chooser
from people.office.kinds import KindViewSet

people_menu = Menu(register_hook_name="register_people_menu_item", construct_hook_name="construct_people_menu")


class GuardedMenuItem(MenuItem):
    """An item that shows only to those whom the gate lets through."""

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action

    def is_shown(self, request: HttpRequest) -> bool:
        return can(request.user, self.action)


@hooks.register("register_admin_menu_item")
def people_menu_item() -> MenuItem:
    return SubmenuMenuItem(_("人员"), people_menu, name="people", icon_name="group", order=230)


# --- organisations, people, roles (people.office) -----------------------------------------------
register_snippet(OrganisationKind, viewset=KindViewSet)


@hooks.register("register_admin_urls")
def office_urls() -> list[URLPattern | URLResolver]:
    return [path("", include("people.office.urls"))]


@hooks.register("register_admin_viewset")
def office_chooser() -> OrganisationChooser:
    return organisation_chooser


@hooks.register("register_people_menu_item")
def people_item() -> MenuItem:
    return GuardedMenuItem(_("人员名单"), reverse("office:people"), icon_name="user", order=10, action=Action.PEOPLE_VIEW)


@hooks.register("register_people_menu_item")
def organisations_item() -> MenuItem:
    url = reverse("office:organisations")
    return GuardedMenuItem(_("单位"), url, icon_name="site", order=20, action=Action.ORGANISATIONS_VIEW)


@hooks.register("register_people_menu_item")
def roles_item() -> MenuItem:
    return GuardedMenuItem(_("角色权限"), reverse("office:roles"), icon_name="key", order=50, action=Action.CMS)
