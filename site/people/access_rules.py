"""Roles, actions and which role may do what. Pure: no Django.

A role is given at an organisation and holds there and below. Whoever works somewhere is `staff` there;
whoever holds a teaching post there is a `teacher` there. `Access` is what one person holds, and the
only thing that answers "may they?".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

TOP = 4
"""The length of the tree path of an organisation without a parent: treebeard writes four characters a level."""


class Role(StrEnum):
    ADMIN = "admin"
    EXAM_OFFICER = "exam_officer"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    SAFETY_OFFICER = "safety_officer"
    TEACHER = "teacher"
    STAFF = "staff"
    INVIGILATOR = "invigilator"
    OBSERVER = "observer"


ROLES: dict[Role, str] = {
    Role.ADMIN: "管理员",
    Role.EXAM_OFFICER: "考务员",
    Role.EDITOR: "编辑",
    Role.REVIEWER: "审核员",
    Role.SAFETY_OFFICER: "学校安全员",
    Role.TEACHER: "教师",
    Role.STAFF: "教职工",
    Role.INVIGILATOR: "监考员",
    Role.OBSERVER: "观察员（只看）",
}
IMPLIED = frozenset({Role.STAFF, Role.TEACHER})
"""Roles that follow from working somewhere; nobody needs to give them."""


class Action(StrEnum):
    """What can be asked for. `PUBLIC` needs nothing, `ACCOUNT` any log-in."""

    PUBLIC = "public"
    ACCOUNT = "account"

    CMS = "cms.open"
    PAGES_EDIT = "pages.edit"
    PAGES_PUBLISH = "pages.publish"
    SYSTEM = "system"
    """Settings of the whole site; the Wagtail screens that know no organisation."""

    ORGANISATIONS_VIEW = "organisations.view"
    ORGANISATIONS_EDIT = "organisations.edit"
    ORGANISATIONS_IMPORT = "organisations.import"
    PEOPLE_VIEW = "people.view"
    PEOPLE_EDIT = "people.edit"
    PEOPLE_IMPORT = "people.import"
    PEOPLE_EXPORT = "people.export"
    ROLES_GRANT = "roles.grant"
    CODES_ISSUE = "codes.issue"
    SESSIONS_REVOKE = "sessions.revoke"
    AUDIT_VIEW = "audit.view"
    AUDIT_EXPORT = "audit.export"
    PRIVACY_MANAGE = "privacy.manage"

    BANK_VIEW = "bank.view"
    BANK_EDIT = "bank.edit"
    BANK_REVIEW = "bank.review"
    BANK_IMPORT = "bank.import"
    BANK_EXPORT = "bank.export"
    BANK_STATISTICS = "bank.statistics"


_A, _R = Action, Role
ACTIONS: dict[Action, str] = {
    _A.PUBLIC: "看公开的网页、用手机加入课堂互动",
    _A.ACCOUNT: "登录，管理自己的账号",
    _A.CMS: "打开后台",
    _A.PAGES_EDIT: "编辑课件和网页",
    _A.PAGES_PUBLISH: "审核并发布课件和网页",
    _A.SYSTEM: "全站设置",
    _A.ORGANISATIONS_VIEW: "查看单位",
    _A.ORGANISATIONS_EDIT: "新建、更名、调整、合并、停用单位",
    _A.ORGANISATIONS_IMPORT: "用 Excel 导入单位",
    _A.PEOPLE_VIEW: "查看人员",
    _A.PEOPLE_EDIT: "新建人员，改任职和岗位",
    _A.PEOPLE_IMPORT: "用 Excel 导入名册",
    _A.PEOPLE_EXPORT: "导出名册",
    _A.ROLES_GRANT: "授予和收回角色",
    _A.CODES_ISSUE: "发登录码（首次登录、忘记密码）",
    _A.SESSIONS_REVOKE: "让别人的登录失效",
    _A.AUDIT_VIEW: "查看操作记录",
    _A.AUDIT_EXPORT: "导出操作记录",
    _A.PRIVACY_MANAGE: "办理个人信息的导出与删除",
    _A.BANK_VIEW: "查看题库",
    _A.BANK_EDIT: "出题、改题、送审",
    _A.BANK_REVIEW: "审题、发布、停用题目",
    _A.BANK_IMPORT: "导入题目",
    _A.BANK_EXPORT: "导出题目",
    _A.BANK_STATISTICS: "查看题目统计",
}
"""What each action is called on screen."""
_OFFICES = {_R.ADMIN, _R.EXAM_OFFICER, _R.EDITOR, _R.REVIEWER, _R.SAFETY_OFFICER, _R.OBSERVER}
RULES: dict[Action, frozenset[Role]] = {
    action: frozenset(roles)
    for action, roles in {
        _A.PUBLIC: set(Role),
        _A.ACCOUNT: set(Role),
        _A.CMS: _OFFICES,
        _A.PAGES_EDIT: {_R.ADMIN, _R.EDITOR, _R.REVIEWER},
        _A.PAGES_PUBLISH: {_R.ADMIN, _R.REVIEWER},
        _A.SYSTEM: {_R.ADMIN},
        _A.ORGANISATIONS_VIEW: {_R.ADMIN, _R.EXAM_OFFICER, _R.SAFETY_OFFICER, _R.OBSERVER},
        _A.ORGANISATIONS_EDIT: {_R.ADMIN},
        _A.ORGANISATIONS_IMPORT: {_R.ADMIN},
        _A.PEOPLE_VIEW: {_R.ADMIN, _R.EXAM_OFFICER, _R.SAFETY_OFFICER, _R.OBSERVER},
        _A.PEOPLE_EDIT: {_R.ADMIN, _R.SAFETY_OFFICER},
        _A.PEOPLE_IMPORT: {_R.ADMIN, _R.SAFETY_OFFICER},
        _A.PEOPLE_EXPORT: {_R.ADMIN, _R.EXAM_OFFICER, _R.SAFETY_OFFICER},
        _A.ROLES_GRANT: {_R.ADMIN},
        _A.CODES_ISSUE: {_R.ADMIN, _R.SAFETY_OFFICER},
        _A.SESSIONS_REVOKE: {_R.ADMIN, _R.SAFETY_OFFICER},
        _A.AUDIT_VIEW: {_R.ADMIN, _R.OBSERVER, _R.SAFETY_OFFICER},
        _A.AUDIT_EXPORT: {_R.ADMIN},
        _A.PRIVACY_MANAGE: {_R.ADMIN},
        _A.BANK_VIEW: {_R.ADMIN, _R.EXAM_OFFICER, _R.EDITOR, _R.REVIEWER, _R.SAFETY_OFFICER},
        _A.BANK_EDIT: {_R.ADMIN, _R.EXAM_OFFICER, _R.EDITOR, _R.REVIEWER, _R.SAFETY_OFFICER},
        _A.BANK_REVIEW: {_R.ADMIN, _R.REVIEWER},
        _A.BANK_IMPORT: {_R.ADMIN, _R.EXAM_OFFICER, _R.EDITOR, _R.REVIEWER, _R.SAFETY_OFFICER},
        _A.BANK_EXPORT: {_R.ADMIN, _R.EXAM_OFFICER, _R.EDITOR, _R.REVIEWER},
        _A.BANK_STATISTICS: {_R.ADMIN, _R.EXAM_OFFICER, _R.EDITOR, _R.REVIEWER},
    }.items()
}
SITEWIDE = frozenset({Action.SYSTEM, Action.PRIVACY_MANAGE, Action.BANK_REVIEW, Action.BANK_EXPORT, Action.BANK_STATISTICS})
"""What concerns the whole site: it takes the role at the top of the tree, not in one school."""
GRANTABLE: dict[Role, frozenset[Role]] = {
    Role.ADMIN: frozenset(Role) - IMPLIED,
}
"""Which roles the holder of a role may give to others, at or below the own organisation."""


@dataclass(frozen=True)
class Holding:
    """A role at a place of the tree. `path` is the organisation's tree path: below means it is a prefix."""

    role: Role
    path: str


