"""The editor's form as plain data: what was typed ↔ a question's body. Pure.

A sheet keeps every field of every kind, also those that the chosen kind does not use, so that trying
another kind loses nothing. Names of fields are paths: `options-1-text`, `parts-0-options-1-right`.
A row that is empty altogether does not count; a row that is half filled is kept and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from quizzes.bank.domain.body import (
    CHOICE_KINDS,
    JUDGE_TEXTS,
    KINDS,
    LETTERS,
    MOST_OPTIONS,
    PARTIAL_KINDS,
    Body,
    Fault,
    Option,
    Pair,
    Picture,
    RubricLine,
    faults,
    tidy,
)

MOST_ROWS = 30
"""Rows of one list that a form may send; more than any question has."""
_ANSWER = re.compile(r"\s*“((?:[^”]|””)*)”\s*(?=[/／、]|$)|([^/／、]+)")
_SEPARATOR = re.compile(r"[/／、]")


@dataclass(frozen=True)
class OptionRow:
    text: str = ""
    right: bool = False
    misconception: str = ""
    picture: str = ""
    alt: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.text.strip() or self.misconception.strip() or self.picture)


@dataclass(frozen=True)
class PairRow:
    left: str = ""
    right: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.left.strip() or self.right.strip())


@dataclass(frozen=True)
class RubricRow:
    text: str = ""
    marks: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.text.strip() or self.marks.strip())


@dataclass(frozen=True)
class Sheet:
    kind: str = "single"
    stem: str = ""
    picture: str = ""
    alt: str = ""
    options: tuple[OptionRow, ...] = ()
    judge: str = ""
    """`0` when 对 is right, `1` when 错 is."""
    misconception: str = ""
    """Of a judge question: what a person believes who judges wrongly."""
    blanks: str = ""
    """One line a blank; its variants by / or 、."""
    items: str = ""
    """One line an item, in the right order."""
    pairs: tuple[PairRow, ...] = ()
    answer: str = ""
    rubric: tuple[RubricRow, ...] = ()
    parts: tuple[Sheet, ...] = ()
    partial: bool = False
    explanation: str = ""
    source: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Sheet(kind=self.kind, judge=self.judge, partial=self.partial)

    @property
    def body(self) -> Body:
        """What the chosen kind makes of the sheet, tidied."""
        choice = self.kind in CHOICE_KINDS - {"judge"}
        body = Body(
            kind=self.kind,
            stem=self.stem,
            options=self._judge() if self.kind == "judge" else tuple(map(_option, self.options)) if choice else (),
            blanks=_blanks(self.blanks) if self.kind == "blank" else (),
            items=tuple(self.items.splitlines()) if self.kind == "order" else (),
            pairs=tuple(Pair(row.right, row.left) for row in self.pairs) if self.kind == "match" else (),
            answer=self.answer if self.kind == "short" else "",
            rubric=tuple(RubricLine(row.text, _marks(row.marks)) for row in self.rubric) if self.kind == "short" else (),
            parts=tuple(part.body for part in self.parts) if self.kind == "case" else (),
            marking="partial" if self.partial and self.kind in PARTIAL_KINDS else "exact",
            explanation=self.explanation,
            source=self.source,
            picture=_picture(self.picture, self.alt),
        )
        return tidy(body)

    def _judge(self) -> tuple[Option, ...]:
        return tuple(
            Option(text, self.judge == str(i), "" if self.judge in ("", str(i)) else self.misconception)
            for i, text in enumerate(JUDGE_TEXTS)
        )

    @property
    def padded(self) -> Sheet:
        """The sheet with blank rows to write on."""
        return replace(
            self,
            options=_pad(self.options, OptionRow(), 4, MOST_OPTIONS),
            pairs=_pad(self.pairs, PairRow(), 3, MOST_ROWS),
            rubric=_pad(self.rubric, RubricRow(), 2, MOST_ROWS),
            parts=tuple(part.padded for part in self.parts),
        )


def read(data: Mapping[str, str], prefix: str = "") -> Sheet:
    """The sheet that a form sent. Whatever is missing is empty; nothing is refused here."""

    def text(name: str) -> str:
        return (data.get(prefix + name) or "").replace("\r\n", "\n")

    return Sheet(
        kind=text("kind") or "single",
        stem=text("stem"),
        picture=text("picture"),
        alt=text("alt"),
        options=tuple(_row(OptionRow, data, at) for at in _rows(data, f"{prefix}options-")),
        judge=text("judge"),
        misconception=text("misconception"),
        blanks=text("blanks"),
        items=text("items"),
        pairs=tuple(_row(PairRow, data, at) for at in _rows(data, f"{prefix}pairs-")),
        answer=text("answer"),
        rubric=tuple(_row(RubricRow, data, at) for at in _rows(data, f"{prefix}rubric-")),
        parts=() if prefix else tuple(read(data, at) for at in _rows(data, "parts-") if not read(data, at).is_empty),
        partial=bool(text("partial")),
        explanation=text("explanation"),
        source=text("source"),
    )


def sheet_of(body: Body) -> Sheet:
    """The sheet that shows a body: `sheet_of(body).body` is the body again."""
    judge = body.kind == "judge"
    return Sheet(
        kind=body.kind,
        stem=body.stem,
        picture=body.picture.name if body.picture else "",
        alt=body.picture.alt if body.picture else "",
        options=() if judge else tuple(_option_row(option) for option in body.options),
        judge=next((str(i) for i in sorted(body.right)), "") if judge else "",
        misconception=next((o.misconception for o in body.options if o.misconception), "") if judge else "",
        blanks="\n".join(" / ".join(_quoted(text) for text in accepted) for accepted in body.blanks),
        items="\n".join(body.items),
        pairs=tuple(PairRow(pair.left, pair.right) for pair in body.pairs),
        answer=body.answer,
        rubric=tuple(RubricRow(line.text, str(line.marks)) for line in body.rubric),
        parts=tuple(sheet_of(part) for part in body.parts),
        partial=body.marking == "partial",
        explanation=body.explanation,
        source=body.source,
    )


def problems(sheet: Sheet) -> dict[str, list[str]]:
    """Everything that is wrong, by the name of the form's field."""
    found: dict[str, list[str]] = {}
    for fault in (*half_filled(sheet), *faults(sheet.body)):
        found.setdefault(name_of(fault.field), []).append(fault.message)
    return found


