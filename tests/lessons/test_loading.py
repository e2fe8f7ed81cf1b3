"""Loading content once: idempotent, and exact about mistakes."""

import shutil

import pytest

from common.contentfile import ContentErrors
from lessons.models import LessonPage, TopicSet
from lessons.services import load_content, topics
from lessons.shapes import CONTENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]


def quiet(_text):
    pass


def test_running_it_again_changes_nothing_that_an_editor_edited():
    page = LessonPage.objects.get(slug="fire")
    page.summary = "编辑改过的介绍"
    page.save_revision().publish()
    report = load_content(quiet)
    assert report.created == []
    assert LessonPage.objects.get(slug="fire").summary == "编辑改过的介绍"


def test_a_lesson_that_was_deleted_comes_back():
    LessonPage.objects.get(slug="fire").delete()
    assert load_content(quiet).created == ["fire"]


def test_a_file_with_a_mistake_names_file_line_and_field_and_loads_nothing_of_itself(tmp_path):
    folder = tmp_path / "content"
    shutil.copytree(CONTENT, folder)
    path = folder / "lessons" / "fire.yaml"
    path.write_text(path.read_text("utf-8").replace("summary:", "sumary:", 1), "utf-8")
    LessonPage.objects.filter(slug__in=["fire", "traffic"]).delete()
    with pytest.raises(ContentErrors) as caught:
        load_content(quiet, folder)
    text = str(caught.value)
    assert "fire.yaml 第 " in text and "sumary" in text
    assert not LessonPage.objects.filter(slug="fire").exists()
    assert LessonPage.objects.filter(slug="traffic").exists()


def test_there_are_fifteen_topics_in_order():
    assert [entry.slug for entry in topics()][:2] == ["drowning", "fire"]
    assert len(topics()) == 15


def test_a_cloned_topic_set_can_be_renamed_without_touching_the_first():
    first = TopicSet.objects.get(is_current=True)
    copy = first.clone()
    entry = copy.entries.get(slug="gas-poisoning")
    entry.official_title = "防雷击"
    entry.save()
    assert copy.entries.count() == 15 and not copy.is_current
    assert first.entries.get(slug="gas-poisoning").official_title == "防煤气中毒"


def test_only_one_set_is_in_use():
    copy = TopicSet.objects.get(is_current=True).clone()
    copy.is_current = True
    copy.save()
    assert list(TopicSet.objects.filter(is_current=True)) == [copy]
