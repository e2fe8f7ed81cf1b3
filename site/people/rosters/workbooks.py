"""The Excel files that we hand out: templates to fill in, and the list of errors."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from people.models import Organisation, OrganisationKind
from people.posts import posts
from people.rosters.places import Places
from people.rosters.reading import ERRORS_SHEET, PEOPLE, UNITS, Problem

FILL_ROWS = 5_000
"""Rows of a template that offer the lists."""
WIDTHS = {"number": 14, "name": 14, "code": 16, "unit": 30, "posts": 26, "phone": 16, "since": 14}
UNIT_WIDTHS = {"code": 18, "name": 32, "kind": 12, "parent_code": 18, "parent": 28, "stage": 18}


def people_template(reach: Places) -> bytes:
    """The roster to fill in, with lists of posts and of the units in reach."""
    units = sorted((place for place in reach.all.values() if not place.closed), key=lambda place: (place.code, place.name))
    lists = {"posts": [post.name for post in posts().values()], "unit": [place.name for place in units]}
    only = units[0] if len(units) == 1 else None
    explained = [
        (_("工号"), _("必填。学校编的工号，同一个人在哪里都用同一个。不要填身份证号：本站从不保存身份证号。")),
        (_("姓名"), _("必填。生僻字照常填写。")),
        (_("单位代码"), _("学校的代码；代码和单位填一个就可以，有重名的学校时要填代码。")),
        (_("单位"), _("学校的全称，可以从下拉列表里选。") + (_("只有一个单位时可以不填。") if only else "")),
        (_("岗位"), _("可以从下拉列表里选；有几个岗位就用“、”隔开，例如：班主任、体育教师。留空不会改动已有的岗位。")),
        (_("手机"), _("可以不填。")),
        (_("到岗日期"), _("可以不填。例如 2024-09-01。")),
        (_("兼职"), _("一个人在两所学校任职：写两行，工号和姓名一样，单位不同。")),
        (_("调动"), _("只写新单位的一行，导入前的预览里会列为“调动”。")),
    ]
    rows: list[tuple[Any, ...]] = [(place.code, place.name, place.above) for place in units]
    extra = (_("单位表"), (_("单位代码"), _("单位"), _("上级单位")), rows)
    return _template(_("名册"), PEOPLE, WIDTHS, lists, explained, [extra], {"number", "code", "phone"})


def units_template() -> bytes:
    """The list of organisations to fill in."""
    kinds = list(OrganisationKind.objects.values_list("name", flat=True))
    lists = {"kind": kinds, "stage": [str(label) for label in Organisation.Stage.labels]}
    explained = [
        (_("单位代码"), _("学校标识码或本局自编的代码，导入名册靠它认单位。班级可以不填。")),
        (_("单位名称"), _("必填。")),
        (_("单位类型"), _("新单位必填：%(kinds)s。") % {"kinds": "、".join(kinds)}),
        (_("上级单位"), _("新单位必填，填全称或上级单位代码，可以是这张表里的另一行；年级和班级的上级是学校或年级。")),
        (_("办学类型"), _("可以不填。")),
    ]
    return _template(_("单位"), UNITS, UNIT_WIDTHS, lists, explained, [], {"code", "parent_code"})


def people_list(rows: Iterable[Sequence[str]]) -> bytes:
    """A roster as it stands, in the template's columns; every cell is text."""
    book, file = _book(constant_memory=True)
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
    text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(_("名册"))
    for column, (field, names) in enumerate(PEOPLE.items()):
        sheet.set_column(column, column, WIDTHS[field], text)
        sheet.write_string(0, column, names[0], head)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            sheet.write_string(number, column, value, text)
    book.close()
    return file.getvalue()


def errors_list(problems: Iterable[Problem]) -> bytes:
    """Where each problem stands and how to put it right."""
    book, file = _book()
    sheet = book.add_worksheet(ERRORS_SHEET)
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "valign": "vcenter"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    columns = [(_("级别"), 8), (_("工作表"), 14), (_("行"), 7), (_("列"), 18), (_("填的内容"), 22), (_("问题"), 40), (_("怎么改"), 60)]
    for i, (title, width) in enumerate(columns):
        sheet.set_column(i, i, width, wrap)
        sheet.write_string(0, i, title, head)
    number = 0
    for number, each in enumerate(problems, start=1):
        sheet.write_string(number, 0, _("要改") if each.grave else _("提醒"))
        sheet.write_string(number, 1, each.sheet)
        sheet.write_number(number, 2, each.row)
        for column, text in enumerate((each.column, each.value, each.message, each.fix), start=3):
            sheet.write_string(number, column, text)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, number), len(columns) - 1)
    book.close()
    return file.getvalue()


def _book(*, constant_memory: bool = False) -> tuple[xlsxwriter.Workbook, io.BytesIO]:
    """`constant_memory` for long lists, written row by row."""
    file = io.BytesIO()
    # Nothing that somebody typed may become a formula or a link of ours.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    options |= {"constant_memory": constant_memory, "in_memory": not constant_memory}
    return xlsxwriter.Workbook(file, options), file


def _template(
    title: str,
    fields: Any,
    widths: dict[str, int],
    lists: dict[str, Sequence[str]],
    explained: Sequence[tuple[str, str]],
    extras: Sequence[tuple[str, Sequence[str], Sequence[Sequence[Any]]]],
    as_text: set[str],
) -> bytes:
    book, file = _book()
    head = book.add_format({"bold": True, "bg_color": "#1F5C99", "font_color": "#FFFFFF", "border": 1, "valign": "vcenter"})
    text, plain = book.add_format({"num_format": "@"}), book.add_format()
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(title)
    choices = book.add_worksheet(_("可选项"))
    sheet.set_row(0, 24)
    for column, (field, names) in enumerate(fields.items()):
        form = text if field in as_text else date if field == "since" else plain
        sheet.set_column(column, column, widths[field], form)
        sheet.write_string(0, column, names[0], head)
        if values := lists.get(field):
            at = list(lists).index(field)
            choices.write_string(0, at, names[0], head)
            choices.write_column(1, at, values, text)
            choices.set_column(at, at, 30)
            letter = chr(65 + at)
            rule = {
                "validate": "list",
                "source": f"='{_('可选项')}'!${letter}$2:${letter}${len(values) + 1}",
                "error_type": "information",
                "error_title": names[0],
                "error_message": _("列表里没有。几个岗位用“、”隔开时可以照填。") if field == "posts" else _("列表里没有，请核对。"),
            }
            sheet.data_validation(1, column, FILL_ROWS, column, rule)
    sheet.freeze_panes(1, 0)
    guide = book.add_worksheet(_("填写说明"))
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    guide.set_column(0, 0, 14, book.add_format({"bold": True, "valign": "top"}))
    guide.set_column(1, 1, 90, wrap)
    guide.write_string(0, 0, _("从第一张表的第 2 行起填写，一人（一个单位）一行；表头不要改。"))
    guide.write_string(1, 0, _("原有的 Excel 表也可以直接上传，不必照搬到这里。"))
    for row, (what, how) in enumerate(explained, start=3):
        guide.write_string(row, 0, what)
        guide.write_string(row, 1, how)
    for name, titles, rows in extras:
        extra = book.add_worksheet(name)
        extra.set_column(0, len(titles) - 1, 28, text)
        extra.write_row(0, 0, titles, head)
        for number, values_ in enumerate(rows, start=1):
            extra.write_row(number, 0, values_)
        extra.freeze_panes(1, 0)
    book.close()
    return file.getvalue()
