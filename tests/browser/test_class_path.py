"""The whole path of a lesson in a class, as its people walk it, with a picture of each screen.

A teacher opens 防溺水 for 小学高年级 at 5 minutes, projects it, opens a class quiz; four phones join by
the address in the QR, answer, one reloads, the teacher's panel reloads, reveal, explanation, again, end.
Pictures are written to `var/pictures` (or $SHIWUFANG_PICTURES).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
PICTURES = Path(os.environ.get("SHIWUFANG_PICTURES", Path(__file__).parents[2] / "var" / "pictures"))
PHONE = {"width": 360, "height": 740}
WALL = {"width": 1920, "height": 1080}


class People:
    """Opens a browser of its own for each person, and remembers what went wrong or left the site."""

    def __init__(self, chromium, base):
        self.chromium, self.base = chromium, base
        self.problems: list[str] = []

    def person(self, size) -> Page:
        context = self.chromium.new_context(viewport=size, has_touch=size is PHONE, locale="zh-CN")
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", self.notice)
        return page

    def notice(self, request):
        if not request.url.startswith((self.base, self.base.replace("http", "ws"), "data:", "blob:")):
            self.problems.append(f"a request left the site: {request.url}")


@pytest.fixture
def people(chromium, server):
    PICTURES.mkdir(parents=True, exist_ok=True)
    there = People(chromium, server)
    yield there
    for context in chromium.contexts:
        context.close()
    assert there.problems == []


def picture(page: Page, name: str) -> None:
    page.screenshot(path=PICTURES / f"{name}.png")


def phase(page: Page, wanted: str) -> None:
    page.wait_for_selector(f"body[data-phase={wanted}]")


def answer(phone: Page, option: int) -> None:
    phone.click(f".option[data-option='{option}']")
    if phone.query_selector("#send"):
        phone.click("#send")
    expect(phone.locator("#note")).to_contain_text("已收到")


def test_a_lesson_is_projected_and_the_class_answers_on_four_phones(people):
    base = people.base
    teacher = people.person(WALL)
    teacher.goto(f"{base}/")
    picture(teacher, "home-wall")
    teacher.goto(f"{base}/lessons/drowning/?band=P2&length=5")
    expect(teacher.locator("h1")).to_contain_text("远离危险水域")
    picture(teacher, "lesson-wall")

    teacher.click("text=打开大屏")
    teacher.wait_for_selector(".slide:not([hidden])")
    picture(teacher, "deck-1")
    teacher.keyboard.press("PageDown")
    picture(teacher, "deck-2")
    teacher.goto(f"{base}/lessons/drowning/?band=P2&length=5")

    teacher.click("text=课堂互动")
    teacher.click("button[value=phones]")
    phase(teacher, "lobby")
    picture(teacher, "wall-lobby")
    code = teacher.url.split("/")[4]

    phones = []
    for seat in range(1, 5):
        phone = people.person(PHONE)
        phone.goto(f"{base}/j/{code}/")
        if seat == 1:
            picture(phone, "phone-join")
        phone.fill("#name", str(seat))
        phone.click("#join-button")
        phone.wait_for_selector("#room:not([hidden])")
        phones.append(phone)

    teacher.keyboard.press("PageDown")
    phase(teacher, "open")
    picture(teacher, "wall-question")
    for number, phone in enumerate(phones):
        phone.wait_for_selector(".option")
        answer(phone, number % 2)
    picture(phones[0], "phone-answered")

    phones[1].reload()
    expect(phones[1].locator("#note")).to_contain_text("已收到")
    teacher.reload()
    phase(teacher, "open")
    expect(teacher.locator("body")).to_contain_text("4")

    teacher.keyboard.press("r")
    phase(teacher, "revealed")
    expect(teacher.locator("#stage .sentence").first).to_contain_text("%")
    picture(teacher, "wall-revealed")
    picture(phones[0], "phone-revealed")

    teacher.click("text=再想一想")
    phase(teacher, "open")
    for phone in phones:
        phone.wait_for_selector(".option:not([disabled])")
        answer(phone, 1)
    teacher.keyboard.press("r")
    phase(teacher, "revealed")
    expect(teacher.locator("#stage")).to_contain_text("第 1 次")
    expect(teacher.locator("#stage")).to_contain_text("第 2 次")
    picture(teacher, "wall-second-round")

    for phone in phones:
        expect(phone.locator("body")).not_to_contain_text("排名")
    teacher.click("#do-end")  # asks once more, so that a slip ends no class
    teacher.click("#do-end")
    phase(teacher, "ended")
    picture(teacher, "wall-ended")


def test_the_same_lesson_on_a_phone_and_on_paper(people, chromium):
    phone = people.person(PHONE)
    for name, path in {
        "home-phone": "/",
        "lesson-phone": "/lessons/drowning/?band=P1&length=5",
        "search-phone": "/search/?q=煤气",
    }.items():
        phone.goto(people.base + path)
        width = phone.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, f"{path} is {width} px wide"
        phone.screenshot(path=PICTURES / f"{name}.png", full_page=True)
    phone.goto(f"{people.base}/lessons/drowning/print/?band=P2&length=30")
    paper = phone.pdf(path=PICTURES / "lesson-print.pdf", format="A4")
    assert paper.startswith(b"%PDF")
