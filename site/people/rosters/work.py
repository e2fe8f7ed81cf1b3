"""The jobs of rosters: read and compare, apply, undo. Each may be started again after a power cut.

A plan is applied only if it is the plan that was shown: the audit log tells whether anything changed since;
if so the comparison is made anew and its fingerprint must be the same.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.jobs import Job, Refused, Report
from people.audit.services import Entry, record_many
from people.models import Grant, Organisation, User
from people.posts import post_names
from people.rosters import apply_people, apply_units, compare_units
from people.rosters.files import Unreadable, check
from people.rosters.models import RosterImport
from people.rosters.plan import Plan, sample
from people.rosters.present import audit_head, changed_since, places, plan_of
from people.rosters.reading import read_people, read_units
from people.rosters.services import settle

State = RosterImport.State
SAMPLES = 8
SHARE_READ, SHARE_COMPARED = 0.6, 0.9


def read(job: Job, report: Report) -> dict[str, Any]:
    """Read the upload, compare it, keep the preview; then delete the upload."""
    roster = RosterImport.objects.filter(pk=job.payload["import"], state=State.READING).first()
    if roster is None or _without_owner(roster):
        return {}

    def tell(rows: int) -> None:
        report(SHARE_READ * (1 - math.exp(-rows / 40_000)), _("已读 %(n)s 行") % {"n": f"{rows:,}"})

    try:
        check(roster.upload, roster.file_name)
        reader = read_people if roster.kind == RosterImport.Kind.PEOPLE else read_units
        table = reader(roster.upload, roster.file_name, tell)
    except (Unreadable, FileNotFoundError) as error:
        roster.upload.unlink(missing_ok=True)
        gone = _("上传的文件已经不在了，请再上传一次。")
        settle(roster, State.REFUSED, problem=str(error) if isinstance(error, Unreadable) else gone)
        return {}
    report(SHARE_READ, _("读完 %(n)s 行，正在与现有名单比较") % {"n": f"{len(table.rows):,}"})
    kept = {
        "rows": table.rows,
        "sheets": [[info.name, info.columns] for info in table.sheets],
        "problems": table.problems,
        "notes": table.notes,
    }
    with transaction.atomic():
        preview(roster, kept, report)
        roster.put("rows", kept)
    roster.upload.unlink(missing_ok=True)
    return {"rows": len(table.rows)}


def _without_owner(roster: RosterImport) -> bool:
    """What an import may reach is its owner's reach: without an owner it ends."""
    if roster.owner is None:
        roster.upload.unlink(missing_ok=True)
        settle(roster, State.REFUSED, problem=_("上传这个文件的账号已被删除，请重新上传。"))
    return roster.owner is None


def preview(roster: RosterImport, kept: dict[str, Any], report: Report, problem: str = "") -> None:
    """Compare and keep what the preview page shows."""
    assert roster.owner is not None
    plan = plan_of(roster, kept, roster.owner)
    report(SHARE_COMPARED, _("正在整理预览"))
    roster.put("view", view_of(roster, plan, kept))
    counts = {**plan.counts, "rows": len(kept["rows"]), "errors": plan.errors, "warnings": plan.warnings}
    settle(roster, State.READY, counts=counts, fingerprint=plan.fingerprint(), problem=problem)


def view_of(roster: RosterImport, plan: Plan, kept: dict[str, Any]) -> dict[str, Any]:
    """The preview: samples of each group in words, problems, notes."""
    samples: dict[str, list[dict[str, Any]]] = {}
    notes = [*kept["notes"], *plan.notes]
    chosen = []
    taken: Counter[str] = Counter()
    for change in plan.changes:
        taken[change.group] += 1
        if change.group != "unchanged" and taken[change.group] <= SAMPLES:
            chosen.append(change)
    if roster.kind == RosterImport.Kind.PEOPLE:
        assert roster.owner is not None
        known = places(roster.owner).all
        for change in chosen:
            samples.setdefault(change.group, []).append(sample(change, known, post_names()))
        postless = sum(1 for change in plan.changes if change.group == "added" and not any(o.posts for o in change.opens))
        if postless:
            notes.append(_("新增的人里有 %(n)s 人没有岗位；考试按岗位选人时选不到他们，可以以后补。") % {"n": postless})
        if not plan.errors:
            notes += _about_roles(plan)
    else:
        ids = [int(c.parent[1:]) for c in chosen if c.parent.startswith("#")] + [c.moved_from for c in chosen if c.moved_from]
        names = {f"#{pk}": name for pk, name in Organisation.objects.filter(pk__in=ids).values_list("pk", "name")}
        for change in plan.changes:  # parents come first
            if change.key.startswith("@"):
                above = f"{names[change.parent]} / " if change.parent.startswith("@") else ""
                names[change.key] = f"{above}{change.name}"
        for change in chosen:
            samples.setdefault(change.group, []).append(_unit_sample(change, names))
    return {"samples": samples, "problems": plan.problems, "notes": notes}


