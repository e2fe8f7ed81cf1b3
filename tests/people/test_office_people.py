"""People on screen: whom an officer sees, what they may change, and what stays with others."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Collection, GroupCollectionPermission

from people import organisations as tree
from people import staff
from people.access import Action, answers_for, can, forget
from people.access_rules import Role
from people.audit.models import AuditEntry
from people.models import Grant, Membership, User
from people.organisations import Refused
from tests.people.office import client_of, errors, make_county, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]
PEOPLE = "office:people"


@pytest.fixture
def county():
    return make_county()


def names(answer):
    return sorted(str(row) for row in answer.context["object_list"])


def listed(user, **asked):
    return names(client_of(user).get(reverse(PEOPLE), asked))


def fresh(user):
    return User.objects.get(pk=user.pk)


def queries(client, url, **asked):
    from django.db import connection

    client.get(url, asked)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url, asked).status_code == 200
    return len(seen)


# --- the list -------------------------------------------------------------------------------------
def test_an_officer_sees_the_own_schools_people_only(county):
    assert listed(county.officer) == ["兼老师", "安全员", "李老师", "校管理", "观察者"]
    assert "王老师" in listed(county.admin)
    assert "王老师" not in listed(county.officer, q="王老师")
    assert "王老师" not in listed(county.officer, organisation=county.second.pk)


@pytest.mark.parametrize("asked", ["李老师", "q-li", "Ｑ-ｌｉ", "李 一小"])
def test_a_person_is_found_by_name_number_and_school(county, asked):
    assert listed(county.admin, q=asked) == ["李老师"]


def test_filters_by_place_post_role_and_state(county):
    assert listed(county.admin, organisation=county.second.pk) == ["兼老师", "王老师"]
    assert listed(county.admin, organisation=county.district.pk, post="psych-teacher") == ["兼老师"]
    assert listed(county.admin, role="safety_officer", organisation=county.district.pk) == ["安全员"]
    staff.leave(county.li.memberships.get())
    assert "李老师" not in listed(county.admin)
    assert listed(county.admin, state="left", organisation=county.district.pk) == ["李老师"]
    assert "李老师" in listed(county.admin, state="all")
    staff.edit(county.wang, name="王老师", phone="", is_active=False)
    assert listed(county.admin, state="off") == ["王老师"]
    assert "兼老师" in listed(county.admin, state="new", organisation=county.district.pk)


def test_who_left_the_own_school_for_another_counts_as_left_here(county):
    staff.leave(county.both.memberships.get(organisation=county.first))
    assert listed(county.officer, state="left") == ["兼老师"]
    assert "兼老师" not in listed(county.officer)


def test_the_list_costs_the_same_with_few_and_with_many_and_has_pages_of_fifty(county):
    client = client_of(county.officer)
    few = queries(client, reverse(PEOPLE))
    for number in range(60):
        person = staff.create(f"Q-{number:03}", f"人{number}", county.first, ["cleaner"])
        if number % 10 == 0:
            staff.grant(person, Role.INVIGILATOR, county.first)
    assert queries(client, reverse(PEOPLE)) == few
    answer = client.get(reverse(PEOPLE))
    assert (len(answer.context["object_list"]), answer.context["items_count"]) == (50, 65)
    assert len(client.get(reverse(PEOPLE), {"p": 2}).context["object_list"]) == 15


def test_two_of_one_name_stay_in_one_order_from_page_to_page(county):
    for number in range(120):
        staff.create(f"Q-{number:03}", "张伟", county.first)
    client, seen = client_of(county.officer), []
    for page in (1, 2, 3):
        answer = client.get(reverse(PEOPLE), {"ordering": "first_name", "p": page, "q": "张伟"})
        seen += [row.username for row in answer.context["object_list"]]
    assert len(set(seen)) == 120


# --- creating -------------------------------------------------------------------------------------
def given(county, **more):
    return {
        "username": " Ｑ－９ ".replace("－", "-"),
        "name": "𬱖 㛃",
        "organisation": county.first.pk,
        "posts": ["class-teacher"],
        "since": "2026-09-01",
    } | more


def test_an_officer_creates_a_person_of_the_own_school_who_cannot_log_in_yet(county):
    client, url = client_of(county.officer), reverse("office:person_add")
    answer = client.post(url, given(county), follow=True)
    assert "已新建“𬱖㛃”" in text(answer)
    person = User.objects.get(username="Q-9")
    assert not person.has_usable_password()
    (work,) = person.memberships.all()
    assert (work.organisation, work.posts, work.since) == (county.first, ("class-teacher",), dt.date(2026, 9, 1))
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.actor_id, entry.organisation_id) == ("people.create", county.officer.pk, county.first.pk)
    assert "𬱖" not in str(entry.detail)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"username": "110101199003074514"}, "像是身份证号"),
        ({"username": "Q 9！"}, "工号只能用"),
        ({"name": "  "}, "必需字段"),
        ({"phone": "一三八"}, "手机号只能用数字"),
        ({"posts": ["king"]}, "king"),
        ({"since": "明天"}, "日期"),
    ],
)
def test_a_mistake_is_told_and_what_was_typed_stays(county, wrong, told):
    answer = client_of(county.officer).post(reverse("office:person_add"), given(county) | wrong)
    assert told in errors(answer)
    assert f'value="{county.first.pk}"' in text(answer)


def test_an_officer_creates_nobody_in_another_school(county):
    answer = client_of(county.officer).post(reverse("office:person_add"), given(county, organisation=county.second.pk))
    assert "不能选这个单位" in errors(answer)
    assert not User.objects.filter(username="Q-9").exists()


def test_a_number_in_use_reveals_nobody_and_the_same_person_is_added_only_when_confirmed(county):
    client, url = client_of(county.officer), reverse("office:person_add")
    answer = client.post(url, given(county, username="Q-wang", name="赵六"))
    assert "姓名与您填的不同" in errors(answer)
    assert "王老师" not in text(answer)
    same = given(county, username="q-wang", name="王老师")
    assert "请勾选这一项" in errors(client.post(url, same))
    assert county.wang.memberships.count() == 1
    client.post(url, same | {"join": "on"})
    client.post(url, same | {"join": "on"})
    assert [m.organisation for m in county.wang.memberships.order_by("pk")] == [county.second, county.first]


def test_a_repeated_create_by_the_service_is_refused_and_makes_no_second_one(county):
    with pytest.raises(Refused, match="已有人使用"):
        staff.create("q-LI", "李老师", county.first)


# --- the page and its changes ---------------------------------------------------------------------
def test_the_page_shows_work_roles_in_words_and_history(county):
    page = text(client_of(county.admin).get(reverse("office:person", args=[county.officer.pk])))
    for said in ("河东一小", "学校安全员", "发登录码（首次登录、忘记密码）", "新增人员安全员", "授予安全员角色：学校安全员"):
        assert said in page


def test_the_way_to_the_login_code_shows_to_whoever_may_issue_it(county):
    url = reverse("accounts_person", args=[county.li.pk])
    page = reverse("office:person", args=[county.li.pk])
    assert url in text(client_of(county.officer).get(page))
    assert url not in text(client_of(county.observer).get(page))
    both = reverse("office:person", args=[county.both.pk])
    assert reverse("accounts_person", args=[county.both.pk]) not in text(client_of(county.officer).get(both))


def test_an_observer_sees_a_colleague_without_the_phone_and_changes_nothing(county):
    page = text(client_of(county.observer).get(reverse("office:person", args=[county.li.pk])))
    assert "李老师" in page and "13800000001" not in page
    assert "13800000001" in text(client_of(county.officer).get(reverse("office:person", args=[county.li.pk])))
    assert reverse("office:person_join", args=[county.li.pk]) not in page


def test_somebody_of_another_school_is_out_of_reach(county):
    client = client_of(county.officer)
    assert client.get(reverse("office:person", args=[county.wang.pk])).status_code == 403
    (work,) = county.wang.memberships.all()
    for name in ("membership_edit", "membership_leave", "membership_transfer"):
        assert client.post(reverse(f"office:{name}", args=[county.wang.pk, work.pk])).status_code == 403


def test_of_somebody_who_works_in_two_schools_an_officer_touches_only_the_own_membership(county):
    client = client_of(county.officer)
    here, there = (county.both.memberships.get(organisation=place) for place in (county.first, county.second))
    assert client.get(reverse("office:person_edit", args=[county.both.pk])).status_code == 403
    edit = reverse("office:membership_edit", args=[county.both.pk, there.pk])
    assert client.post(edit, {"posts": ["cleaner"]})["Location"] == "/cms/", "Wagtail's way to refuse inside a view"
    page = text(client.get(reverse("office:person", args=[county.both.pk])))
    assert "账号由上级单位的管理员来改" in page
    assert edit not in page
    edit = reverse("office:membership_edit", args=[county.both.pk, here.pk])
    assert edit in page
    assert client.post(edit, {"posts": ["cleaner"], "since": ""}).status_code == 302
    assert Membership.objects.get(pk=here.pk).posts == ("cleaner",)
    assert Membership.objects.get(pk=there.pk).posts == ("psych-teacher",)
    assert client_of(county.admin).get(reverse("office:person_edit", args=[county.both.pk])).status_code == 200


def test_an_account_belongs_to_whoever_reaches_all_its_places_and_roles(county):
    assert answers_for(county.officer, Action.PEOPLE_EDIT, county.li)
    assert not answers_for(county.officer, Action.PEOPLE_EDIT, county.both)
    assert not answers_for(county.officer, Action.PEOPLE_EDIT, county.wang)
    staff.grant(county.li, Role.EXAM_OFFICER, county.bureau)
    assert not answers_for(county.officer, Action.PEOPLE_EDIT, county.li), "a bureau's officer who also teaches here"
    assert answers_for(county.admin, Action.PEOPLE_EDIT, county.li)
    boss = User.objects.create_superuser("Q-root", password=None)
    Membership.objects.create(user=boss, organisation=county.first)
    assert not answers_for(county.officer, Action.PEOPLE_EDIT, boss)


def test_who_decides_for_the_whole_site_is_not_taken_over_by_a_safety_officer_of_the_bureau(county):
    staff.grant(county.li, Role.SAFETY_OFFICER, county.bureau)
    for role in (Role.REVIEWER, Role.EXAM_OFFICER):
        other = staff.create(f"Q-{role}", "局里的人", county.bureau)
        staff.grant(other, role, county.bureau)
        assert not answers_for(fresh(county.li), Action.CODES_ISSUE, other)
        assert answers_for(county.admin, Action.CODES_ISSUE, other)
    assert answers_for(fresh(county.li), Action.CODES_ISSUE, county.officer)


def test_a_former_school_sees_no_phone(county):
    old = county.li.memberships.get()
    staff.transfer(old, county.second)
    page = text(client_of(county.officer).get(reverse("office:person", args=[county.li.pk])))
    assert "13800000001" not in page
    assert "13800000001" in text(client_of(county.admin).get(reverse("office:person", args=[county.li.pk])))


def test_the_way_to_the_personal_data_shows_to_whoever_manages_them(county):
    there, page = reverse("privacy_person", args=[county.li.pk]), reverse("office:person", args=[county.li.pk])
    assert there in text(client_of(county.admin).get(page))
    assert there not in text(client_of(county.officer).get(page))
    assert there not in text(client_of(county.head).get(page))



def test_name_phone_and_login_are_edited_and_the_audit_log_names_fields_only(county):
    client, url = client_of(county.officer), reverse("office:person_edit", args=[county.li.pk])
    client.post(url, {"name": "李 新名", "phone": "１３９０００００００２", "is_active": ""})
    person = fresh(county.li)
    assert (str(person), person.phone, person.is_active) == ("李新名", "13900000002", False)
    entry = AuditEntry.objects.first()
    assert entry.detail == {"fields": ["first_name", "phone", "is_active"]}
    before = AuditEntry.objects.count()
    client.post(url, {"name": "李新名", "phone": "13900000002", "is_active": ""})
    assert AuditEntry.objects.count() == before


def test_nobody_switches_the_own_account_off(county):
    answer = client_of(county.officer).post(reverse("office:person_edit", args=[county.officer.pk]), {"name": "安全员"})
    assert "不能停用自己的账号" in errors(answer)
    assert fresh(county.officer).is_active


def test_a_second_school_is_added_once(county):
    client, url = client_of(county.admin), reverse("office:person_join", args=[county.li.pk])
    for _click in range(2):
        client.post(url, {"organisation": county.second.pk, "posts": ["pe-teacher"]})
    assert county.li.memberships.filter(until=None).count() == 2


def test_leaving_ends_the_work_and_the_roles_there_and_nothing_elsewhere(county):
    staff.grant(county.both, Role.SAFETY_OFFICER, county.first)
    staff.grant(county.both, Role.OBSERVER, county.second)
    here = county.both.memberships.get(organisation=county.first)
    url = reverse("office:membership_leave", args=[county.both.pk, here.pk])
    client = client_of(county.officer)
    assert "角色同时收回：学校安全员" in text(client.get(url))
    assert "不能晚于今天" in errors(client.post(url, {"on": "2999-01-01"}))
    assert client.post(url, {"on": "2026-11-01"}).status_code == 302
    assert Membership.objects.get(pk=here.pk).until == dt.date(2026, 11, 1)
    assert list(Grant.objects.filter(user=county.both).values_list("role", flat=True)) == ["observer"]
    assert county.both.memberships.filter(until=None).count() == 1
    person = fresh(county.both)
    assert not can(person, Action.PEOPLE_EDIT, county.first)


@pytest.mark.parametrize("how", ["membership_leave", "membership_transfer"])
def test_ending_work_is_no_way_to_take_an_admins_role(county, how):
    boss_safety = staff.create("Q-safe", "局安全员", county.bureau)
    staff.grant(boss_safety, Role.SAFETY_OFFICER, county.bureau)
    given = {"on": "2026-11-01", "organisation": county.second.pk, "sure": "on"}
    for person in (county.admin, county.head):
        url = reverse(f"office:{how}", args=[person.pk, person.memberships.get().pk])
        assert "先由能授予这个角色的人收回" in errors(client_of(boss_safety).post(url, given))
        assert person.grants.count() == 1 and person.memberships.get().until is None
    url = reverse(f"office:{how}", args=[county.head.pk, county.head.memberships.get().pk])
    assert client_of(county.admin).post(url, given).status_code == 302
    assert not county.head.grants.exists()


@pytest.mark.parametrize("how", ["membership_leave", "membership_transfer"])
def test_nobody_loses_the_own_role_by_ending_the_own_work(county, how):
    url = reverse(f"office:{how}", args=[county.admin.pk, county.admin.memberships.get().pk])
    given = {"on": "2026-11-01", "organisation": county.second.pk}
    assert "由另一位管理员来办" in errors(client_of(county.admin).post(url, given))
    assert county.admin.grants.count() == 1 and county.admin.memberships.get().until is None



def test_a_transfer_ends_here_and_begins_there_and_both_officers_find_it(county):
    work = county.li.memberships.get()
    url = reverse("office:membership_transfer", args=[county.li.pk, work.pk])
    answer = client_of(county.officer).post(url, {"organisation": county.second.pk, "on": "2026-11-01"})
    assert "不能选这个单位" in errors(answer)
    to = {"organisation": county.second.pk, "on": "2026-11-01", "posts": ["pe-teacher"]}
    client = client_of(county.admin)
    for _click in range(2):
        assert client.post(url, to).status_code == 302
    assert [(m.organisation, m.until, m.since) for m in county.li.memberships.order_by("pk")] == [
        (county.first, dt.date(2026, 11, 1), None),
        (county.second, None, dt.date(2026, 11, 1)),
    ]
    moved = AuditEntry.objects.filter(action="people.move", target_id=str(county.li.pk))
    assert {entry.organisation_id for entry in moved} == {county.first.pk, county.second.pk}


# --- roles ----------------------------------------------------------------------------------------
def test_a_role_is_given_and_taken_by_whoever_may_and_works_at_once(county):
    client, url = client_of(county.head), reverse("office:role_give", args=[county.li.pk])
    asked = {"role": "safety_officer", "organisation": county.first.pk}
    for _click in range(2):
        assert client.post(url, asked).status_code == 302
    (given,) = Grant.objects.filter(user=county.li)
    assert given.granted_by == county.head
    person = fresh(county.li)
    assert can(person, Action.PEOPLE_EDIT, county.first)
    assert person.groups.exists(), "the CMS knows it, too"
    take = reverse("office:role_take", args=[county.li.pk, given.pk])
    assert client_of(county.officer).post(take).status_code == 403
    assert "不能再" in text(client.get(take))
    assert client.post(take).status_code == 302
    person = fresh(county.li)
    assert not can(person, Action.PEOPLE_EDIT)
    assert not person.groups.exists()


def test_a_schools_admin_gives_no_role_above_the_school_and_no_implied_one(county):
    client, url = client_of(county.head), reverse("office:role_give", args=[county.li.pk])
    assert "不能选这个单位" in errors(client.post(url, {"role": "admin", "organisation": county.bureau.pk}))
    assert client.post(url, {"role": "teacher", "organisation": county.first.pk}).status_code == 200
    assert not Grant.objects.filter(user=county.li).exists()
    with pytest.raises(Refused, match="不用授予"):
        staff.grant(county.li, Role.TEACHER, county.first)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.REVIEWER, Role.EDITOR])
def test_a_role_in_a_district_or_a_grade_works_on_no_page_of_the_whole_site(county, role):
    for place in (county.grade, county.district):
        staff.grant(county.li, role, place, actor=county.head)
    assert set(county.li.groups.values_list("name", flat=True)) == {"后台"}
    staff.grant(county.li, role, county.bureau)
    assert county.li.groups.filter(name__startswith="局").exists()


def test_a_school_that_takes_anothers_name_does_not_get_its_pictures(county):
    def collections(person):
        groups = person.groups.all()
        return set(GroupCollectionPermission.objects.filter(group__in=groups).values_list("collection", flat=True))

    staff.grant(county.wang, Role.EDITOR, county.second)
    root = Collection.get_first_root_node()
    tree.rename(county.first, root.name)
    staff.grant(county.li, Role.EDITOR, county.first)
    assert collections(county.li) and root.pk not in collections(county.li)
    namesake = tree.create(county.second.name, county.second.kind, county.bureau)
    staff.grant(county.both, Role.EDITOR, namesake)
    assert collections(county.both) and not collections(county.both) & collections(county.wang)


def test_nobody_takes_the_own_role(county):
    given = Grant.objects.get(user=county.head)
    answer = client_of(county.head).post(reverse("office:role_take", args=[county.head.pk, given.pk]))
    assert "不能收回自己的角色" in errors(answer)
    assert Grant.objects.filter(pk=given.pk).exists()


def test_an_erased_person_is_shown_without_a_name_and_not_changed(county):
    from django.utils import timezone

    User.objects.filter(pk=county.li.pk).update(erased_at=timezone.now())
    page = text(client_of(county.admin).get(reverse("office:person", args=[county.li.pk])))
    assert f"已删除的人员 #{county.li.pk}" in page
    assert reverse("office:person_edit", args=[county.li.pk]) not in page
    with pytest.raises(Refused, match="已删除"):
        staff.grant(county.li, Role.OBSERVER, county.first)


def test_history_of_another_place_stays_with_that_place(county):
    staff.set_posts(county.both.memberships.get(organisation=county.second), ["cleaner"], None, actor=county.admin)
    forget(county.officer)
    page = client_of(county.officer).get(reverse("office:person", args=[county.both.pk]))
    assert {entry.organisation_id for entry, _words, _who in page.context["history"]} == {county.first.pk}
