"""What stands in a cell of a roster, made into plain values. Pure: no Django.

Excel hands over numbers as floats, dates as serials, and people type full-width digits, blanks inside
names and invisible characters. Rare characters of names (𬱖) pass unharmed.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

Cell = object
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a\u202c\u202d\u202e\u200e\u200f"))
# Full-width ASCII becomes plain; ideographs are left alone, because NFKC would change some of them.
WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
DOTS = dict.fromkeys(map(ord, "•・‧∙⋅．﹒"), "·")
EPOCH = dt.date(1899, 12, 30)
_HAN_GAP = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*(?:[-/.月]\s*(?:(\d{1,2})\s*日?)?)?(?:\s+0?0:00(?::00)?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d{1,3}")
_NUMBER = re.compile(r"[\w.@+-]{1,60}")
_ID_18 = re.compile(r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
_ID_15 = re.compile(r"[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
_PHONE = re.compile(r"\d{5,15}(?:-\d{1,6})?")


def text(value: Cell) -> str:
    """The cell as a person reads it: 1001.0 is 1001, blanks at the ends and invisible characters are gone."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    plain = str(value)
    if plain.isascii():
        return plain.strip()
    return plain.translate(WIDE).translate(INVISIBLE).strip()


def name(value: Cell) -> str:
    """A person's name: no blanks between Chinese characters, one kind of dot between the parts of a name."""
    plain = text(value)
    if plain.isalpha():  # the quick way of nearly everybody
        return plain
    # A family name of one character is often set apart by blanks; so is a Latin name, whose blanks stay.
    return " ".join(_HAN_GAP.sub("", plain.translate(DOTS)).split())


def code(value: Cell) -> str:
    """A staff number or the code of a unit: no blanks at all, full-width made plain."""
    plain = text(value)
    if plain.isalnum() and plain.isascii():
        return plain
    # Once more at the end: a blank that is taken out may bring a letter and its accent together.
    return unicodedata.normalize("NFKC", "".join(unicodedata.normalize("NFKC", plain).split()))


def without_zeros(number: str) -> str:
    """The number as Excel leaves it when it takes a code for a number."""
    return number.lstrip("0") or "0"


def number_problem(number: str) -> tuple[str, str] | None:
    """(what is wrong, what to do) with a staff number; None when it is fine."""
    if looks_like_id(number):
        return (
            "这像是身份证号，不是工号",
            "本站从不保存身份证号。请改填学校编的工号；没有工号的，删去这一列并勾选“按单位代码自动编工号”。",
        )
    if _SCIENTIFIC.fullmatch(number):
        return (
            "工号被 Excel 改成了科学计数法",
            "请把这一列的单元格格式改为“文本”，重新填入完整的工号。",
        )
    if not _NUMBER.fullmatch(number):
        return ("工号里有不能用的字符，或超过 60 个字符", "工号只用数字、字母和 . - _ @ +，中间不要有空格和别的标点。")
    return None


def looks_like_id(value: str) -> bool:
    """Whether a text has the shape of a Chinese ID number, of 18 or of 15 digits, with a possible birthday."""
    return bool((len(value) == 18 and _ID_18.fullmatch(value)) or (len(value) == 15 and _ID_15.fullmatch(value)))


def phone(value: Cell) -> str | None:
    """A phone number of digits; None when it is none; "" for an empty cell."""
    plain = text(value)
    if not plain:
        return ""
    plain = re.sub(r"[\s()]", "", plain)
    plain = re.sub(r"^(?:\+|00)86-?", "", plain)
    if re.fullmatch(r"1\d{2}-\d{4}-\d{4}", plain):
        plain = plain.replace("-", "")
    return plain if _PHONE.fullmatch(plain) and not looks_like_id(plain) else None


def date(value: Cell) -> dt.date | None:
    """A date as Excel, its serial number or a person writes it; a month is its first day; None when it is none."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    plain = text(value)
    if isinstance(value, int | float) and not isinstance(value, bool) or plain.isdigit() and len(plain) == 5:
        serial = float(plain)
        if 10_000 <= serial <= 80_000:  # 1927 to 2119
            return EPOCH + dt.timedelta(days=int(serial))
    found = _DATE.fullmatch(plain) or _COMPACT.fullmatch(plain)
    if not found:
        return None
    year, month, day = int(found[1]), int(found[2]), int(found[3] or 1)
    try:
        return dt.date(year, month, day) if 1900 <= year <= 2200 else None
    except ValueError:
        return None


def word(value: str) -> str:
    """A name of a unit, a post or a column, made comparable: no blanks, brackets and case alike."""
    return "".join(unicodedata.normalize("NFKC", value).split()).lower()
