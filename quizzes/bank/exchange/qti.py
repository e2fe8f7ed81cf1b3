"""Reading QTI packages, 2.1 and 3.0 alike. Pure: no Django.

Written after the 1EdTech QTI 2.1 and 3.0 information models. The two differ in names only
(`choiceInteraction`, `qti-choice-interaction`), so 3.0 is renamed to 2.1 while it is read, and the
other way while it is written (`qti_write`). What QTI has no element for stands in `class` words of our
own on the `div` around a question, and in LOM keywords of the manifest.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field, replace
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from quizzes.bank.domain.body import Labels
from quizzes.bank.exchange import words
from quizzes.bank.exchange.base import MOST_ITEMS, Notes, Reading, Refused, clean
from quizzes.bank.exchange.qti_items import Source, read_item
from quizzes.bank.exchange.safe import Archive, check_size, depth_checked, parse_xml, safe_path


def renamed(element: Element) -> Element:
    """The tree without namespaces and with the names of 2.1."""
    copy = Element(_name(element.tag), {_attribute(name): value for name, value in element.attrib.items()})
    copy.text, copy.tail = element.text, element.tail
    copy.extend(renamed(child) for child in element if isinstance(child.tag, str))
    return copy


def _name(tag: str) -> str:
    local = tag.rpartition("}")[2]
    return _camel(local.removeprefix("qti-")) if local.startswith("qti-") else local


def _attribute(name: str) -> str:
    local = name.rpartition("}")[2]
    return local if local.startswith(("data-", "aria-")) else _camel(local)


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


# --- packages -----------------------------------------------------------------------------------
def read(data: bytes) -> Reading:
    """A package (zip with imsmanifest.xml) or a lone item."""
    check_size(data)
    notes = Notes()
    if not data.startswith(b"PK"):
        root = renamed(depth_checked(parse_xml(data)))
        if root.tag != "assessmentItem":
            raise Refused("这不是 QTI 题目：最外层应当是 assessmentItem。请上传整个 QTI 压缩包（zip）。")
        read_item(root, f"“{root.get('title') or root.get('identifier') or ''}”", Source(None, "", notes), Labels(), "", {})
        return notes.reading()
    archive = Archive(data)
    listed = _listed(archive, notes)
    if len(listed) > MOST_ITEMS:
        raise Refused(f"一个包最多 {MOST_ITEMS} 道题，这个包有 {len(listed)} 道，请分成几个包。")
    for entry in listed:
        where = f"文件“{entry.path}”"
        if entry.path not in archive:
            notes.problem(where, "清单里有这道题，包里却没有这个文件", "请重新导出整个包")
            continue
        try:
            root = renamed(depth_checked(parse_xml(archive.read(entry.path), where)))
        except Refused as refusal:
            notes.problem(where, str(refusal))
            continue
        if root.tag != "assessmentItem":
            if root.tag != "assessmentStimulus":
                notes.problem(where, "不是题目（assessmentItem），已略过", note=True)
            continue
        labels, said = words.from_tags(entry.keywords, notes, where)
        labels = replace(labels, difficulty=words.DIFFICULTY_WORDS.get(entry.difficulty.lower(), 2))
        read_item(root, where, Source(archive, posixpath.dirname(entry.path), notes), labels, entry.code, said)
    if not listed:
        raise Refused("包里没有找到 QTI 题目；请从原来的系统导出 QTI 2.1 或 3.0 的包。")
    return notes.reading()


@dataclass
class _Entry:
    path: str
    code: str = ""
    difficulty: str = ""
    keywords: list[str] = field(default_factory=list)


def _listed(archive: Archive, notes: Notes) -> list[_Entry]:
    """The items that the manifest names; without a manifest, every XML file that looks like an item."""
    manifests = sorted((name for name in archive.names() if posixpath.basename(name) == "imsmanifest.xml"), key=len)
    if not manifests:
        return [_Entry(name) for name in archive.names() if name.endswith(".xml") and _looks_item(archive.read(name))]
    base = posixpath.dirname(manifests[0])
    root = renamed(depth_checked(parse_xml(archive.read(manifests[0]), "清单 imsmanifest.xml")))
    found = []
    for resource in root.iter("resource"):
        kind, href = resource.get("type") or "", unquote(resource.get("href") or "")
        if kind.startswith("imsqti_test"):
            notes.problem("清单 imsmanifest.xml", "试卷的结构没有导入，只导入题目", note=True)
        if not kind.startswith(("imsqti_item", "imsqti_apipitem")) or not href:
            continue
        path = posixpath.normpath(posixpath.join(base, href))
        if not safe_path(path):
            raise Refused(f"清单里有不安全的路径“{href[:60]}”，不能导入；请联系提供文件的人。")
        found.append(_about(resource, path))
    return found


def _looks_item(data: bytes) -> bool:
    return b"assessmentItem" in data[:4000] or b"qti-assessment-item" in data[:4000]


def _about(resource: Element, path: str) -> _Entry:
    """What the resource's LOM says: our own code, the difficulty, the keywords."""
    entry = _Entry(path)
    for element in resource.iter("keyword"):
        entry.keywords += [text for string in element.iter("string") if (text := clean(string.text or "").strip())]
    for identifier in resource.iter("identifier"):
        if (identifier.findtext("catalog") or "").strip() == "shiwufang":
            entry.code = (identifier.findtext("entry") or "").strip()
    for element in resource.iter("difficulty"):
        entry.difficulty = (element.findtext("value") or "").strip()
    return entry
