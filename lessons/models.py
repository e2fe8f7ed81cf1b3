"""Topics as data, and the lesson page: one source for five bands, three lengths and four views."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Orderable, Page
from wagtail.search import index

from common.fields import NamesField
from common.streamfield import StreamField
from common.text import search_tokens
from lessons import views
from lessons.blocks import STEP_BLOCKS
from lessons.colours import readable_on_white
from lessons.forms import LessonPageForm
from lessons.shapes import BANDS, REVIEW_STATES


class TopicSet(ClusterableModel):
    """A list of topics with a name: the recommended fifteen, or a bureau's own edition of it."""

    name = models.CharField(_("名称"), max_length=60, unique=True)
    region = models.CharField(_("适用地区"), max_length=60, default="全国")
    note = models.TextField(_("说明"), blank=True)
    is_current = models.BooleanField(
        _("本站正在使用"), default=False, help_text=_("全站只用一套；选中这一套，别的会自动取消。")
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("region"),
        FieldPanel("note"),
        FieldPanel("is_current"),
        InlinePanel("entries", label=_("主题"), min_num=1),
    ]

    class Meta:
        verbose_name = _("主题清单")
        verbose_name_plural = _("主题清单")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        if self.is_current:
            TopicSet.objects.exclude(pk=self.pk).filter(is_current=True).update(is_current=False)

    @transaction.atomic
    def clone(self) -> TopicSet:
        """A copy with all entries, not in use yet, under a free name."""
        name, number = f"{self.name} 副本", 2
        while TopicSet.objects.filter(name=name).exists():
            name, number = f"{self.name} 副本 {number}", number + 1
        copy = TopicSet.objects.create(name=name, region=self.region, note=self.note)
        for entry in self.entries.all():
            entry.pk = None
            entry.topic_set = copy
            entry.save(force_insert=True)
        return copy


class TopicEntry(Orderable):
    """One topic of a set. Lessons and questions know it by its slug, which does not change."""

    topic_set = ParentalKey(TopicSet, on_delete=models.CASCADE, related_name="entries")
    slug = models.SlugField(_("英文短名"), max_length=30, help_text=_("课程和题目靠它找到主题，定了就不要改。"))
    official_title = models.CharField(_("正式名称"), max_length=20)
    pupil_title = models.CharField(_("给学生看的名称"), max_length=20)
    icon = models.SlugField(_("图标"), max_length=30, help_text=_("图标文件的名称，例如 drowning。"))
    colour = models.CharField(
        _("颜色"),
        max_length=7,
        validators=[RegexValidator(r"^#[0-9A-Fa-f]{6}$", _("写成 # 加六位，例如 #1673C4。")), readable_on_white],
        help_text=_("白字放在上面要看得清（对比度 4.5 以上）。"),
    )
    quiet = models.BooleanField(_("答题结果不上大屏"), default=False)
    needs_expert = models.BooleanField(_("内容须专业人员审核"), default=False)
    synonyms = models.TextField(_("检索词"), blank=True, help_text=_("老师可能输入的词，用顿号或逗号隔开。"))

    class Meta(Orderable.Meta):
        verbose_name = _("主题")
        constraints = [models.UniqueConstraint(fields=["topic_set", "slug"], name="one_entry_a_slug")]

    def __str__(self) -> str:
        return self.official_title

    def words(self) -> list[str]:
        """The words a teacher may type for this topic, its own titles among them."""
        typed = self.synonyms.replace("、", ",").replace("，", ",").split(",")
        return [self.official_title, self.pupil_title, *(word.strip() for word in typed if word.strip())]


class MonthsField(NamesField):
    known = {str(n): f"{n} 月" for n in range(1, 13)}


class LessonIndexPage(Page):
    """The fifteen topics side by side."""

    intro = models.CharField(_("导语"), max_length=120, blank=True)
    content_panels = [*Page.content_panels, FieldPanel("intro")]
    template = "lessons/index.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["lessons.LessonPage"]
    max_count = 1

    class Meta:
        verbose_name = _("课程总页")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), **views.index_context()}


class LessonSource(Orderable):
    page = ParentalKey("LessonPage", on_delete=models.CASCADE, related_name="sources")
    mark = models.CharField(_("标记"), max_length=16)
    title = models.CharField(_("来源"), max_length=120)


class LessonCaution(Orderable):
    page = ParentalKey("LessonPage", on_delete=models.CASCADE, related_name="cautions")
    text = models.CharField(_("提醒"), max_length=140)


class LessonCorrection(Orderable):
    page = ParentalKey("LessonPage", on_delete=models.CASCADE, related_name="corrections")
    date = models.DateField(_("日期"))
    text = models.CharField(_("更正了什么"), max_length=140)


