"""Addresses of the live room's pages, mounted at the root; /j/ is short because people type it."""

from __future__ import annotations

from django.urls import path, re_path

from quizzes.live import views

app_name = "live"
urlpatterns = [
    path("live/new/", views.choose, name="choose"),
    path("live/open/", views.open_, name="open"),
    re_path(r"^live/(?P<code>[0-9]{6})/wall/$", views.wall, name="wall"),
    path("j/", views.code_form, name="code_form"),
    re_path(r"^j/(?P<code>[0-9]{6})/$", views.phone, name="phone"),
]
