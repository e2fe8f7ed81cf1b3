"""拼音 above the characters, as `<ruby>`, for the two youngest bands.

Pure but for pypinyin's dictionary. Editors correct a reading with a phrase → pinyin table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any

from pypinyin import Style, pinyin

from common.text import HAN

# GB/T 16159-2012: tones are written as they are in the dictionary, not as they change in speech.
DICTIONARY_TONES = {"一": "yī", "不": "bù"}
# Readings that the dictionary gets wrong everywhere; a page's own corrections come before these.
USUAL = {
    **{f"{verb}得": f"{reading} de" for verb, reading in {
        "烧": "shāo", "放": "fàng", "包": "bāo", "说": "shuō", "做": "zuò", "跑": "pǎo",
        "洗": "xǐ", "走": "zǒu", "关": "guān", "吹": "chuī", "听": "tīng", "看": "kàn",
    }.items()},
    "高兴地": "gāo xìng de",
    "擦干": "cā gān",
    "想吐": "xiǎng tù",
    "碰倒": "pèng dǎo",
    "还要": "hái yào",
}  # fmt: skip
_HAN_RUN = re.compile(rf"[{HAN}]+")


def _unread(unknown: str) -> Any:
    """pypinyin takes a list here for characters one by one; its annotation knows only the text."""
    return ["" for _ in unknown]


def syllables(text: str, corrections: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Each character of `text` with its reading; an empty reading for what is not Chinese.

    `corrections` maps a phrase to its syllables separated by spaces; the longest phrase wins.
    """
    found: list[tuple[str, str]] = []
    table = {**USUAL, **(corrections or {})}
    phrases = sorted(table, key=len, reverse=True)
    i = 0
    plain = ""

    def flush() -> None:
        nonlocal plain
        for piece in re.split(rf"([{HAN}]+)", plain):
            if piece and _HAN_RUN.fullmatch(piece):
                # A character that the dictionary lacks comes out without a reading, and on its own.
                readings = pinyin(piece, style=Style.TONE, errors=_unread)
                found.extend(
                    (char, DICTIONARY_TONES.get(char, reading[0]))
                    for char, reading in zip(piece, readings, strict=True)
                )
            else:
                found.extend((char, "") for char in piece)
        plain = ""

    while i < len(text):
        for phrase in phrases:
            if text.startswith(phrase, i):
                readings = table[phrase].split()
                if len(readings) == len(phrase):
                    flush()
                    found.extend(zip(phrase, readings, strict=True))
                    i += len(phrase)
                    break
        else:
            plain += text[i]
            i += 1
    flush()
    return found


@lru_cache(maxsize=8192)
def _ruby(text: str, corrections: tuple[tuple[str, str], ...]) -> str:
    parts: list[str] = []
    inside = False
    for char, reading in syllables(text, dict(corrections)):
        if bool(reading) != inside:
            parts.append("<ruby>" if reading else "</ruby>")
            inside = bool(reading)
        parts.append(f"{escape(char)}<rt>{escape(reading)}</rt>" if reading else escape(char))
    return "".join(parts) + ("</ruby>" if inside else "")


def ruby(text: str, corrections: Mapping[str, str] | None = None) -> str:
    """HTML of `text` with a reading above each Chinese character; everything else is escaped."""
    return _ruby(text, tuple(sorted((corrections or {}).items())))
