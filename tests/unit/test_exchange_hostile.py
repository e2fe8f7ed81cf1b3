"""Hostile and broken files are refused in words, within 5 seconds and 200 MB; each in a process of its own."""

from __future__ import annotations

import io
import json
import os
import resource
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from quizzes.bank.domain.body import Body, Item, Option
from quizzes.bank.exchange import xlsx
from quizzes.bank.exchange.base import MOST_ITEMS

ROOT = Path(__file__).parents[2]
SECONDS, MEGABYTES = 5, 200
CHILD = """
import json, sys, time
from quizzes.bank.exchange import read
from quizzes.bank.exchange.base import Refused
data = open(sys.argv[1], "rb").read()
began = time.perf_counter()
try:
    name, reading = read(data)
    said = {"items": len(reading.items), "problems": [problem.message for problem in reading.problems][:5],
            "texts": [item.body.stem for item in reading.items[:3]]}
except Refused as refused:
    said = {"refused": str(refused)}
said["seconds"] = time.perf_counter() - began
# The peak of this program; ru_maxrss would count the test process that it was forked from.
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
said["megabytes"] = int(status["VmHWM"].split()[0]) / 1024
print(json.dumps(said))
"""


def limits() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MEGABYTES * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS * 4, SECONDS * 4))


def outcome(path: Path, data: bytes) -> dict[str, object]:
    file = path / "upload"
    file.write_bytes(data)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "site"), str(ROOT)])}
    done = subprocess.run([sys.executable, "-c", CHILD, str(file)], env=env, cwd=ROOT, capture_output=True, preexec_fn=limits, timeout=60)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    said: dict[str, object] = json.loads(done.stdout)
    assert said["seconds"] < SECONDS, said
    assert said["megabytes"] < MEGABYTES, said
    return said


def packed(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as made:
        for name, data in entries:
            made.writestr(name, data)
    return target.getvalue()


QTI_ITEM = b'<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i"><itemBody><p>x</p></itemBody></assessmentItem>'
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (i, b"&l%d;" % (i - 1) * 10) for i in range(1, 12))


def bomb() -> bytes:
    return packed(("imsmanifest.xml", b" " * 300_000_000))


def lying_bomb() -> bytes:
    """A worksheet whose directory says a few bytes, while 100 MB are packed."""
    data = bytearray(packed(("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>"), ("xl/worksheets/sheet1.xml", b"A" * 100_000_000)))
    place = data.rfind(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(data)


def big_cell() -> bytes:
    good = zipfile.ZipFile(io.BytesIO(xlsx.write([])))
    entries = [(name, good.read(name)) for name in good.namelist() if "sheet1" not in name]
    cell = b'<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>' + b"A" * 100_000_000 + b"</t></is></c></row></sheetData></worksheet>"
    return packed(*entries, ("xl/worksheets/sheet1.xml", cell))


def sheet(content: bytes) -> bytes:
    good = zipfile.ZipFile(io.BytesIO(xlsx.write([])))
    return packed(*((name, content if name == "xl/worksheets/sheet1.xml" else good.read(name)) for name in good.namelist()))


def far_cell() -> bytes:
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    row = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return sheet(b"<worksheet " + space + b"><sheetData>" + row + b"</sheetData></worksheet>")


def rows_without_places() -> bytes:
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return sheet(b"<worksheet " + space + b'><sheetData><row r="1048576"><c><v>1</v></c></row></sheetData></worksheet>')


def link() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        entry = zipfile.ZipInfo("items/secret.xml")
        entry.external_attr = 0o120777 << 16
        made.writestr(entry, "/etc/passwd")
        made.writestr("imsmanifest.xml", "<manifest/>")
    return target.getvalue()


def encrypted() -> bytes:
    data = bytearray(packed(("imsmanifest.xml", b"<manifest/>"), method=zipfile.ZIP_STORED))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + offset] |= 1
    return bytes(data)


def manifest(href: str) -> bytes:
    text = f'<manifest><resources><resource type="imsqti_item_xmlv2p1" href="{href}"/></resources></manifest>'
    return packed(("imsmanifest.xml", text.encode()), ("a.xml", QTI_ITEM))


def many_elements() -> bytes:
    return b"<quiz>" + b"<a/>" * 3_000_000 + b"</quiz>"


def deep() -> bytes:
    return b"<quiz>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</quiz>"


