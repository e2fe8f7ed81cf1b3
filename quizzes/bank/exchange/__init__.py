"""Questions in and out: one module a format, all between bytes and `domain.body.Item`s. Pure: no Django."""

from __future__ import annotations

from types import ModuleType

from quizzes.bank.exchange import aiken, docx, gift, moodle_xml, qti21, qti30, xlsx
from quizzes.bank.exchange.base import Reading, Refused
from quizzes.bank.exchange.safe import Archive, check_size, decode

__all__ = ["FORMATS", "detect", "read"]

FORMATS: dict[str, ModuleType] = {
    "xlsx": xlsx,
    "docx": docx,
    "moodle": moodle_xml,
    "qti21": qti21,
    "qti30": qti30,
    "gift": gift,
    "aiken": aiken,
}
"""Every format by the name that an address and a row carry, in the order in which a person is offered them."""
UNKNOWN = (
    "认不出这是哪种题库文件。可以导入：Excel 模板（.xlsx）、Word 模板（.docx）、Moodle XML、"
    "QTI 2.1 或 3.0 的压缩包、GIFT 和 Aiken 文本。"
)


def detect(data: bytes) -> str:
    """The name of the format, by what the file holds and never by what it is called. Raises `Refused`."""
    check_size(data)
    if data.startswith(b"PK"):
        archive = Archive(data)
        if "xl/workbook.xml" in archive:
            return "xlsx"
        if "word/document.xml" in archive:
            return "docx"
        if any(name.endswith(".xml") for name in archive.names()):
            return "qti21"
        raise Refused(UNKNOWN)
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf")):
        raise Refused(UNKNOWN)
    text = decode(data)
    start = text.lstrip()[:2000]
    if start.startswith("<"):
        return "qti21" if "assessmentItem" in start or "qti-assessment-item" in start else "moodle"
    if aiken.looks(text):
        return "aiken"
    if gift.looks(text):
        return "gift"
    raise Refused(UNKNOWN)


def read(data: bytes) -> tuple[str, Reading]:
    """The format's name and what the file holds. Raises `Refused`."""
    name = detect(data)
    return name, FORMATS[name].read(data)
