"""The steps a lesson is made of. Each says for which bands, and from which length, it shows.

Limits are those of `lessons.shapes`: what an editor may type and what a content file may hold are one.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from lessons.shapes import BANDS, HOTLINES, LENGTHS

ALL_BANDS = list(BANDS)


def line_(label: str, most: int, help_text: str = "", **kwargs: Any) -> blocks.CharBlock:
    return blocks.CharBlock(label=label, max_length=most, help_text=help_text, **kwargs)


def text_(label: str, most: int, help_text: str = "", **kwargs: Any) -> blocks.TextBlock:
    return blocks.TextBlock(label=label, max_length=most, rows=2, help_text=help_text, **kwargs)


def lines_(label: str, most: int, least_count: int, most_count: int) -> blocks.ListBlock:
    return blocks.ListBlock(
        blocks.CharBlock(max_length=most), label=label, min_num=least_count, max_num=most_count
    )


def source_() -> blocks.CharBlock:
    return line_(_("来源标记"), 16, _("与本页“来源”里的标记一致，例如 V61；常识写 G。"))


class StepBlock(blocks.StructBlock):
    """What every kind of step has: whom it is for, from which length, and a hint to the teacher."""

    bands = blocks.MultipleChoiceBlock(
        choices=list(BANDS.items()),
        default=ALL_BANDS,
        widget=forms.CheckboxSelectMultiple,
        label=_("学段"),
        help_text=_("只给勾选的学段看。"),
    )
    shortest = blocks.ChoiceBlock(
        choices=[(str(n), f"{n} 分钟起") for n in LENGTHS],
        default="30",
        label=_("从多长的课开始出现"),
        help_text=_("1 分钟起＝三种时长都有；30 分钟起＝只在 30 分钟的课里有。"),
    )
    notes = text_(_("讲解提示"), 160, _("只给老师看，不上大屏。"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # What is taught stands first in the form, whom it is for below it.
        common = StepBlock.declared_blocks
        self.base_blocks = {
            **{name: block for name, block in self.base_blocks.items() if name not in common},
            **common,
        }
        super().__init__(*args, **kwargs)


def step(kind: str, label: str, icon: str, preview: dict[str, Any]) -> type:
    """Decorator factory's short form: the Meta of a step block."""
    return type(
        "Meta",
        (),
        {
            "label": label,
            "icon": icon,
            "template": f"blocks/{kind}.html",
            "preview_template": "blocks/preview.html",
            "preview_value": {"bands": ALL_BANDS, "shortest": "1", **preview},
        },
    )


class OpeningBlock(StepBlock):
    question = line_(_("开场问题"), 42, _("一句话，让每个学生都能接上话。"))
    hint = text_(_("等什么样的回答"), 90)
    Meta = step(
        "opening", _("开场提问"), "help", {"question": "水桶里的水很浅，会有危险吗？", "hint": "让两三位同学说说。"}
    )


class CaseBlock(StepBlock):
    title = line_(_("标题"), 16)
    text = text_(_("情境"), 150, _("虚构的日常情境：没有姓名，没有血腥，不写死亡。"))
    ask = line_(_("请学生决定"), 42)
    Meta = step(
        "case",
        _("情境案例"),
        "doc-full",
        {"title": "水塘边的下午", "text": "放学路上，一名同学的球滚进了水塘。", "ask": "你会怎么做？"},
    )


class FactBlock(StepBlock):
    text = line_(_("要点"), 52)
    detail = text_(_("说明"), 120, required=False)
    source = source_()
    caution = text_(_("各地不同或有争议之处"), 80, required=False)
    Meta = step(
        "fact", _("关键事实"), "info-circle", {"text": "溺水的人常常喊不出声。", "detail": "突然安静要警惕。", "source": "V60"}
    )


class DoDontBlock(StepBlock):
    title = line_(_("标题"), 18)
    do = lines_(_("应该这样"), 22, 2, 4)
    dont = lines_(_("不要这样"), 22, 2, 4)
    Meta = step(
        "do_dont",
        _("该做与不该做"),
        "check",
        {"title": "看到有人落水", "do": ["大声叫大人", "拨打 110、120"], "dont": ["自己下水", "手拉手去拉"]},
    )


class ActionBlock(StepBlock):
    title = line_(_("标题"), 20)
    steps = lines_(_("一步一步"), 28, 3, 5)
    source = source_()
    Meta = step(
        "action", _("行动步骤"), "list-ol", {"title": "叫叫伸抛", "steps": ["叫大人", "打电话", "伸竹竿"], "source": "V61"}
    )


class MisconceptionBlock(StepBlock):
    wrong = line_(_("常见误区"), 34)
    right = line_(_("事实是"), 56)
    why = text_(_("为什么"), 100)
    source = source_()
    Meta = step(
        "misconception",
        _("误区与纠正"),
        "warning",
        {"wrong": "会游泳就不会溺水", "right": "会游泳的人也会溺水。", "why": "体力、水温、暗流都会变。", "source": "G"},
    )


