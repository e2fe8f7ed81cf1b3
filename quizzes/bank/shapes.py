"""The shape of a question file in `quizzes/bank/content/`, and the words that describe questions.

Pure: no Django. One file is one topic (`drowning.yaml`), or a part of one (`drowning.staff.yaml`).
Options are records in the order a person reads them; their letters are positions and are never
stored, so a room or a candidate may see them in another order. What makes a question right or wrong
is decided by `domain.body.faults`, here as in the editor and in every import.
Check the files without a server:  PYTHONPATH=site python3 -m quizzes.bank.shapes
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.contentfile import (
    ContentErrors,
    Flag,
    Items,
    OneOf,
    Problem,
    Record,
    Report,
    Shape,
    Tagged,
    Text,
    Where,
    read,
)
from people.posts import posts
from quizzes.bank.domain.body import (
    DIFFICULTIES,
    KINDS,
    MARKINGS,
    WALL_OPTION,
    WALL_STEM,
    Body,
    Item,
    Labels,
    Option,
    Pair,
    RubricLine,
    faults,
)

__all__ = ["BANDS", "CONTENT", "KINDS", "item", "read_folder", "read_questions"]

BANDS: dict[str, str] = {
    "K": "幼儿园",
    "P1": "小学低年级",
    "P2": "小学高年级",
    "J": "初中",
    "S": "高中",
    "T": "教职工",
    "F": "家长",
}
PUPIL_BANDS = ("K", "P1", "P2", "J", "S")
# What pupils and parents read; a question for staff alone may be as long as a situation needs.
EXPLANATION_LENGTH, MISCONCEPTION_LENGTH = 120, 24
STAFF_STEM, STAFF_OPTION, STAFF_EXPLANATION = 300, 80, 300
CODE = re.compile(r"q\d{3,6}")
SLUG = re.compile(r"[a-z]+(-[a-z]+)*")
# V61 = public page 61, S4a = founding document, G = general knowledge still to be checked (待核).
MARK = re.compile(r"(V\d{1,3}b?|S[0-4][ab]?|G)(、(V\d{1,3}b?|S[0-4][ab]?|G))*")
CONTENT = Path(__file__).parent / "content"


@dataclass(frozen=True)
class Pattern(Text):
    """A text that matches a pattern from its first to its last character."""

    pattern: re.Pattern[str] = re.compile(".*")
    example: str = ""

    def check(self, value: Any, where: Where, report: Report) -> None:
        before = len(report.problems)
        super().check(value, where, report)
        if len(report.problems) == before and not self.pattern.fullmatch(value):
            report.add(where, f"“{value}”写法不对，应当像 {self.example}")


OPTION = Record(
    {
        "text": Text(STAFF_OPTION),
        "right": Flag(),
        "misconception": Text(MISCONCEPTION_LENGTH, required=False),
    }
)
CHOICE: dict[str, Shape] = {"options": Items(OPTION, 2, 6)}
MARKING: dict[str, Shape] = {"marking": OneOf(tuple(MARKINGS), required=False)}
KEYS: dict[str, Mapping[str, Shape]] = {
    "single": CHOICE,
    "judge": CHOICE,
    "multiple": {**CHOICE, **MARKING, "all_right": Flag()},
    "indefinite": {**CHOICE, **MARKING},
    "blank": {"blanks": Items(Items(Text(40), 1, 12), 1, 8), **MARKING},
    "order": {"items": Items(Text(STAFF_OPTION), 2, 8), **MARKING},
    "match": {
        "pairs": Items(Record({"left": Text(STAFF_OPTION, required=False), "right": Text(STAFF_OPTION)}), 2, 8),
        **MARKING,
    },
    "short": {
        "answer": Text(STAFF_EXPLANATION),
        "rubric": Items(Record({"text": Text(80), "marks": OneOf(tuple(range(1, 11)))}), 1, 8),
    },
}
PART = Tagged(
    "type",
    {
        kind: Record({"stem": Text(STAFF_STEM), "explanation": Text(STAFF_EXPLANATION, required=False), **keys})
        for kind, keys in KEYS.items()
    },
)
KEYS["case"] = {"parts": Items(PART, 1, 8)}
ABOUT: dict[str, Shape] = {
    "id": Pattern(7, pattern=CODE, example="q001"),
    "bands": Items(OneOf(tuple(BANDS)), 1, len(BANDS)),
    "posts": Items(OneOf(tuple(posts())), 1, 20, required=False),
    "difficulty": OneOf(tuple(DIFFICULTIES), required=False),
    "tags": Items(Text(20), 1, 8, required=False),
    "stem": Text(STAFF_STEM),
    "explanation": Text(STAFF_EXPLANATION),
    "source": Pattern(24, pattern=MARK, example="V61、S4a 或 G"),
}
QUESTION = Tagged("type", {kind: Record({**ABOUT, **keys}) for kind, keys in KEYS.items()})
FILE = Record(
    {
        "topic": Pattern(30, pattern=SLUG, example="drowning"),
        "questions": Items(QUESTION, 1, 200),
    }
)


def body(entry: Mapping[str, Any]) -> Body:
    """The body that a checked entry of a file describes."""
    return Body(
        kind=entry["type"],
        stem=entry["stem"],
        options=tuple(
            Option(option["text"], option.get("right", False), option.get("misconception", ""))
            for option in entry.get("options", ())
        ),
        blanks=tuple(tuple(accepted) for accepted in entry.get("blanks", ())),
        items=tuple(entry.get("items", ())),
        pairs=tuple(Pair(pair["right"], pair.get("left", "")) for pair in entry.get("pairs", ())),
        answer=entry.get("answer", ""),
        rubric=tuple(RubricLine(line["text"], line["marks"]) for line in entry.get("rubric", ())),
        parts=tuple(body(part) for part in entry.get("parts", ())),
        marking=entry.get("marking", "exact"),
        explanation=entry.get("explanation", ""),
        source=entry.get("source", ""),
    )


def item(topic: str, entry: Mapping[str, Any]) -> Item:
    """The question of a checked entry, with its labels and its code."""
    labels = Labels(
        topic=topic,
        bands=tuple(entry["bands"]),
        posts=tuple(entry.get("posts", ())),
        difficulty=entry.get("difficulty", 2),
        tags=tuple(entry.get("tags", ())),
    )
    return Item(body(entry), labels, entry["id"])


def check_together(data: dict[str, Any], report: Report) -> None:
    """What one field cannot know: topic is the file's name, ids differ, the key fits."""
    if report.file.split(".")[0] != data["topic"]:
        report.add(("topic",), f"主题“{data['topic']}”要与文件名 {report.file} 一致")
    seen: set[str] = set()
    for i, question in enumerate(data["questions"]):
        where = ("questions", i)
        if question["id"] in seen:
            report.add((*where, "id"), f"编号 {question['id']} 在本文件里写了两次")
        seen.add(question["id"])
        for name in ("bands", "posts", "tags"):
            if len(set(question.get(name, ()))) < len(question.get(name, ())):
                report.add((*where, name), "同一个写了两次")
        if "posts" in question and "T" not in question["bands"]:
            report.add((*where, "posts"), "分岗位的题目要给教职工（T）")
        for fault in faults(body(question)):
            report.add((*where, *_place(fault.field)), fault.message)
        _check_multiple(question, where, report)
        if set(question["bands"]) != {"T"}:
            _check_lengths(question, where, report)


