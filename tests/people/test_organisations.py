"""The organisation tree under change: what moves along, what stays, what is refused, and who may still see it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people import organisations as tree
from people.access import Action, access_of, can, forget, people
from people.access_rules import Role
from people.audit.models import AuditEntry
from people.models import Grant, Membership, Organisation, OrganisationEvent, OrganisationKind, User

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 24)


def kind(slug):
    return OrganisationKind.objects.get(pk=slug)


@pytest.fixture
def county():
    """A bureau with districts 东区 and 西区; 一小 and 二小 in 东区, 三小 in 西区; 一小 has 一年级 with 1 班."""
    made = {"局": tree.create("示范县教育局", kind("bureau"))}
    for name in ("东区", "西区"):
        made[name] = tree.create(name, kind("district"), made["局"])
    for name, where in (("一小", "东区"), ("二小", "东区"), ("三小", "西区")):
        made[name] = tree.create(name, kind("school"), made[where], code=f"S-{name}", stage="primary")
    made["一年级"] = tree.create("一年级", kind("grade"), made["一小"])
    made["1班"] = tree.create("1班", kind("class"), made["一年级"])
    return {name: Organisation.objects.get(pk=node.pk) for name, node in made.items()}


def person(name, *places, posts=("class-teacher",)):
    user = User.objects.create_user(name, first_name=name)
    for where in places:
        Membership.objects.create(user=user, organisation=where, posts=posts)
    return user


def now(node):
    return Organisation.objects.get(pk=node.pk)


def events(node):
    return list(OrganisationEvent.objects.filter(organisation=node).order_by("pk").values_list("event", flat=True))


def audited(action):
    return AuditEntry.objects.filter(action=action).count()


# --- create and edit ------------------------------------------------------------------------------
def test_a_new_school_stands_below_its_district_with_history_and_audit(county):
    made = tree.create("四小", kind("school"), county["西区"], code=" Ｓ4 ", stage="primary")
    assert made.get_parent() == county["西区"]
    assert made.code == "S4"
    assert events(made) == ["created"]
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.organisation_id) == ("organisations.create", made.pk)


def test_creating_the_very_same_again_makes_no_second_one(county):
    first = tree.create("四小", kind("school"), county["西区"], code="S4")
    assert tree.create("四小", kind("school"), county["西区"], code="S4") == first
    assert events(first) == ["created"]


def test_a_name_or_code_in_use_is_refused_with_who_has_it(county):
    with pytest.raises(tree.Refused, match="已有“三小”"):
        tree.create("三小", kind("school"), county["西区"])
    with pytest.raises(tree.Refused, match="已由“一小”使用"):
        tree.create("四小", kind("school"), county["西区"], code="S-一小")


def test_a_district_does_not_stand_below_a_school_nor_anything_below_a_closed_one(county):
    with pytest.raises(tree.Refused, match="类型不能放在"):
        tree.create("南区", kind("district"), county["一小"])
    tree.close(county["三小"])
    with pytest.raises(tree.Refused, match="已停用"):
        tree.create("一年级", kind("grade"), now(county["三小"]))


def test_the_old_name_stays_readable_after_a_rename(county):
    tree.rename(county["一小"], "东湖小学")
    assert now(county["一小"]).name == "东湖小学"
    last = OrganisationEvent.objects.filter(organisation=county["一小"]).first()
    assert last.detail == {"from": "一小", "to": "东湖小学"}


def test_saving_unchanged_details_leaves_no_trace(county):
    before = AuditEntry.objects.count()
    node = county["一小"]
    tree.edit(node, name=node.name, kind=node.kind, code=node.code, stage=node.stage)
    assert AuditEntry.objects.count() == before
    assert events(node) == ["created"]


def test_a_kind_that_does_not_fit_its_place_is_refused(county):
    node = county["一年级"]
    with pytest.raises(tree.Refused, match="不能放在"):
        tree.edit(node, name=node.name, kind=kind("bureau"))
    with pytest.raises(tree.Refused, match="下面已有同级"):
        tree.edit(node, name=node.name, kind=kind("class"))


# --- move -----------------------------------------------------------------------------------------
def test_a_moved_school_takes_its_classes_along_and_rights_follow_the_tree(county):
    east, west = person("east"), person("west")
    Grant.objects.create(user=east, organisation=county["东区"], role=Role.OBSERVER)
    Grant.objects.create(user=west, organisation=county["西区"], role=Role.OBSERVER)
    at_school = person("at-school")
    Grant.objects.create(user=at_school, organisation=county["一小"], role=Role.SAFETY_OFFICER)
    teacher = person("teacher", county["一小"])

    tree.move(county["一小"], county["西区"])

    lesson = now(county["1班"])
    assert [a.name for a in lesson.get_ancestors()] == ["示范县教育局", "西区", "一小", "一年级"]
    for user in (east, west, at_school):
        forget(user)
    assert not can(east, Action.PEOPLE_VIEW, lesson)
    assert can(west, Action.PEOPLE_VIEW, lesson)
    assert can(at_school, Action.PEOPLE_EDIT, lesson)
    assert teacher in people(west, Action.PEOPLE_VIEW)
    assert teacher not in people(east, Action.PEOPLE_VIEW)
    assert events(county["一小"]) == ["created", "moved"]
    assert Organisation.find_problems() == ([], [], [], [], [])


def test_a_school_does_not_move_below_itself_nor_where_its_name_is_taken(county):
    with pytest.raises(tree.Refused, match="自己或自己的下级"):
        tree.move(county["一小"], county["一年级"])
    tree.create("一小", kind("school"), county["西区"])
    with pytest.raises(tree.Refused, match="改用合并"):
        tree.move(county["一小"], county["西区"])


def test_moving_to_where_it_is_does_nothing(county):
    tree.move(county["一小"], county["东区"])
    assert events(county["一小"]) == ["created"]


# --- merge ----------------------------------------------------------------------------------------
def test_a_merged_school_hands_over_people_roles_and_grades_and_stays_closed_in_the_record(county):
    both = person("both", county["一小"], county["二小"], posts=("class-teacher",))
    Membership.objects.filter(user=both, organisation=county["二小"]).update(posts=("pe-teacher",))
    only = person("only", county["一小"])
    Grant.objects.create(user=only, organisation=county["一小"], role=Role.SAFETY_OFFICER)
    Grant.objects.create(user=both, organisation=county["一小"], role=Role.EDITOR)
    Grant.objects.create(user=both, organisation=county["二小"], role=Role.EDITOR)
    tree.create("一年级", kind("grade"), county["二小"])

    tree.merge(county["一小"], county["二小"], on=DAY)

    merged, target = now(county["一小"]), now(county["二小"])
    assert (merged.closed_on, merged.merged_into) == (DAY, target)
    assert [c.name for c in target.get_children()] == ["一年级", "一年级（原一小）"]
    assert [a.name for a in now(county["1班"]).get_ancestors()][-1] == "一年级（原一小）"
    assert [(m.organisation.name, m.until) for m in only.memberships.order_by("pk")] == [("一小", DAY), ("二小", None)]
    (kept,) = both.memberships.filter(until=None)
    assert set(kept.posts) == {"class-teacher", "pe-teacher"}
    assert sorted(Grant.objects.values_list("user__username", "organisation__name", "role")) == [
        ("both", "二小", "editor"),
        ("only", "二小", "safety_officer"),
    ]
    forget(only)
    assert access_of(only).can(Action.PEOPLE_EDIT, now(county["1班"]).path)
    assert not access_of(only).can(Action.PEOPLE_EDIT, merged.path)
    assert events(merged)[-1] == "merged"
    assert events(target)[-1] == "received"
    assert Organisation.find_problems() == ([], [], [], [], [])


def test_merging_again_does_nothing(county):
    person("only", county["一小"])
    tree.merge(county["一小"], county["二小"])
    before = AuditEntry.objects.count(), Membership.objects.count()
    tree.merge(county["一小"], county["二小"])
    assert (AuditEntry.objects.count(), Membership.objects.count()) == before


@pytest.mark.parametrize(
    ("what", "into", "why"), [("东区", "一小", "自己的下级"), ("东区", "三小", "层级比"), ("局", "西区", "自己的下级")]
)
def test_a_merger_against_the_order_of_kinds_is_refused_and_nothing_changes(county, what, into, why):
    with pytest.raises(tree.Refused, match=why):
        tree.merge(county[what], county[into])
    assert now(county[what]).is_open


def test_a_merger_into_a_closed_school_is_refused(county):
    tree.close(county["二小"])
    with pytest.raises(tree.Refused, match="已停用，不能并入"):
        tree.merge(county["一小"], county["二小"])


# --- close and reopen -----------------------------------------------------------------------------
def test_a_school_with_staff_closes_only_after_confirmation_and_then_their_work_there_ends(county):
    teacher = person("teacher", county["一小"], county["三小"])
    with pytest.raises(tree.Refused, match="1 人在岗"):
        tree.close(county["一小"])
    assert now(county["一小"]).is_open
    tree.close(county["一小"], end_memberships=True, on=DAY)
    assert {m.organisation.name: m.until for m in teacher.memberships.all()} == {"一小": DAY, "三小": None}
    assert now(county["1班"]).closed_on == DAY
    assert audited("people.leave") == 1


def test_a_district_with_open_schools_does_not_close(county):
    with pytest.raises(tree.Refused, match="还有 2 个有教职工的单位"):
        tree.close(county["东区"], end_memberships=True)


def test_a_role_at_a_closed_school_gives_nothing_until_it_is_reopened(county):
    officer = person("officer")
    Grant.objects.create(user=officer, organisation=county["一小"], role=Role.SAFETY_OFFICER)
    tree.close(county["一小"])
    forget(officer)
    assert not can(officer, Action.PEOPLE_EDIT)
    tree.reopen(county["一小"])
    forget(officer)
    assert can(officer, Action.PEOPLE_EDIT, county["一小"])


def test_reopening_brings_back_what_was_closed_with_it_and_leaves_the_rest_closed(county):
    other = tree.create("2班", kind("class"), county["一年级"])
    tree.close(other)
    tree.close(county["一小"])
    tree.reopen(county["一小"])
    assert now(county["一小"]).is_open
    assert now(county["1班"]).is_open
    assert not now(other).is_open
    assert events(county["1班"]) == ["created", "closed", "reopened"]


def test_a_merged_school_and_one_below_a_closed_one_are_not_reopened(county):
    tree.merge(county["一小"], county["二小"])
    with pytest.raises(tree.Refused, match="已并入“二小”"):
        tree.reopen(county["一小"])
    tree.close(county["三小"])
    tree.close(county["西区"])
    with pytest.raises(tree.Refused, match="上级单位“西区”"):
        tree.reopen(county["三小"])


def test_a_school_is_not_reopened_beside_a_new_one_of_its_name(county):
    tree.close(county["三小"])
    tree.create("三小", kind("school"), county["西区"])
    with pytest.raises(tree.Refused, match="另一个“三小”"):
        tree.reopen(county["三小"])


def test_closing_twice_is_one_closing(county):
    tree.close(county["三小"])
    tree.close(county["三小"])
    assert events(county["三小"]) == ["created", "closed"]


# --- any tree, any order --------------------------------------------------------------------------
STEPS = st.lists(
    st.tuples(st.sampled_from(["create", "move", "merge", "close", "reopen"]), st.integers(0, 9), st.integers(0, 9)),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_done_the_tree_stays_whole_and_nobody_is_lost(county, steps):
    from django.db import transaction

    with transaction.atomic():
        point = transaction.savepoint()
        worker = person("worker", county["一小"])
        before = Organisation.objects.count()
        created = 0
        for what, a, b in steps:
            nodes = list(Organisation.objects.order_by("pk"))
            one, two = nodes[a % len(nodes)], nodes[b % len(nodes)]
            try:
                if what == "create":
                    created += 1
                    tree.create(f"新{created}", nodes[a % len(nodes)].kind, two)
                elif what in ("move", "merge"):
                    getattr(tree, what)(one, two)
                else:
                    getattr(tree, what)(one)
            except tree.Refused:
                created -= what == "create"
        assert Organisation.find_problems() == ([], [], [], [], [])
        assert Organisation.objects.count() == before + created
        for node in Organisation.objects.select_related("kind"):
            parent = node.get_parent()
            assert parent is None or parent.kind.rank < node.kind.rank or not node.is_open
            assert not (node.is_open and parent and not parent.is_open)
        (open_one,) = worker.memberships.filter(until=None)
        assert open_one.organisation.is_open
        transaction.savepoint_rollback(point)
