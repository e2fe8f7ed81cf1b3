"""The home page, and a page for each school under which it keeps its own editions of lessons."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from people.models import Organisation


class HomePage(Page):
    """What a teacher sees first: today's five minutes, the fifteen topics, this month's hazards."""

    bureau = models.CharField(_("单位名称"), max_length=60, blank=True)
    greeting = models.CharField(_("大标题"), max_length=40, default="今天的安全五分钟")
    intro = models.CharField(_("导语"), max_length=120, blank=True)

    contact = models.CharField(
        _("意见反馈找谁"), max_length=120, blank=True, help_text=_("科室、电话或邮箱，写在“关于本站”里。")
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("bureau"),
        FieldPanel("greeting"),
        FieldPanel("intro"),
        FieldPanel("contact"),
    ]
    template = "home/home.html"
    max_count = 1
    subpage_types = ["lessons.LessonIndexPage", "home.SchoolIndexPage"]

    class Meta:
        verbose_name = _("首页")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from home.views import home_context

        return {**super().get_context(request, *args, **kwargs), **home_context()}


class SchoolIndexPage(Page):
    """The schools that publish editions of their own."""

    template = "home/schools.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.SchoolPage"]
    max_count = 1

    class Meta:
        verbose_name = _("学校总页")


class SchoolPage(Page):
    """One school's page: its editors work here and nowhere else."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("学校")
    )
    content_panels = [*Page.content_panels, FieldPanel("organisation")]
    template = "home/school.html"
    parent_page_types = ["home.SchoolIndexPage"]
    subpage_types = ["lessons.LessonPage"]

    class Meta:
        verbose_name = _("学校页")
