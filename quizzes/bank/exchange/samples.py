"""The Excel and Word templates that an officer downloads: instructions, and an example of every kind. Pure: no Django."""

from __future__ import annotations

from collections.abc import Callable

from people.posts import posts
from quizzes.bank.domain.body import DIFFICULTIES, KINDS, MARKINGS, Body, Item, Labels, Option, Pair, RubricLine
from quizzes.bank.exchange import docx, xlsx
from quizzes.bank.shapes import BANDS

_FIRE = Labels("防火灾", ("P2", "J"), tags=("逃生",))
_STAFF = Labels("防火灾", ("T",), ("class-teacher",), 3)
EXAMPLES: tuple[Item, ...] = (
    Item(
        Body(
            "single",
            "衣服着火了，应当怎么办？",
            (
                Option("一边快跑，一边大声喊救命", misconception="跑起来火会灭"),
                Option("停下，捂脸躺倒，来回打滚", True),
                Option("站着不动，用手把火拍灭", misconception="用手能拍灭火"),
            ),
            explanation="奔跑会带来更多空气，火更大；停、躺、滚可以压灭火苗。",
            source="V78",
        ),
        _FIRE,
    ),
    Item(
        Body(
            "multiple",
            "下面哪些做法很危险？",
            (
                Option("把电动自行车电池拿回家充电", True),
                Option("在宿舍私拉电线", True),
                Option("离开房间前关掉电器", misconception="关电器也有危险"),
            ),
            marking="partial",
            explanation="电池入户充电和私拉电线都是火灾的常见原因。",
            source="V67",
        ),
        _FIRE,
    ),
    Item(
        Body(
            "indefinite",
            "放学时楼道里有浓烟，值班教师先做哪些事？（可能只有一项正确）",
            (Option("按报警按钮并拨打119", True), Option("带学生走没有烟的楼梯", True), Option("回教室取点名册")),
            explanation="先报警、先撤人，不为取物品停留。",
            source="G",
        ),
        _STAFF,
    ),
    Item(
        Body(
            "judge",
            "只要用湿毛巾捂住口鼻，就可以放心穿过浓烟。",
            (Option("对", misconception="湿毛巾能过滤毒气"), Option("错", True)),
            explanation="湿毛巾挡不住一氧化碳。先选没有烟的路。",
            source="V70",
        ),
        _FIRE,
    ),
    Item(
        Body(
            "blank",
            "火警电话是____，急救电话是____。",
            blanks=(("119", "一一九"), ("120",)),
            marking="partial",
            source="V78",
        ),
        _FIRE,
    ),
    Item(
        Body(
            "order",
            "用干粉灭火器灭火，请按先后排好。",
            items=("提起灭火器，上下摇一摇", "拔掉保险销", "站在上风处，对准火焰根部", "压下压把，左右扫射"),
            explanation="口诀：提、拔、握、压。",
            source="G",
        ),
        _FIRE,
    ),
    Item(
        Body(
            "match",
            "把标志的颜色和含义配成对。",
            pairs=(Pair("禁止", "红色"), Pair("必须遵守", "蓝色"), Pair("当心", "黄色"), Pair("安全出口")),
            source="G",
        ),
        _FIRE,
    ),
    Item(
        Body(
            "short",
            "课间走廊里有学生推挤，您怎么做？",
            answer="先制止推挤，再分方向疏散，最后报告并记录。",
            rubric=(RubricLine("先制止、让队伍停下", 2), RubricLine("分方向疏散", 2), RubricLine("报告并记录", 1)),
            source="G",
        ),
        _STAFF,
    ),
    Item(
        Body(
            "case",
            "晚自习时停电，三楼走廊一片漆黑，有学生往楼梯跑。",
            parts=(
                Body(
                    "single",
                    "楼层值班教师首先应当做什么？",
                    (Option("站到楼梯口，让学生停下不动", True), Option("组织学生尽快下楼")),
                    explanation="黑暗中奔跑最容易踩踏。",
                ),
                Body("judge", "应急照明亮起以后，可以让各班同时下楼。", (Option("对"), Option("错", True))),
            ),
            explanation="先停、再照明、后分批。",
            source="G",
        ),
        _STAFF,
    ),
)
_COLUMNS = (
    ("题型", f"{'、'.join(KINDS.values())}。材料题下面几行写小题，题型写“小题-单选题”这样。"),
    ("题干", "填空题用 ____（四个下划线）标出空。"),
    ("A–F", "选项从 A 起依次写，不要空着中间一个；最多到 H，在 F 后面加列即可。判断题不写。"
     "排序题在这里写各项，配对题写“左项 → 右项”，多余的右项写“→ 右项”。"),
    ("答案", "单选 B；多选 ABD；判断 对 或 错；填空：各空用分号隔开，一个空的几种写法用竖线隔开，例如 119|一一九；120；"
     "排序：字母的先后，例如 CADB；配对不写；简答写参考答案。"),
    ("解析", "为什么对、为什么错。可以不写。"),
    ("知识点", "也叫标签。几个用顿号隔开。"),
    ("难度", f"{'、'.join(DIFFICULTIES.values())}；不写按“中”。"),
    ("适用对象", f"{'、'.join(BANDS.values())}；几个用顿号隔开。"),
    ("岗位", "只对教职工的题；写岗位名称，几个用顿号隔开，见“岗位名称”表。"),
    ("来源", "依据的编号，例如 V73；暂时没有可以不写，题目会标“待核”。"),
    ("误区", "选错的人误以为什么。写成 A：……，一行一个；判断题写 对：…… 或 错：……。"),
    ("得分点", "简答题的评分标准，一行一条，后面写分值，例如：说清地点（2分）。"),
    ("计分", f"{' 或 '.join(MARKINGS.values())}；不写按前一种。"),
    ("编号", "新题不写。导出后再导入时保留，本站靠它认出是哪道题。"),
)  # fmt: skip


def excel(topics: list[str]) -> bytes:
    help_page = [["列", "怎么写"], *([name, text] for name, text in _COLUMNS), ["主题", "、".join(topics) or "本站的主题名称"]]
    post_page = [["岗位名称", "分组"], *([post.name, post.group] for post in posts().values())]
    return xlsx.book({"题目": [], "示例（不会导入）": list(EXAMPLES)}, {"填写说明": help_page, "说明·岗位名称": post_page})


def word(topics: list[str]) -> bytes:
    lines = (
        "每道题以“1.”这样的题号开头，题号后面用括号写题型；选项写 A. B. C.；再写“答案：”“解析：”等行。题号、字母用 Word 自动编号也可以。",
        "图片插在题干或选项那一段里，并给图片写“替代文字”。一行要接着上一行、又长得像题号或选项时，行首加一个反斜杠 \\。",
        "下面是每种题型的例子：照着写，写好后把例子和这几行说明删掉再上传。",
        f"主题可以写：{'、'.join(topics)}。" if topics else "主题写本站的主题名称。",
    )
    return docx.document(list(EXAMPLES), "题目模板", lines)


TEMPLATES: dict[str, Callable[[list[str]], bytes]] = {"xlsx": excel, "docx": word}
