"""The officers' guide tells the truth: its scenes are walked in the product, and every picture it shows is one of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from home.guide import Guide, walk
from tests.conftest import ROOT, Served

pytestmark = pytest.mark.browser
TEXT = ROOT / "docs" / "guide-officer.md"


def shown() -> set[str]:
    return set(re.findall(r"\(pictures/guide/([^)]+)\)", TEXT.read_text("utf-8")))


def test_the_guide_s_scenes_can_be_walked_and_give_every_picture_it_shows(
    chromium, site: Served, tmp_path: Path
) -> None:
    lines = (site.data / "demo-logins.txt").read_text("utf-8").splitlines()
    guide = Guide(chromium, site.base, dict(line.split("\t")[:2] for line in lines), tmp_path)
    walk(guide)
    assert guide.problems == []
    assert shown() == set(guide.taken)


def test_every_picture_of_the_guide_is_in_the_repository() -> None:
    assert sorted(shown() - {path.name for path in (TEXT.parent / "pictures" / "guide").glob("*.png")}) == []
