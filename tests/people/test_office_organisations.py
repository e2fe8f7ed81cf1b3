"""The tree on screen: what an officer sees, finds and changes, at a fixed number of queries."""

from __future__ import annotations

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people import organisations as tree
from people import staff
from people.models import Organisation, OrganisationKind, User
from tests.people.office import client_of, errors, make_county, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]


@pytest.fixture
def county():
    return make_county()


def names(answer):
    return [row.name for row in answer.context["object_list"]]


def queries(client, url):
    from django.db import connection

    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


# --- the list -------------------------------------------------------------------------------------
def test_the_tree_opens_where_ones_own_part_begins_and_goes_down_a_level_at_a_time(county):
    admin, officer = client_of(county.admin), client_of(county.officer)
    assert names(admin.get(reverse("office:organisations"))) == ["青山县教育局"]
    assert names(admin.get(reverse("office:organisations_below", args=[county.district.pk]))) == ["河东一小", "河东二小"]
    assert names(officer.get(reverse("office:organisations"))) == ["河东一小"]
    assert officer.get(reverse("office:organisations_below", args=[county.district.pk])).status_code == 403


def test_a_row_tells_how_many_stand_below_and_how_many_people_work_there_each_counted_once(county):
    answer = client_of(county.admin).get(reverse("office:organisations_below", args=[county.bureau.pk]))
    (row,) = answer.context["object_list"]
    assert (row.children, row.staff) == (2, 6), "李、兼、安全员、观察者、校管理 in the first, 王 in the second"
    tree.close(county.second, end_memberships=True)
    (row,) = client_of(county.admin).get(answer.request["PATH_INFO"]).context["object_list"]
    assert (row.children, row.staff) == (1, 5)


def test_search_by_name_or_code_goes_through_all_below_and_tells_where(county):
    client = client_of(county.admin)
    answer = client.get(reverse("office:organisations"), {"q": "二小"})
    assert names(answer) == ["河东二小"]
    assert "青山县教育局 / 河东学区" in text(answer)
    assert names(client.get(reverse("office:organisations"), {"q": "q2"})) == ["河东二小"]
    assert names(client_of(county.officer).get(reverse("office:organisations"), {"q": "小"})) == ["河东一小"]


def test_filters_by_kind_and_by_closed(county):
    tree.close(county.second, end_memberships=True)
    client = client_of(county.admin)
    schools = {"kind": "school"}
    assert names(client.get(reverse("office:organisations"), schools)) == ["河东一小"]
    assert names(client.get(reverse("office:organisations"), schools | {"state": "closed"})) == ["河东二小"]
    assert len(names(client.get(reverse("office:organisations"), schools | {"state": "all"}))) == 2


def test_the_list_costs_the_same_with_one_row_and_with_sixty(county):
    client, url = client_of(county.admin), reverse("office:organisations_below", args=[county.bureau.pk])
    one = queries(client, url)
    for number in range(60):
        school = tree.create(f"学区{number}", OrganisationKind.objects.get(pk="district"), county.bureau)
    staff.create("Q-many", "多人", school)
    assert queries(client, url) == one
    answer = client.get(url)
    assert len(names(answer)) == 50
    assert len(names(client.get(url, {"p": 2}))) == 11


# --- the page -------------------------------------------------------------------------------------
def test_the_page_tells_people_roles_and_history_in_words(county):
    tree.rename(county.first, "东湖小学", actor=county.admin)
    page = text(client_of(county.officer).get(reverse("office:organisation", args=[county.first.pk])))
    for said in ("李老师", "班主任", "学校安全员", "更名：河东一小 → 东湖小学", "新建，隶属“河东学区”"):
        assert said in page
    assert "王老师" not in page


def test_the_page_costs_the_same_with_few_people_and_with_many(county):
    client, url = client_of(county.admin), reverse("office:organisation", args=[county.second.pk])
    few = queries(client, url)
    for number in range(30):
        staff.create(f"Q-{number}", f"人{number}", county.second)
    assert queries(client, url) == few
    assert "看全部 32 人" in text(client.get(url))


def test_buttons_show_to_whom_the_gate_lets_through(county):
    def page(user):
        return text(client_of(user).get(reverse("office:organisation", args=[county.first.pk])))

    close, edit = (reverse(f"office:organisation_{name}", args=[county.first.pk]) for name in ("close", "edit"))
    assert close in page(county.admin) and edit in page(county.admin)
    assert close not in page(county.head) and edit in page(county.head)
    assert close not in page(county.officer) and edit not in page(county.officer)
    assert client_of(county.head).post(close, {"sure": "on"}).status_code == 403


# --- changing -------------------------------------------------------------------------------------
def test_a_school_is_added_below_a_district_and_a_mistake_keeps_what_was_typed(county):
    client, url = client_of(county.admin), reverse("office:organisation_add", args=[county.district.pk])
    given = {"name": "河东二小", "kind": "school", "stage": "primary", "code": "Q3"}
    answer = client.post(url, given)
    assert "已有“河东二小”" in errors(answer)
    assert 'value="Q3"' in text(answer)
    answer = client.post(url, given | {"name": "河东三小"}, follow=True)
    assert "已新建“河东三小”" in text(answer)
    assert Organisation.objects.get(code="Q3").get_parent() == county.district


def test_only_kinds_that_fit_below_are_offered(county):
    form = client_of(county.admin).get(reverse("office:organisation_add", args=[county.first.pk])).context["form"]
    assert [kind.pk for kind in form.fields["kind"].queryset] == ["grade", "class"]


