"""The “人员” menu of the CMS; each part of the people room adds its own items to it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem, SubmenuMenuItem
from wagtail.snippets.models import register_snippet

from people.access import Action
from people.menus import GuardedMenuItem, people_menu
from people.models import OrganisationKind
from people.office.chooser import OrganisationChooser, organisation_chooser
from people.office.kinds import KindViewSet


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
