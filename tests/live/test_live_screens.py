"""The wall and the phones in a real browser: what a teacher taps, what a pupil sees, what bad networks do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from quizzes.live.domain.order import option_order

_addresses = (f"10.200.{n >> 8}.{n & 255}" for n in count(1))
HELD_SOCKETS = """
    window.sockets = [];
    const Real = window.WebSocket;
    window.WebSocket = class extends Real {
        constructor(address) { super(address); window.sockets.push(this); }
    };
"""
LATE_ACKS = """
    const Real = window.WebSocket;
    window.WebSocket = class extends Real {
        set onmessage(hear) {
            super.onmessage = hear && ((event) => {
                if (JSON.parse(event.data).t === "ack") window.setTimeout(() => hear(event), 3000);
                else hear(event);
            });
        }
    };
"""
NO_SOCKETS = "window.WebSocket = function () { throw new Error('this network cuts sockets'); };"


class Class:
    """A teacher at the panel and pupils with phones, each in a browser of their own."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.browser = browser
        self.base = base
        self.code = ""
        self.problems: list[str] = []

    def page(self, width: int, height: int, script: str = "", mobile: bool = False) -> Page:
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            has_touch=mobile,
            is_mobile=mobile,
            extra_http_headers={"X-Forwarded-For": next(_addresses)},
            locale="zh-CN",
        )
        page = context.new_page()
        if script:
            page.add_init_script(script)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on(
            "console",
            lambda said: self.problems.append(said.text) if said.type == "error" else None,
        )
        page.set_default_timeout(8000)
        return page

    def wall(self, mode: str, topic: str = "drowning", band: str = "P2", script: str = "") -> Page:
        """The two taps from a lesson."""
        wall = self.page(1920, 1080, script)
        wall.goto(f"{self.base}/live/new/?topic={topic}&band={band}&title=drill")
        wall.click(f"button[value={mode}]")
        wall.wait_for_selector("body[data-phase=lobby], body[data-phase=open]")
        self.code = wall.url.split("/")[4]
        return wall

    def phone(self, name: str = "7", script: str = "") -> Page:
        phone = self.page(360, 740, script, mobile=True)
        phone.goto(f"{self.base}/j/{self.code}/")
        phone.fill("#name", name)
        phone.click("#join-button")
        phone.wait_for_selector("#room:not([hidden])")
        return phone


@pytest.fixture
def lesson(chromium, live_site) -> Iterator[Class]:
    room = Class(chromium, live_site.base)
    yield room
    for context in chromium.contexts:
        context.close()
    assert room.problems == []


def phase(wall: Page, wanted: str) -> None:
    wall.wait_for_selector(f"body[data-phase={wanted}]")


def pick(phone: Page, option: int) -> None:
    phone.click(f".option[data-option='{option}']")
    if phone.query_selector("#send"):
        phone.click("#send")


def received(phone: Page) -> None:
    expect(phone.locator("#note")).to_contain_text("已收到")


def test_two_taps_and_the_first_question_is_on_the_wall_without_any_login(lesson):
    wall = lesson.wall("hands")
    expect(wall.locator("#stage .stem")).not_to_be_empty()
    assert wall.locator(".hand-button").count() >= 4


def test_hands_are_counted_by_tapping_and_the_sentence_comes_before_the_bars(lesson):
    wall = lesson.wall("hands")
    for _ in range(3):
        wall.locator(".hand-button[aria-label='A 加一人']").click()
    wall.locator(".hand-button[aria-label='B 加一人']").click()
    wall.locator(".hand-button[aria-label='B 加一人']").click()
    wall.locator(".hand-button[aria-label='B 减一人']").click()
    expect(wall.locator("#hands-0")).to_have_text("3")
    expect(wall.locator("#hands-1")).to_have_text("1")
    wall.wait_for_timeout(400)
    wall.click("#do-primary")
    phase(wall, "revealed")
    expect(wall.locator("#stage .sentence")).to_contain_text("75%")
    assert (
        wall.locator("#stage .sentence").bounding_box()["y"]
        < wall.locator(".bar").first.bounding_box()["y"]
    )
    assert wall.locator(".is-right .sign-safe").count() >= 1
    assert wall.locator(".is-other .sign-no").count() >= 1


def test_counting_may_be_skipped(lesson):
    wall = lesson.wall("hands")
    expect(wall.locator("#do-primary")).to_contain_text("跳过统计")
    wall.click("#do-primary")
    phase(wall, "revealed")
    assert wall.locator("#stage .sentence").count() == 0


def test_a_remote_control_leads_through_the_whole_lesson(lesson):
    wall = lesson.wall("hands")
    for number in range(1, 6):
        expect(wall.locator("#place")).to_contain_text(f"第 {number} 题")
        phase(wall, "open")
        wall.keyboard.press("PageDown")
        phase(wall, "revealed")
        wall.keyboard.press("PageDown")
    phase(wall, "ended")
    expect(wall.locator(".stage")).to_contain_text("自动删除")
    expect(wall.locator("#back-to-lesson")).to_be_visible()


