"""Who may do what: roles hold at their place and below, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.access_rules import (
    GRANTABLE,
    IMPLIED,
    NOBODY,
    ROLES,
    RULES,
    SITEWIDE,
    Access,
    Action,
    Holding,
    Role,
    outermost,
)

# Tree paths as treebeard writes them: four characters a level.
BUREAU, DISTRICT, SCHOOL, OTHER = "0001", "00010001", "000100010001", "000100010002"
# What the county's officers were told, role by role; a change of the rules must be a change here.
MAY: dict[Role, set[Action]] = {
    Role.ADMIN: set(Action),
    Role.EXAM_OFFICER: {
        Action.CMS, Action.ORGANISATIONS_VIEW, Action.PEOPLE_VIEW, Action.PEOPLE_EXPORT, Action.BANK_VIEW,
        Action.BANK_EDIT, Action.BANK_IMPORT, Action.BANK_EXPORT, Action.BANK_STATISTICS,
    },
    Role.EDITOR: {
        Action.CMS, Action.PAGES_EDIT, Action.BANK_VIEW, Action.BANK_EDIT, Action.BANK_IMPORT, Action.BANK_EXPORT,
        Action.BANK_STATISTICS,
    },
    Role.REVIEWER: {
        Action.CMS, Action.PAGES_EDIT, Action.PAGES_PUBLISH, Action.BANK_VIEW, Action.BANK_EDIT, Action.BANK_REVIEW,
        Action.BANK_IMPORT, Action.BANK_EXPORT, Action.BANK_STATISTICS,
    },
    Role.SAFETY_OFFICER: {
        Action.CMS, Action.ORGANISATIONS_VIEW, Action.PEOPLE_VIEW, Action.PEOPLE_EDIT, Action.PEOPLE_IMPORT,
        Action.PEOPLE_EXPORT, Action.CODES_ISSUE, Action.SESSIONS_REVOKE, Action.AUDIT_VIEW, Action.BANK_VIEW,
        Action.BANK_EDIT, Action.BANK_IMPORT,
    },
    Role.OBSERVER: {Action.CMS, Action.ORGANISATIONS_VIEW, Action.PEOPLE_VIEW, Action.AUDIT_VIEW},
    Role.TEACHER: set(),
    Role.STAFF: set(),
    Role.INVIGILATOR: set(),
}  # fmt: skip
EVERYONE = {Action.PUBLIC, Action.ACCOUNT}


def holder(*holdings: tuple[Role, str]) -> Access:
    return Access(frozenset(Holding(role, path) for role, path in holdings), known=True)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_each_role_may_do_exactly_what_it_was_given_for(role: Role, action: Action) -> None:
    expected = action in MAY[role] | EVERYONE
    assert holder((role, BUREAU)).can(action, SCHOOL) is expected
    assert holder((role, BUREAU)).can(action) is expected
    in_a_school = holder((role, SCHOOL))
    assert in_a_school.can(action, SCHOOL) is in_a_school.can(action) is (expected and action not in SITEWIDE)


@pytest.mark.parametrize("action", sorted(set(Action) - EVERYONE - SITEWIDE))
def test_a_role_holds_below_its_place_and_not_beside_or_above_it(action: Action) -> None:
    role = min(RULES[action])
    assert holder((role, DISTRICT)).can(action, SCHOOL)
    assert holder((role, BUREAU)).can(action, OTHER)
    assert not holder((role, SCHOOL)).can(action, OTHER)
    assert not holder((role, SCHOOL)).can(action, DISTRICT)


@pytest.mark.parametrize("action", sorted(set(Action) - {Action.PUBLIC}))
def test_who_is_not_logged_in_may_read_and_nothing_else(action: Action) -> None:
    assert NOBODY.can(Action.PUBLIC)
    assert not NOBODY.can(action)


def test_whoever_is_logged_in_without_any_role_has_an_account_and_no_more() -> None:
    access = holder()
    assert {action for action in Action if access.can(action)} == {Action.PUBLIC, Action.ACCOUNT}


def test_the_superuser_may_everything_everywhere() -> None:
    access = Access(everything=True, known=True)
    assert all(access.can(action, OTHER) for action in Action)
    assert access.places(Action.SYSTEM) == ("",)


def test_only_an_admin_gives_roles_and_only_below_the_own_place() -> None:
    for role in Role:
        assert holder((Role.ADMIN, DISTRICT)).may_grant(role, SCHOOL) is (role not in IMPLIED)
        assert not holder((Role.ADMIN, SCHOOL)).may_grant(role, OTHER)
        assert not holder((Role.SAFETY_OFFICER, SCHOOL)).may_grant(role, SCHOOL)


def test_roles_that_follow_from_working_somewhere_are_given_by_nobody() -> None:
    assert all(not roles & IMPLIED for roles in GRANTABLE.values())
    assert not Access(everything=True, known=True).may_grant(Role.STAFF, SCHOOL)


def test_every_role_has_a_name_and_every_action_a_rule() -> None:
    assert set(ROLES) == set(Role)
    assert set(RULES) == set(Action)


paths = st.lists(st.text("01", min_size=1, max_size=3).map(lambda s: "".join(f"000{c}" for c in s)), max_size=8)


@given(paths)
def test_the_outermost_places_cover_all_and_none_covers_another(given_: list[str]) -> None:
    kept = outermost(given_)
    assert all(any(path.startswith(place) for place in kept) for path in given_)
    assert not any(a != b and a.startswith(b) for a in kept for b in kept)
    assert set(kept) <= set(given_)


@given(paths, st.text("01", min_size=1, max_size=4).map(lambda s: "".join(f"000{c}" for c in s)))
def test_places_and_can_never_disagree(places: list[str], asked: str) -> None:
    access = holder(*[(Role.SAFETY_OFFICER, path) for path in places])
    reached = any(asked.startswith(path) for path in access.places(Action.PEOPLE_EDIT))
    assert access.can(Action.PEOPLE_EDIT, asked) is reached