def endless_excel() -> bytes:
    items = [Item(Body("single", f"第{i}题", (Option("甲", True), Option("乙")))) for i in range(MOST_ITEMS + 1)]
    return xlsx.write(items)


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "a zip bomb": (bomb, "太大"),
    "a zip bomb that lies about its size": (lying_bomb, "读不出来|太大"),
    "a cell of 100 MB": (big_cell, "太大"),
    "a lone cell in the last corner of a sheet": (far_cell, "行"),
    "cells that do not say where they stand": (rows_without_places, "另存"),
    "a way out of the package": (lambda: packed(("imsmanifest.xml", b"<x/>"), ("../../etc/cron.d/x", b"x")), "不安全的路径"),
    "an absolute path": (lambda: packed(("/etc/passwd", b"x"), ("imsmanifest.xml", b"<x/>")), "不安全的路径"),
    "a path of Windows": (lambda: packed(("imsmanifest.xml", b"<x/>"), ("C:\\x.xml", b"x")), "不安全的路径"),
    "a manifest that points outside": (lambda: manifest("../../../etc/passwd"), "不安全的路径"),
    "a symbolic link": (link, "链接"),
    "a zip with a password": (encrypted, "密码"),
    "macros in Excel": (lambda: packed(("xl/workbook.xml", b"<x/>"), ("xl/vbaProject.bin", b"x")), "宏"),
    "macros in Word": (lambda: packed(("word/document.xml", b"<x/>"), ("word/vbaProject.bin", b"x")), "宏"),
    "seven thousand entries": (lambda: packed(*((f"items/{i}.xml", b"<x/>") for i in range(7_000))), "最多"),
    "a broken zip": (lambda: packed(("imsmanifest.xml", b"<x/>"))[:-30], "打不开"),
    "a billion laughs": (lambda: b'<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY l0 "lol">' + LAUGHS + b"]><quiz>&l11;</quiz>", "DOCTYPE"),
    "an outside entity": (lambda: b'<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>', "DOCTYPE"),
    "an outside entity in Word": (lambda: packed(("word/document.xml", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')), "DOCTYPE"),
    "an entity in Excel": (lambda: sheet(b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'), "DOCTYPE"),
    "three million elements": (many_elements, "太大"),
    "elements a hundred thousand deep": (deep, "太大|写法有误"),
    "broken XML": (lambda: b"<quiz><question", "写法有误"),
    "bytes of no encoding": (lambda: "答案".encode() + b"\xff\xff\xff{=a}" + b"\x81", "编码"),
    "a million questions in Aiken": (lambda: b"Q\nA. a\nB. b\nANSWER: A\n\n" * 800_000, "最多|20 MB"),
    "a million questions in GIFT": (lambda: b"Q{=a ~b}\n\n" * 1_000_000, "最多|20 MB"),
    "too many rows in Excel": (endless_excel, "最多"),
    "a file of 21 MB": (lambda: b"x" * 21 * 1024 * 1024, "20 MB"),
    "one of the old .xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5_000, "密码|.xls"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_words(name: str, tmp_path: Path) -> None:
    make, words = REFUSED[name]
    said = outcome(tmp_path, make())
    assert "refused" in said, said
    assert any(word in str(said["refused"]) for word in words.split("|")), said


def test_scripts_in_a_moodle_text_come_in_as_nothing(tmp_path: Path) -> None:
    html = '<p onclick="x()">安全</p><script>alert(1)</script><style>p{}</style><img src=x onerror=alert(1)><iframe src="//x">a</iframe>'
    text = f'<quiz><question type="truefalse"><questiontext format="html"><text><![CDATA[{html}]]></text></questiontext><answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question></quiz>'
    assert outcome(tmp_path, text.encode())["texts"] == ["安全"]


@pytest.mark.parametrize("junk", ["<!--", "<a ", "&#", "<", "<p><b>", "</", "<![CDATA[", "<!"])
def test_junk_html_in_every_question_stays_within_the_limits(junk: str, tmp_path: Path) -> None:
    html = (junk * 60_000)[:55_000].replace("&", "&amp;").replace("<", "&lt;")
    question = f'<question type="truefalse"><questiontext format="html"><text>{html}</text></questiontext></question>'
    outcome(tmp_path, f"<quiz>{question * 60}</quiz>".encode())


@pytest.mark.parametrize("start", [b"", b"PK\x03\x04", b"<quiz>", b"{", b"Q\nA. "])
def test_noise_is_refused_or_told_and_never_a_crash(start: bytes, tmp_path: Path) -> None:
    noise = bytes((i * 7919 + i // 251) % 256 for i in range(200_000))
    said = outcome(tmp_path, start + noise)
    assert "refused" in said or said["items"] == 0
