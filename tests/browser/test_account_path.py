"""The whole path of an account on a phone: slip, first log-in, own password, account page, devices, out, in with TOTP.

The school's officer prints the slip at a PC. Pictures are written to `var/pictures` (or $SHIWUFANG_PICTURES).
"""

from __future__ import annotations

import base64
import os
import shutil
import time
from pathlib import Path

import pytest
from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from tests.conftest import launch, stop

pytestmark = pytest.mark.browser
PICTURES = Path(os.environ.get("SHIWUFANG_PICTURES", Path(__file__).parents[2] / "var" / "pictures"))
PHONE, PC = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
OWN = "一句只有我知道的话2026"


@pytest.fixture
def served(migrated_database, tmp_path):
    """A site of its own: the passwords of the demonstration people change here."""
    shutil.copy(migrated_database, tmp_path / "db.sqlite3")
    site = launch(tmp_path)
    yield site
    stop(site)


@pytest.fixture
def visitor(chromium, served):
    PICTURES.mkdir(parents=True, exist_ok=True)
    problems: list[str] = []

    def notice(request):
        if not request.url.startswith((served.base, "data:")):
            problems.append(f"a request left the site: {request.url}")

    def one(size) -> Page:
        context = chromium.new_context(viewport=size, has_touch=size is PHONE, locale="zh-CN", base_url=served.base)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", notice)
        return page

    yield one
    for context in chromium.contexts:
        context.close()
    assert problems == []


def picture(page: Page, name: str) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], f"{name} is too wide"
    page.screenshot(path=PICTURES / f"account-{name}.png", full_page=True)


def log_in(page: Page, number: str, password: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("工号").fill(number)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


def six(secret: str, ahead: int = 0) -> str:
    """What the app shows now, or `ahead` seconds from now: a code opens once, and the next one is taken early."""
    clock = TOTP(base64.b32decode(secret.replace(" ", "")))
    clock.time = time.time() + ahead
    return f"{clock.token():06d}"


def test_from_the_slip_to_a_log_in_with_the_second_factor(served, visitor):
    passwords = dict(line.split("\t")[:2] for line in (served.data / "demo-logins.txt").read_text("utf-8").splitlines())

    officer = visitor(PC)
    log_in(officer, "anquan", passwords["anquan"])
    officer.goto("/cms/people/codes/")
    officer.get_by_role("checkbox", name="选 劳老师").check()
    officer.get_by_role("button", name="给勾选的人发码并打印").click()
    expect(officer.locator(".slip")).to_have_count(1)
    code = officer.locator(".slip__code").inner_text()
    pdf = officer.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF") and pdf.count(b"/Type /Page\n") == 1
    picture(officer, "slip")

    phone = visitor(PHONE)
    phone.goto("/account/")
    picture(phone, "login")
    phone.get_by_role("link", name="第一次登录，或忘记密码").click()
    phone.get_by_label("工号").fill("laoshi")
    phone.get_by_label("登录码").fill(code.upper().replace("-", " "))
    phone.get_by_role("button", name="下一步").click()
    phone.get_by_label("新密码", exact=True).fill(OWN)
    phone.get_by_label("再输一遍新密码").fill(OWN)
    picture(phone, "own-password")
    phone.get_by_role("button", name="保存并登录").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("劳老师")
    expect(phone.locator(".devices li")).to_have_count(1)
    picture(phone, "home")

    other = visitor(PC)
    log_in(other, "laoshi", OWN)
    expect(other.get_by_role("heading", level=1)).to_have_text("劳老师")
    phone.reload()
    expect(phone.locator(".devices li")).to_have_count(2)
    phone.get_by_role("button", name="别的设备全部退出").click()
    expect(phone.locator(".devices li")).to_have_count(1)
    other.goto("/account/")
    expect(other.get_by_role("heading", level=1)).to_have_text("教职工登录")

    phone.get_by_role("link", name="绑定").click()
    secret = phone.locator(".secret").inner_text()
    picture(phone, "second-factor")
    phone.get_by_label("验证码").fill(six(secret))
    phone.get_by_role("button", name="绑定").click()
    backup = phone.locator(".backups li").first.inner_text()
    picture(phone, "backups")
    phone.get_by_role("link", name="收好了").click()
    phone.locator(".account__head").get_by_role("button", name="退出").click()

    log_in(phone, "laoshi", OWN)
    expect(phone.get_by_role("heading", level=1)).to_have_text("手机验证码")
    picture(phone, "verify")
    phone.get_by_label("验证码").fill(six(secret, ahead=30))
    phone.get_by_role("button", name="登录", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("劳老师")
    assert backup not in phone.content()
