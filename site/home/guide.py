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

OPTIONS = (
    ("水看着很浅，跳一下不要紧", "水浅就不会有危险"),
    ("先往里扔块石头，不深再跳", "石头能试出深浅"),
    ("不跳，拉住他，一起去告诉老师", ""),
    ("让他先跳，没事你再跟着跳", "有人先试就安全"),
)
QUESTIONS = (
    ("题型", "题干", "A", "B", "C", "D", "答案", "解析", "主题", "适用对象", "知识点", "难度"),
    ("单选题", "电梯里突然停电，你应当怎么做？", "用力扒开门", "按紧急呼叫按钮，等待救援", "不停地跳", "从顶上爬出去",
     "B", "按呼叫按钮、拨打电梯里的救援电话，靠边站稳。", "防意外伤害", "小学高年级", "设施", "易"),
    ("判断题", "闻到烧焦的味道，可以先等一等再告诉老师。", "", "", "", "", "错", "马上告诉老师。", "防火灾", "小学低年级",
     "用火", "易"),
    ("单选题", "上下楼梯时应当怎么走？", "靠右慢行", "一步跨三级", "", "", "C", "靠右慢行，不推挤。", "防拥挤踩踏", "小学低年级",
     "日常", "易"),
)  # fmt: skip


class Guide:
    """One walk: opens a browser a person, takes the pictures, collects what went wrong on the way."""

    def __init__(self, chromium: Any, base: str, passwords: dict[str, str], out: Path) -> None:
        self.chromium, self.base, self.passwords, self.out = chromium, base, passwords, out
        self.files = Path(tempfile.mkdtemp(prefix="guide-"))
        self.taken: list[str] = []
        self.question_path = ""
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


def question(guide: Guide) -> None:
    """The officer writes a question, is shown one that is very like it, and hands it in; the reviewer publishes it."""
    page = guide.person("anquan")
    page.goto(f"{guide.base}/cms/bank/new/")
    page.fill("[name=stem]", "放学路上，同学不小心掉进了水塘，你应该怎么做？")
    page.wait_for_selector("#similar:not([hidden]) li")
    guide.picture(page, "11-duplicates")
    page.fill("[name=stem]", "体育课上，同桌把漂着树叶的积水坑当水池，要拉你一起跳进去玩，你怎么办？")
    for i, (text, idea) in enumerate(OPTIONS):
        page.fill(f"[name=options-{i}-text]", text)
        if idea:
            page.fill(f"[name=options-{i}-misconception]", idea)
    page.check("[name=options-0-right]", force=True)  # the slip that is put right later
    page.fill("[name=options-0-misconception]", "")
    page.fill("[name=explanation]", "看不清深浅的水坑下面可能有井口和尖东西。拉住同学，告诉老师。")
    page.fill("[name=source]", "校园安全课教案第 3 课")
    page.select_option("[name=topic]", "drowning")
    for band in ("P1", "P2"):
        page.check(f"[name=bands][value={band}]", force=True)
    page.wait_for_timeout(1_500)  # the preview follows the typing
    page.locator("[name=stem]").evaluate("box => box.scrollIntoView({block: 'center'})")
    guide.picture(page, "10-question-editor")
    page.click("button[name=action][value=submit]")
    page.wait_for_selector(".bank-history")
    guide.picture(page, "12-question-page")
    guide.question_path = page.url.replace(guide.base, "")
    _step(guide.person("shenhe"), guide, "publish")


def correction(guide: Guide) -> None:
    """The key was wrong: a new version, published by the reviewer with what it changes before the eyes."""
    page = guide.person("anquan")
    page.goto(f"{guide.base}{guide.question_path}edit/")
    page.uncheck("[name=options-0-right]", force=True)
    page.fill("[name=options-0-misconception]", OPTIONS[0][1])
    page.fill("[name=options-2-misconception]", "")
    page.check("[name=options-2-right]", force=True)
    page.fill("[name=note]", "答案标错了：应当拉住同学、告诉老师")
    page.click("button[name=action][value=submit]")
    page.wait_for_selector(".bank-history")
    reviewer = guide.person("shenhe")
    _step(reviewer, guide, "publish")
    reviewer.wait_for_selector("text=更正答案并发布")
    guide.picture(reviewer, "13-key-corrected")
    reviewer.click("button:has-text('更正答案并发布')")
    reviewer.wait_for_selector(".bank-history")
    reviewer.locator(".bank-history").scroll_into_view_if_needed()
    guide.picture(reviewer, "14-history")


def many_questions(guide: Guide) -> None:
    """A list of questions from Excel, looked at before anything is saved."""
    path = guide.files / "题目.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("题目")
        for i, row in enumerate(QUESTIONS):
            sheet.write_row(i, 0, row)
    page = guide.person("anquan")
    page.goto(f"{guide.base}/cms/bank/import/")
    page.set_input_files("input[type=file]", path)
    page.click("button:has-text('上传并预览')")
    page.wait_for_url("**/cms/bank/import/*-*/")
    guide.picture(page, "15-question-import")


def _step(page: Any, guide: Guide, step: str) -> None:
    page.goto(f"{guide.base}{guide.question_path}")
    page.click(f"form:has(input[name=step][value={step}]) button")


def _upload(page: Any, path: Path) -> None:
    page.set_input_files("#id_file", path)
    page.click("button:has-text('上传并预览')")


SCENES: tuple[Callable[[Guide], None], ...] = (roster, codes, question, correction, many_questions)


def walk(guide: Guide) -> None:
    for scene in SCENES:
        scene(guide)
        for context in guide.chromium.contexts:
            context.close()
