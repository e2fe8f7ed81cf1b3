"""A safety officer's way with a roster, in a browser: a file with a mistake, the corrected file, apply, undo.

The jobs are real processes here. Pictures go to `var/pictures` (or $SHIWUFANG_PICTURES).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.conftest import Served
from tests.factories.rosters import HEADER, workbook

pytestmark = pytest.mark.browser
PICTURES = Path(os.environ.get("SHIWUFANG_PICTURES", Path(__file__).parents[2] / "var" / "pictures"))
SCHOOL = "示范县实验小学"


def test_an_officer_imports_the_own_school_and_takes_it_back(chromium: Any, site: Served, tmp_path: Path) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    logins = dict(line.split("\t")[:2] for line in (site.data / "demo-logins.txt").read_text("utf-8").splitlines())
    title = [f"{SCHOOL}教职工名册"]
    good = [title, HEADER, ["r1", "𬱖娜", SCHOOL, "班主任"], ["r2", "张伟", "", "门卫、保洁"]]
    bad = [*good, ["r3", "李四", SCHOOL, "班主仁"]]
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(60_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))

    def send(name: str, rows: Any) -> None:
        page.goto(f"{site.base}/cms/rosters/people/")
        page.set_input_files("input[type=file]", workbook(tmp_path / name, {"名册": rows}))
        page.get_by_role("button", name="上传并预览").click()

    page.goto(f"{site.base}/cms/rosters/people/")
    page.fill("input[name=username]", "anquan")
    page.fill("input[name=password]", logins["anquan"])
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/cms/rosters/people/")
    page.screenshot(path=PICTURES / "roster-upload.png")
    send("有错.xlsx", bad)
    expect(page.get_by_role("cell", name="不认识岗位“班主仁”")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="导入", exact=True)).to_be_disabled()
    page.screenshot(path=PICTURES / "roster-errors.png")
    send("改好.xlsx", good)
    expect(page.get_by_text("没有错误")).to_be_visible(timeout=60_000)
    page.screenshot(path=PICTURES / "roster-preview.png")
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_text("导入：新增 2。")).to_be_visible(timeout=60_000)
    page.get_by_text("撤销这次导入").click()
    page.screenshot(path=PICTURES / "roster-result.png")
    page.get_by_role("button", name="确认撤销").click()
    expect(page.get_by_text("名单恢复成导入前的样子")).to_be_visible(timeout=60_000)
    context.close()
    assert problems == []