class LessonReading(Orderable):
    page = ParentalKey("LessonPage", on_delete=models.CASCADE, related_name="readings")
    phrase = models.CharField(_("词语"), max_length=20)
    pinyin = models.CharField(_("拼音"), max_length=80, help_text=_("每个字一个音节，用空格隔开。"))


class LessonPage(RoutablePageMixin, Page):
    """One topic's lesson. `lessons.deck` says which steps a band sees at a length."""

    topic_slug = models.SlugField(_("主题"), max_length=30, help_text=_("从本站正在使用的主题清单里选。"))
    summary = models.CharField(_("一句话介绍"), max_length=80)
    goal_k = models.CharField(_("目标·幼儿园"), max_length=44)
    goal_p1 = models.CharField(_("目标·小学低年级"), max_length=44)
    goal_p2 = models.CharField(_("目标·小学高年级"), max_length=44)
    goal_j = models.CharField(_("目标·初中"), max_length=44)
    goal_s = models.CharField(_("目标·高中"), max_length=44)
    regions = models.CharField(_("地区"), max_length=120, default="全国", help_text=_("用顿号隔开。"))
    months = MonthsField(_("重点月份"))
    tags = models.CharField(_("标签"), max_length=200, blank=True, help_text=_("用顿号隔开。"))
    sensitive = models.BooleanField(_("敏感内容"), default=False, help_text=_("上课前请老师先看一遍。"))
    review_state = models.CharField(_("审核状态"), max_length=10, choices=list(REVIEW_STATES.items()), default="local")
    reviewer = models.CharField(_("审核人"), max_length=40, help_text=_("姓名与岗位。"))
    review_date = models.DateField(_("审核日期"))
    review_expiry = models.DateField(_("复审期限"), help_text=_("到期后页面会标明“待复审”，并列入复审清单。"))
    steps = StreamField(STEP_BLOCKS, verbose_name=_("教学步骤"))

    content_panels = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("topic_slug"), FieldPanel("summary")]),
        FieldPanel("steps"),
    ]
    trust_panels = [
        MultiFieldPanel(
            [
                FieldPanel("review_state"),
                FieldPanel("reviewer"),
                FieldRowPanel([FieldPanel("review_date"), FieldPanel("review_expiry")]),
                FieldPanel("sensitive"),
            ],
            heading=_("审核"),
        ),
        InlinePanel("sources", heading=_("来源"), label=_("来源")),
        InlinePanel("cautions", heading=_("给老师的提醒"), label=_("提醒")),
        InlinePanel("corrections", heading=_("更正记录（公开）"), label=_("更正")),
    ]
    about_panels = [
        MultiFieldPanel([FieldPanel(f"goal_{band.lower()}") for band in BANDS], heading=_("各学段目标")),
        FieldPanel("months"),
        FieldPanel("regions"),
        FieldPanel("tags"),
        InlinePanel("readings", heading=_("拼音更正"), label=_("读音")),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("内容")),
            ObjectList(trust_panels, heading=_("来源与审核")),
            ObjectList(about_panels, heading=_("目标与归类")),
            ObjectList(Page.promote_panels, heading=_("推广")),
        ]
    )
    base_form_class = LessonPageForm
    template = "lessons/lesson.html"
    parent_page_types = ["lessons.LessonIndexPage", "home.SchoolPage"]
    subpage_types: list[str] = []
    search_fields = [
        *Page.search_fields,
        index.SearchField("search_tokens"),
        index.FilterField("topic_slug"),
    ]
    preview_modes = [
        ("", _("阅读页")),
        ("wall", _("大屏")),
        ("print", _("打印")),
        ("pack", _("离线包")),
    ]

    class Meta:
        verbose_name = _("课程")
        verbose_name_plural = _("课程")

    @property
    def is_overdue(self) -> bool:
        return self.review_expiry < timezone.localdate()

    def goal(self, band: str) -> str:
        return str(getattr(self, f"goal_{band.lower()}"))

    def search_tokens(self) -> str:
        """Everything a teacher may look for in this lesson, cut for Chinese search."""
        words = [self.title, self.summary, self.tags, self.topic_slug]
        words += [str(text) for block in self.steps for text in block.block.get_searchable_content(block.value)]
        words += [w for e in TopicEntry.objects.filter(slug=self.topic_slug) for w in e.words()]
        return search_tokens(" ".join(words))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), **views.lesson_context(self, request, "read")}

    @path("wall/")
    def wall(self, request: HttpRequest) -> HttpResponse:
        return views.wall(self, request)

    @path("notes/")
    def notes_window(self, request: HttpRequest) -> HttpResponse:
        return views.notes(self, request)

    @path("print/")
    def print_view(self, request: HttpRequest) -> HttpResponse:
        return views.printed(self, request)

    @path("pack/")
    def pack(self, request: HttpRequest) -> HttpResponse:
        return views.pack(self, request)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        if mode_name:
            return views.PREVIEWS[mode_name](self, request)
        return super().serve_preview(request, mode_name)
