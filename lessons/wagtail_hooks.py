"""The CMS side of lessons: topic lists that can be cloned, and the list of lessons due for review."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.reports import PageReportView
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from lessons.models import LessonPage, TopicSet


class TopicSetViewSet(SnippetViewSet):
    model = TopicSet
    icon = "list-ol"
    menu_label = _("主题清单")
    menu_order = 210
    add_to_admin_menu = True
    list_display = ["name", "region", "is_current"]
    copy_view_enabled = False  # `clone` copies the entries too
    edit_template_name = "lessons/admin/topic_set_edit.html"


register_snippet(TopicSet, viewset=TopicSetViewSet)


@require_POST
def clone_topic_set(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.has_perm("lessons.add_topicset"):
        raise PermissionDenied
    copy = get_object_or_404(TopicSet, pk=pk).clone()
    messages.success(request, _("已复制为“%(name)s”，改好后勾选“本站正在使用”。") % {"name": copy.name})
    return redirect("wagtailsnippets_lessons_topicset:edit", copy.pk)


class OverdueReviews(PageReportView):
    """Lessons whose review is due or past, the most overdue first."""

    index_url_name = "overdue_reviews"
    index_results_url_name = "overdue_reviews_results"
    page_title = _("到期待复审")
    header_icon = "time"
    list_export = [*PageReportView.list_export, "review_state", "reviewer", "review_date", "review_expiry"]

    def get_queryset(self) -> QuerySet[LessonPage]:
        soon = timezone.localdate() + dt.timedelta(days=30)
        return LessonPage.objects.filter(review_expiry__lte=soon).order_by("review_expiry")


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("topic-sets/<int:pk>/clone/", clone_topic_set, name="clone_topic_set"),
        path("reports/overdue-reviews/", OverdueReviews.as_view(), name="overdue_reviews"),
        path(
            "reports/overdue-reviews/results/",
            OverdueReviews.as_view(results_only=True),
            name="overdue_reviews_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def overdue_menu_item() -> MenuItem:
    return MenuItem(_("到期待复审"), reverse("overdue_reviews"), icon_name="time", order=50)
