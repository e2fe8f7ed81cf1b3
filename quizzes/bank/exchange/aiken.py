"""Aiken: a text file of single choices, the simplest there is. Pure: no Django.

    衣服着火了，应当怎么办？
    A. 快跑
    B. 停、躺、滚
    ANSWER: B

Documented at docs.moodle.org/en/Aiken_format. It knows one line a text and nothing but the key.
"""

from __future__ import annotations

import re

from quizzes.bank.domain.body import JUDGE_TEXTS, LETTERS, Body, Item, Option, tidy
from quizzes.bank.exchange.base import MARKER, Notes, Reading, clean, one_line, writable
from quizzes.bank.exchange.safe import decode, lines_of

NAME, ENDING = "Aiken 文本", "txt"
CAN = frozenset({"single", "judge"})
_OPTION = re.compile(r"^([A-ZＡ-Ｚ])[.)、．）]\s*(.*)$")
_ANSWER = re.compile(r"^ANSWER\s*[:：]\s*(.*)$", re.IGNORECASE)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def looks(text: str) -> bool:
    return any(_ANSWER.match(line.strip()) for line in text[:200_000].split("\n"))


def read(data: bytes) -> Reading:
    notes = Notes()
    stem: list[str] = []
    options: list[str] = []
    begun = 0
    for number, raw in enumerate(lines_of(decode(data)), 1):
        line = raw.strip()
        answer, option = _ANSWER.match(line), _OPTION.match(line)
        if answer:
            _finish(f"第 {begun or number} 行的题", stem, options, answer.group(1), notes)
            stem, options, begun = [], [], 0
        elif option and stem:
            letter = ord(option.group(1)) - (0xFF21 if ord(option.group(1)) > 0xFF00 else 65)
            if letter != len(options):
                notes.problem(f"第 {number} 行", "选项的字母不是按 A、B、C 的顺序", "请从 A 起依次写，不要跳过")
            options.append(option.group(2))
        elif line:
            if options:
                _unfinished(begun, notes)
                stem, options, begun = [], [], 0
            begun = begun or number
            stem.append(line)
    if stem:
        _unfinished(begun, notes)
    return notes.reading()


def _unfinished(begun: int, notes: Notes) -> None:
    notes.problem(f"第 {begun} 行的题", "这道题没有 ANSWER 行", "请在选项后面写一行，例如 ANSWER: B")


def _finish(where: str, stem: list[str], options: list[str], answer: str, notes: Notes) -> None:
    letter = answer.strip().upper()[:1]
    right = ALPHABET.find(letter) if letter else -1
    if not stem:
        notes.problem(where, "ANSWER 行前面没有题干", "请在选项前面写一行题干")
        return
    if not 0 <= right < len(options) or len(answer.strip()) > 1:
        notes.problem(where, f"答案“{answer.strip()[:20]}”不是已有选项的字母", "请写一个字母，例如 ANSWER: B")
        return
    texts = tuple(clean(text).strip() for text in options)
    kind = "judge" if texts == JUDGE_TEXTS else "single"
    body = Body(kind, clean("\n".join(stem)), tuple(Option(text, i == right) for i, text in enumerate(texts)))
    notes.add(where, Item(tidy(body)))


def write(items: list[Item]) -> bytes:
    blocks = []
    for item in writable(items, CAN):
        body = item.body
        options = [f"{LETTERS[i]}. {_line(option.text)}" for i, option in enumerate(body.options)]
        right = "".join(LETTERS[i] for i in sorted(body.right))[:1]
        blocks.append("\n".join([_line(body.stem), *options, f"ANSWER: {right}"]))
    return ("\n\n".join(blocks) + "\n").encode()


def _line(text: str) -> str:
    """One line that no reader takes for an option or an answer."""
    line = one_line(clean(text)).strip()
    return f"·{line}" if MARKER.match(line) else line
