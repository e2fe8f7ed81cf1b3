"""Everything that the data map lists about one person, as a zip with a readable page and the same as JSON."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from people.audit.models import AuditEntry
from people.audit.reading import lines
from people.models import User
from people.posts import post_names
from people.privacy.holdings import HOLDINGS
from people.privacy.shape import Holding
from people.privacy.tables import kept_for, model_of, rows_of

MOST_ROWS = 20_000
"""Of one table. Nobody has more; a table that grows past it says so in the export."""


@dataclass(frozen=True)
class Section:
    """One table of one kind of data: its columns and the person's rows, all as text."""

    holding: Holding
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    cut: bool = False


def sections(user: User) -> list[Section]:
    """The person's rows, kind by kind in the order of the map. Kinds without rows are there, empty."""
    found = []
    for holding in HOLDINGS:
        for table in holding.tables:
            model = model_of(table)
            if model is None or not table.person or not table.shown:
                continue
            if model is AuditEntry:
                found.append(_audit(holding, user))
                continue
            fields = [model._meta.get_field(name) for name in table.shown]
            links = [field.name for field in fields if field.is_relation]
            rows = list(rows_of(user, table, model).select_related(*links)[: MOST_ROWS + 1])
            found.append(
                Section(
                    holding,
                    str(model._meta.verbose_name),
                    tuple(str(field.verbose_name) for field in fields),
                    tuple(tuple(_text(row, field) for field in fields) for row in rows[:MOST_ROWS]),
                    len(rows) > MOST_ROWS,
                )
            )
    return found


def archive(user: User) -> bytes:
    """The zip: 我的数据.html for reading, data.json for machines."""
    parts = sections(user)
    at = timezone.localtime()
    page = render_to_string("privacy/export_file.html", {"person": user, "kinds": _by_kind(parts), "at": at})
    data = {
        "person": user.pk,
        "at": at.isoformat(timespec="seconds"),
        "data": [
            {"kind": part.holding.slug, "title": part.title, "rows": [dict(zip(part.columns, row, strict=True)) for row in part.rows]}
            for part in parts
        ],
    }
    return zipped({"我的数据.html": page, "data.json": json.dumps(data, ensure_ascii=False, indent=1)})


def _by_kind(parts: list[Section]) -> list[tuple[Holding, str, list[Section]]]:
    """(kind, how long it is kept, its tables that have rows)."""
    kinds = {part.holding.slug: part.holding for part in parts}
    return [
        (holding, kept_for(holding), [part for part in parts if part.holding is holding and part.rows])
        for holding in kinds.values()
    ]


def zipped(files: dict[str, str]) -> bytes:
    """These texts as a zip of UTF-8 files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, text in files.items():
            pack.writestr(name, text)
    return buffer.getvalue()


def _audit(holding: Holding, user: User) -> Section:
    about = Q(actor_id=user.pk) | Q(target_type="user", target_id=str(user.pk))
    rows = list(AuditEntry.objects.filter(about).order_by("-number")[: MOST_ROWS + 1])
    # Another person's address is that person's data.
    mine = {row.number for row in rows if row.actor_id == user.pk}
    return Section(
        holding,
        _("我办理的，和办理到我的"),
        (_("时间"), _("操作人"), _("做了什么"), _("单位"), _("网络地址")),
        tuple(
            (_moment(line.at), line.actor, line.said, line.organisation, line.address if line.number in mine else "")
            for line in lines(rows[:MOST_ROWS])
        ),
        len(rows) > MOST_ROWS,
    )


def _text(row: models.Model, field: Any) -> str:
    value = getattr(row, field.name)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if field.name == "posts":
        names = post_names()
        return "、".join(names.get(slug, slug) for slug in value)
    if isinstance(field, models.DateTimeField):
        return _moment(timezone.localtime(value))
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "、".join(str(one) for one in value)
    return str(value)


def _moment(at: Any) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
