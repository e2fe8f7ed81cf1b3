"""人员 → 登录码, and the addresses of the officers' screens."""

from __future__ import annotations

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from people.access import Action
from people.accounts.views import office
from people.menus import GuardedMenuItem


@hooks.register("register_admin_urls")
def code_urls() -> list[URLPattern]:
    return [
        path("people/codes/", office.places, name="accounts_codes"),
        path("people/codes/<int:organisation>/", office.place, name="accounts_codes_at"),
        path("people/codes/<int:organisation>/issue/", office.issue, name="accounts_codes_issue"),
        path("people/sign-in/<int:pk>/", office.person, name="accounts_person"),
        path("people/sign-in/<int:pk>/code/", office.person_issue, name="accounts_person_issue"),
        path("people/sign-in/<int:pk>/end/", office.person_end, name="accounts_person_end"),
        path("people/sign-in/<int:pk>/second-factor/", office.person_factor, name="accounts_person_factor"),
    ]


@hooks.register("register_people_menu_item")
def codes_item() -> GuardedMenuItem:
    return GuardedMenuItem(
        _("登录码"), reverse("accounts_codes"), name="codes", icon_name="key", order=400, action=Action.CODES_ISSUE
    )
