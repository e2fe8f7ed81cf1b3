"""A plan for organisations, written to the tree and taken back again. The caller holds the transaction.

New nodes are written in bulk with their tree columns (path, depth, numchild) worked out here, as treebeard's
own `add_child` would one by one; `Organisation.find_problems()` checks it in the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import models
from django.db.models import F, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from common.jobs import Refused
from people import organisations
from people.audit.services import Entry
from people.models import Grant, Membership, Organisation, OrganisationEvent, User
from people.rosters.apply_people import SHOWN, WITHIN, batches
from people.rosters.compare_units import UnitChange

Event = OrganisationEvent.Event
Report = Callable[[float, str], None]
DEEPEST = 255 // Organisation.steplen


def write(changes: Sequence[UnitChange], actor: User, report: Report) -> dict[str, Any]:
    """Everything that the plan says; returns what `take_back` needs."""
    undo: dict[str, Any] = {"made": [], "fields": [], "moved": []}
    added = [change for change in changes if change.group == "added"]
    made = _add(added, actor, report)
    undo["made"] = [[pk, change.name] for change, pk in zip(added, made.values(), strict=True)]
    events = []
    for batch in batches((change for change in changes if change.fields), WITHIN):
        there = Organisation.objects.in_bulk([change.unit for change in batch])
        for change in batch:
            unit = there[change.unit or 0]
            for name, old, new in change.fields:
                setattr(unit, name, new)
                if name == "name":
                    events.append(_event(unit.pk, Event.RENAMED, actor, {"from": old, "to": new}))
            undo["fields"].append([unit.pk, {name: [old, new] for name, old, new in change.fields}])
        Organisation.objects.bulk_update(there.values(), ["name", "stage", "code"])
    for change in changes:
        if change.group == "moved":
            parent = made[change.parent] if change.parent in made else int(change.parent[1:])
            _move(change.unit or 0, parent, actor)
            undo["moved"].append([change.unit, change.moved_from, parent])
    OrganisationEvent.objects.bulk_create(events)
    return undo


def entries(changes: Sequence[UnitChange], undo: dict[str, Any], roster: int) -> Iterator[Entry]:
    """For the audit log. A move has written its own entry."""
    made = iter(undo["made"])
    for change in changes:
        detail: dict[str, Any] = {"import": roster, "name": change.name}
        if change.group == "added":
            pk = next(made)[0]
            yield Entry("organisations.create", ("organisation", pk), pk, detail)
        elif change.fields:
            detail["fields"] = [name for name, _old, _new in change.fields]
            yield Entry("organisations.edit", ("organisation", change.unit), change.unit, detail)


def _add(added: Sequence[UnitChange], actor: User, report: Report) -> dict[str, int]:
    """Write the new units, one level after the other; key → id, in the order of `added`."""
    keys = {change.key: change for change in added}
    above = {int(change.parent[1:]) for change in added if change.parent.startswith("#")}
    paths: dict[str, str] = {}
    for ids in batches(sorted(above), WITHIN):
        paths |= {f"#{pk}": path for pk, path in Organisation.objects.filter(pk__in=ids).values_list("pk", "path")}
    last = _last_steps([paths[f"#{pk}"] for pk in above], any(not change.parent for change in added))
    children: dict[str, int] = {}
    for change in added:
        children[change.parent] = children.get(change.parent, 0) + 1
    nodes: list[Organisation] = []
    for change in added:  # parents come before their children
        base = paths[change.parent] if change.parent else ""
        last[base] = last.get(base, 0) + 1
        path = Organisation._get_path(base, len(base) // Organisation.steplen + 1, last[base])
        paths[change.key] = path
        if len(path) // Organisation.steplen > DEEPEST:
            raise Refused(_("“%(name)s”所在的层级太深。请检查上级单位。") % {"name": change.name})
        nodes.append(
            Organisation(
                name=change.name,
                kind_id=change.kind,
                code=change.code or None,
                stage=change.stage,
                path=path,
                depth=len(path) // Organisation.steplen,
                numchild=children.get(change.key, 0),
            )
        )
    done = 0
    for batch in batches(nodes):
        Organisation.objects.bulk_create(batch)
        OrganisationEvent.objects.bulk_create(_event(node.pk, Event.CREATED, actor, {}) for node in batch)
        done += len(batch)
        report(done / len(nodes), _("正在新增单位：%(n)s / %(all)s") % {"n": done, "all": len(nodes)})
    by_number: dict[int, list[int]] = {}
    for key, number in children.items():
        if key.startswith("#"):
            by_number.setdefault(number, []).append(int(key[1:]))
    for number, ids in by_number.items():
        for some in batches(ids, WITHIN):
            Organisation.objects.filter(pk__in=some).update(numchild=F("numchild") + number)
    return dict(zip(keys, (node.pk for node in nodes), strict=True))


def _last_steps(parents: Sequence[str], tops: bool) -> dict[str, int]:
    """Path of a parent → the number of its last child."""
    step = Organisation.steplen
    last: dict[str, int] = {}
    wanted = set(parents) | ({""} if tops else set())
    depths = {len(path) // step + 1 for path in wanted}
    for path in Organisation.objects.filter(depth__in=depths).values_list("path", flat=True).iterator(5_000):
        base = path[:-step]
        if base in wanted:
            last[base] = max(last.get(base, 0), Organisation._str2int(path[-step:]))
    return last


def _move(unit: int, parent: int, actor: User | None) -> None:
    """Move one unit as the screens do, with history and audit; 0 is the top of the tree."""
    node = Organisation.objects.get(pk=unit)
    try:
        if parent:
            organisations.move(node, Organisation.objects.get(pk=parent), actor=actor)
        else:
            node.move(Organisation.objects.filter(depth=1).last(), "last-sibling")
    except organisations.Refused as refused:
        raise Refused(str(refused)) from refused


def _event(unit: int, event: str, actor: User, detail: dict[str, Any]) -> OrganisationEvent:
    return OrganisationEvent(organisation_id=unit, event=event, actor=actor, detail=detail, at=timezone.now())


# --- back ---------------------------------------------------------------------------------
def refuse_if_changed(undo: dict[str, Any]) -> None:
    """Raises `Refused`, naming what it is, when something that the import touched has changed since."""
    problems = list(islice(_changed_since(undo), SHOWN + 1))
    if problems:
        more = _("；还有更多") if len(problems) > SHOWN else ""
        raise Refused(
            _("导入之后又有改动，不能整批撤销：%(what)s%(more)s。请在“单位”里逐个处理。")
            % {"what": "；".join(problems[:SHOWN]), "more": more}
        )


def take_back(undo: dict[str, Any], report: Report, actor: User | None) -> list[tuple[int, str]]:
    """Make the tree as it was; (unit, what was undone). The caller has asked `refuse_if_changed`."""
    done: list[tuple[int, str]] = []
    for unit, before, _after in undo["moved"]:
        _move(unit, before, actor)
        done.append((unit, "parent"))
    for batch in batches(undo["fields"], WITHIN):
        there = Organisation.objects.in_bulk([pk for pk, _fields in batch])
        for pk, fields in batch:
            for name, (old, _new) in fields.items():
                setattr(there[pk], name, old if name != "code" else old or None)
            done.append((pk, "changed"))
        Organisation.objects.bulk_update(there.values(), ["name", "stage", "code"])
    made = [row[0] for row in undo["made"]]
    above: dict[str, int] = {}
    for ids in batches(made, WITHIN):
        rows = Organisation.objects.filter(pk__in=ids)
        for path in rows.values_list("path", flat=True):
            base = path[: -Organisation.steplen]
            above[base] = above.get(base, 0) + 1
        try:
            # treebeard's own delete makes a condition a node; here the whole branches go anyway
            models.QuerySet.delete(rows.order_by())
        except ProtectedError as error:
            raise Refused(_("有的新单位已经被用到，不能整批撤销。请在“单位”里逐个处理。")) from error
        done += [(pk, "added") for pk in ids]
        report(len(done) / max(1, len(made)), _("正在移除新增的单位：%(n)s") % {"n": len(done)})
    for bases in batches(above, WITHIN):
        for unit in Organisation.objects.filter(path__in=bases):
            Organisation.objects.filter(pk=unit.pk).update(numchild=F("numchild") - above[unit.path])
    return done


def _changed_since(undo: dict[str, Any]) -> Iterator[str]:
    made = dict(undo["made"])
    moved_in = {unit for unit, _before, _after in undo["moved"]}
    paths: dict[str, str] = {}
    for ids in batches(made, WITHIN):
        there = Organisation.objects.in_bulk(ids)
        people = set(Membership.objects.filter(organisation__in=ids).values_list("organisation_id", flat=True))
        roles = set(Grant.objects.filter(organisation__in=ids).values_list("organisation_id", flat=True))
        for pk in ids:
            unit = there.get(pk)
            if unit is None:
                yield _("“%(name)s”已被删除") % {"name": made[pk]}
                continue
            paths[unit.path] = unit.name
            if pk in people:
                yield _("“%(name)s”已经有了人员") % {"name": unit.name}
            elif pk in roles:
                yield _("“%(name)s”已经有人担任角色") % {"name": unit.name}
            elif unit.name != made[pk]:
                yield _("“%(name)s”改过名") % {"name": unit.name}
    below = Organisation.objects.exclude(numchild=None).values_list("pk", "name", "path")
    if paths:
        for pk, name, path in below.iterator(5_000):
            if path[: -Organisation.steplen] in paths and pk not in made and pk not in moved_in:
                yield _("“%(above)s”下面又有了“%(name)s”") % {"above": paths[path[: -Organisation.steplen]], "name": name}
    for batch in batches(undo["fields"], WITHIN):
        there = Organisation.objects.in_bulk([pk for pk, _fields in batch])
        for pk, fields in batch:
            unit = there.get(pk)
            if unit is None or any((getattr(unit, name) or "") != new for name, (_old, new) in fields.items()):
                yield _("“%(name)s”改过") % {"name": unit or pk}
    for unit, _before, after in undo["moved"]:
        node = Organisation.objects.filter(pk=unit).first()
        parent = node.get_parent() if node else None
        if node is None or (parent.pk if parent else 0) != after:
            yield _("“%(name)s”又调整过隶属") % {"name": node or unit}
