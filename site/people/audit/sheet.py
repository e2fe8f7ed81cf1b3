"""Entries as an Excel file, written row by row to disk: memory stays the same for 50,000 rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from people.audit.models import AuditEntry, EntryQuerySet
from people.audit.reading import lines

MOST = 50_000
BATCH = 1_000


def workbook(entries: EntryQuerySet) -> tuple[IO[bytes], int]:
    """(the file, how many entries are in it): at most `MOST`, the newest first."""
    file = tempfile.TemporaryFile(prefix="shiwufang-audit-")
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": False})
    page = book.add_worksheet(_("操作记录"))
    bold = book.add_format({"bold": True})
    heads = [_("序号"), _("时间"), _("操作人"), _("做了什么"), _("单位"), _("网络地址"), _("操作代码"), _("校验值")]
    for column, (head, width) in enumerate(zip(heads, (9, 20, 22, 60, 26, 18, 22, 66), strict=True)):
        page.set_column(column, column, width)
        page.write_string(0, column, head, bold)
    page.freeze_panes(1, 0)
    count = 0
    for line in (line for batch in batches(entries) for line in lines(batch)):
        count += 1
        page.write_number(count, 0, line.number)
        cells = (f"{line.at:%Y-%m-%d %H:%M:%S}", line.actor, line.said, line.organisation, line.address, line.action, line.hash)
        for column, text in enumerate(cells, 1):
            page.write_string(count, column, text)  # never a formula
    book.close()
    file.seek(0)
    return file, count


def batches(entries: EntryQuerySet, most: int = MOST) -> Iterator[list[AuditEntry]]:
    """The newest first, at most `most`, a batch at a time by number."""
    place: int | None = None
    while most > 0:
        rows: Any = entries if place is None else entries.filter(number__lt=place)
        batch = list(rows[: min(BATCH, most)])
        if not batch:
            return
        yield batch
        most -= len(batch)
        place = batch[-1].number
