"""Every address of the site: the rooms' own urls, the CMS, and last the pages."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from lessons.styles import topics_css

urlpatterns = [
    # One log-in page for everybody; Wagtail's own, of the CMS and of pages, know no codes and no second factor.
    path("cms/login/", RedirectView.as_view(pattern_name="accounts:login", query_string=True), name="cms-login"),
    path("_util/login/", RedirectView.as_view(pattern_name="accounts:login", query_string=True), name="pages-login"),
    path("cms/", include(wagtailadmin_urls)),
    path("account/", include("people.accounts.urls")),
    path("documents/", include(wagtaildocs_urls)),
    path("topics.css", topics_css, name="topics-css"),
    path("", include("quizzes.live.urls")),
    path("", include("people.privacy.urls")),
    path("", include("home.urls")),
    # One process serves all: behind nginx these addresses never arrive here.
    re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}, name="media"),
    path("", include(wagtail_urls)),
]
