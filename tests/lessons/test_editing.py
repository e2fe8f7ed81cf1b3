"""The CMS as editors meet it: who may do what, previews, workflow, required alt text."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from home.models import SchoolPage
from lessons.blocks import STEP_BLOCKS
from lessons.models import LessonIndexPage, LessonPage
from people.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]


def browser_of(name):
    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def rights(name, page):
    permissions = page.permissions_for_user(User.objects.get(username=name))
    return permissions.can_edit(), permissions.can_publish()


def test_the_editor_edits_but_does_not_publish_and_the_reviewer_publishes():
    lesson = Page.objects.get(pk=LessonPage.objects.get(slug="fire").pk)
    assert rights("bianji", lesson) == (True, False)
    assert rights("shenhe", lesson) == (True, True)


def test_a_school_editor_works_on_the_own_school_s_pages_only():
    own, other = SchoolPage.objects.first(), LessonIndexPage.objects.first()
    assert own.permissions_for_user(User.objects.get(username="xuexiao")).can_add_subpage()
    assert not other.permissions_for_user(User.objects.get(username="xuexiao")).can_add_subpage()
    assert browser_of("xuexiao").get(reverse("wagtailadmin_pages:edit", args=[other.pk])).status_code in {302, 403}


def test_a_school_s_lesson_goes_through_the_bureau_s_review():
    source = LessonPage.objects.get(slug="fire")
    school = SchoolPage.objects.first()
    copy = source.copy(to=school, update_attrs={"slug": "our-fire", "title": "我校防火灾"}, keep_live=False)
    teacher, reviewer = User.objects.get(username="xuexiao"), User.objects.get(username="shenhe")
    copy.save_revision(user=teacher)
    state = copy.get_workflow().start(copy, teacher)
    assert not LessonPage.objects.get(pk=copy.pk).live
    state.current_task_state.approve(user=reviewer)
    assert LessonPage.objects.get(pk=copy.pk).live


@pytest.mark.parametrize("mode", ["", "wall", "print", "pack"])
def test_all_four_views_can_be_previewed(mode):
    page = LessonPage.objects.get(slug="fire")
    response = page.make_preview_request(preview_mode=mode)
    assert response.status_code == 200


def test_the_editor_opens_with_all_steps():
    page = LessonPage.objects.get(slug="fire")
    response = browser_of("bianji").get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert response.status_code == 200 and "教学步骤" in response.content.decode()


def test_the_report_lists_what_is_due_for_review():
    LessonPage.objects.filter(slug="fire").update(review_expiry="2020-01-01")
    html = browser_of("admin").get(reverse("overdue_reviews")).content.decode()
    assert "防火灾" in html and "防溺水" not in html


def test_the_topic_list_is_cloned_with_one_button():
    from lessons.models import TopicSet

    first = TopicSet.objects.get(is_current=True)
    admin = browser_of("admin")
    assert "复制一份来改" in admin.get(reverse("wagtailsnippets_lessons_topicset:edit", args=[first.pk])).content.decode()
    admin.post(reverse("clone_topic_set", args=[first.pk]))
    assert TopicSet.objects.count() == 2


def test_a_picture_without_words_is_refused():
    from wagtail.images.forms import get_image_form

    from common.forms import PictureForm
    from common.models import Picture

    form_class = get_image_form(Picture)
    assert issubclass(form_class, PictureForm)
    form = form_class({"title": "图", "description": ""}, user=User.objects.get(username="admin"))
    assert "description" in form.errors


def test_too_many_wrong_passwords_lock_the_name_at_that_address_for_a_while():
    client = Client(HTTP_HOST="localhost")
    for _ in range(8):
        response = client.post(reverse("accounts:login"), {"username": "bianji", "password": "wrong"})
    assert response.status_code == 429
    assert "Retry-After" in response.headers


@pytest.mark.parametrize("name", [name for name, _ in STEP_BLOCKS])
def test_every_kind_of_step_has_a_preview_in_the_chooser(name):
    block = dict(LessonPage.steps.field.stream_block.child_blocks)[name]
    html = browser_of("bianji").get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix}).content.decode()
    assert f"step--{name}" in html and "css/lesson.css" in html


def test_the_editor_may_frame_its_previews_and_nobody_may_frame_the_site():
    page = LessonPage.objects.get(slug="fire")
    preview = browser_of("bianji").get(reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk]))
    assert preview.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert Client(HTTP_HOST="localhost").get("/lessons/fire/").headers["X-Frame-Options"] == "DENY"
