"""Wagtail's own user screens: they fit our names, are written to the audit log, and are the superuser's only."""

from __future__ import annotations

import pytest
from django.urls import reverse

from people.audit.models import AuditEntry
from people.models import User
from tests.people.office import client_of, make_county

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]
GIVEN = {"username": "root2", "first_name": "欧阳小满", "email": "", "password1": "hong-lü-deng-8", "password2": "hong-lü-deng-8"}


@pytest.fixture
def boss():
    return User.objects.get(username="admin")


def test_the_superuser_makes_and_edits_another_by_one_name_and_without_mail(boss):
    client = client_of(boss)
    assert client.post(reverse("wagtailusers_users:add"), GIVEN | {"is_superuser": "on"}).status_code == 302
    made = User.objects.get(username="root2")
    assert (str(made), made.is_superuser) == ("欧阳小满", True)
    url = reverse("wagtailusers_users:edit", args=[made.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"username": "root2", "first_name": "欧阳满", "email": "", "is_active": "on"}).status_code == 302
    assert str(User.objects.get(pk=made.pk)) == "欧阳满"
    entries = list(AuditEntry.objects.filter(target_type="user", target_id=str(made.pk)).order_by("number"))
    assert [entry.action for entry in entries] == ["people.create", "password.reset", "people.edit"]
    assert "欧阳" not in str([entry.detail for entry in entries])


def test_an_admin_who_is_no_superuser_finds_neither_the_screens_nor_their_menu_entry(boss):
    admin = make_county().admin
    assert client_of(admin).get(reverse("wagtailusers_users:index")).status_code == 403
    index = reverse("wagtailusers_users:index")
    assert index in client_of(boss).get("/cms/").content.decode()
    assert index not in client_of(admin).get("/cms/").content.decode()


def test_no_screen_of_wagtail_deletes_or_changes_accounts_in_bulk(boss):
    client, made = client_of(boss), make_county().li
    delete = reverse("wagtailusers_users:delete", args=[made.pk])
    client.post(delete)
    assert User.objects.filter(pk=made.pk).exists()
    for action in ("delete", "set_active_state", "assign_role"):
        bulk = reverse("wagtail_bulk_action", args=["people", "user", action])
        assert client.post(f"{bulk}?id={made.pk}", {"mark_as_active": "False"}).status_code == 404
    assert User.objects.get(pk=made.pk).is_active
    for page in (reverse("wagtailusers_users:index"), reverse("wagtailusers_users:edit", args=[made.pk])):
        assert delete not in client.get(page).content.decode()
    assert "data-bulk-action-checkbox" not in client.get(reverse("wagtailusers_users:index")).content.decode()


def test_in_the_cms_an_officer_sets_the_look_and_not_the_own_name(boss):
    officer = make_county().officer
    page = client_of(officer).get(reverse("wagtailadmin_account"))
    assert "theme" in page.content.decode() and "name_email" not in page.content.decode()
    assert "avatar-avatar" not in page.content.decode()
    wish = {"theme-theme": "dark", "theme-contrast": "system", "theme-density": "default", "theme-keyboard_shortcuts": "on"}
    wish |= {"name_email-first_name": "别人", "name_email-last_name": "姓", "name_email-email": "a@b.cn"}
    wish |= {"locale-preferred_language": "", "locale-current_time_zone": ""}
    answer = client_of(officer).post(reverse("wagtailadmin_account"), wish)
    assert answer.status_code == 302, answer.context
    assert str(User.objects.get(pk=officer.pk)) == "安全员"