def test_an_edit_is_saved_and_a_code_in_use_is_told(county):
    client, url = client_of(county.head), reverse("office:organisation_edit", args=[county.first.pk])
    given = {"name": "河东实验小学", "kind": "school", "stage": "nine-year", "code": "Q2"}
    assert "已由“河东二小”使用" in errors(client.post(url, given))
    assert client.post(url, given | {"code": "Q1"}).status_code == 302
    node = Organisation.objects.get(pk=county.first.pk)
    assert (node.name, node.stage, node.code) == ("河东实验小学", "nine-year", "Q1")


def test_a_move_is_refused_where_one_may_not_edit(county):
    other = tree.create("外县教育局", OrganisationKind.objects.get(pk="bureau"))
    client, url = client_of(county.admin), reverse("office:organisation_move", args=[county.first.pk])
    assert "不能选这个单位" in errors(client.post(url, {"target": other.pk}))
    assert client.post(url, {"target": county.bureau.pk}).status_code == 302
    assert Organisation.objects.get(pk=county.first.pk).get_parent() == county.bureau


def test_a_merger_says_first_what_will_happen_and_then_does_it(county):
    client, url = client_of(county.admin), reverse("office:organisation_merge", args=[county.first.pk])
    page = text(client.get(url))
    assert "在这里任职的 5 人转到新单位" in page and "年级 1" in page and "合并不能撤销" in page
    assert client.post(url, {"target": county.second.pk}).status_code == 200, "without the tick nothing happens"
    assert Organisation.objects.get(pk=county.first.pk).is_open
    assert client.post(url, {"target": county.second.pk, "sure": "on"}).status_code == 302
    assert Organisation.objects.get(pk=county.first.pk).merged_into == county.second
    assert client.post(url, {"target": county.second.pk, "sure": "on"}).status_code == 302, "a second click is harmless"
    page = text(client.get(reverse("office:organisation", args=[county.first.pk])))
    assert "并入“河东二小”" in page


def test_a_school_is_closed_after_the_count_was_shown_and_reopened(county):
    client = client_of(county.admin)
    url = reverse("office:organisation_close", args=[county.first.pk])
    assert "5 人在这里的任职从今天起结束" in text(client.get(url))
    assert client.post(url, {}).status_code == 200
    assert client.post(url, {"sure": "on"}).status_code == 302
    assert not Organisation.objects.get(pk=county.grade.pk).is_open
    assert not county.li.memberships.filter(until=None).exists()
    client.post(reverse("office:organisation_reopen", args=[county.first.pk]), {})
    assert Organisation.objects.get(pk=county.grade.pk).is_open


def test_the_bureau_itself_is_closed_by_nobody_who_would_lose_the_own_role_with_it(county):
    for node in (county.first, county.second, county.district):
        tree.close(node, end_memberships=True)
    url = reverse("office:organisation_close", args=[county.bureau.pk])
    assert "只有超级管理员能停用" in errors(client_of(county.admin).post(url, {"sure": "on"}))
    assert Organisation.objects.get(pk=county.bureau.pk).is_open
    boss = User.objects.create_superuser("Q-root", password=None)
    assert client_of(boss).post(url, {"sure": "on"}).status_code == 302
    assert not Organisation.objects.get(pk=county.bureau.pk).is_open



# --- choosing, kinds, the matrix ------------------------------------------------------------------
def test_the_chooser_offers_open_places_of_ones_own_by_name_or_code(county):
    url = reverse("organisation_chooser:choose_results")
    assert "河东二小" in text(client_of(county.admin).get(url, {"q": "河东"}))
    page = text(client_of(county.officer).get(url, {"q": "河东"}))
    assert "河东一小" in page and "河东二小" not in page
    tree.close(county.second, end_memberships=True)
    assert "河东二小" not in text(client_of(county.admin).get(url, {"q": "河东"}))
    assert client_of(county.officer).get(reverse("organisation_chooser:chosen", args=[county.second.pk])).status_code == 403


def test_kinds_are_renamed_by_the_bureaus_admin_and_keep_their_order_while_in_use(county):
    url = reverse("wagtailsnippets_people_organisationkind:edit", args=["school"])
    given = {"slug": "school", "name": "学校（园）", "rank": "30", "has_staff": "on"}
    assert client_of(county.head).post(url, given).status_code == 403
    client = client_of(county.admin)
    assert client.post(url, given).status_code == 302
    assert OrganisationKind.objects.get(pk="school").name == "学校（园）"
    assert "上下顺序不能变" in text(client.post(url, given | {"rank": "45"}))
    assert client.post(url, given | {"rank": "35"}).status_code == 302
    added = {"slug": "group", "name": "教育集团", "rank": "25", "has_staff": "on"}
    assert client.post(reverse("wagtailsnippets_people_organisationkind:add"), added).status_code == 302
    assert tree.create("城南教育集团", OrganisationKind.objects.get(pk="group"), county.district)
    delete = reverse("wagtailsnippets_people_organisationkind:delete", args=["group"])
    client.post(delete)
    assert OrganisationKind.objects.filter(pk="group").exists()


def test_the_matrix_says_of_every_action_who_may(county):
    from people.access_rules import ACTIONS, ROLES, RULES, Action

    assert set(ACTIONS) == set(Action), "every action has a name"
    answer = client_of(county.officer).get(reverse("office:roles"))
    rows = dict(answer.context["rows"])
    assert rows["授予和收回角色"] == [role in RULES[Action.ROLES_GRANT] for role in ROLES]
    assert len(rows) == len(Action) - 1
