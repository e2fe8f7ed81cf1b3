"""What a reader sees for each action of the audit log. `tests/people/test_audit_words.py` finds actions without words.

A sentence may name the target (`{target}`) and any key of the detail. A key that the detail lacks leaves
its piece out: pieces are parted by “|”.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from people.access_rules import ROLES, Role

GROUPS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "people": (_("人员与名册"), ("people", "rosters")),
    "roles": (_("角色授权"), ("roles",)),
    "organisations": (_("单位"), ("organisations",)),
    "accounts": (_("账号与登录"), ("codes", "sessions", "password", "totp", "oidc", "accounts")),
    "bank": (_("题库"), ("bank",)),
    "privacy": (_("个人信息"), ("privacy", "rooms")),
    "audit": (_("操作记录"), ("audit",)),
}
"""Group → its name and the first words of its actions."""

ACTIONS: dict[str, Any] = {
    "people.create": _("新增人员{target}"),
    "people.edit": _("修改{target}的资料|，改了：{fields}"),
    "people.move": _("调动{target}|，从 {from}|到 {to}"),
    "people.join": _("{target}到|“{to}”|任职"),
    "people.leave": _("{target}离岗"),
    "people.export": _("导出人员名单|，{count} 人"),
    "roles.grant": _("授予{target}角色：|{role}|（{organisation}）"),
    "roles.take": _("收回{target}的角色：|{role}|（{organisation}）"),
    "organisations.create": _("新建单位{target}"),
    "organisations.edit": _("修改单位{target}|，改了：{fields}"),
    "organisations.rename": _("单位更名：|{from} → |{to}"),
    "organisations.move": _("调整{target}的隶属|，从 {from}|到 {to}"),
    "organisations.merge": _("{target}并入|{to}"),
    "organisations.close": _("停用单位{target}"),
    "organisations.reopen": _("恢复单位{target}"),
    "organisations.apply": _("导入单位表|，新增 {added}|，修改 {changed}"),
    "organisations.undo": _("撤销单位表导入"),
    "organisations.revert": _("撤销导入，{target}恢复原样"),
    "rosters.apply": _("导入名册|，新增 {added} 人|，修改 {changed} 人|，调动 {moved} 人|，离岗 {left} 人"),
    "rosters.undo": _("撤销名册导入"),
    "rosters.revert": _("撤销导入，{target}恢复原样"),
    "codes.issue": _("发放登录码|，给{target}|，共 {count} 个"),
    "codes.use": _("用登录码首次登录"),
    "sessions.revoke": _("让{target}的登录失效|，{count} 处"),
    "sessions.end": _("让自己的其他设备退出|，{count} 处"),
    "password.change": _("修改自己的密码"),
    "password.reset": _("重设{target}的密码"),
    "totp.enable": _("开启动态口令"),
    "totp.backups": _("更换动态口令的备用码"),
    "totp.remove": _("关闭{target}的动态口令"),
    "bank.create": _("新建题目| {code}"),
    "bank.revise": _("修改题目| {code}|，第 {version} 版"),
    "bank.edit": _("把题目| {code}|改回草稿"),
    "bank.relabel": _("调整题目分类| {code}|，改了：{fields}"),
    "bank.submit": _("提交题目| {code}|审核"),
    "bank.return": _("退回题目| {code}"),
    "bank.publish": _("发布题目| {code}|，第 {version} 版"),
    "bank.key_corrected": _("更正题目答案| {code}|，第 {before} 版改为第 {version} 版"),
    "bank.retire": _("停用题目| {code}"),
    "bank.restore": _("恢复题目| {code}"),
    "bank.import": _("导入题目|，{count} 道"),
    "bank.import_undo": _("撤销题目导入|，{count} 道"),
    "bank.export": _("导出题目|，{count} 道"),
    "audit.export": _("导出操作记录|，{count} 条"),
    "audit.pack": _("下载合规审计包"),
    "privacy.export": _("导出{target}的个人信息"),
    "privacy.ask": _("申请删除{target}的个人信息|，{due} 执行"),
    "privacy.withdraw": _("撤回删除{target}个人信息的申请"),
    "privacy.erase": _("删除{target}的个人信息"),
    "rooms.delete": _("按要求删除课堂| {code}|的全部数据"),
    "privacy.sweep": _("到期清理|，删除 {count} 条"),
}

FIELDS: dict[str, Any] = {
    "name": _("姓名"),
    "first_name": _("姓名"),
    "username": _("工号"),
    "phone": _("手机号"),
    "posts": _("岗位"),
    "since": _("到岗日期"),
    "until": _("离岗日期"),
    "unit": _("单位"),
    "code": _("代码"),
    "kind": _("类型"),
    "stage": _("办学类型"),
    "topic": _("主题"),
    "bands": _("适用对象"),
    "difficulty": _("难度"),
    "tags": _("标签"),
    "is_active": _("账号状态"),
    "must_change_password": _("下次登录须改密码"),
}
"""Names of changed fields, as a reader knows them."""

FAULTS: dict[str, Any] = {
    "missing": _("这一条不见了：有记录被删掉。"),
    "changed": _("这一条的内容与校验值不符：被改动过。"),
    "replaced": _("这一条与后一条接不上：被换过。"),
    "inserted": _("这一条不在链上：是从外面插进来的。"),
    "head": _("最后一条与链尾的校验值不符：链尾被改动过。"),
    "anchor": _("这一条与以前抄下的校验值不符：整条记录可能被重写。"),
}


def actions_of(group: str) -> list[str]:
    """The actions of a group; none for a group that does not exist."""
    firsts = GROUPS[group][1] if group in GROUPS else ()
    return [action for action in ACTIONS if action.partition(".")[0] in firsts]


def sentence(action: str, target: str, detail: Mapping[str, Any]) -> str:
    """The entry as a sentence. An action without words is shown as it is called."""
    template = ACTIONS.get(action)
    if template is None:
        return " ".join([action, target]).strip()
    values = {key: _shown(key, value) for key, value in detail.items()}
    values = {key: value for key, value in values.items() if value}
    values["target"] = target
    pieces = []
    for piece in str(template).split("|"):
        wanted = re.findall(r"{(\w+)}", piece)
        if all(name in values for name in wanted):
            pieces.append(piece.format_map(values))
    return "".join(pieces).strip("：，→ ")


def _shown(key: str, value: Any) -> str:
    if key in {"fields", "changed"} and isinstance(value, list):
        return "、".join(str(FIELDS.get(name, name)) for name in value)
    if key == "role":
        roles: Iterable[Any] = value if isinstance(value, list) else [value]
        return "、".join(_now(ROLES[Role(role)]) if role in set(Role) else str(role) for role in roles)
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    return "" if value is None else str(value)