def _about_roles(plan: Plan) -> list[str]:
    """An import takes no roles, so that it can be undone: who has one is told."""
    sentences = {
        "left": _("不在名册里的人中有 %(n)s 人担任角色；标记离岗不会收回角色，请另外处理。"),
        "moved": _("调动的人中有 %(n)s 人担任角色；导入不会收回在原单位的角色，请另外处理。"),
    }
    going = {group: {change.person for change in plan.changes if change.group == group} for group in sentences}
    if not any(going.values()):
        return []
    holders = set(Grant.objects.values_list("user_id", flat=True))
    return [said % {"n": len(going[group] & holders)} for group, said in sentences.items() if going[group] & holders]


def _unit_sample(change: compare_units.UnitChange, names: dict[str, str]) -> dict[str, Any]:
    stages = {str(value): str(label) for value, label in Organisation.Stage.choices}
    lines = [
        f"{compare_units.FIELDS[name]}：{stages.get(old, old) or '（空）'} → {stages.get(new, new)}"
        for name, old, new in change.fields
    ]
    if change.group == "moved":
        lines.append(f"从 {names.get(f'#{change.moved_from}', '最上级')} 调到 {names.get(change.parent, '最上级')}")
    if change.group == "added":
        lines.append(f"在 {names.get(change.parent, '最上级')} 下")
    return {"number": change.code, "name": change.name, "row": change.row[1], "lines": lines}


def apply(job: Job, report: Report) -> dict[str, Any]:
    """Write what the preview showed, all or nothing."""
    roster = RosterImport.objects.filter(pk=job.payload["import"], state=State.APPLYING).first()
    if roster is None or _without_owner(roster):
        return {}
    assert roster.owner is not None
    kept = roster.get("rows")
    actor = User.objects.get(pk=roster.options["by"])
    report(0.02, _("正在核对"))
    head = audit_head()
    plan = plan_of(roster, kept, roster.owner)
    # The lock is taken only now: on SQLite nobody else writes until the end of this block.
    try:
        with transaction.atomic():
            roster = RosterImport.objects.select_for_update().get(pk=roster.pk)
            if roster.state != State.APPLYING:
                return {}
            if changed_since(head):
                plan = plan_of(roster, kept, roster.owner)
            if plan.errors or plan.fingerprint() != roster.fingerprint:
                told = _("预览之后名单有了变化，所以还没有导入。下面是按现在的名单重新比较的结果，请再看一遍。")
                preview(roster, kept, report, told)
                return {}
            _write(roster, plan, actor, job.payload["address"], report)
    except Refused as refused:
        settle(roster, State.READY, problem=str(refused))
    except IntegrityError as error:
        settle(roster, State.READY, problem=_("同一时间有别人也在改这些人，这次没有导入。请再点一次“导入”。"))
        raise Refused(roster.problem) from error
    return dict(plan.counts)


def _write(roster: RosterImport, plan: Plan, actor: User, address: str, report: Report) -> None:
    people = roster.kind == RosterImport.Kind.PEOPLE

    def part(share: float, text: str) -> None:
        report(0.1 + 0.7 * share, text)

    if people:
        mark = bool(roster.options.get("mark_leavers"))
        undo = apply_people.write(plan.changes, mark, timezone.localdate(), part)
        entries = apply_people.entries(plan.changes, mark, undo, roster.pk)
    else:
        undo = apply_units.write(plan.changes, actor, part)
        entries = apply_units.entries(plan.changes, undo, roster.pk)
    report(0.82, _("正在写操作记录"))
    groups = {group: number for group, number in plan.counts.items() if number and group != "unchanged"}
    if not roster.options.get("mark_leavers"):
        groups.pop("left", None)
    action = "rosters.apply" if people else "organisations.apply"
    whole = Entry(action, ("rosterimport", roster.pk), roster.scope_id, groups)
    record_many([whole, *entries], actor=actor, address=address)
    report(0.95, _("正在保存"))
    roster.put("undo", undo)
    roster.forget("rows")
    settle(roster, State.APPLIED)


def undo(job: Job, report: Report) -> dict[str, Any]:
    """Make everything as it was before the import, if nothing of it changed since."""
    roster = RosterImport.objects.filter(pk=job.payload["import"], state=State.UNDOING).first()
    if roster is None:
        return {}
    what = roster.get("undo")
    people = roster.kind == RosterImport.Kind.PEOPLE
    actor = User.objects.filter(pk=job.owner_id).first()
    kind = apply_people if people else apply_units
    try:
        head = audit_head()
        kind.refuse_if_changed(what)  # a long look, without the lock
        with transaction.atomic():
            # Another process of this job may have been quicker.
            roster = RosterImport.objects.select_for_update().get(pk=roster.pk)
            if roster.state != State.UNDOING:
                return {}
            if changed_since(head):
                kind.refuse_if_changed(what)
            done = kind.take_back(what, report, actor)
            fields: dict[int, list[str]] = {}
            for pk, name in done:
                fields.setdefault(pk, []).append(name)
            target, action = ("user", "rosters.revert") if people else ("organisation", "organisations.revert")
            each = [Entry(action, (target, pk), None, {"import": roster.pk, "fields": of}) for pk, of in fields.items()]
            whole = Entry("rosters.undo" if people else "organisations.undo", ("rosterimport", roster.pk), roster.scope_id)
            record_many([whole, *each], actor=actor, address=job.payload["address"])
            roster.forget("undo", "view")
            settle(roster, State.UNDONE)
    except Refused as refused:
        settle(roster, State.APPLIED, problem=str(refused))
    return {}
