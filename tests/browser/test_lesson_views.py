"""A lesson in a real browser: the deck in a teacher's hand, its notes, the offline pack, the reading page."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

BANDS = ("K", "P1", "P2", "J", "S")
TOPICS = ("drowning", "fire", "mental-health")
pytestmark = pytest.mark.browser
WEIGHT_LIMIT = 150 * 1024
OVERFLOW = """() => {
  const slide = document.querySelector(".slide.is-on");
  return slide.scrollHeight > slide.clientHeight + 1 || slide.scrollWidth > slide.clientWidth + 1;
}"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A classroom computer's browser; the test fails if a script or a resource of a page fails."""
    context = chromium.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
    problems: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.set_default_timeout(8000)
    yield page
    context.close()
    assert problems == []


def wall(server: str, topic: str = "drowning", band: str = "P2", length: int = 30) -> str:
    return f"{server}/lessons/{topic}/wall/?band={band}&length={length}"


def place(page: Page) -> int:
    """Which slide is shown, counted from 1."""
    number: int = page.evaluate("[...document.querySelectorAll('.slide')].findIndex(s => s.matches('.is-on')) + 1")
    return number


def slide_count(page: Page) -> int:
    return page.locator(".slide").count()


def go_to_question(page: Page) -> None:
    number = page.evaluate("[...document.querySelectorAll('.slide')].findIndex(s => s.querySelector('.answer')) + 1")
    page.evaluate("number => { location.hash = '#' + number; }", number)
    expect(page.locator(".slide.is-on .answer")).to_be_attached()


def open_notes(page: Page) -> Page:
    with page.expect_popup() as opened:
        page.keyboard.press("n")
    notes: Page = opened.value
    notes.wait_for_load_state()
    expect(notes.locator(".notes__state")).to_have_text(re.compile(r"\d+ / \d+"))
    return notes


@pytest.mark.parametrize(
    ("forward", "backward"), [("PageDown", "PageUp"), ("ArrowRight", "ArrowLeft"), (" ", "Backspace")]
)
def test_remote_and_keyboard_turn_the_slides(server: str, page: Page, forward: str, backward: str) -> None:
    page.goto(wall(server))
    assert place(page) == 1
    page.keyboard.press(forward)
    page.keyboard.press(forward)
    assert place(page) == 3
    page.keyboard.press(backward)
    assert place(page) == 2
    page.keyboard.press("End")
    assert place(page) == slide_count(page)
    page.keyboard.press("PageDown")
    assert place(page) == slide_count(page)
    page.keyboard.press("Home")
    assert place(page) == 1


def test_answer_opens_before_the_next_slide(server: str, page: Page) -> None:
    page.goto(wall(server))
    go_to_question(page)
    before = place(page)
    expect(page.locator(".slide.is-on .answer__key")).to_be_hidden()
    page.keyboard.press("PageDown")
    expect(page.locator(".slide.is-on .answer__key")).to_be_visible()
    assert place(page) == before
    page.keyboard.press("PageDown")
    assert place(page) == before + 1


def test_place_survives_a_reload(server: str, page: Page) -> None:
    page.goto(wall(server))
    for _ in range(3):
        page.keyboard.press("PageDown")
    assert page.url.endswith("#4")
    page.reload()
    assert place(page) == 4


def test_curtain_darkens_the_wall_and_any_key_lifts_it_without_moving_on(server: str, page: Page) -> None:
    page.goto(wall(server))
    page.keyboard.press("b")
    expect(page.locator(".curtain")).to_be_visible()
    page.keyboard.press("PageDown")
    expect(page.locator(".curtain")).to_be_hidden()
    assert place(page) == 1


def test_timer_is_off_until_asked_for_and_can_be_turned_off(server: str, page: Page) -> None:
    page.goto(wall(server, length=5))
    clock = page.locator(".bar__clock")
    expect(clock).to_have_text("计时")
    page.keyboard.press("t")
    expect(clock).to_have_text(re.compile(r"^(5:00|4:\d\d)$"))
    page.keyboard.press("t")
    expect(clock).to_have_text("计时")


def test_timer_ends_with_calm_words(server: str, page: Page) -> None:
    page.clock.install()
    page.goto(wall(server, length=1))
    page.keyboard.press("t")
    page.clock.run_for(61_000)
    expect(page.locator(".bar__clock")).to_have_text("时间到")


def test_theme_is_remembered(server: str, page: Page) -> None:
    page.goto(wall(server))
    page.keyboard.press("l")
    expect(page.locator("body")).to_have_attribute("data-theme", "light")
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-theme", "light")