def test_page_up_goes_back_and_b_makes_the_screen_dark(lesson):
    wall = lesson.wall("hands")
    first = wall.inner_text("#stage .stem")
    wall.click("#do-skip")
    wall.wait_for_function(
        "text => document.querySelector('#stage .stem').innerText !== text", arg=first
    )
    wall.keyboard.press("PageUp")
    expect(wall.locator("#stage .stem")).to_have_text(first)
    wall.keyboard.press("b")
    expect(wall.locator("#black")).to_be_visible()
    wall.keyboard.press("PageDown")
    expect(wall.locator("#black")).to_be_hidden()
    phase(wall, "open")


def test_what_a_finger_must_hit_is_large_and_in_the_lower_half(lesson):
    wall = lesson.wall("hands")
    for button in wall.locator("button:visible").all():
        box = button.bounding_box()
        assert box["height"] >= 80, button.inner_text()
    for button in wall.locator(".wall-controls button:visible").all():
        assert button.bounding_box()["y"] > 540


def test_the_back_row_can_read_it(lesson):
    wall = lesson.wall("hands")
    size = "selector => parseFloat(getComputedStyle(document.querySelector(selector)).fontSize)"
    assert wall.evaluate(size, "#stage .stem") >= 48
    assert wall.evaluate(size, ".wall-option-text") >= 44
    wall.keyboard.press("r")
    phase(wall, "revealed")
    assert wall.evaluate(size, "#stage .stem") >= 48
    assert wall.evaluate(size, ".wall-option-text") >= 44
    assert wall.evaluate(size, ".explanation p") >= 40


def test_a_phone_answers_changes_its_mind_and_sees_its_own_result(lesson):
    wall = lesson.wall("phones")
    phone = lesson.phone("小鱼")
    expect(wall.locator("#joined")).to_have_text("已加入 1 人")
    wall.click("#do-primary")
    for option in (0, 1):
        pick(phone, option)
        received(phone)
    expect(wall.locator("#received")).to_have_text("已收 1/1")
    wall.keyboard.press("r")
    phase(wall, "revealed")
    expect(phone.locator(".verdict .sign")).to_be_visible()
    expect(phone.locator(".explanation")).not_to_be_empty()
    several = wall.inner_text("#kind") == "可以选几个"
    chosen = ["0", "1"] if several else ["1"]
    key = [card.get_attribute("data-option") for card in wall.locator(".is-right").all()]
    expect(phone.locator(".verdict")).to_contain_text("选对了" if key == chosen else "没选对")
    assert "小鱼" not in wall.content()


def test_a_phone_fits_360_pixels_and_a_thumb(lesson):
    wall = lesson.wall("phones")
    phone = lesson.phone()
    wall.click("#do-primary")
    phone.wait_for_selector(".option")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    for option in phone.locator(".option").all():
        assert option.bounding_box()["height"] >= 56
    assert phone.locator(".option").last.bounding_box()["y"] > 370
    sizes = """[...document.querySelectorAll('p, span, h1')]
        .filter(e => e.offsetParent && e.innerText)
        .map(e => parseFloat(getComputedStyle(e).fontSize))"""
    assert min(phone.evaluate(sizes)) >= 17


def test_letters_and_shapes_on_the_phone_are_those_of_the_wall(lesson):
    wall = lesson.wall("phones")
    phones = [lesson.phone(str(n)) for n in (1, 2, 3)]
    wall.click("#do-primary")
    read = """selector => [...document.querySelectorAll(selector)].map(e =>
        e.querySelector('.shape').getAttribute('aria-label')
        + e.querySelector('span:not(.verdict)').innerText).sort()"""
    phase(wall, "open")
    expected = wall.evaluate(read, ".wall-option")
    for phone in phones:
        phone.wait_for_selector(".option")
        assert phone.evaluate(read, ".option") == expected


def test_the_script_orders_options_exactly_as_the_server_does(lesson):
    lesson.wall("phones")
    phone = lesson.phone()
    cases = [
        (seed * 2654435761 % 2**32, index, n, "single")
        for seed in range(60)
        for index in (0, 1, 7)
        for n in (2, 3, 4)
    ]
    cases += [(0, 0, 4, "single"), (2**32 - 1, 4, 4, "multiple"), (5, 0, 2, "judge")]
    run = """async cases => {
        const order = await import('/static/js/live-order.js');
        return cases.map(each => order.optionOrder(...each));
    }"""
    assert phone.evaluate(run, cases) == [option_order(*case) for case in cases]


def test_a_reloaded_phone_is_back_in_its_place_with_its_answer(lesson):
    wall = lesson.wall("phones")
    phone = lesson.phone()
    wall.click("#do-primary")
    pick(phone, 1)
    received(phone)
    phone.reload()
    expect(phone.locator(".option.on")).to_have_attribute("data-option", "1")
    received(phone)
    expect(wall.locator("#received")).to_have_text("已收 1/1")


