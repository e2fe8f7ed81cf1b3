"""The screens' scripts and styles keep to what old class panels understand (Chromium 80, Safari 13)."""

from __future__ import annotations

import re
from pathlib import Path

import esprima
import pytest

STATIC = Path(__file__).parents[2] / "site" / "static"
SCRIPTS = sorted((STATIC / "js").glob("live-*.js"))
STYLES = sorted((STATIC / "css").glob("live*.css"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_parses_as_es2017(path):
    # esprima 4 knows ES2017 and nothing newer: optional chaining or object spread fail here.
    esprima.parseModule(path.read_text("utf-8"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "newer",
    [
        ".replaceAll(",
        ".flat(",
        ".flatMap(",
        ".at(",
        "Object.fromEntries",
        "structuredClone",
        ".innerHTML",
        "eval(",
    ],
)
def test_a_script_uses_no_newer_library_and_no_markup_from_text(path, newer):
    assert newer not in path.read_text("utf-8")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_imports_only_its_neighbours(path):
    for source in re.findall(r'from "([^"]+)"', path.read_text("utf-8")):
        assert (path.parent / source).is_file()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_chinese_sentence_hides_in_a_script(path):
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.S)
    assert re.findall(r"[\u4e00-\u9fff]+", code) in ([], ["年", "月", "日"])


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "newer", [":has(", "aspect-ratio", "clamp(", "inset:", ":is(", ":where(", "@layer", "url(http"]
)
def test_a_style_uses_nothing_newer(path, newer):
    assert newer not in path.read_text("utf-8")


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_gaps_are_made_by_grids_and_margins(path):
    """`gap` in a flex box came with Chromium 84 and Safari 14.1."""
    assert not re.search(r"(?<!grid-)gap:", path.read_text("utf-8"))
