"""Marking: what share of its marks an answer earns. Pure: the one place that decides it for every room.

Options and items are positions in the order the question stores them, whatever order a person saw.
A share is a `Fraction` from 0 to 1; the paper multiplies it with the question's marks, so that no
float ever decides who passes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction

KINDS = ("single", "multiple", "judge")
NOTHING, ALL = Fraction(0), Fraction(1)
_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")  # and marks without width, which come along with copied text
_PUNCTUATION = re.compile(r"[,，。.、;；:：!！?？\"'“”‘’()（）《》<>·…—_-]+")
_SPAN = re.compile(r"(?<![\d.-])(\d{1,3}(?:[.]\d+)?)[-−–—]+(?=\d{1,3}(?![\d-]))")
"""The first end of 3-5, but nothing in 2026-11-24 or 0571-8765."""
_DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "两": "2"}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_CHINESE_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万]+")
_MIXED_NUMBER = re.compile(r"(?<![\d.])(\d{1,9}(?:[.]\d{1,9})?)([百千万])(?![\d零〇一二两三四五六七八九十百千万])")
_LONGEST_NUMBER = 20
"""More numerals in one go are no number."""


def is_right(kind: str, right: frozenset[int], chosen: frozenset[int]) -> bool:
    """True when exactly the right options were chosen; part of a multiple choice is not enough."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind of question: {kind!r}")
    return bool(chosen) and chosen == right


def mark_choice(right: frozenset[int], chosen: frozenset[int], *, partial: bool = False) -> Fraction:
    """Options. `partial`: a part of the right ones and no wrong one earns that part (少选得部分分，错选不得分)."""
    if not chosen or not chosen <= right:
        return NOTHING
    if chosen == right:
        return ALL
    return Fraction(len(chosen), len(right)) if partial else NOTHING


def mark_blanks(accepted: Sequence[Sequence[str]], given: Sequence[str], *, partial: bool = False) -> Fraction:
    """Blanks, each with its accepted answers; compared as `same_text` does."""
    if not accepted:
        return NOTHING
    hits = sum(
        i < len(given) and any(same_text(given[i], wanted) for wanted in answers)
        for i, answers in enumerate(accepted)
    )
    return _share(hits, len(accepted), partial)


def mark_order(count: int, given: Sequence[int], *, partial: bool = False) -> Fraction:
    """Items put in order; right is 0, 1, 2 … `partial` counts the neighbours that follow each other rightly."""
    if sorted(given) != list(range(count)) or count < 2:
        return NOTHING
    pairs = sum(after == before + 1 for before, after in zip(given, given[1:], strict=False))
    return _share(pairs, count - 1, partial)


def mark_match(count: int, given: Sequence[int | None], *, partial: bool = False) -> Fraction:
    """For each of `count` lefts the chosen right; right is its own number. One right twice earns nothing for it."""
    if count < 1:
        return NOTHING
    chosen = [entry for entry in given[:count] if entry is not None]
    hits = sum(entry == i and chosen.count(i) == 1 for i, entry in enumerate(given[:count]))
    return _share(hits, count, partial)


def _share(hits: int, whole: int, partial: bool) -> Fraction:
    if hits == whole:
        return ALL
    return Fraction(hits, whole) if partial else NOTHING


def same_text(given: str, wanted: str) -> bool:
    """Whether two answers are the same but for width, case, space, punctuation and the way of writing numbers."""
    a, b = plain(given), plain(wanted)
    return bool(a) and (a == b or arabic(a) == arabic(b))


def plain(text: str) -> str:
    """Full-width to plain, small letters, no space, no punctuation but what belongs to a number: 0.5, −5, 30:2, 3～5."""
    text = _SPACE.sub("", unicodedata.normalize("NFKC", text).casefold().replace("\0", ""))
    text = text.replace("\u2044", "/").replace("\u2236", ":")
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"(?<=\d)。(?=\d)", ".", text)  # 0。5: a Chinese keyboard
    text = re.sub(r"(?<=\d):(?=\d)", "\0r", text)  # 30:2 is not 302
    text = re.sub("[〜∼]", "~", _SPAN.sub(r"\1~", text))  # 3-5 is 3～5, and not 35
    text = re.sub(r"(?<!\w)[.](?=\d)", "0.", text)  # .5, but not No.5
    text = re.sub(r"(?<=\d)[.](?=\d)", "\0p", text)
    text = re.sub(r"(?<![\w.])[-−–](?=\d)", "\0m", text)  # −5, but not 2026-11-24
    return _PUNCTUATION.sub("", text).replace("\0p", ".").replace("\0m", "-").replace("\0r", ":")


def arabic(text: str) -> str:
    """Chinese numerals as digits: 十五 → 15, 一百二十 → 120, 一一九 → 119, 一点五 → 1.5, 三至五 → 3~5, 3千 → 3000.

    Words with one numeral change on both sides alike.
    """
    text = _MIXED_NUMBER.sub(lambda match: _times(match.group(1), match.group(2)), text)
    text = _CHINESE_NUMBER.sub(lambda match: _number(match.group()), text)
    text = re.sub(r"(?<=\d)点(?=\d)", ".", text)
    return re.sub(r"(?<=\d)[至到](?=\d)", "~", text)


def _times(digits: str, unit: str) -> str:
    product = Fraction(digits) * (_UNITS | {"万": 10_000})[unit]
    return str(product) if product.denominator == 1 else digits + unit


def _number(text: str) -> str:
    if len(text) > _LONGEST_NUMBER:
        return text
    if not any(c in _UNITS or c == "万" for c in text):
        return "".join(_DIGITS[c] for c in text)
    if len(text) > 2 and text[-1] in _DIGITS and text[-2] in "百千万":
        text += {"百": "十", "千": "百", "万": "千"}[text[-2]]  # 一百二 is 一百二十
    whole, section, digit = 0, 0, 0
    for c in text:
        if c == "万":
            whole, section, digit = (whole + section + digit or 1) * 10_000, 0, 0
        elif c in _UNITS:
            section += (digit or 1) * _UNITS[c]
            digit = 0
        else:
            digit = int(_DIGITS[c])
    return str(whole + section + digit)
