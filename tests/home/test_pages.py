"""The home page on a given day, the pages about the site, the error pages and the icons."""

from __future__ import annotations

import datetime
import re

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import RequestFactory, override_settings
from django.urls import reverse

from home.models import HomePage
from home.views import home_context

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]
TUESDAY, FRIDAY = datetime.date(2026, 11, 24), datetime.date(2026, 11, 27)


def test_one_tap_from_home_opens_the_wall(client):
    page = client.get("/").content.decode()
    href = re.search(r'button--primary[^>]*href="([^"]+)"', page)
    assert href is not None
    wall = client.get(href.group(1).replace("&amp;", "&"))
    assert wall.status_code == 200


def test_all_topics_with_both_names_and_the_help_numbers(client):
    page = client.get("/").content.decode()
    for entry, lesson in home_context()["topics"]:
        assert entry.pupil_title in page and entry.official_title in page and lesson.url in page
    assert [n for n in ("110", "119", "120", "12355", "12356", "96110") if f'href="tel:{n}"' not in page] == []


def test_the_day_decides_topic_and_length():
    tuesday, friday = home_context(TUESDAY), home_context(FRIDAY)
    assert (tuesday["pick"].length, friday["pick"].length) == (5, 30)
    assert tuesday["today_lesson"].topic_slug == tuesday["pick"].slug
    assert {entry.slug for entry, _lesson in tuesday["month_topics"]} >= {"fire", "gas-poisoning"}


def test_home_needs_the_same_few_queries_every_day(client, django_assert_max_num_queries):
    client.get("/")
    with django_assert_max_num_queries(14):
        client.get("/")


def test_home_without_lessons_says_what_to_do(client):
    HomePage.objects.get().get_children().live().first().get_children().live().update(live=False)
    page = client.get("/")
    assert page.status_code == 200
    assert "还没有课程" in page.content.decode()


def test_feedback_names_the_bureaus_own_contact(client):
    HomePage.objects.update(contact="安全科 0310-0000000")
    assert "安全科 0310-0000000" in client.get(reverse("home:about")).content.decode()


def test_the_data_page_names_the_day_rooms_are_deleted(client):
    page = client.get(reverse("home:privacy")).content.decode()
    assert f"{settings.DATA_DELETE_DAYS} 天后自动删除" in page


def test_a_missing_page_offers_search(client):
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert f'action="{reverse("home:search")}"' in response.content.decode()


def test_the_locked_page_says_when_it_opens():
    from people.throttling import locked_out

    response = locked_out(RequestFactory().post("/cms/login/"))
    assert (response.status_code, response["Retry-After"]) == (429, "900")
    assert "15 分钟" in response.content.decode()


def test_the_server_error_page_needs_nothing():
    from django.views.defaults import server_error

    response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "{%" not in response.content.decode()


@override_settings(CSRF_COOKIE_SAMESITE="Lax")
def test_a_stale_form_is_answered_in_chinese():
    from django.views.csrf import csrf_failure

    response = csrf_failure(RequestFactory().post("/live/open/"))
    assert response.status_code == 403
    assert "请再试一次" in response.content.decode()


@pytest.mark.parametrize("address", ["/", "/search/", "/about/", "/about/privacy/", "/no-such-page/"])
def test_nothing_inline_and_one_main_heading(client, address):
    page = client.get(address).content.decode()
    assert re.findall(r"<style|<script(?![^>]*src=)|\sstyle=|\son[a-z]+=", page) == []
    assert page.count("<h1") == 1
    assert 'lang="zh-Hans"' in page and 'href="#main"' in page


def test_an_icon_is_inlined_without_its_title():
    drawn = Template('{% load icons %}{% icon "topics/fire" %}').render(Context())
    assert drawn.startswith("<svg ") and 'aria-hidden="true"' in drawn and 'class="icon"' in drawn
    assert "<title>" not in drawn


@pytest.mark.parametrize("name", ["topics/none", "../mark", "topics/../../secret", "", "/etc/passwd"])
def test_an_unknown_or_stray_icon_draws_nothing(name):
    assert Template("{% load icons %}{% icon name %}").render(Context({"name": name})) == ""
