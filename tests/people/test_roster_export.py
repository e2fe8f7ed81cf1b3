"""The present roster as a file: of the own places only, and it comes back in without a change."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from people.audit.models import AuditEntry
from people.models import User
from people.rosters.models import RosterImport

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]


def as_(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def exported(username: str) -> bytes:
    answer = as_(username).post(reverse("rosters_people_export"))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def rows(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_an_officer_gets_the_own_school_s_people_with_their_posts() -> None:
    head, *people = rows(exported("anquan"))
    assert head == ["工号", "姓名", "单位代码", "单位", "岗位", "手机", "到岗日期"]
    assert [row[:2] for row in people] == [["anquan", "安主任"], ["laoshi", "劳老师"], ["xuexiao", "许老师"]]
    assert {row[3] for row in people} == {"示范县实验小学"}
    assert people[1][4] == "班主任、体育教师"
    assert len(rows(exported("kaowu"))) == 1 + 7


def test_what_was_exported_comes_back_without_a_change(settings: Any) -> None:
    settings.JOBS_INLINE = True
    file = SimpleUploadedFile("名册.xlsx", exported("anquan"))
    as_("anquan").post(reverse("rosters_people"), {"file": file})
    counts = RosterImport.objects.latest("pk").counts
    assert (counts["rows"], counts["unchanged"], counts["errors"]) == (3, 3, 0)


def test_an_export_is_written_into_the_audit_log_with_a_count_and_no_name() -> None:
    exported("anquan")
    entry = AuditEntry.objects.latest("number")
    assert (entry.action, entry.detail) == ("people.export", {"count": 3})


def test_a_name_that_looks_like_a_formula_stays_text() -> None:
    User.objects.filter(username="laoshi").update(first_name="=1+1")
    assert ["laoshi", "=1+1"] in [row[:2] for row in rows(exported("anquan"))]


def test_reading_the_address_exports_nothing() -> None:
    assert as_("anquan").get(reverse("rosters_people_export")).status_code == 405