def test_help_closes_with_escape_and_a_second_escape_leaves(server: str, page: Page) -> None:
    page.goto(wall(server))
    page.keyboard.press("?")
    expect(page.locator(".keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".keys")).to_be_hidden()
    page.keyboard.press("Escape")
    page.wait_for_url("**/lessons/drowning/?band=P2&length=30")


def test_notes_and_deck_turn_each_other(server: str, page: Page) -> None:
    page.goto(wall(server))
    notes = open_notes(page)
    page.keyboard.press("PageDown")
    expect(notes.locator(".note.is-on")).to_have_attribute("data-slide", "1")
    notes.click("[data-move='1']")
    expect(notes.locator(".note.is-on")).to_have_attribute("data-slide", "2")
    assert place(page) == 3


@pytest.mark.parametrize("reloaded", ["deck", "notes"])
def test_notes_find_the_deck_again_after_a_reload(server: str, page: Page, reloaded: str) -> None:
    page.goto(wall(server))
    notes = open_notes(page)
    page.keyboard.press("PageDown")
    (page if reloaded == "deck" else notes).reload()
    notes.wait_for_timeout(2500)  # one hello
    page.keyboard.press("PageDown")
    expect(notes.locator(".note.is-on")).to_have_attribute("data-slide", "2")


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (1280, 800)], ids=str)
@pytest.mark.parametrize("topic", TOPICS)
def test_no_slide_overflows_its_screen(server: str, page: Page, topic: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    too_long = []
    for band in BANDS:
        page.goto(wall(server, topic, band))
        last = slide_count(page)
        for _ in range(2 * last):  # an answer takes a press of its own
            if page.evaluate(OVERFLOW):
                too_long.append((band, place(page)))
            if place(page) == last:
                break
            page.keyboard.press("PageDown")
    assert too_long == []


def test_body_text_is_legible_from_the_back_row(server: str, page: Page) -> None:
    page.goto(wall(server, "fire", "P1"))
    smallest = 1000.0
    for _ in range(slide_count(page) * 2):
        sizes = page.eval_on_selector_all(
            ".slide.is-on .prose, .slide.is-on li, .slide.is-on figcaption",
            "found => found.map(e => parseFloat(getComputedStyle(e).fontSize))",
        )
        smallest = min([smallest, *sizes])
        page.keyboard.press("PageDown")
    assert smallest >= 40


def test_buttons_of_the_wall_are_large(server: str, page: Page) -> None:
    page.goto(wall(server))
    heights = page.eval_on_selector_all(".bar button", "found => found.map(e => e.getBoundingClientRect())")
    assert min(box["height"] for box in heights) >= 80
    assert min(box["top"] for box in heights) > 540


def test_offline_pack_works_from_a_usb_stick(server: str, page: Page, tmp_path: Path) -> None:
    answer = page.request.get(f"{server}/lessons/drowning/pack/")
    assert answer.ok
    with zipfile.ZipFile(io.BytesIO(answer.body())) as archive:
        archive.extractall(tmp_path)
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "index.html").as_uri())
    page.click("a[href='wall-P2-30.html']")
    expect(page.locator(".bar__place")).to_have_text(re.compile(r"^1 / "))
    page.keyboard.press("PageDown")
    assert place(page) == 2
    notes = open_notes(page)
    notes.click("[data-move='1']")
    expect(page.locator(".bar__place")).to_have_text(re.compile(r"^3 / "))
    pictures = page.evaluate("[...document.images].map(picture => picture.naturalWidth > 0)")
    assert pictures
    assert all(pictures)
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_reading_page_and_deck_work_without_scripts(server: str, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{server}/lessons/drowning/?band=P2&length=30")
    page.click("text=高中")
    page.wait_for_url("**band=S**")
    answer = page.locator(".answer").first
    answer.locator("summary").click()
    expect(answer.locator(".answer__key")).to_be_visible()
    page.goto(wall(server))
    for slide in page.locator(".slide").all():
        expect(slide).to_be_visible()
    context.close()


@pytest.mark.parametrize("band", BANDS)
def test_reading_page_weighs_little(server: str, page: Page, band: str) -> None:
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{server}/lessons/fire/?band={band}&length=30", wait_until="networkidle")
    text = [a for a in answers if re.search("html|css|javascript", a.headers.get("content-type", ""))]
    assert sum(len(a.body()) for a in text) <= WEIGHT_LIMIT


PATHS = (
    "/",
    "/lessons/",
    "/lessons/drowning/?band=P2&length=30",
    "/lessons/fire/?band=K&length=30",
    "/lessons/mental-health/?band=S&length=30",
    "/lessons/drowning/wall/?band=P2&length=30",
    "/lessons/drowning/notes/?band=P2&length=30",
    "/lessons/drowning/print/?band=P2&length=30",
    "/search/?q=溺水",
    "/j/",
)


@pytest.mark.parametrize("path", PATHS)
def test_page_asks_no_other_site_and_fits_a_phone(server: str, page: Page, path: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{server}{path}", wait_until="networkidle")
    assert [url for url in asked if not url.startswith((server, "data:"))] == []
    if "/wall/" not in path:
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def axe_findings(page: Page) -> list[tuple[str, str]]:
    """What axe finds, as (rule, element)."""
    found = Axe().run(page).response["violations"]
    return [(rule["id"], node["html"][:120]) for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("path", PATHS)
def test_page_has_no_accessibility_finding(server: str, page: Page, path: str) -> None:
    page.goto(f"{server}{path}")
    assert axe_findings(page) == []


def test_phone_of_a_class_has_no_accessibility_finding(server: str, page: Page) -> None:
    page.goto(f"{server}/live/new/?topic=drowning&band=P2&title=防溺水")
    assert axe_findings(page) == []
    page.click("button[value=phones]")
    page.wait_for_url("**/live/*/wall/**")
    code = page.url.split("/")[4]
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{server}/j/{code}/")
    assert axe_findings(page) == []
