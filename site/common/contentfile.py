"""Content files: YAML that a person edits, checked so that a mistake names its file, line and field.

Pure: no Django. A shape (`Text`, `Many`, `Items`, `Record` …) describes what a field may hold;
`read(path, shape)` returns the data or raises `ContentErrors` with every problem found, and no data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Where = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One mistake: where it stands and what to do about it."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行 {self.field}:{self.message}"


class ContentErrors(Exception):
    """The problems of one or more content files; nothing of those files was loaded."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


@dataclass
class Report:
    """Collects problems while a file is checked; knows the line of every place in it."""

    file: str
    lines: Mapping[Where, int]
    problems: list[Problem] = field(default_factory=list)

    def add(self, where: Where, message: str) -> None:
        at = where
        while at and at not in self.lines:
            at = at[:-1]
        name = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in where).lstrip(".")
        self.problems.append(Problem(self.file, self.lines.get(at, 1), name or "(文件)", message))


class Shape:
    """What a field may hold. `check` reports problems and never raises."""

    required = True

    def check(self, value: Any, where: Where, report: Report) -> None:
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Shape):
    """A string of at most `most` characters; `quotes` such as 96110 must be quoted in YAML."""

    most: int = 400
    required: bool = True

    def check(self, value: Any, where: Where, report: Report) -> None:
        if not isinstance(value, str):
            report.add(where, "应当是文字（数字请加引号）")
        elif self.required and not value.strip():
            report.add(where, "不能为空")
        elif len(value) > self.most:
            report.add(where, f"太长：{len(value)} 字，最多 {self.most} 字")


@dataclass(frozen=True)
class Flag(Shape):
    required: bool = False

    def check(self, value: Any, where: Where, report: Report) -> None:
        if not isinstance(value, bool):
            report.add(where, "应当是 true 或 false")


@dataclass(frozen=True)
class Day(Shape):
    required: bool = True

    def check(self, value: Any, where: Where, report: Report) -> None:
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            report.add(where, "应当是日期，例如 2026-11-22")


@dataclass(frozen=True)
class OneOf(Shape):
    values: tuple[Any, ...]
    required: bool = True

    def check(self, value: Any, where: Where, report: Report) -> None:
        if value not in self.values or isinstance(value, bool):
            report.add(where, f"“{value}”不在可选值里：{'、'.join(map(str, self.values))}")


@dataclass(frozen=True)
class Items(Shape):
    """A list of `least` to `most` things of one shape."""

    of: Shape
    least: int = 1
    most: int = 50
    required: bool = True

    def check(self, value: Any, where: Where, report: Report) -> None:
        if not isinstance(value, list):
            report.add(where, "应当是列表（每行以 - 开头）")
            return
        if not self.least <= len(value) <= self.most:
            report.add(where, f"有 {len(value)} 项，应当是 {self.least} 到 {self.most} 项")
        for i, item in enumerate(value):
            self.of.check(item, (*where, i), report)


@dataclass(frozen=True)
class Mapped(Shape):
    """A mapping whose keys are free (or among `keys`) and whose values share one shape."""

    of: Shape
    keys: tuple[str, ...] = ()
    all_keys: bool = False
    required: bool = True

    def check(self, value: Any, where: Where, report: Report) -> None:
        if not isinstance(value, dict):
            report.add(where, "应当是“名称: 内容”的形式")
            return
        for key, item in value.items():
            if self.keys and key not in self.keys:
                report.add((*where, key), f"不认识的名称；可用：{'、'.join(self.keys)}")
            else:
                self.of.check(item, (*where, key), report)
        if self.all_keys:
            for key in self.keys:
                if key not in value:
                    report.add(where, f"缺少“{key}”")


@dataclass(frozen=True)
class Record(Shape):
    """A mapping with named fields; unknown names are mistakes, so a typing slip is seen."""

    fields: Mapping[str, Shape]
    required: bool = True

    def check(self, value: Any, where: Where, report: Report) -> None:
        if not isinstance(value, dict):
            report.add(where, "应当是“名称: 内容”的形式")
            return
        for key in value:
            if key not in self.fields:
                report.add((*where, key), f"不认识的字段；可用：{'、'.join(self.fields)}")
        for key, shape in self.fields.items():
            if key in value:
                shape.check(value[key], (*where, key), report)
            elif shape.required:
                report.add(where, f"缺少字段“{key}”")


@dataclass(frozen=True)
class Tagged(Shape):
    """A record whose field `tag` chooses which of several records it is."""

    tag: str
    shapes: Mapping[str, Record]
    required: bool = True

    def check(self, value: Any, where: Where, report: Report) -> None:
        if not isinstance(value, dict):
            report.add(where, "应当是“名称: 内容”的形式")
            return
        kind = value.get(self.tag)
        if kind not in self.shapes:
            report.add(
                (*where, self.tag), f"“{kind}”不在可选值里：{'、'.join(self.shapes)}"
            )
            return
        rest = {k: v for k, v in value.items() if k != self.tag}
        self.shapes[str(kind)].check(rest, where, report)


def parse(text: str, file: str) -> tuple[Any, dict[Where, int]]:
    """The data of a YAML text and the line of every place in it. Raises `ContentErrors`."""
    lines: dict[Where, int] = {}
    repeated: list[Problem] = []

    def build(node: yaml.Node, where: Where) -> Any:
        lines.setdefault(where, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            data: dict[str, Any] = {}
            for key_node, value_node in node.value:
                key = str(loader.construct_object(key_node))  # type: ignore[no-untyped-call]
                at = (*where, key)
                lines[at] = key_node.start_mark.line + 1
                if key in data:
                    repeated.append(Problem(file, lines[at], key, "这个字段写了两次"))
                data[key] = build(value_node, at)
            return data
        if isinstance(node, yaml.SequenceNode):
            return [build(child, (*where, i)) for i, child in enumerate(node.value)]
        return loader.construct_object(node)  # type: ignore[no-untyped-call]

    loader = yaml.SafeLoader(text)
    try:
        root = loader.get_single_node()
        data = build(root, ()) if root is not None else {}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        message = f"YAML 写法有误({error.problem});请检查缩进、冒号后的空格和引号"
        raise ContentErrors([Problem(file, line, "(文件)", message)]) from error
    finally:
        loader.dispose()  # type: ignore[no-untyped-call]
    if repeated:
        raise ContentErrors(repeated)
    return data, lines


def read(
    path: Path, shape: Shape, extra: Callable[[Any, Report], None] | None = None
) -> Any:
    """The checked data of one file. `extra` adds checks that look at several fields at once."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        problem = Problem(path.name, 1, "(文件)", "不是 UTF-8 编码；请用 UTF-8 另存")
        raise ContentErrors([problem]) from error
    data, lines = parse(text, path.name)
    report = Report(path.name, lines)
    shape.check(data, (), report)
    if extra is not None and not report.problems:
        extra(data, report)
    if report.problems:
        raise ContentErrors(report.problems)
    return data
