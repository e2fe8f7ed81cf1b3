"""The shape of a question file in `quizzes/bank/content/`, and the words that describe questions.

Pure: no Django. One file is one topic. Options are records in the order a person reads them; their
letters are positions and are never stored, so a room or a candidate may see them in another order.
Check the files without a server:  PYTHONPATH=site python3 -m quizzes.bank.shapes
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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
    Text,
    Where,
    read,
)

BANDS: dict[str, str] = {
    "K": "幼儿园",
    "P1": "小学低年级",
    "P2": "小学高年级",
    "J": "初中",
    "S": "高中",
    "T": "教职工",
    "F": "家长",
}
KINDS: dict[str, str] = {"single": "单选题", "multiple": "多选题", "judge": "判断题"}
LETTERS = "ABCD"
JUDGE_TEXTS = ("对", "错")
# Four is what a paper card's four turns can say; 40 characters is two lines for the back row.
LEAST_OPTIONS, MOST_OPTIONS = 2, 4
OPTION_LENGTH, STEM_LENGTH, EXPLANATION_LENGTH, MISCONCEPTION_LENGTH = 40, 80, 120, 24
CODE = re.compile(r"q\d{3}")
SLUG = re.compile(r"[a-z]+(-[a-z]+)*")
# V61 = public page 61, S4a = founding document, G = general knowledge still to be checked.
MARK = re.compile(r"(V\d{1,3}b?|S[0-4][ab]?|G)(、(V\d{1,3}b?|S[0-4][ab]?))*")
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
        "text": Text(OPTION_LENGTH),
        "right": Flag(),
        "misconception": Text(MISCONCEPTION_LENGTH, required=False),
    }
)
QUESTION = Record(
    {
        "id": Pattern(4, pattern=CODE, example="q001"),
        "type": OneOf(tuple(KINDS)),
        "bands": Items(OneOf(tuple(BANDS)), 1, len(BANDS)),
        "stem": Text(STEM_LENGTH),
        "options": Items(OPTION, LEAST_OPTIONS, MOST_OPTIONS),
        "all_right": Flag(),
        "explanation": Text(EXPLANATION_LENGTH),
        "source": Pattern(16, pattern=MARK, example="V61、S4a 或 G"),
    }
)
FILE = Record(
    {
        "topic": Pattern(30, pattern=SLUG, example="drowning"),
        "questions": Items(QUESTION, 1, 200),
    }
)


def option_problems(
    kind: str, texts: Sequence[str], right: Sequence[bool], *, all_right: bool = False
) -> list[str]:
    """What is wrong with the options of one question, in words that say what to do.

    The same rule and the same words serve the content files and the editor's form.
    """
    problems = []
    count = sum(right)
    if not LEAST_OPTIONS <= len(texts) <= MOST_OPTIONS:
        problems.append(f"现在有 {len(texts)} 个选项，请改成 {LEAST_OPTIONS} 到 {MOST_OPTIONS} 个")
    if len({text.strip() for text in texts}) < len(texts):
        problems.append("有两个选项写得一样，请改掉其中一个")
    if kind == "judge" and tuple(text.strip() for text in texts) != JUDGE_TEXTS:
        problems.append("判断题的选项只能是“对”“错”两个，“对”在前")
    if kind in {"single", "judge"} and count != 1:
        problems.append(f"{KINDS[kind]}要有且只有 1 个正确选项，现在标了 {count} 个")
    if kind == "multiple":
        if count < 2:
            problems.append(
                f"多选题至少要有 2 个正确选项，现在标了 {count} 个；只有 1 个时请改成单选题"
            )
        elif count == len(texts) and not all_right:
            problems.append("多选题的选项全都标成了正确，请加一个错误选项")
    return problems


def check_together(data: dict[str, Any], report: Report) -> None:
    """What one field cannot know: topic is the file's name, ids differ, the key fits."""
    if f"{data['topic']}.yaml" != report.file:
        report.add(("topic",), f"主题“{data['topic']}”要与文件名 {report.file} 一致")
    seen: set[str] = set()
    for i, question in enumerate(data["questions"]):
        where = ("questions", i)
        if question["id"] in seen:
            report.add((*where, "id"), f"编号 {question['id']} 在本文件里写了两次")
        seen.add(question["id"])
        if len(set(question["bands"])) < len(question["bands"]):
            report.add((*where, "bands"), "同一对象写了两次")
        options = question["options"]
        for problem in option_problems(
            question["type"],
            [option["text"] for option in options],
            [option.get("right", False) for option in options],
            all_right=question.get("all_right", False),
        ):
            report.add((*where, "options"), problem)
        for j, option in enumerate(options):
            if option.get("right") and "misconception" in option:
                report.add((*where, "options", j), "正确选项不写 misconception，请删掉")


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
        print(f"{data['topic']}.yaml：{len(data['questions'])} 题，没有问题")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
