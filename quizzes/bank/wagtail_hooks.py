"""The question bank in the CMS: its menu, its list as a snippet, its own screens and bulk actions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.snippets.models import register_snippet

from people.access import Action
from people.menus import GuardedMenuItem
from quizzes.bank.models import Question
from quizzes.bank.office import bulk_actions, exchange_urls, statistics, urls
from quizzes.bank.office.listing import QuestionViewSet

viewset = QuestionViewSet()
register_snippet(viewset)
for action in bulk_actions.ACTIONS:
    hooks.register("register_bulk_action", action)


@hooks.register("before_bulk_action")
def no_delete(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> HttpResponse | None:
    """Wagtail offers to delete any snippet; what was asked once must be shown for ever, so questions are retired."""
    if action_type != "delete" or action.model is not Question:
        return None
    messages.error(request, _("题目不能删除：答过的人要查得到。不再用的题目，请“停用”。"))
    return redirect(viewset.get_url_name("list"))


# Every part of the bank adds its own items: hook `register_bank_menu_item`.
bank_menu = Menu(register_hook_name="register_bank_menu_item", construct_hook_name="construct_bank_menu")


@hooks.register("register_admin_menu_item")
def bank_menu_item() -> MenuItem:
    return SubmenuMenuItem(_("题库"), bank_menu, name="bank", icon_name="help", order=220)


@hooks.register("construct_main_menu")
def no_snippets_item(request: HttpRequest, items: list[MenuItem]) -> None:
    """Wagtail's “snippets” would show the bank a second time; every snippet here has a place of its own."""
    items[:] = [item for item in items if item.name != "snippets"]


@hooks.register("register_bank_menu_item")
def list_item() -> MenuItem:
    url = reverse_lazy(viewset.get_url_name("list"))
    return GuardedMenuItem(_("题目"), url, name="bank-questions", icon_name="list-ul", order=100, action=Action.BANK_VIEW)


@hooks.register("register_bank_menu_item")
def create_item() -> MenuItem:
    url = reverse_lazy("bank_create")
    return GuardedMenuItem(_("出题"), url, name="bank-create", icon_name="plus", order=110, action=Action.BANK_EDIT)


@hooks.register("register_bank_menu_item")
def import_item() -> MenuItem:
    url = reverse_lazy("bank_import")
    return GuardedMenuItem(_("导入"), url, name="bank-import", icon_name="upload", order=200, action=Action.BANK_IMPORT)


@hooks.register("register_bank_menu_item")
def export_item() -> MenuItem:
    url = reverse_lazy("bank_export")
    return GuardedMenuItem(_("导出"), url, name="bank-export", icon_name="download", order=210, action=Action.BANK_EXPORT)


@hooks.register("register_bank_menu_item")
def duplicates_item() -> MenuItem:
    url = reverse_lazy("bank_duplicates")
    return GuardedMenuItem(
        _("疑似重复"), url, name="bank-duplicates", icon_name="copy", order=300, action=Action.BANK_VIEW
    )


@hooks.register("register_bank_menu_item")
def statistics_item() -> MenuItem:
    url = reverse_lazy("bank_statistics")
    return GuardedMenuItem(
        _("题目统计"), url, name="bank-statistics", icon_name="order", order=400, action=Action.BANK_STATISTICS
    )


@hooks.register("register_admin_urls")
def screens() -> list[URLPattern]:
    return [*urls.urlpatterns, *statistics.urlpatterns, *exchange_urls.urlpatterns]
