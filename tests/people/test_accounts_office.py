"""The officers' screens: issuing codes with slips, and one person's log-in."""

from __future__ import annotations

import re
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from people.accounts.models import CodeIssue, FirstCode
from people.audit.models import AuditEntry
from people.models import Membership, Organisation, OrganisationKind, User
from tests.factories.accounts import (
    OWN,
    browser,
    enter_code,
    give,
    is_in,
    log_in,
    school,
    signed_in,
    staff,
    text,
    with_password,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]
SLIP = re.compile(r'<b>([^<]+)</b>.*?<dd>([^<]+)</dd>.*?slip__code">([^<]+)</dd>', re.DOTALL)


@pytest.fixture
def place(db) -> Organisation:
    """A school with nobody who ever logged in but its officer."""
    User.objects.filter(username__in=["anquan", "laoshi", "xuexiao"]).update(last_login=timezone.now())
    return school()


def page_of(client, place: Organisation, **query) -> str:
    return client.get(reverse("accounts_codes_at", args=[place.pk]), query).content.decode()


def token_on(html: str) -> str:
    return re.search(r'name="token" value="(\w+)"', html).group(1)


def issue(client, place: Organisation, **said):
    if "token" not in said:
        said["token"] = token_on(page_of(client, place))
    return client.post(reverse("accounts_codes_issue", args=[place.pk]), said)


def slips(response) -> list[tuple[str, str, str]]:
    return SLIP.findall(response.content.decode())


def test_a_school_officer_lands_at_the_own_school_and_sees_who_waits(place):
    staff("T931", name="王小明")
    client = signed_in("anquan")
    answer = client.get(reverse("accounts_codes"))
    assert answer.headers["Location"] == reverse("accounts_codes_at", args=[place.pk])
    page = text(client.get(answer.headers["Location"]))
    assert "王小明" in page and "没登录过 1 人" in page
    assert "劳老师" not in page and "劳老师" in re.sub(r"<[^>]+>", "", page_of(client, place, show="all"))


def test_the_slips_of_a_school_open_the_accounts_of_its_staff(place):
    for number in ("T931", "T932", "T933"):
        staff(number, name=f"老师{number}")
    answer = issue(signed_in("anquan"), place, whom="new")
    found = slips(answer)
    assert [(name, number) for name, number, _code in found] == [(f"老师{n}", n) for n in ("T931", "T932", "T933")]
    assert "no-store" in answer.headers["Cache-Control"]
    for _name, number, code in found:
        assert enter_code(browser(), number, code).status_code == 302
    assert not FirstCode.objects.filter(digest__in=[code for _n, _u, code in found]).exists()
    entries = AuditEntry.objects.filter(action="codes.issue")
    assert entries.count() == 3
    assert {entry.organisation_id for entry in entries} == {place.pk}
    assert not [entry for entry in entries if "老师" in str(entry.detail)]


def test_a_doubled_click_shows_the_same_slips_and_issues_nothing_new(place):
    staff("T931")
    staff("T932")
    client = signed_in("anquan")
    token = token_on(page_of(client, place))
    first, second = issue(client, place, whom="new", token=token), issue(client, place, whom="new", token=token)
    assert slips(first) == slips(second) != []
    assert FirstCode.objects.count() == 2 and CodeIssue.objects.count() == 1
    assert AuditEntry.objects.filter(action="codes.issue").count() == 2


def test_the_slips_are_never_shown_again_later_or_to_somebody_else(place):
    staff("T931")
    client = signed_in("anquan")
    token = token_on(page_of(client, place))
    issue(client, place, whom="new", token=token)
    assert slips(issue(signed_in("admin"), place, whom="new", token=token)) == []
    CodeIssue.objects.update(at=timezone.now() - timezone.timedelta(minutes=11))
    answer = issue(client, place, whom="new", token=token)
    assert answer.status_code == 302
    assert FirstCode.objects.count() == 1


def test_a_second_round_gives_codes_only_to_those_without_one(place):
    staff("T931")
    client = signed_in("anquan")
    issue(client, place, whom="new")
    staff("T932")
    assert [number for _n, number, _c in slips(issue(client, place, whom="new"))] == ["T932"]
    assert [number for _n, number, _c in slips(issue(client, place, whom="never"))] == ["T931", "T932"]


def test_a_new_code_ends_the_old_one(place):
    teacher = staff("T931")
    client = signed_in("anquan")
    old = slips(issue(client, place, person=teacher.pk))[0][2]
    new = slips(issue(client, place, person=teacher.pk))[0][2]
    assert enter_code(browser(), "T931", old).status_code == 200
    assert enter_code(browser(), "T931", new).status_code == 302


