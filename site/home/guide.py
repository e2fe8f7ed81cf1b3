"""The pictures of the officers' guide, taken from the running product: each scene is walked as its person walks it.

`manage.py guide_pictures` starts a site of its own, walks the scenes in Chromium and writes the pictures that
`docs/guide-officer.md` shows. A test walks the same scenes, so that the guide cannot show what is no more.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

DESK = {"width": 1360, "height": 850}
PHONE = {"width": 360, "height": 740}
HEAD = ("工号", "姓名", "单位名称", "岗位", "手机号", "到岗日期")
SCHOOL = "示范县实验小学"
GOOD = (
    ("20010001", "张伟", SCHOOL, "班主任、任课教师", "", "2019-09-01"),
    ("20010002", "张伟", SCHOOL, "体育教师", "", "2021-09-01"),
    ("20010003", "李𬱖", SCHOOL, "校医（保健教师）", "", "2020-03-01"),
    ("20010004", "王秀英", SCHOOL, "食堂管理员", "", "2018-09-01"),
    ("２００１０００５", " 赵 敏 ", SCHOOL, "门卫", "", "2022/9/1"),
)
BAD = (
    *GOOD[:3],
    ("20010001", "钱进", SCHOOL, "班主任", "", ""),
    ("20010006", "孙丽", SCHOOL, "班住任", "", ""),
    ("", "周强", SCHOOL, "保安员", "", ""),
)


class Guide:
    """One walk: opens a browser a person, takes the pictures, collects what went wrong on the way."""

    def __init__(self, chromium: Any, base: str, passwords: dict[str, str], out: Path) -> None:
        self.chromium, self.base, self.passwords, self.out = chromium, base, passwords, out
        self.files = Path(tempfile.mkdtemp(prefix="guide-"))
        self.taken: list[str] = []
        self.problems: list[str] = []
        out.mkdir(parents=True, exist_ok=True)

    def person(self, who: str = "", size: dict[str, int] = DESK) -> Any:
        """A browser of one's own; logged in when a user name is given."""
        context = self.chromium.new_context(viewport=size, locale="zh-CN", has_touch=size is PHONE)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        if who:
            page.goto(f"{self.base}/account/login/")
            page.fill("[name=username]", who)
            page.fill("[name=password]", self.passwords[who])
            page.click(".account__send")
            page.wait_for_url(lambda url: "/login/" not in url)
        return page

    def picture(self, page: Any, name: str) -> None:
        page.screenshot(path=self.out / f"{name}.png")
        self.taken.append(f"{name}.png")

    def workbook(self, name: str, rows: Sequence[Sequence[str]]) -> Path:
        """A roster as schools send them: a merged title above the head."""
        path = self.files / name
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("教职工")
            sheet.merge_range(0, 0, 0, len(HEAD) - 1, f"{SCHOOL}教职工名册", book.add_format({"align": "center"}))
            for i, row in enumerate([HEAD, *rows], start=1):
                sheet.write_row(i, 0, row)
        return path


def roster(guide: Guide) -> None:
    """A school's safety officer brings in the roster: first with mistakes, then right, and looks at the way back."""
    page = guide.person("anquan")
    guide.picture(page, "01-first-page")
    page.goto(f"{guide.base}/cms/rosters/people/")
    guide.picture(page, "02-roster-upload")
    _upload(page, guide.workbook("名册（第一次）.xlsx", BAD))
    page.wait_for_selector("#problems")
    guide.picture(page, "03-roster-problems")
    page.goto(f"{guide.base}/cms/rosters/people/")
    _upload(page, guide.workbook("名册（改好）.xlsx", GOOD))
    page.wait_for_selector(".roster-counts")
    guide.picture(page, "04-roster-preview")
    page.click("button:has-text('导入'):not([disabled])")
    page.wait_for_selector("summary:has-text('撤销这次导入')")
    guide.picture(page, "05-roster-done")


def codes(guide: Guide) -> None:
    """The officer prints the slips; a teacher logs in for the first time on a phone."""
    page = guide.person("anquan")
    page.goto(f"{guide.base}/cms/people/codes/")
    page.wait_for_selector("button[name=whom]")
    guide.picture(page, "06-codes")
    page.click("button[name=whom][value=new]")
    page.wait_for_selector(".slip__code")
    guide.picture(page, "07-slips")
    slip = page.locator(".slip").first
    number = slip.locator("dd").first.inner_text()
    code = slip.locator(".slip__code").inner_text()
    phone = guide.person(size=PHONE)
    phone.goto(f"{guide.base}/account/first/")
    phone.fill("[name=username]", number)
    phone.fill("[name=code]", code)
    guide.picture(phone, "08-first-log-in")
    phone.click(".account__send")
    phone.wait_for_selector("[name=again]")
    guide.picture(phone, "09-own-password")


def _upload(page: Any, path: Path) -> None:
    page.set_input_files("#id_file", path)
    page.click("button:has-text('上传并预览')")


SCENES: tuple[Callable[[Guide], None], ...] = (roster, codes)


def walk(guide: Guide) -> None:
    for scene in SCENES:
        scene(guide)
        for context in guide.chromium.contexts:
            context.close()
