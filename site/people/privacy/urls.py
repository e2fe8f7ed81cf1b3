"""Pages about data, and a member of staff's own data."""

from __future__ import annotations

from django.urls import path

from people.privacy import account, pages

app_name = "privacy"
urlpatterns = [
    path("about/data/", pages.data_map, name="data_map"),
    path("about/children/", pages.children, name="children"),
    path("account/data/", account.export, name="export"),
    path("account/erase/", account.erase, name="erase"),
    path("account/erase/withdraw/", account.withdraw, name="withdraw"),
]
