"""Search and the pages about the site."""

from __future__ import annotations

from django.urls import path

from home import views

app_name = "home"
urlpatterns = [
    path("search/", views.search, name="search"),
    path("about/", views.about, name="about"),
    path("about/privacy/", views.privacy, name="privacy"),
]
