"""What a staff number, a name and a phone number look like when somebody types them. Pure: no Django.

Each function returns the tidied text, or raises `ValueError` with a sentence that says what to do.
"""

from __future__ import annotations

import re
import unicodedata

from common.text import HAN

_ID_NUMBER = re.compile(r"\d{17}[\dXx]")
_NUMBER = re.compile(r"[\w.@+-]{1,60}")
_PHONE = re.compile(r"\+?[0-9][0-9-]{4,18}")
_GAPS = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")


def clean_number(text: str) -> str:
    """A staff number: plain digits and letters, no blanks. An ID number is refused: we never store one."""
    number = "".join(unicodedata.normalize("NFKC", text).split())
    if _ID_NUMBER.fullmatch(number):
        raise ValueError("这像是身份证号。本系统不保存身份证号，请改填学校或教育局编的工号。")
    if not _NUMBER.fullmatch(number):
        raise ValueError("工号只能用字母、数字和 . @ + - _，最多 60 个。请核对后重填。")
    return number


def clean_name(text: str) -> str:
    """A name without the blanks that Excel users put between two characters; rare characters stay as they are."""
    name = _GAPS.sub("", " ".join(text.split()))
    if not name:
        raise ValueError("请填写姓名。")
    if len(name) > 60:
        raise ValueError("姓名最多 60 个字。")
    return name


def clean_phone(text: str) -> str:
    """A phone number in plain digits, or nothing."""
    phone = "".join(unicodedata.normalize("NFKC", text).split())
    if phone and not _PHONE.fullmatch(phone):
        raise ValueError("手机号只能用数字，例如 13800000000；不想填可以留空。")
    return phone
