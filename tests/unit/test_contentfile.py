"""Content files: a mistake names file, line and field."""

import pytest

from common.contentfile import ContentErrors, Items, OneOf, Record, Text, read
from lessons.shapes import CONTENT, read_lesson

SHAPE = Record({"name": Text(6), "bands": Items(OneOf(("K", "P1")), 1, 2), "note": Text(9, required=False)})


def problems(tmp_path, text):
    path = tmp_path / "x.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ContentErrors) as caught:
        read(path, SHAPE)
    return [(p.line, p.field) for p in caught.value.problems]


def test_a_good_file_is_read(tmp_path):
    (tmp_path / "x.yaml").write_text("name: 水\nbands: [K]\n", "utf-8")
    assert read(tmp_path / "x.yaml", SHAPE) == {"name": "水", "bands": ["K"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: 一二三四五六七\nbands: [K]\n", (1, "name")),
        ("name: 水\nbands:\n  - K\n  - X\n", (4, "bands[2]")),
        ("name: 水\nbands: []\n", (2, "bands")),
        ("name: 水\nbands: [K]\nnotes: x\n", (3, "notes")),
        ("bands: [K]\n", (1, "(文件)")),
        ("name: 110\nbands: [K]\n", (1, "name")),
        ("name: ''\nbands: [K]\n", (1, "name")),
        ("name: 水\nname: 火\nbands: [K]\n", (2, "name")),
        ("name: 水\n  bands: [K]\n", (2, "(文件)")),
        ("- 水\n", (1, "(文件)")),
        (b"\xff\xfename", (1, "(文件)")),
    ],
)
def test_a_mistake_is_named_by_line_and_field(tmp_path, text, expected):
    assert expected in problems(tmp_path, text)


def test_all_mistakes_are_told_at_once(tmp_path):
    assert len(problems(tmp_path, "name: 一二三四五六七\nbands: [X, Y]\n")) == 3


@pytest.mark.parametrize("path", sorted((CONTENT / "lessons").glob("*.yaml")), ids=lambda p: p.stem)
def test_every_lesson_file_is_right(path):
    assert len(read_lesson(path)["steps"]) >= 12
