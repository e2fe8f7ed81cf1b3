"""What a person writes in cells or lines, as content of a question; shared by Excel and Word. Pure: no Django.

Kinds, answers as letters, options, misconceptions and rubrics are typed the same way in both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from quizzes.bank.domain.body import CHOICE_KINDS, GAP, Body, Option
from quizzes.bank.exchange import words

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTER = re.compile(r"^\s*([A-HＡ-Ｈ])\s*[.．、:：)）]\s*(.*)$", re.DOTALL)
_INSIDE = re.compile(r"(?<![A-Za-z0-9])([A-HＡ-Ｈ])\s*[.．、:：)）]\s*")
_AT_LINES = re.compile(r"(?:^|(?<=\n))\s*([A-HＡ-Ｈ])\s*[.．、:：)）]\s*")
Report = Callable[[str, str, str], None]
"""Takes a field, what is wrong with it and what to do."""


def kind_of(text: str, stem: str, options: list[str], answer: str) -> str | None:
    """The kind that a person named, or else what the rest of the question shows; None for an unknown name."""
    if text.strip():
        known = {words.plain(word): kind for word, kind in words.KIND_WORDS.items()}
        return known.get(words.plain(text))
    if any(options):
        return "multiple" if len(letters_of(answer, len(options)) or ()) > 1 else "single"
    if GAP.search(stem):
        return "blank"
    return "judge" if words.verdict(answer) in words.RIGHT_WORDS | words.WRONG_WORDS else "short"


def content(body: Body, texts: list[str], answer: str, wrong_ideas: str, rubric: str, report: Report) -> Body:
    """The body with what stands in the option, answer, misconception and rubric cells; shared with Word."""
    kind = body.kind
    if kind == "judge":
        return replace(body, options=_judge(texts, answer, wrong_ideas, report))
    if kind in CHOICE_KINDS:
        return replace(body, options=_options(texts, answer, wrong_ideas, report))
    if kind == "blank":
        return replace(body, blanks=words.blanks_of(answer))
    if kind == "order":
        return replace(body, items=_ordered([text for text in texts if text], answer, report))
    if kind == "match":
        pairs = [(text, words.pair_of(text)) for text in texts if text]
        for text, pair in pairs:
            if pair is None:
                report("stem", f"配对题的“{text[:20]}”里没有箭头", "请写成：左项 → 右项")
        return replace(body, pairs=tuple(pair for _text, pair in pairs if pair))
    if kind == "short":
        lines, wrong = words.rubric_of(rubric)
        if wrong:
            report("rubric", f"得分点“{wrong[:20]}”没有写分值", "每条后面写分值，例如：说清地点（2分）")
        return replace(body, answer=answer, rubric=lines)
    return body


def unlettered(texts: list[str]) -> list[str]:
    """The options without the letters that a person typed before them, when each bears its own."""
    found = [_LETTER.match(text) for text in texts]
    own = [match is not None and _half(match.group(1)) == LETTERS[i] for i, match in enumerate(found) if texts[i]]
    if len(own) < 2 or not all(own):
        return texts
    return [match.group(2).strip() if match else "" for match in found]


def options_in(text: str) -> list[str]:
    """The options that stand in one text: by their letters, one a line, or with bars between. Empty when there are none."""
    for cut in (_INSIDE, _AT_LINES):
        marks = [mark for mark in cut.finditer(text)]
        if len(marks) > 1 and "".join(_half(mark.group(1)) for mark in marks) == LETTERS[: len(marks)]:
            ends = [*(mark.start() for mark in marks[1:]), len(text)]
            return [text[mark.end() : end].strip(" \t\n;；|｜") for mark, end in zip(marks, ends, strict=True)]
    return [piece.strip() for piece in re.split(r"[\n|｜]", text) if piece.strip()]


def stem_and_options(stem: str) -> tuple[str, list[str]]:
    """A stem below which the options stand, each in its line, cut in two; the stem alone when none stand there."""
    first = _AT_LINES.search(stem)
    options = options_in(stem[first.start() :]) if first and _half(first.group(1)) == "A" else []
    return (stem[: first.start()].strip(), options) if first and len(options) > 1 else (stem, [])


def _half(letter: str) -> str:
    return unicodedata.normalize("NFKC", letter).upper()


def letters_of(answer: str, count: int) -> list[int] | None:
    """The positions of `ABD`, `A、B、D`, `A B D` or `（ABD）`; None for anything else."""
    text = re.sub(r"[\s、，,;；.．。/和()【】\[\]→>＞\-—–]", "", unicodedata.normalize("NFKC", answer)).upper()
    positions = [LETTERS.find(letter) for letter in text]
    return positions if text and all(0 <= position < count for position in positions) else None


def _options(texts: list[str], answer: str, wrong_ideas: str, report: Report) -> tuple[Option, ...]:
    right = letters_of(answer, len(texts))
    if right is None:
        report("answer", f"答案“{answer[:20]}”不是选项的字母", "请写字母，例如 B 或 ABD；字母要在已写的选项里")
    ideas, wrong = words.misconceptions_of(wrong_ideas, LETTERS[: len(texts)])
    if wrong:
        report("misconceptions", f"误区“{wrong[:20]}”没有说是哪个选项的", "请写成：A：误以为……")
    return tuple(Option(text, i in (right or ()), ideas.get(i, "")) for i, text in enumerate(texts))


def _judge(texts: list[str], answer: str, wrong_ideas: str, report: Report) -> tuple[Option, ...]:
    said = words.verdict(answer)
    # Who wrote the options means them by the letters, whichever stands first.
    place = letters_of(answer, len(texts)) if any(texts) else None
    if place and len(place) == 1:
        said = words.verdict(unlettered(texts)[place[0]])
    if said not in words.RIGHT_WORDS | words.WRONG_WORDS:
        report("answer", f"判断题的答案“{answer[:20]}”看不懂", "请写 对 或 错")
        return (Option("对"), Option("错"))
    ideas, wrong = words.misconceptions_of(wrong_ideas, "对错")
    if wrong and not ideas:
        ideas = {1 if said in words.RIGHT_WORDS else 0: wrong_ideas}
    right = said in words.RIGHT_WORDS
    return (Option("对", right, ideas.get(0, "")), Option("错", not right, ideas.get(1, "")))


def _ordered(texts: list[str], answer: str, report: Report) -> tuple[str, ...]:
    if not answer.strip():
        return tuple(texts)
    order = letters_of(answer, len(texts))
    if order is None or sorted(order) != list(range(len(texts))):
        report("answer", f"排序题的答案“{answer[:20]}”没有把每一项各写一次", f"请写全部字母的先后，例如 {LETTERS[: len(texts)]}")
        return tuple(texts)
    return tuple(texts[position] for position in order)
