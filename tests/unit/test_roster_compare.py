"""What a roster would change: added, moved, second posts, changed, left; and each error with its fix."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.posts import posts
from people.rosters.compare import compare
from people.rosters.places import Place, Places
from people.rosters.plan import Change, Held, Options, Person, Plan, sample
from people.rosters.post_words import WORDS, PostWords
from people.rosters.reading import PersonRow, SheetInfo

COLUMNS = {"number": "A 列（工号）", "name": "B 列（姓名）", "unit": "C 列（单位）", "posts": "D 列（岗位）", "code": "E 列"}
SHEETS = [SheetInfo("名册", COLUMNS), SheetInfo("二小", COLUMNS)]
ONE, TWO, THREE = Place(1, "第一小学", "3301", "城关学区"), Place(2, "第二小学", "03302", "城关学区"), Place(3, "二小", "", "城关学区")
TWIN = Place(4, "第一小学", "3304", "山区学区")
GONE = Place(5, "老街小学", "3305", "城关学区", closed=True, merged_into="第一小学")
WORDS_OF = PostWords(posts())


def row(number: str, name: str, unit: str = "第一小学", held: str = "", at: int = 2, **more: Any) -> PersonRow:
    return PersonRow(0, at, number, name, "", unit, held, "", "", False)._replace(**more)


def person(number: str, name: str, *held: tuple[int, int, tuple[str, ...]], **more: Any) -> Person:
    memberships = tuple(Held(pk, place, slugs, "") for pk, place, slugs in held)
    return Person(int(number), number, name, "", memberships, reachable=True)._replace(**more)


def plan(rows: list[PersonRow], people: list[Person] = [], places: list[Place] = [ONE, TWO], **options: Any) -> Plan:  # noqa: B006
    return compare(rows, SHEETS, Places(places), WORDS_OF, people, Options(**options))


def groups(found: Plan) -> dict[str, int]:
    return {group: number for group, number in found.counts.items() if number}


ZHANG = person("100", "张伟", (7, 1, ("class-teacher",)))
TABLE: dict[str, tuple[list[PersonRow], list[Person], dict[str, int]]] = {
    "somebody new": ([row("9", "李娜")], [], {"added": 1}),
    "nothing new": ([row("100", "张伟", held="班主任")], [ZHANG], {"unchanged": 1}),
    "an empty cell changes nothing": ([row("100", "张伟")], [ZHANG], {"unchanged": 1}),
    "another name": ([row("100", "张玮")], [ZHANG], {"changed": 1}),
    "other posts": ([row("100", "张伟", held="门卫")], [ZHANG], {"changed": 1}),
    "a phone": ([row("100", "张伟", phone="138")], [ZHANG], {"changed": 1}),
    "a day": ([row("100", "张伟", since="2024-09-01")], [ZHANG], {"changed": 1}),
    "another school": ([row("100", "张伟", "第二小学")], [ZHANG], {"moved": 1}),
    "two schools": ([row("100", "张伟"), row("100", "张伟", "第二小学", at=3)], [ZHANG], {"second": 1}),
    "two schools from the first day": ([row("9", "李娜"), row("9", "李娜", "第二小学", at=3)], [], {"added": 1}),
    "two of one name": ([row("8", "张伟"), row("9", "张伟", at=3)], [], {"added": 2}),
    "not listed": ([row("9", "李娜")], [ZHANG], {"added": 1, "left": 1}),
    "at a school that the file does not speak of": ([row("9", "李娜", "第二小学")], [ZHANG], {"added": 1}),
    "no longer at the second school": (
        [row("100", "张伟"), row("9", "李娜", "第二小学", at=3)],
        [person("100", "张伟", (7, 1, ()), (8, 2, ()))],
        {"unchanged": 1, "added": 1, "left": 1},
    ),
    "back after having left": ([row("100", "张伟")], [person("100", "张伟")], {"second": 1}),
}


@pytest.mark.parametrize("name", TABLE)
def test_each_case_falls_into_its_group(name: str) -> None:
    rows, people, expected = TABLE[name]
    found = plan(rows, people)
    assert (groups(found), found.errors) == (expected, 0)


ERRORS: dict[str, tuple[list[PersonRow], list[Person], str, str]] = {
    "no number": ([row("", "李娜")], [], "没有工号", "自动编工号"),
    "one number, two names": ([row("9", "李娜"), row("9", "王芳", at=5)], [], "工作表“名册”第 2 行的李娜也是 9", "不能用同一个"),
    "unknown school": ([row("9", "李娜", "第一小")], [], "没有找到单位“第一小”", "是不是“第一小学”"),
    "unknown code": ([row("9", "李娜", code="9999")], [], "没有代码是 9999", "核对单位代码"),
    "code and name of two schools": ([row("9", "李娜", "第二小学", code="3301")], [], "对不上", "只留一列"),
    "closed school": ([row("9", "李娜", "老街小学")], [], "已并入“第一小学”", "改成“第一小学”"),
    "no school": ([row("9", "李娜", "")], [], "没有写是哪个单位", "单位代码"),
    "unknown post": ([row("9", "李娜", held="班主仁")], [], "不认识岗位“班主仁”", "是不是“班主任"),
    "out of reach": ([row("100", "张伟")], [ZHANG._replace(reachable=False)], "负责范围以外", "核对工号"),
    "erased": ([row("100", "张伟")], [ZHANG._replace(erased=True)], "已按本人要求删除", "另一个工号"),
    "renaming one who answers to others": ([row("100", "张玮")], [ZHANG._replace(whole=False)], "不能改姓名", "核对工号"),
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_each_error_says_what_is_wrong_and_what_to_do(name: str) -> None:
    rows, people, message, fix = ERRORS[name]
    found = plan(rows, people, [ONE, TWO, GONE])
    assert found.errors == 1
    problem = next(each for each in found.problems if each.grave)
    assert message in problem.message and fix in problem.fix and problem.sheet == "名册" and problem.row in (2, 5)


def test_a_name_that_two_schools_share_asks_for_the_code_and_names_both() -> None:
    problem = plan([row("9", "李娜")], [], [ONE, TWIN]).problems[0]
    assert "城关学区 下的代码是 3301" in problem.fix and "山区学区 下的代码是 3304" in problem.fix
    assert plan([row("9", "李娜", code="3304")], [], [ONE, TWIN]).changes[0].opens[0].place == 4


def test_a_code_that_lost_its_zero_in_excel_is_still_known() -> None:
    assert plan([row("9", "李娜", "", code="3302")]).changes[0].opens[0].place == 2


def test_a_staff_number_that_lost_its_zeros_is_known_by_the_name_and_said() -> None:
    people = [person("0100", "张伟", (7, 1, ()))]
    found = plan([row("100", "张伟", typed=True)], people)
    assert groups(found) == {"unchanged": 1} and "去掉了工号前面的 0" in found.problems[0].message
    assert groups(plan([row("100", "张伟", typed=False)], people)) == {"added": 1, "left": 1}
    assert groups(plan([row("100", "李四", typed=True)], people)) == {"added": 1, "left": 1}


def test_without_a_column_of_schools_the_sheets_name_or_the_only_school_counts() -> None:
    assert plan([row("9", "李娜", "", sheet=1)], [], [ONE, THREE]).changes[0].opens[0].place == 3
    assert plan([row("9", "李娜", "")], [], [ONE]).changes[0].opens[0].place == 1


def test_two_rows_of_one_person_at_one_school_become_one_with_both_posts() -> None:
    found = plan([row("9", "李娜", held="门卫"), row("9", "李娜", held="班主任", at=3)])
    assert found.changes[0].opens[0].posts == ("class-teacher", "gatekeeper") and found.warnings == 1


def test_numbers_are_made_in_order_and_never_one_that_is_taken() -> None:
    rows = [row("", "李娜"), row("33010002", "王芳", at=3), row("", "赵敏", at=4)]
    found = plan(rows, [person("33010001", "钱七")], make_numbers=True)
    assert [change.number for change in found.changes if change.group == "added"] == ["33010003", "33010002", "33010004"]


def test_a_stranger_under_a_known_number_is_pointed_out() -> None:
    found = plan([row("100", "李娜")], [ZHANG])
    assert found.warnings == 1 and "姓名完全不同" in found.problems[0].message


def test_a_file_of_errors_keeps_five_thousand_and_counts_all() -> None:
    found = plan([row("", f"人{i}", f"没有的学校{i}", at=i) for i in range(6_000)])
    assert (len(found.problems), found.errors) == (5_000, 6_000)


# --- posts ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "slugs", "unknown"),
    [
        ("班主任", ("class-teacher",), ()),
        ("校长（园长）", ("principal",), ()),
        ("园长", ("principal",), ()),
        ("德育主任，班主任", ("moral-director", "class-teacher"), ()),
        ("团委书记、少先队辅导员", ("youth-leader",), ()),
        ("图书馆、场馆、器材管理员；门卫", ("gatekeeper", "venue-keeper"), ()),
        ("保洁员 / 绿化工", ("cleaner",), ()),
        ("副校长（安全）", ("vp-safety",), ()),
        ("校长兼书记", ("principal",), ()),
        ("班主任、飞行员", ("class-teacher",), ("飞行员",)),
        ("门　卫", ("gatekeeper",), ()),
        ("", (), ()),
    ],
)
def test_posts_are_found_by_what_people_write(text: str, slugs: tuple[str, ...], unknown: tuple[str, ...]) -> None:
    assert WORDS_OF.find(text) == (slugs, unknown)


def test_every_word_belongs_to_a_post_and_to_one_only() -> None:
    assert set(WORDS) == set(posts())
    words = [word for synonyms in WORDS.values() for word in synonyms.split()]
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_every_post_is_found_by_its_own_name() -> None:
    assert {slug: WORDS_OF.find(post.name)[0] for slug, post in posts().items()} == {slug: (slug,) for slug in posts()}


# --- properties -----------------------------------------------------------------------------------
def applied(people: list[Person], found: Plan, leavers: bool) -> list[Person]:
    """What the people are once the plan is done, as the database would have it."""
    now = {each.number: each for each in people}
    fresh = iter(range(10_000, 90_000))
    for change in found.changes:
        if change.group == "left" and not leavers:
            continue
        now[change.number] = after(now.get(change.number), change, fresh)
    return list(now.values())


def after(before: Person | None, change: Change, fresh: Any) -> Person:
    if before is None:
        before = Person(next(fresh), change.number, change.name, change.phone, (), reachable=True)
    own = {name: new for name, _old, new in change.fields}
    closed = {held.id for held in change.closes}
    edits = {edit.membership: {name: new for name, _old, new in edit.fields} for edit in change.edits}
    held = [each._replace(**edits.get(each.id, {})) for each in before.held if each.id not in closed]
    held += [Held(next(fresh), each.place, each.posts, each.since) for each in change.opens]
    return before._replace(**own, held=tuple(held))


NUMBERS = st.integers(1, 8).map(str)
NAMES = st.sampled_from(["张伟", "张玮", "李娜"])
ROWS = st.lists(
    st.builds(
        row, NUMBERS, NAMES, st.sampled_from(["第一小学", "第二小学"]), st.sampled_from(["", "班主任", "门卫、班主任"]),
        phone=st.sampled_from(["", "138"]), since=st.sampled_from(["", "2024-09-01"]),
    ),
    max_size=12,
)  # fmt: skip
PEOPLE = st.lists(
    st.tuples(NUMBERS, NAMES, st.sets(st.sampled_from([1, 2]), max_size=2)), unique_by=lambda each: each[0], max_size=8
).map(
    lambda them: [
        person(number, name, *((int(number) * 10 + place, place, ("guard",)) for place in sorted(places)))
        for number, name, places in them
    ]
)


@given(ROWS, PEOPLE, st.booleans())
def test_applying_a_plan_and_comparing_again_finds_nothing_more_to_do(
    rows: list[PersonRow], people: list[Person], leavers: bool
) -> None:
    found = plan(rows, people)
    if found.errors:
        return
    again = plan(rows, applied(people, found, leavers))
    assert set(groups(again)) <= ({"unchanged"} if leavers else {"unchanged", "left"})


@given(ROWS, PEOPLE)
def test_the_order_in_which_the_database_answers_does_not_matter(rows: list[PersonRow], people: list[Person]) -> None:
    assert plan(rows, people).fingerprint() == plan(rows, people[::-1]).fingerprint()


def test_the_fingerprint_changes_with_anything_that_would_be_applied() -> None:
    found = plan([row("100", "张玮", held="门卫")], [ZHANG])
    before = found.fingerprint()
    found.changes = [replace(found.changes[0], fields=(("name", "张伟", "张维"),))]
    assert found.fingerprint() != before


def test_a_sample_tells_the_change_in_words() -> None:
    found = plan([row("100", "张玮", "第二小学", "门卫")], [ZHANG])
    names = {slug: post.name for slug, post in posts().items()}
    told = sample(found.changes[0], {1: ONE, 2: TWO}, names)
    assert told["lines"] == ["姓名：张伟 → 张玮", "离开 第一小学", "到 第二小学（门卫）"]
