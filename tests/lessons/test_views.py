"""All views of all lessons: fifteen topics, five bands, three lengths, none broken and none empty."""

import io
import re
import zipfile

import pytest
from django.test import Client

from lessons.models import LessonPage
from lessons.shapes import BANDS, LENGTHS
from quizzes.bank.domain.states import Step
from quizzes.bank.services import take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]


@pytest.fixture
def reader():
    return Client(HTTP_HOST="localhost")


def test_there_is_one_lesson_a_topic():
    assert LessonPage.objects.live().count() == 15


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("view", ["", "wall/", "notes/", "print/"])
def test_every_lesson_shows_steps_at_every_length(reader, view, band):
    for page in LessonPage.objects.live():
        counts = []
        for length in LENGTHS:
            response = reader.get(f"/lessons/{page.slug}/{view}", {"band": band, "length": length})
            assert response.status_code == 200, (page.slug, band, length)
            steps = response.context["steps"]
            counts.append(len(steps))
            assert steps, (page.slug, band, length)
            assert BANDS[band] in response.content.decode()
        assert counts == sorted(counts) and counts[0] < counts[2]


@pytest.mark.parametrize("view", ["", "wall/", "notes/", "print/"])
def test_a_question_that_was_retired_is_no_longer_put_to_a_class(reader, view):
    address = f"/lessons/drowning/{view}"
    before = reader.get(address, {"band": "P2", "length": 30}).context["steps"]
    asked = [step.value["question"] for step in before if step.block_type == "quiz"]
    assert asked
    take(asked[0], Step.RETIRE)
    response = reader.get(address, {"band": "P2", "length": 30})
    assert len(response.context["steps"]) == len(before) - 1
    assert asked[0].stem not in response.content.decode()


def test_the_two_youngest_bands_have_pinyin_and_the_others_have_none(reader):
    for band in BANDS:
        html = reader.get("/lessons/drowning/wall/", {"band": band, "length": 5}).content.decode()
        assert ("<rt>" in html) == (band in {"K", "P1"}), band


def test_an_address_with_nonsense_shows_the_usual_lesson(reader):
    response = reader.get("/lessons/drowning/", {"band": "<script>", "length": "999"})
    assert (response.context["band"], response.context["length"]) == ("P2", 5)


@pytest.mark.parametrize("slug", ["bullying-violence", "abuse-abduction", "mental-health"])
@pytest.mark.parametrize("view", ["", "wall/", "print/"])
def test_topics_ten_eleven_and_fifteen_say_that_they_await_an_expert(reader, slug, view):
    assert "待专业审核" in reader.get(f"/lessons/{slug}/{view}").content.decode()


def test_other_topics_do_not(reader):
    assert "待专业审核" not in reader.get("/lessons/fire/").content.decode()


def test_overdue_content_is_marked_on_the_page(reader):
    LessonPage.objects.filter(slug="fire").update(review_expiry="2020-01-01")
    assert "待复审" in reader.get("/lessons/fire/").content.decode()


def test_teacher_s_hints_are_not_projected(reader):
    page = LessonPage.objects.get(slug="drowning")
    hints = [s.value["notes"] for s in page.steps if s.value.get("notes") and "P2" in s.value["bands"]]
    html = reader.get("/lessons/drowning/wall/", {"band": "P2", "length": 30}).content.decode()
    assert hints and not [hint for hint in hints if hint in html]


def test_every_source_mark_of_a_step_is_explained_on_the_page(reader):
    for page in LessonPage.objects.live():
        known = {source.mark for source in page.sources.all()}
        used = {step.value["source"] for step in page.steps if step.value.get("source")}
        assert used <= known, page.slug


def test_the_offline_pack_is_whole_and_asks_nothing_of_a_server(reader):
    response = reader.get("/lessons/drowning/pack/")
    assert response["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    names = set(archive.namelist())
    assert {"index.html", "wall-P2-5.html", "notes-K-1.html", "print-S-30.html", "assets/js/deck.js"} <= names
    for name in names:
        if not name.endswith(".html"):
            continue
        for address in re.findall(r'(?:src|href|data-notes|data-exit)="([^"#]*)"', archive.read(name).decode()):
            assert address in names, (name, address)


def test_no_page_has_inline_script_or_style(reader):
    for view in ["", "wall/", "notes/", "print/"]:
        html = reader.get(f"/lessons/fire/{view}").content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)", html) and " style=" not in html and "<style" not in html
        assert not re.search(r"\son\w+=", html)


def test_the_policy_allows_only_our_own_files(reader):
    policy = reader.get("/lessons/fire/")["Content-Security-Policy"]
    assert "script-src 'self';" in policy and "unsafe" not in policy


def test_reading_a_lesson_costs_a_bounded_number_of_queries(reader, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        reader.get("/lessons/drowning/", {"band": "P2", "length": 30})