@dataclass(frozen=True)
class Access:
    """Everything one person holds."""

    holdings: frozenset[Holding] = frozenset()
    everything: bool = False
    known: bool = False
    """Whether somebody is logged in at all."""

    def can(self, action: Action, path: str | None = None) -> bool:
        """Whether the action is allowed at the organisation with this tree path; None asks "anywhere?"."""
        if action is Action.PUBLIC:
            return True
        if not self.known:
            return False
        if action is Action.ACCOUNT or self.everything:
            return True
        return any(path is None or path.startswith(place) for place in self.places(action))

    def places(self, action: Action) -> tuple[str, ...]:
        """The tree paths at and below which the action is allowed, without those inside another; "" is all."""
        if self.everything:
            return ("",)
        return outermost(
            holding.path
            for holding in self.holdings
            if holding.role in RULES[action] and (action not in SITEWIDE or len(holding.path) == TOP)
        )

    def may_grant(self, role: Role, path: str) -> bool:
        """Whether this person may give `role` at `path`."""
        if self.everything:
            return role not in IMPLIED
        return any(
            role in GRANTABLE.get(holding.role, frozenset()) and path.startswith(holding.path)
            for holding in self.holdings
        )


NOBODY = Access()


def outermost(paths: Iterable[str]) -> tuple[str, ...]:
    """The paths that do not lie at or below another of them."""
    found: list[str] = []
    for path in sorted(set(paths)):
        if not any(path.startswith(kept) for kept in found):
            found.append(path)
    return tuple(found)
