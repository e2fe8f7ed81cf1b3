"""The live room's pages: two taps from a lesson to the first question, and kind words when it cannot be."""

from __future__ import annotations

import re
import shutil

import pytest
from django.test import Client

from quizzes.bank.models import Question
from quizzes.bank.services import load_questions
from quizzes.bank.shapes import CONTENT
from quizzes.live import tokens, views
from quizzes.live.domain.errors import RoomError
from quizzes.live.models import Room
from quizzes.live.throttle import Limits
from tests.factories.live_people import config_of

pytestmark = pytest.mark.django_db

WISH = {"topic": "drowning", "band": "P2", "title": "防溺水"}


@pytest.fixture(scope="module")
def three_topics(tmp_path_factory):
    folder = tmp_path_factory.mktemp("questions")
    for topic in ("drowning", "abuse-abduction", "mental-health"):
        shutil.copy(CONTENT / f"{topic}.yaml", folder)
    return folder


@pytest.fixture(autouse=True)
def bank(monkeypatch, three_topics):
    load_questions(three_topics)
    monkeypatch.setattr(views, "_LIMITS", Limits())


def open_room(client, **changes):
    return client.post("/live/open/", {**WISH, "mode": "phones", **changes})


def test_two_taps_lead_from_a_lesson_to_the_wall(client):
    page = client.get("/live/new/", WISH).content.decode()
    assert page.count('name="mode"') == 2
    response = open_room(client, mode="hands")
    room = Room.objects.get()
    assert response.url == f"/live/{room.code}/wall/"
    assert client.get(response.url).status_code == 200
    assert (room.phase, room.mode, room.title, len(room.deck)) == ("open", "hands", "防溺水", 5)


def test_the_hosts_cookie_is_for_this_wall_only_and_out_of_reach_of_scripts(client):
    cookie = open_room(client).cookies["live_host"]
    room = Room.objects.get()
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (
        f"/live/{room.code}/wall/",
        True,
        "Lax",
    )
    assert not cookie["secure"]


def test_over_https_the_cookie_is_secure(client):
    response = client.post("/live/open/", {**WISH, "mode": "hands"}, secure=True)
    assert response.cookies["live_host"]["secure"]


def test_another_browser_is_kindly_told_that_it_does_not_lead(client):
    wall = open_room(client).url
    response = Client().get(wall)
    assert response.status_code == 403
    assert "这里由开课的老师操作" in response.content.decode()
    assert "live-config" not in response.content.decode()


def test_the_host_of_one_room_does_not_lead_another(client):
    first = open_room(client)
    second = open_room(Client())
    stranger = Client()
    stranger.cookies["live_host"] = first.cookies["live_host"].value
    assert stranger.get(second.url).status_code == 403


@pytest.mark.parametrize("forged", ["", "x", "a:b:c", "{}"])
def test_a_forged_cookie_opens_nothing(client, forged):
    wall = open_room(client).url
    stranger = Client()
    stranger.cookies["live_host"] = forged
    assert stranger.get(wall).status_code == 403


def test_a_players_token_does_not_open_the_wall(client):
    wall = open_room(client).url
    stranger = Client()
    room_id = Room.objects.get().pk
    stranger.cookies["live_host"] = tokens.issue(tokens.PlayerToken(room_id, 1))
    assert stranger.get(wall).status_code == 403


def test_the_phone_page_sets_no_cookie_and_names_no_person(client):
    open_room(client)
    response = Client().get(f"/j/{Room.objects.get().code}/")
    assert response.status_code == 200
    assert not response.cookies
    page = response.content.decode()
    assert "座位号或昵称" in page
    assert "不要写真名" in page
    assert "token" not in config_of(page)


@pytest.mark.parametrize("path", ["/j/{code}/", "/live/{code}/wall/"])
def test_pages_of_a_room_have_no_inline_script_or_style(client, path):
    open_room(client)
    page = client.get(path.format(code=Room.objects.get().code)).content.decode()
    scripts = re.findall(r"<script\b([^>]*)>", page)
    assert all("src=" in attributes or "application/json" in attributes for attributes in scripts)
    assert "style=" not in re.sub(r"<svg.*?</svg>", "", page, flags=re.S)
    assert not re.search(r"\son\w+=", page)
    assert not re.search(r"(src|href)=\"(https?:)?//", page)