class PictureBlock(StepBlock):
    picture = ImageChooserBlock(label=_("图片"))
    alt = text_(_("替代文字"), 140, _("看不见图的人听到的就是这句话。"))
    caption = line_(_("图注"), 56)
    Meta = step("picture", _("图片或示意图"), "image", {"alt": "示意图", "caption": "叫、叫、伸、抛"})

    def get_preview_value(self) -> Any:
        first = get_image_model().objects.order_by("title").first()
        return self.normalize({**self.meta.preview_value, "picture": first})


class VideoBlock(StepBlock):
    file = DocumentChooserBlock(label=_("视频文件"), help_text=_("MP4，放在本站，不引用外站。"))
    captions = DocumentChooserBlock(label=_("字幕文件"), help_text=_("WebVTT（.vtt）。没有字幕的视频不要用。"))
    poster = ImageChooserBlock(label=_("封面"), required=False)
    title = line_(_("标题"), 30)
    transcript = blocks.TextBlock(label=_("文字稿"), max_length=2000, help_text=_("放不了视频的教室读这一段。"))
    Meta = step("video", _("视频"), "media", {"title": "三分钟看懂叫叫伸抛", "transcript": "……"})


class RoleBlock(blocks.StructBlock):
    name = line_(_("角色"), 8)
    line = line_(_("台词或提示"), 44)


class RolePlayBlock(StepBlock):
    title = line_(_("标题"), 16)
    scene = text_(_("情景"), 80)
    roles = blocks.ListBlock(RoleBlock(), label=_("角色"), min_num=2, max_num=4)
    debrief = text_(_("演完之后问什么"), 70)
    Meta = step(
        "role_play",
        _("角色扮演"),
        "group",
        {
            "title": "怎样拒绝",
            "scene": "周末，同伴约你去水库玩水。",
            "roles": [{"name": "同伴", "line": "怕什么，我会游泳。"}, {"name": "你", "line": "我不去，你也别去。"}],
            "debrief": "哪一句话最有用？",
        },
    )


class DrillBlock(StepBlock):
    title = line_(_("标题"), 18)
    goal = line_(_("练会什么"), 44)
    steps = lines_(_("步骤"), 28, 3, 5)
    safety = line_(_("练习时的安全"), 60)
    Meta = step(
        "drill",
        _("动手练习"),
        "repeat",
        {"title": "练一练", "goal": "会说清地点", "steps": ["两人一组", "说清地点", "交换"], "safety": "坐着练。"},
    )


class QuizBlock(StepBlock):
    # By name: the bank knows topics, lessons do not know the bank.
    question = SnippetChooserBlock("bank.Question", label=_("题目"))
    Meta = step("quiz", _("课堂问题"), "pick", {})

    def get_preview_value(self) -> Any:
        first = self.child_blocks["question"].target_model.objects.first()
        return self.normalize({**self.meta.preview_value, "question": first})


class HotlineBlock(StepBlock):
    numbers = blocks.MultipleChoiceBlock(
        choices=[(n, f"{n} {use}") for n, use in HOTLINES.items()],
        widget=forms.CheckboxSelectMultiple,
        label=_("号码"),
    )
    text = line_(_("一句话"), 60)
    Meta = step("hotline", _("求助电话"), "mobile-alt", {"numbers": ["110", "120"], "text": "先说清在哪里。"})


class RhymeBlock(StepBlock):
    title = line_(_("标题"), 14)
    lines = lines_(_("每行"), 16, 3, 6)
    Meta = step("rhyme", _("口诀"), "openquote", {"title": "防溺水口诀", "lines": ["见落水，先叫人", "打电话，说清楚", "伸和抛，站得稳"]})


class HomeBlock(StepBlock):
    text = text_(_("回家可以说的一句话"), 90, _("只是一句话，不是作业，不要家长做任何事。"))
    Meta = step("home", _("回家说一句"), "home", {"text": "回家可以说一句：我知道哪里的水不能去。"})


STEP_BLOCKS: list[tuple[str, StepBlock]] = [
    ("opening", OpeningBlock()),
    ("case", CaseBlock()),
    ("fact", FactBlock()),
    ("do_dont", DoDontBlock()),
    ("action", ActionBlock()),
    ("misconception", MisconceptionBlock()),
    ("picture", PictureBlock()),
    ("video", VideoBlock()),
    ("role_play", RolePlayBlock()),
    ("drill", DrillBlock()),
    ("quiz", QuizBlock()),
    ("hotline", HotlineBlock()),
    ("rhyme", RhymeBlock()),
    ("home", HomeBlock()),
]
