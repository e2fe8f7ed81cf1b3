"""An officer brings a Word file in, looks at it on a computer and a phone, decides, undoes, and takes questions out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quizzes.bank.exchange import read, samples

pytestmark = pytest.mark.browser
PICTURES = Path(os.environ.get("SHIWUFANG_PICTURES", Path(__file__).parents[2] / "var" / "pictures"))


@pytest.fixture
def officer(chromium: Any, site: Any) -> Any:
    PICTURES.mkdir(parents=True, exist_ok=True)
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith((site.base, "data:")) else problems.append(request.url))
    secrets = dict(line.split("\t")[:2] for line in (site.data / "demo-logins.txt").read_text("utf-8").splitlines())
    page.goto(f"{site.base}/cms/login/")
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", secrets["admin"])
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/cms/")
    yield page
    context.close()
    assert problems == []


def fits_a_phone(page: Page, name: str) -> None:
    """The page is as wide as a phone, so nobody scrolls sideways."""
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.screenshot(path=PICTURES / f"exchange-{name}-phone.png")
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_word_file_comes_in_is_undone_and_questions_go_out(officer: Page, server: str, tmp_path: Path) -> None:
    page = officer
    file = tmp_path / "题目.docx"
    file.write_bytes(samples.word(["防火灾"]))
    page.goto(f"{server}/cms/bank/import/")
    page.screenshot(path=PICTURES / "exchange-upload.png")
    fits_a_phone(page, "upload")
    page.set_input_files("#id_file", str(file))
    page.click("text=上传并预览")
    expect(page.locator(".exchange-item")).to_have_count(len(samples.EXAMPLES))
    page.screenshot(path=PICTURES / "exchange-preview.png", full_page=True)
    fits_a_phone(page, "preview")
    page.click("[name=apply]")
    expect(page.locator(".exchange")).to_contain_text(f"导入 {len(samples.EXAMPLES)} 道新题")
    page.screenshot(path=PICTURES / "exchange-result.png")
    page.click("text=撤销这次导入")
    page.click("text=确认撤销")
    expect(page.locator(".exchange")).to_contain_text("这批题不在题库里了")

    page.goto(f"{server}/cms/bank/export/?topic=fire&state=live&format=aiken")
    expect(page.locator(".exchange-losses")).to_contain_text("整题不导出")
    page.screenshot(path=PICTURES / "exchange-export.png", full_page=True)
    fits_a_phone(page, "export")
    with page.expect_download() as download:
        page.click(".exchange-result button")
    name, reading = read(Path(download.value.path()).read_bytes())
    assert name == "aiken" and reading.items and reading.problems == ()
