"""The data map against the installed models: nothing that can hold personal data is left out."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse

from people.models import User
from people.privacy.holdings import HARMLESS, HOLDINGS
from people.privacy.shape import OnErase
from people.privacy.tables import days_of, installed, kept_for, rows_of

PERSONAL = re.compile(
    r"name$|phone|mail|^user|addr|(^|_)ip|agent|birth|session|person|actor|author|owner|reviewer|contact|"
    r"data$|payload|_by$|by_id$|uploader|secret|token|file$|photo|avatar|sex|gender|idcard|identity"
)
NOT_PERSONAL = {"codename", "translation_key", "focal_point_key"}
MAPPED = {table.model for holding in HOLDINGS for table in holding.tables}


def touches_people(model) -> bool:
    """A link to a person, or a field whose name sounds personal. Inherited fields count where they are made."""
    for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
        if field.is_relation:
            if field.related_model is User:
                return True
        elif field.name not in NOT_PERSONAL and PERSONAL.search(field.name):
            return True
    return False


def test_every_model_that_touches_people_is_in_the_map_or_explained():
    missing = [
        model._meta.label_lower
        for model in apps.get_models()
        if touches_people(model) and model._meta.label_lower not in MAPPED | set(HARMLESS)
    ]
    assert missing == []


def test_every_link_to_a_person_is_followed_by_export_or_erasure():
    """A model may link to people twice: each link has its row, or its data would stay behind a name."""
    followed = {(table.model, table.person) for holding in HOLDINGS for table in holding.tables}
    known = {
        ("wagtailcore.comment", "resolved_by"),  # a number beside a comment, like its author
    }
    missing = [
        (model._meta.label_lower, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if field.is_relation and field.related_model is User
        if (model._meta.label_lower, field.name) not in followed | known
    ]
    assert missing == []


def test_the_map_names_no_model_twice_as_harmless_and_personal():
    assert MAPPED & set(HARMLESS) == set()


def test_every_field_that_the_map_names_exists():
    wrong = []
    for holding, table, model in installed():
        names = [*table.shown, *table.cleared, *([table.dated] if table.dated else [])]
        for name in [*names, *([table.person] if table.person and "__" not in table.person and table.person != "pk" else [])]:
            try:
                model._meta.get_field(name)
            except FieldDoesNotExist:
                wrong.append(f"{holding.slug}: {table.model}.{name}")
    assert wrong == []


@pytest.mark.django_db
def test_every_table_finds_a_person_s_rows():
    user = User.objects.create_user("1001")
    assert [rows_of(user, table, model).count() for _holding, table, model in installed()].count(1) == 1  # the account


def test_every_entry_says_how_long_and_every_timer_is_used():
    assert [holding.slug for holding in HOLDINGS if "{" in kept_for(holding) or not kept_for(holding)] == []
    used = {holding.days for holding in HOLDINGS if holding.days} | {"erasure_grace"}
    assert used == set(settings.PRIVACY_DAYS)
    dated = [(h, t) for h in HOLDINGS for t in h.tables if t.dated]
    assert [holding.slug for holding, _table in dated if days_of(holding) is None] == []


def test_what_is_cleared_says_to_what():
    assert [
        table.model
        for holding in HOLDINGS
        for table in holding.tables
        if (table.on_erase is OnErase.CLEAR) != bool(table.cleared)
    ] == []


@pytest.mark.django_db
@pytest.mark.usefixtures("site_content")
class TestPages:
    def test_the_map_page_lists_every_kind_with_its_days_and_needs_no_log_in(self, client):
        text = client.get(reverse("privacy:data_map")).content.decode()
        here = {holding.slug for holding, _table, _model in installed()}
        assert [h.title for h in HOLDINGS if h.slug in here and h.title not in text] == []
        assert f"{settings.PRIVACY_DAYS['login_attempts']} 天" in text

    def test_the_children_s_page_says_the_days_the_way_out_and_the_law(self, client):
        text = client.get(reverse("privacy:children")).content.decode()
        for words in (f"{settings.DATA_DELETE_DAYS} 天后自动删除", "课堂号", "不用手机", "第七十二条", "儿童个人信息网络保护规定"):
            assert words in text

    def test_the_contact_of_the_site_is_named(self, client, settings):
        settings.PRIVACY_CONTACT = "安全科 0310-0000000"
        for name in ("privacy:data_map", "privacy:children"):
            assert "安全科 0310-0000000" in client.get(reverse(name)).content.decode()

    def test_every_page_s_foot_leads_to_both(self, client):
        text = client.get("/").content.decode()
        assert reverse("privacy:data_map") in text and reverse("privacy:children") in text
        hub = client.get(reverse("home:privacy")).content.decode()
        assert reverse("privacy:export") in hub