def half_filled(sheet: Sheet) -> Iterator[Fault]:
    """Rows of which a body could keep only a part: they hold back even a draft, or something typed would be lost."""
    if sheet.kind not in KINDS:
        yield Fault("kind", f"不认识的题型“{sheet.kind}”，请另选一个")
    if sheet.kind in CHOICE_KINDS - {"judge"}:
        if len(sheet.options) > MOST_OPTIONS:
            yield Fault("options", f"现在有 {len(sheet.options)} 个选项，最多 {MOST_OPTIONS} 个，请删掉几个")
        for i, row in enumerate(sheet.options):
            if not row.text.strip() and not row.picture:
                letter = LETTERS[i] if i < len(LETTERS) else str(i + 1)
                yield Fault(f"options[{i}].text", f"选项 {letter} 还没有文字，请写上，或把这一行清空")
    if sheet.kind == "short":
        for i, line in enumerate(sheet.rubric):
            if not line.text.strip():
                yield Fault(f"rubric[{i}].text", "这个得分点还没有文字，请写上，或把分值也清空")
    if sheet.kind == "case":
        for i, part in enumerate(sheet.parts):
            for fault in half_filled(part):
                yield Fault(f"parts[{i}].{fault.field}", f"第 {i + 1} 小题：{fault.message}")


def name_of(field: str) -> str:
    """`parts[0].options[1].text` as the form names it; `blanks[1]` stands in the one box for blanks."""
    name = re.sub(r"\[(\d+)\]\.?", r"-\1-", field).rstrip("-").replace(".", "-")
    name = re.sub(r"(blanks|items)-\d+$", r"\1", name)
    return re.sub(r"(options-\d+)$|(options-\d+)-picture$", lambda m: f"{m[1] or m[2]}-alt", name)


# --- rows ---------------------------------------------------------------------------------------
def _rows(data: Mapping[str, str], prefix: str) -> list[str]:
    """The prefixes of the rows that were sent, in their order: `options-0-`, `options-1-`…"""
    pattern = re.compile(rf"{re.escape(prefix)}(\d{{1,3}})-")
    numbers = {int(match[1]) for name in data if (match := pattern.match(name))}
    return [f"{prefix}{number}-" for number in sorted(numbers)[:MOST_ROWS]]


def _row(kind: Any, data: Mapping[str, str], at: str) -> Any:
    values: dict[str, Any] = {each.name: data.get(at + each.name) or "" for each in fields(kind)}
    if kind is OptionRow:
        values["right"] = bool(values["right"])
    return kind(**values)


def compact(sheet: Sheet) -> Sheet:
    """The sheet without rows on which nothing is written."""
    return replace(
        sheet,
        options=tuple(row for row in sheet.options if not row.is_blank),
        pairs=tuple(row for row in sheet.pairs if not row.is_blank),
        rubric=tuple(row for row in sheet.rubric if not row.is_blank),
        parts=tuple(compact(part) for part in sheet.parts),
    )


def _pad(rows: tuple[Any, ...], empty: Any, least: int, most: int) -> tuple[Any, ...]:
    wanted = min(max(least, len(rows) + 1), max(most, len(rows)))
    return rows + (empty,) * (wanted - len(rows))


def _option(row: OptionRow) -> Option:
    return Option(row.text, row.right, row.misconception, _picture(row.picture, row.alt))


def _option_row(option: Option) -> OptionRow:
    picture = option.picture
    return OptionRow(
        option.text, option.right, option.misconception, picture.name if picture else "", picture.alt if picture else ""
    )


def _picture(name: str, alt: str) -> Picture | None:
    return Picture(name, alt.strip()) if name else None


def _marks(text: str) -> int:
    return int(text) if text.strip().isdecimal() and len(text.strip()) <= 3 else 0


# --- blanks -------------------------------------------------------------------------------------
def _blanks(text: str) -> tuple[tuple[str, ...], ...]:
    lines = text.strip("\n ").split("\n") if text.strip() else []
    return tuple(tuple(_variants(line)) for line in lines)


def _variants(line: str) -> Iterator[str]:
    for match in _ANSWER.finditer(line):
        found = match[1].replace("””", "”") if match[1] is not None else match[2]
        if found.strip():
            yield found.strip()


def _quoted(text: str) -> str:
    """An answer with a separator in it stands in quotation marks; a closing mark inside them is doubled."""
    return "“{}”".format(text.replace("”", "””")) if _SEPARATOR.search(text) or text.startswith("“") else text
