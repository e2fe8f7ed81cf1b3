"""Rosters in the CMS: 人员 → 名册导入, 单位导入. Both have the same addresses, each under its own action."""

from __future__ import annotations

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from people.access import Action
from people.menus import GuardedMenuItem
from people.rosters import export, views
from people.rosters.models import RosterImport


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    patterns = []
    for kind in RosterImport.Kind.values:
        fixed = {"kind": kind}
        patterns += [
            path(f"rosters/{kind}/", views.index, fixed, name=f"rosters_{kind}"),
            path(f"rosters/{kind}/template/", views.template, fixed, name=f"rosters_{kind}_template"),
        ]
        for what in ("show", "status", "errors", "apply", "undo", "retry", "discard"):
            end = "" if what == "show" else f"{what}/"
            view = getattr(views, what)
            patterns.append(path(f"rosters/{kind}/<int:pk>/{end}", view, fixed, name=f"rosters_{kind}_{what}"))
    download = {"kind": RosterImport.Kind.PEOPLE.value}
    patterns.append(path("rosters/people/export/", export.download, download, name="rosters_people_export"))
    return patterns


@hooks.register("register_people_menu_item")
def people_item() -> MenuItem:
    url = reverse("rosters_people")
    return GuardedMenuItem(_("名册导入"), url, icon_name="upload", order=300, action=Action.PEOPLE_IMPORT)


@hooks.register("register_people_menu_item")
def units_item() -> MenuItem:
    url = reverse("rosters_organisations")
    return GuardedMenuItem(_("单位导入"), url, icon_name="upload", order=310, action=Action.ORGANISATIONS_IMPORT)
