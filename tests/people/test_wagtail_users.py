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
