"""A question's whole way as officers go it: made with the keyboard, published, its wrong key corrected, its history read."""

from __future__ import annotations

from typing import Any

import pytest

from quizzes.bank.shapes import CONTENT, read_questions
from tests.conftest import Served

pytestmark = pytest.mark.browser


def logged_in(site: Served, chromium: Any, who: str) -> Any:
    """A page of the person's own browser, at 1440 × 900 as in an office."""
    lines = (site.data / "demo-logins.txt").read_text("utf-8").splitlines()
    secret = dict(line.split("\t")[:2] for line in lines)[who]
    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{site.base}/cms/login/")
    page.fill("[name=username]", who)
    page.fill("[name=password]", secret)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{site.base}/cms/")
    return page


def test_a_question_is_made_published_corrected_and_its_history_read(site: Served, chromium: Any) -> None:
    editor = logged_in(site, chromium, "bianji")
    wrong: list[str] = []
    editor.on("pageerror", lambda error: wrong.append(str(error)))
    editor.goto(f"{site.base}/cms/bank/new/")

    # The cursor stands in the stem; a stem that is there already is told at once.
    shipped = read_questions(CONTENT / "fire.yaml")["questions"][0]
    editor.keyboard.type(f"请问，{shipped['stem']}")
    editor.locator("#similar li").first.wait_for()
    assert shipped["id"] in editor.inner_text("#similar")

    # Options by the keyboard alone: Enter goes on and makes a fifth row, Alt+2 marks the right one.
    editor.fill("[data-stem]", "独角兽闯进操场，值班老师先做什么？")
    editor.focus("[name=options-0-text]")
    for text in ("拍视频", "疏散学生", "喂它吃草", "骑上去"):
        editor.keyboard.type(text)
        editor.keyboard.press("Enter")
    assert editor.evaluate("document.activeElement.name") == "options-4-text"
    editor.keyboard.press("Alt+2")
    assert editor.is_checked("[name=options-1-right]")
    frame = editor.frame_locator("#preview iframe")
    frame.locator(".wall-option").nth(3).wait_for()
    assert frame.locator(".wall-option-text").all_inner_texts() == ["拍视频", "疏散学生", "喂它吃草", "骑上去"]

    # A key too few: refused at its place, nothing lost.
    editor.keyboard.press("Control+Enter")
    editor.locator(".bank-summary").wait_for()
    assert "请选主题" in editor.inner_text(".bank-summary")
    assert editor.input_value("[name=options-2-text]") == "喂它吃草"
    editor.select_option("[name=topic]", "accidental-injury")
    editor.check("[name=bands][value=T]", force=True)
    editor.click("button[value=submit]")
    editor.locator(".bank-history").wait_for()
    address = editor.url
    assert "待审核" in editor.inner_text(".bank-meta")

    # A reviewer publishes; then the key turns out to be wrong.
    reviewer = logged_in(site, chromium, "shenhe")
    reviewer.goto(address)
    reviewer.click("text=发布")
    reviewer.locator(".bank-state--published").first.wait_for()
    editor.goto(f"{address}edit/")
    editor.keyboard.press("Alt+1")
    assert not editor.is_checked("[name=options-1-right]"), "a single choice has one key"
    editor.fill("[name=note]", "先拍视频取证")
    editor.keyboard.press("Control+Enter")
    editor.wait_for_url(address)

    reviewer.goto(address)
    reviewer.click("button:text-is('发布')")
    reviewer.locator("text=更正答案并发布").wait_for()
    assert "“B（疏散学生）” 改为 “A（拍视频）”" in reviewer.inner_text(".bank-changes")
    reviewer.click("text=更正答案并发布")
    reviewer.locator(".is-correction").wait_for()

    history = reviewer.inner_text(".bank-history")
    for words in ("答案更正：第 2 版的答案与第 1 版不同", "先拍视频取证", "林编辑", "沈审核", "保存第 1 版"):
        assert words in history
    assert wrong == []
