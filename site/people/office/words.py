"""What happened to an organisation or a person, as sentences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from people.access_rules import ACTIONS, RULES, Action, Role
from people.models import OrganisationEvent
from people.posts import post_names

_UNSAID = {Action.PUBLIC, Action.ACCOUNT, Action.CMS}
"""What every role has; saying it again hides what the role is for."""


def event_words(event: OrganisationEvent) -> str:
    """One line of an organisation's history."""
    detail = event.detail
    start, end = _name(detail.get("from")), _name(detail.get("to"))
    kind = OrganisationEvent.Event
    if event.event == kind.CREATED:
        return _("新建，隶属“%(to)s”") % {"to": end} if end else _("新建")
    if event.event == kind.RENAMED:
        return _("更名：%(from)s → %(to)s") % {"from": start, "to": end}
    if event.event == kind.MOVED:
        return _("调整隶属：从“%(from)s”到“%(to)s”") % {"from": start, "to": end}
    numbers = _numbers(detail)
    if event.event == kind.MERGED:
        return _("并入“%(to)s”%(numbers)s") % {"to": end, "numbers": numbers}
    if event.event == kind.RECEIVED:
        return _("“%(from)s”并入本单位%(numbers)s") % {"from": start, "numbers": numbers}
    if event.event == kind.CLOSED:
        together = _name(detail.get("with"))
        if together:
            return _("随“%(with)s”停用") % {"with": together}
        return _("停用%(numbers)s") % {"numbers": numbers}
    return _("恢复")


def role_words(role: Role) -> str:
    """What the holder of a role may do, in words."""
    return "；".join(
        _(ACTIONS[action]) for action in ACTIONS if action not in _UNSAID and role in RULES.get(action, frozenset())
    )


def posts_words(posts: Iterable[str]) -> str:
    names = post_names()
    return "、".join(_(names[slug]) for slug in posts if slug in names)


def kinds_words(below: Iterable[tuple[str, int]]) -> str:
    """学区 20 个、学校 103 所 … as “学区 20、学校 103”."""
    return "、".join(f"{_(name)} {number}" for name, number in below)


def _name(value: Any) -> str:
    """A name in an event's detail: plain, or an organisation as `organisations.named` keeps it."""
    return str(value.get("name", "")) if isinstance(value, dict) else str(value or "")


def _numbers(detail: dict[str, Any]) -> str:
    said = []
    if detail.get("people"):
        said.append(_("%(n)d 人在岗") % {"n": detail["people"]})
    if detail.get("grants"):
        said.append(_("%(n)d 个角色") % {"n": detail["grants"]})
    below = detail.get("children") or detail.get("below")
    if below:
        said.append(_("%(n)d 个下级单位") % {"n": below})
    return f"（{'、'.join(said)}）" if said else ""
