"""The CMS's own first page: what an officer comes for, one tap away, by what the own roles allow."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component

from people.access import Action, can


class Door(NamedTuple):
    """A place to go to: shown to those whom the gate lets in."""

    action: Action
    route: str
    name: Promise
    hint: Promise


DOORS = (
    Door(Action.PEOPLE_IMPORT, "rosters_people", _("名册导入"), _("用 Excel 增加、调动、更新教职工")),
    Door(Action.CODES_ISSUE, "accounts_codes", _("登录码"), _("给第一次登录或忘记密码的人打印条子")),
    Door(Action.PEOPLE_VIEW, "office:people", _("人员"), _("查一个人在哪里、什么岗位、什么角色")),
    Door(Action.BANK_VIEW, "wagtailsnippets_bank_question:list", _("题库"), _("出题、改题、看版本和用在哪里")),
    Door(Action.BANK_REVIEW, "wagtailsnippets_bank_question:list", _("待审核的题目"), _("通过后才会用到课堂和考试里")),
    Door(Action.BANK_STATISTICS, "bank_statistics", _("题目统计"), _("哪些题要核对答案，哪个误区最多人信")),
    Door(Action.AUDIT_VIEW, "audit_log", _("操作记录"), _("谁在什么时候改了什么")),
)
QUERIES = {Action.BANK_REVIEW: "?state=review"}


class DoorsPanel(Component):
    name = "doors"
    order = 50
    template_name = "home/admin_doors.html"

    def __init__(self, user: Any) -> None:
        self.user = user

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        open_ = [(door, QUERIES.get(door.action, "")) for door in DOORS if can(self.user, door.action)]
        return {"doors": open_}


@hooks.register("construct_homepage_panels")
def add_doors(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(DoorsPanel(request.user))
