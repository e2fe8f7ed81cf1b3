"""The doors through which a stranger's file comes in: zip, XML, text. Pure: no Django.

Each raises `Refused` with words for a person before much time or memory is spent. Sizes are counted
while unpacking, never believed from the file's own directory.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from quizzes.bank.exchange.base import MOST_BYTES, Refused

MOST_ENTRIES = 6_000
MOST_PART = 16 * 1024 * 1024
"""Bytes of one unpacked file."""
MOST_UNPACKED = 40 * 1024 * 1024
MOST_ELEMENTS = 250_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TOO_BIG = "文件解开后太大，可能已损坏或有问题；请另存为新文件，或分成几个文件再试。"


def check_size(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise Refused(f"文件超过 {MOST_BYTES // 1024 // 1024} MB，请分成几个文件，或把图片压缩后再试。")
    if not data.strip(b"\0 \r\n\t"):
        raise Refused("文件是空的，请检查是不是选错了文件。")
    if data.startswith(OLE):
        raise Refused("这是加了密码的文件，或旧格式的 .xls、.doc；请在 Office 或 WPS 里去掉密码，另存为 .xlsx 或 .docx。")


class Archive:
    """A zip whose entries were checked by name; each is unpacked only when asked for, and counted."""

    def __init__(self, data: bytes) -> None:
        check_size(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as error:
            raise Refused("压缩包打不开，可能没有传完整；请重新下载或另存后再试。") from error
        if len(entries) > MOST_ENTRIES:
            raise Refused(f"压缩包里有 {len(entries)} 个文件，最多 {MOST_ENTRIES} 个，请分成几个包。")
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            self._check(entry)
            self._entries[entry.filename] = entry
        if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise Refused(TOO_BIG)
        self._unpacked = 0

    @staticmethod
    def _check(entry: zipfile.ZipInfo) -> None:
        name = entry.filename
        # zipfile cuts a name at a NUL; orig_filename still has it.
        if name != entry.orig_filename or not safe_path(name.rstrip("/")):
            raise Refused(f"压缩包里有不安全的路径“{name[:60]}”，这不是题库导出的包，请联系提供文件的人。")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Refused(f"压缩包里有链接文件“{name[:60]}”，请去掉后重新打包。")
        if entry.flag_bits & 0x1:
            raise Refused("压缩包加了密码，请去掉密码后再上传。")
        if name.lower().endswith("vbaproject.bin"):
            raise Refused("文件里有宏，不能导入；请另存为不带宏的 .xlsx 或 .docx。")
        if entry.file_size > MOST_PART:
            raise Refused(TOO_BIG)

    def names(self) -> list[str]:
        return [name for name in self._entries if not name.endswith("/")]

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes:
        """The bytes of one entry. Raises `KeyError` for a name that is not there."""
        entry = self._entries[name]
        try:
            with self._zip.open(entry) as file:
                data = file.read(MOST_PART + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise Refused(f"压缩包里的“{name[:60]}”读不出来，文件可能已损坏；请另存后再试。") from error
        self._unpacked += len(data)
        if len(data) > MOST_PART or self._unpacked > MOST_UNPACKED:
            raise Refused(TOO_BIG)
        return data


def safe_path(name: str) -> bool:
    """Whether a name stays inside its package on every system."""
    parts = name.split("/")
    return bool(name) and "\\" not in name and ":" not in parts[0] and all(part not in ("", "..") for part in parts)


class _Counted(TreeBuilder):
    """Builds a tree and stops when it grows past what a file of questions can need."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:  # type: ignore[override]
        self.count += 1
        if self.count > MOST_ELEMENTS:
            raise Refused(TOO_BIG)
        return super().start(tag, attrs)


def parse_xml(data: bytes, what: str = "XML 文件") -> Element:
    """The root of an XML text without document types, entities or outside references."""
    if len(data) > MOST_PART:
        raise Refused(TOO_BIG)
    parser = DefusedXMLParser(target=_Counted(), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(data)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise Refused(f"{what}里有文档类型或实体声明（DOCTYPE），不安全，不能导入。") from error
    except (ParseError, ValueError, LookupError) as error:
        line = getattr(error, "position", (0, 0))[0]
        at = f"第 {line} 行" if line else ""
        raise Refused(f"{what}{at}写法有误，读不下去；请从原来的系统重新导出。") from error
    return root


def depth_checked(root: Element, most: int = 200) -> Element:
    """The root, unless elements stand deeper in each other than a walk by recursion bears."""
    level = [root]
    for _ in range(most):
        level = [child for element in level for child in element]
        if not level:
            return root
    raise Refused(TOO_BIG)


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with a mark, or GB18030 as old Windows saves it."""
    check_size(data)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decoded(data, "utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded(data, "gb18030")


def lines_of(text: str) -> Iterator[str]:
    """The lines, one after another: a list of millions of them would fill the memory."""
    start = 0
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused("文件的文字编码认不出来；请用记事本打开，“另存为”时编码选 UTF-8。") from error
    if "\0" in text:
        raise Refused("这不是文本文件；请检查是不是选错了文件。")
    return text