def test_a_reloaded_wall_is_back_at_the_same_moment(lesson):
    wall = lesson.wall("phones")
    wall.click("#do-primary")
    phase(wall, "open")
    wall.click("#do-primary")
    phase(wall, "closed")
    before = wall.inner_text("#stage")
    wall.reload()
    phase(wall, "closed")
    assert wall.inner_text("#stage") == before


def test_an_answer_tapped_without_network_is_sent_when_it_is_back(lesson):
    wall = lesson.wall("phones")
    phone = lesson.phone(script=HELD_SOCKETS)
    wall.click("#do-primary")
    phone.wait_for_selector(".option")
    phone.context.set_offline(True)
    phone.evaluate("window.sockets.forEach(socket => socket.close())")
    expect(phone.locator("#banner")).to_contain_text("没有联网")
    pick(phone, 1)
    expect(phone.locator("#note")).not_to_contain_text("已收到")
    phone.context.set_offline(False)
    received(phone)
    expect(phone.locator("#banner")).to_be_hidden()
    expect(wall.locator("#received")).to_have_text("已收 1/1")
    lesson.problems.clear()  # the browser itself reports the failed connections


def test_where_sockets_are_cut_the_phone_and_the_wall_play_by_polling(lesson):
    wall = lesson.wall("phones", script=NO_SOCKETS)
    phone = lesson.phone(script=NO_SOCKETS)
    expect(phone.locator("#banner")).to_contain_text("可以照常使用")
    wall.click("#do-primary")
    phone.wait_for_selector(".option")
    pick(phone, 0)
    received(phone)
    expect(wall.locator("#received")).to_have_text("已收 1/1")
    wall.keyboard.press("r")
    expect(phone.locator(".verdict .sign")).to_be_visible()


def test_a_second_tab_takes_over_and_the_first_one_says_so(lesson):
    lesson.wall("phones")
    phone = lesson.phone()
    second = phone.context.new_page()
    second.goto(f"{lesson.base}/j/{lesson.code}/")
    second.wait_for_selector("#room:not([hidden])")
    expect(phone.locator("#banner")).to_contain_text("另一个页面")


def test_a_bad_name_is_explained_next_to_the_field_and_kept_for_correction(lesson):
    lesson.wall("phones")
    phone = lesson.page(360, 740, mobile=True)
    phone.goto(f"{lesson.base}/j/{lesson.code}/")
    phone.fill("#name", "13800138000")
    phone.click("#join-button")
    expect(phone.locator("#join-problem")).to_contain_text("座位号或昵称")
    assert phone.input_value("#name") == "13800138000"
    phone.fill("#name", "7")
    phone.click("#join-button")
    expect(phone.locator("#who")).to_have_text("你是 7 号")


def test_a_pause_covers_both_screens_and_going_on_brings_the_question_back(lesson):
    wall = lesson.wall("phones")
    phone = lesson.phone()
    wall.click("#do-primary")
    phone.wait_for_selector(".option")
    wall.keyboard.press("p")
    expect(phone.locator("#screen")).to_contain_text("暂停")
    expect(wall.locator("#stage")).to_be_hidden()
    wall.keyboard.press("p")
    phone.wait_for_selector(".option")
    expect(wall.locator("#stage")).to_be_visible()


def test_a_click_on_what_the_wall_shows_counts_though_the_last_one_is_not_acknowledged_yet(lesson):
    wall = lesson.wall("hands", script=LATE_ACKS)
    wall.keyboard.press("p")
    expect(wall.locator("#stage")).to_be_hidden()
    wall.keyboard.press("p")
    expect(wall.locator("#stage")).to_be_visible(timeout=2000)


def test_thinking_again_shows_both_rounds_next_to_each_other(lesson):
    wall = lesson.wall("phones")
    phone = lesson.phone()
    wall.click("#do-primary")
    pick(phone, 0)
    received(phone)
    wall.click("#do-primary")
    phase(wall, "closed")
    wall.click("#do-rethink")
    phone.wait_for_selector(".again")
    assert phone.locator(".option.on").count() == 0
    pick(phone, 1)
    received(phone)
    wall.keyboard.press("r")
    phase(wall, "revealed")
    assert wall.locator(".wall-option[data-option='0'] .bar-row").all_inner_texts() == [
        "第 1 次\n100%",
        "第 2 次\n0%",
    ]


def test_a_quiet_topic_shows_help_numbers_and_no_right_or_wrong(lesson):
    wall = lesson.wall("phones", topic="mental-health", band="J")
    phone = lesson.phone()
    wall.click("#do-primary")
    pick(phone, 0)
    received(phone)
    wall.click("#do-primary")
    phase(wall, "revealed")
    for screen in (phone, wall):
        expect(screen.locator(".help-numbers")).to_contain_text("12356")
        assert screen.locator(".sign, .bar, .key:not(button):not(a)").count() == 0
        assert "%" not in screen.inner_text("body")


def test_without_scripts_the_pages_say_what_to_do(lesson):
    lesson.wall("phones")
    context = lesson.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{lesson.base}/j/")
    page.fill("#code", lesson.code)
    page.click("button.live-primary")
    expect(page.locator("noscript .banner")).to_contain_text("举手")