def _check_multiple(question: Mapping[str, Any], where: Where, report: Report) -> None:
    options = question.get("options", ())
    if question["type"] == "multiple" and not question.get("all_right") and all(o.get("right") for o in options):
        report.add((*where, "options"), "多选题的选项全都标成了正确，请加一个错误选项")


def _check_lengths(question: Mapping[str, Any], where: Where, report: Report) -> None:
    """A class reads it from the back row, a parent on a phone."""
    texts = [("stem", question["stem"], WALL_STEM), ("explanation", question["explanation"], EXPLANATION_LENGTH)]
    for name, text, most in texts:
        if len(text) > most:
            report.add((*where, name), f"太长：{len(text)} 字，给学生和家长的最多 {most} 字")
    for j, option in enumerate(question.get("options", ())):
        if len(option["text"]) > WALL_OPTION:
            message = f"太长：{len(option['text'])} 字，给学生和家长的最多 {WALL_OPTION} 字"
            report.add((*where, "options", j, "text"), message)


def _place(field: str) -> Where:
    """`parts[0].options[1].text` as a place in the file."""
    return tuple(int(piece) if piece.isdigit() else piece for piece in re.findall(r"[a-z_]+|\d+", field))


def read_questions(path: Path) -> dict[str, Any]:
    """The checked data of one question file. Raises `ContentErrors`."""
    data: dict[str, Any] = read(path, FILE, check_together)
    return data


def read_folder(folder: Path = CONTENT) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The data of every faultless file, in the files' order, and the problems of all others.

    An id that an earlier file holds makes the later file faulty.
    """
    files: list[dict[str, Any]] = []
    problems: list[Problem] = []
    owner: dict[str, str] = {}

    def ids_are_new(data: dict[str, Any], report: Report) -> None:
        check_together(data, report)
        for i, question in enumerate(data["questions"]):
            taken = owner.get(question["id"])
            if taken is not None:
                message = f"编号 {question['id']} 已用在 {taken}，请换一个没有用过的编号"
                report.add(("questions", i, "id"), message)

    for path in sorted(folder.glob("*.yaml")):
        try:
            data = read(path, FILE, ids_are_new)
        except ContentErrors as errors:
            problems += errors.problems
        else:
            files.append(data)
            owner.update((question["id"], path.name) for question in data["questions"])
    return files, problems


def main() -> int:
    """Check every question file and print what is wrong, one problem a line."""
    files, problems = read_folder()
    for problem in problems:
        print(problem)
    for data in files:
        print(f"{data['topic']}：{len(data['questions'])} 题，没有问题")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