def test_nobody_beyond_the_officers_reach_gets_a_code(place):
    own = staff("T931")
    elsewhere = staff("T932", Organisation.objects.get(name="示范县第一中学"))
    shared = staff("T933")
    Membership.objects.create(user=shared, organisation=Organisation.objects.get(name="示范县第一中学"))
    boss = staff("T934")
    give(boss, "admin", Organisation.objects.get(name="示范县教育局"))
    head = staff("T935")
    give(head, "admin", place)
    gone = staff("T936", is_active=False)
    everybody = [own, elsewhere, shared, boss, head, gone]
    answer = issue(signed_in("anquan"), place, person=[one.pk for one in everybody])
    assert [number for _n, number, _c in slips(answer)] == ["T931"]
    for person in everybody[1:5]:
        for name in ("accounts_person_issue", "accounts_person_end", "accounts_person_factor"):
            assert signed_in("anquan").post(reverse(name, args=[person.pk]), {"token": "0" * 32}).status_code == 403


def test_the_staff_of_a_class_count_as_their_school(place):
    grade = place.add_child(name="三年级", kind_id=OrganisationKind.GRADE)
    staff("T931", grade)
    assert [number for _n, number, _c in slips(issue(signed_in("anquan"), place, whom="new"))] == ["T931"]


def test_the_bureau_chooses_among_schools_with_their_counts(place):
    staff("T931")
    page = signed_in("admin").get(reverse("accounts_codes"))
    row = re.search(r"示范县实验小学</a>.*?</tr>", page.content.decode(), re.DOTALL).group(0)
    assert re.findall(r"<td>(\d+)</td>", row) == ["1"]
    found = text(signed_in("admin").get(reverse("accounts_codes"), {"q": "第一中学"}))
    assert "示范县第一中学" in found and "示范县实验小学" not in found


def test_without_a_fresh_form_nothing_is_issued(place):
    staff("T931")
    answer = issue(signed_in("anquan"), place, whom="new", token="")
    assert answer.status_code == 302
    assert not FirstCode.objects.exists()


def test_200_people_get_their_codes_quickly(place):
    people = User.objects.bulk_create(User(username=f"M{n:04d}", first_name=f"老师{n}", password="!") for n in range(200))
    Membership.objects.bulk_create(Membership(user=user, organisation=place) for user in people)
    client = signed_in("anquan")
    token = token_on(page_of(client, place))
    began = time.monotonic()
    with CaptureQueriesContext(connection) as captured:
        answer = issue(client, place, whom="new", token=token)
    took = time.monotonic() - began
    assert len(slips(answer)) == 200
    assert len(captured) < 30
    assert took < 3, f"{took:.1f} s"
    print(f"200 codes in {took:.2f} s and {len(captured)} queries, {len(answer.content) // 1024} kB")


@pytest.mark.parametrize("name", ["places", "staff"])
def test_the_lists_cost_the_same_for_one_row_and_for_many(place, name):
    client = signed_in("admin")
    url = reverse("accounts_codes") if name == "places" else reverse("accounts_codes_at", args=[place.pk])
    staff("T931")
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    bureau = Organisation.objects.get(name="示范县教育局")
    for n in range(4):
        staff(f"T94{n}")
        new = bureau.add_child(name=f"第{n}小学", kind_id=OrganisationKind.SCHOOL)
        bureau.refresh_from_db()
        staff(f"T95{n}", new)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


# --- one person -------------------------------------------------------------------------------
def test_a_forgotten_password_is_one_code_for_one_person(place):
    teacher = with_password("T931")
    client = signed_in("anquan")
    page = client.get(reverse("accounts_person", args=[teacher.pk]))
    answer = client.post(reverse("accounts_person_issue", args=[teacher.pk]), {"token": token_on(page.content.decode())})
    ((_name, _number, code),) = slips(answer)
    assert log_in(browser(), "T931").status_code == 302  # the old password until the code is used
    assert enter_code(browser(), "T931", code).status_code == 302


def test_an_officer_ends_all_sessions_of_a_colleague(place):
    teacher = with_password("T931")
    phone = browser()
    log_in(phone, "T931")
    client = signed_in("anquan")
    page = text(client.get(reverse("accounts_person", args=[teacher.pk])))
    assert "安卓手机 · 微信" in page
    client.post(reverse("accounts_person_end", args=[teacher.pk]))
    assert not is_in(phone)
    entry = AuditEntry.objects.get(action="sessions.revoke")
    assert (entry.target_id, entry.detail) == (str(teacher.pk), {"count": 1})


@pytest.mark.parametrize("name", ["accounts_person_issue", "accounts_person_end", "accounts_person_factor"])
def test_a_link_alone_changes_nothing(place, name):
    assert signed_in("anquan").get(reverse(name, args=[staff("T931").pk])).status_code == 405


def test_the_menu_item_is_there_for_those_who_may(place):
    assert reverse("accounts_codes") in signed_in("anquan").get("/cms/").content.decode()
    assert reverse("accounts_codes") not in signed_in("bianji").get("/cms/").content.decode()


def test_the_old_password_is_not_touched_by_issuing(place):
    teacher = with_password("T931")
    before = User.objects.get(pk=teacher.pk).password
    issue(signed_in("anquan"), place, person=teacher.pk)
    assert User.objects.get(pk=teacher.pk).password == before and OWN


def test_a_number_that_no_database_takes_is_nobody():
    there = school()
    answer = signed_in("anquan").post(
        reverse("accounts_codes_issue", args=[there.pk]), {"token": "a" * 32, "whom": "chosen", "person": ["9" * 30]}
    )
    assert answer.status_code == 302
