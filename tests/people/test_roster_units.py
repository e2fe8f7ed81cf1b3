"""Organisations by Excel: the tree stays whole, parents may stand anywhere in the file, undo takes it back."""

from __future__ import annotations

from typing import Any

import pytest

from people.audit.models import AuditEntry
from people.models import Membership, Organisation, OrganisationEvent, User
from people.rosters.models import RosterImport
from tests.people.test_rosters import as_, page, press, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]
HEADER = ("单位代码", "单位名称", "单位类型", "上级单位代码", "上级单位", "办学类型")
BUREAU = "示范县教育局"
ROWS = [
    ("", "一年级1班", "班级", "", "一年级", ""),
    ("", "一年级", "年级", "3301", "", ""),
    ("3301", "城东小学", "小学", "X1", "", "小学"),
    ("X1", "城东学区", "学区", "", BUREAU, ""),
    ("", "示范县第一中学", "学校", "", BUREAU, "初中"),
]


@pytest.fixture(autouse=True)
def jobs_run_at_once(settings: Any) -> None:
    settings.JOBS_INLINE = True


def units(client: Any, rows: Any, header: Any = HEADER) -> RosterImport:
    return send(client, rows, header, "organisations")


def tree() -> list[tuple[Any, ...]]:
    assert Organisation.find_problems() == ([], [], [], [], [])
    return list(Organisation.objects.values_list("pk", "name", "path", "depth", "numchild", "code", "stage"))


def above(name: str) -> str:
    parent = Organisation.objects.get(name=name).get_parent()
    return parent.name if parent else ""


def test_a_whole_branch_comes_in_any_order_and_the_tree_stays_whole() -> None:
    client = as_("admin")
    roster = units(client, ROWS)
    assert roster.counts == {"added": 4, "changed": 1, "rows": 5, "errors": 0, "warnings": 0}
    roster = press(client, roster, "apply")
    assert roster.state == "applied", roster.problem
    tree()
    names = ["一年级1班", "一年级", "城东小学", "城东学区"]
    assert [above(name) for name in names] == ["一年级", "城东小学", "城东学区", BUREAU]
    assert Organisation.objects.get(name="示范县第一中学").stage == "junior"
    assert OrganisationEvent.objects.filter(event="created", organisation__name__in=names).count() == 4
    actions = AuditEntry.objects.filter(target_type="organisation", detail__import=roster.pk)
    assert sorted(actions.values_list("action", flat=True)) == ["organisations.create"] * 4 + ["organisations.edit"]
    assert units(client, ROWS).counts["unchanged"] == 5


def test_undo_takes_the_branch_away_and_the_changes_back() -> None:
    before, client = tree(), as_("admin")
    roster = press(client, press(client, units(client, ROWS), "apply"), "undo")
    assert (roster.state, tree()) == ("undone", before)


def test_undo_is_refused_once_somebody_works_there() -> None:
    client = as_("admin")
    roster = press(client, units(client, ROWS), "apply")
    school = Organisation.objects.get(name="城东小学")
    Membership.objects.create(user=User.objects.get(username="laoshi"), organisation=school)
    school.add_child(name="二年级", kind_id="grade")
    after = tree()
    roster = press(client, roster, "undo")
    assert roster.state == "applied" and tree() == after
    text = page(client, roster)
    assert "“城东小学”已经有了人员" in text and "“城东小学”下面又有了“二年级”" in text


def test_a_school_moves_with_its_people_and_back_again() -> None:
    client = as_("admin")
    press(client, units(client, ROWS[2:4]), "apply")
    before = tree()
    roster = units(client, [("", "示范县第一中学", "", "X1", "", "")])
    assert roster.counts["errors"] == 1  # without a code it is not known under another parent
    Organisation.objects.filter(name="示范县第一中学").update(code="M1")
    before = tree()
    roster = units(client, [("M1", "示范县第一中学", "", "X1", "", "")])
    assert roster.counts["moved"] == 1 and "从 示范县教育局 调到 城东学区" in page(client, roster)
    roster = press(client, roster, "apply")
    assert roster.state == "applied" and above("示范县第一中学") == "城东学区"
    tree()
    press(client, roster, "undo")
    assert above("示范县第一中学") == BUREAU
    assert sorted(row[:2] for row in tree()) == sorted(row[:2] for row in before)


def test_grades_of_one_name_belong_to_the_school_above_them_in_the_list() -> None:
    rows = [("A1", "甲校", "学校", "", BUREAU, ""), ("", "一年级", "年级", "A1", "", ""), ("", "1班", "班级", "", "一年级", "")]
    rows += [("A2", "乙校", "学校", "", BUREAU, ""), ("", "一年级", "年级", "A2", "", ""), ("", "1班", "班级", "", "一年级", "")]
    client = as_("admin")
    roster = units(client, rows)
    assert "在 甲校 / 一年级 下" in page(client, roster) and "在 乙校 / 一年级 下" in page(client, roster)
    press(client, roster, "apply")
    schools = [unit.get_parent().get_parent().name for unit in Organisation.objects.filter(name="1班")]
    assert schools == ["甲校", "乙校"]
    assert units(client, rows).counts["unchanged"] == 6


ERRORS = {
    "a circle": ([("1", "甲", "学区", "2", "", ""), ("2", "乙", "学区", "1", "", "")], "上下级成了一个圈"),
    "an unknown parent": ([("1", "甲", "学校", "", "没有的局", "")], "没有找到上级单位“没有的局”"),
    "an unknown kind": ([("1", "甲", "商店", "", BUREAU, "")], "不认识单位类型“商店”"),
    "an unknown stage": ([("1", "甲", "学校", "", BUREAU, "大学")], "不认识办学类型“大学”"),
    "a class above a school": ([("1", "甲", "班级", "", BUREAU, ""), ("2", "乙", "学校", "1", "", "")], "学校不能挂在班级下面"),
    "one code twice": ([("1", "甲", "学校", "", BUREAU, ""), ("1", "乙", "学校", "", BUREAU, "")], "单位代码重复"),
    "one name twice": ([("", "甲", "学校", "", BUREAU, ""), ("", "甲", "学校", "", BUREAU, "")], "重复"),
    "no kind": ([("1", "甲", "", "", BUREAU, "")], "没有写单位类型"),
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_each_error_is_told_in_words_and_nothing_can_be_applied(name: str) -> None:
    rows, says = ERRORS[name]
    before, client = tree(), as_("admin")
    roster = units(client, rows)
    assert roster.counts["errors"] >= 1 and says in page(client, roster)
    assert press(client, roster, "apply").state == "ready" and tree() == before


def test_a_name_that_a_sibling_has_already_is_an_error() -> None:
    client = as_("admin")
    press(client, units(client, [("M9", "城西小学", "学校", "", BUREAU, "")]), "apply")
    roster = units(client, [("M9", "示范县第一中学", "学校", "", BUREAU, "")])
    assert roster.counts["errors"] == 1 and "同一个上级下已经有“示范县第一中学”" in page(client, roster)


def test_hundreds_of_schools_and_classes_come_in_few_queries(django_assert_max_num_queries: Any) -> None:
    client = as_("admin")
    rows = [(f"S{i}", f"第{i}小学", "学校", "", BUREAU, "小学") for i in range(300)]
    rows += [("", f"{j}班", "班级", f"S{i}", "", "") for i in range(300) for j in range(3)]
    roster = units(client, rows)
    assert roster.counts["added"] == 1_200
    with django_assert_max_num_queries(220):
        roster = press(client, roster, "apply")
    assert roster.state == "applied"
    tree()
    assert press(client, roster, "undo").state == "undone"
    tree()
