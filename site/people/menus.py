"""The “人员” menu of the CMS, to which each part of the people room adds its own items."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail.admin.menu import Menu, MenuItem

from people.access import Action, can

people_menu = Menu(register_hook_name="register_people_menu_item", construct_hook_name="construct_people_menu")


class GuardedMenuItem(MenuItem):
    """An item that shows only to those whom the gate lets through."""

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action

    def is_shown(self, request: HttpRequest) -> bool:
        return can(request.user, self.action)
