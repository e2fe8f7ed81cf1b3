"""The audit log in the CMS: 人员 → 操作记录."""

from __future__ import annotations

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from people.access import Action
from people.audit import views
from people.menus import GuardedMenuItem


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("audit/", views.log, name="audit_log"),
        path("audit/export/", views.export, name="audit_export"),
    ]


@hooks.register("register_people_menu_item")
def menu_item() -> MenuItem:
    return GuardedMenuItem(_("操作记录"), reverse("audit_log"), icon_name="history", order=800, action=Action.AUDIT_VIEW)