@pytest.mark.parametrize(
    "path", ["/j/000000/", "/live/000000/wall/", "/j/?code=12", "/j/?code=abc"]
)
def test_an_unknown_code_asks_to_check_the_six_digits(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "请核对六位数字" in response.content.decode()


@pytest.mark.parametrize("typed", ["{code}", " {code} ", "{first} {rest}", "{first}-{rest}"])
def test_a_code_may_be_typed_with_spaces(client, typed):
    open_room(client)
    code = Room.objects.get().code
    response = client.get("/j/", {"code": typed.format(code=code, first=code[:3], rest=code[3:])})
    assert response.url == f"/j/{code}/"


def test_what_was_typed_comes_back_as_text(client):
    page = client.get("/j/", {"code": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page


def test_trying_codes_is_slowed_down(client):
    statuses = [client.get(f"/j/{number:06}/").status_code for number in range(70)]
    assert (statuses[0], statuses[-1]) == (404, 429)


@pytest.mark.parametrize(
    "changes",
    [
        {"topic": ""},
        {"topic": "../x"},
        {"band": "X"},
        {"band": ""},
        {"mode": "cards"},
        {"mode": ""},
    ],
)
def test_a_wish_that_no_lesson_makes_is_not_found(client, changes):
    assert open_room(client, **changes).status_code == 404
    assert not Room.objects.exists()


def test_a_topic_without_questions_is_said_in_words(client):
    response = open_room(client, topic="no-such-topic")
    assert response.status_code == 409
    assert "还没有适合这个学段的题目" in response.content.decode()


def test_a_title_from_an_address_is_shown_as_text(client):
    open_room(client, title="<b>x</b>" + "长" * 100)
    room = Room.objects.get()
    assert len(room.title) == 40
    page = client.get(f"/live/{room.code}/wall/").content.decode()
    assert "<b>x</b>" not in page


@pytest.mark.parametrize(
    ("lesson", "kept"),
    [
        ("/lessons/drowning/?band=P2", "/lessons/drowning/?band=P2"),
        ("//evil.example/", ""),
        ("https://evil.example/", ""),
        ("javascript:alert(1)", ""),
        ("/\\evil.example", ""),
    ],
)
def test_back_to_the_lesson_never_leads_elsewhere(client, lesson, kept):
    open_room(client, lesson=lesson)
    assert Room.objects.get().lesson_path == kept


def test_a_lesson_may_name_its_questions(client):
    open_room(client, codes="q001,q003,nothing")
    assert {slide["code"] for slide in Room.objects.get().deck} == {"q001", "q003"}


def test_questions_for_staff_alone_come_into_no_room_of_pupils_whatever_the_address_says(client):
    Question.objects.filter(code="q003").update(bands=("T",))
    open_room(client, codes="q001,q003", band="P2")
    assert {slide["code"] for slide in Room.objects.latest("pk").deck} == {"q001"}
    open_room(client, codes="q001,q003", band="T")
    assert {slide["code"] for slide in Room.objects.latest("pk").deck} == {"q001", "q003"}


@pytest.mark.parametrize("topic", ["abuse-abduction", "mental-health"])
def test_topics_that_may_concern_a_child_are_quiet(client, topic):
    open_room(client, topic=topic, band="J")
    assert Room.objects.get().quiet


def test_a_form_of_another_site_cannot_open_a_room():
    response = Client(enforce_csrf_checks=True).post("/live/open/", {**WISH, "mode": "hands"})
    assert response.status_code == 403


def test_opening_by_get_is_not_possible(client):
    assert client.get("/live/open/", {**WISH, "mode": "hands"}).status_code == 405


def test_opening_many_rooms_is_slowed_down(client):
    statuses = [open_room(client, topic="no-such-topic").status_code for _ in range(62)]
    assert (statuses[0], statuses[-1]) == (409, 429)


def test_where_a_login_is_wanted_it_comes_before_the_room(client, settings):
    settings.LIVE_HOST_LOGIN = True
    settings.LOGIN_URL = "/login/"
    response = open_room(client)
    assert response.url.startswith("/login/?next=")
    assert not Room.objects.exists()


def test_the_wall_names_the_public_address(client, settings):
    settings.PUBLIC_URL = "https://anquan.example.cn"
    page = client.get(open_room(client).url).content.decode()
    assert "anquan.example.cn/j/" in page
    assert "只有这台电脑能打开" not in page


def test_a_wall_opened_as_localhost_warns_that_phones_cannot_follow(client):
    wall = open_room(client).url
    assert "只有这台电脑能打开" in client.get(wall, headers={"host": "localhost"}).content.decode()


def test_pages_of_a_room_are_never_kept_by_caches(client):
    assert "no-store" in client.get(open_room(client).url).headers["Cache-Control"]


def test_tokens_are_signed_and_say_no_more_than_they_must():
    player = tokens.PlayerToken(3, 5)
    text = tokens.issue(player)
    assert tokens.read(text) == player
    for broken in ("", text[:-1], text + "x", "x" + text):
        with pytest.raises(RoomError, match="token.bad"):
            tokens.read(broken)
