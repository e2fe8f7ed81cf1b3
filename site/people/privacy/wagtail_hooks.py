"""Personal data in the CMS: 人员 → 个人信息."""

from __future__ import annotations

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from people.access import Action
from people.menus import GuardedMenuItem
from people.privacy import office


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("privacy/", office.overview, name="privacy_office"),
        path("privacy/pack/", office.audit_pack, name="privacy_pack"),
        path("privacy/person/<int:pk>/", office.person, name="privacy_person"),
        path("privacy/person/<int:pk>/act/", office.act, name="privacy_act"),
    ]


@hooks.register("register_people_menu_item")
def menu_item() -> MenuItem:
    return GuardedMenuItem(
        _("个人信息"), reverse("privacy_office"), icon_name="lock", order=810, action=Action.PRIVACY_MANAGE
    )
