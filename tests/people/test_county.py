"""The made-up county: as large as asked for, the same for the same seed, and a whole tree when put in directly."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from python_calamine import CalamineWorkbook

from people.county import direct, files
from people.county.making import County, spread
from people.models import Membership, Organisation, User
from people.posts import posts
from people.staff_rules import clean_name, clean_number, clean_phone

SMALL = {"schools": 30, "staff": 900, "classes": 300}


@pytest.fixture(scope="module")
def county():
    return County(**SMALL)


def test_it_is_the_same_for_the_same_seed_and_another_for_another(county):
    again = County(**SMALL)
    assert list(again.units()) == list(county.units())
    assert list(again.workers()) == list(county.workers())
    assert list(County(**SMALL, seed=16).workers()) != list(county.workers())


def test_it_has_the_numbers_that_were_asked_for(county):
    kinds = Counter(unit.kind for unit in county.units())
    assert (kinds["school"], kinds["class"]) == (30, 300)
    assert len({worker.number for worker in county.workers()}) == 900


def test_every_unit_stands_below_one_that_came_before_it(county):
    seen = {""}
    for unit in county.units():
        assert unit.parent in seen
        assert unit.code not in seen
        seen.add(unit.code)


def test_schools_have_names_of_their_own(county):
    names = [unit.name for unit in county.units() if unit.kind == "school"]
    assert len(set(names)) == len(names)


def test_its_people_are_such_as_rosters_have():
    workers = list(County(schools=60, staff=3_000, classes=600).workers())
    rows = Counter(worker.number for worker in workers)
    assert max(rows.values()) == 2, "some work in two schools"
    first = Counter((worker.unit, worker.name) for worker in workers if worker.name == "张伟")
    assert max(first.values()) >= 2, "two 张伟 in one school"
    assert any(rare in worker.name for worker in workers for rare in "𬱖㛃")
    assert any("·" in worker.name for worker in workers)
    assert any(worker.phone for worker in workers) and any(not worker.phone for worker in workers)
    for worker in workers:
        assert (clean_number(worker.number), clean_name(worker.name)) == (worker.number, worker.name)
        assert clean_phone(worker.phone) == worker.phone
        assert set(worker.posts) <= set(posts())


def test_shares_add_up_whatever_the_weights():
    assert spread(10, [1, 1, 1]) == [4, 3, 3]
    assert spread(0, [1, 2]) == [0, 0]
    assert spread(5, [0, 0]) == [0, 0]
    assert sum(spread(40_000, [w / 7 for w in range(1, 2001)])) == 40_000


@pytest.mark.django_db
def test_the_files_hold_every_row_as_text_and_dates(county, tmp_path):
    units, roster = files.write(county, tmp_path)
    rows = CalamineWorkbook.from_path(units).get_sheet_by_index(0).to_python()
    assert rows[0] == list(files.UNIT_COLUMNS)
    assert len(rows) == 1 + len(list(county.units()))
    assert rows[1][:3] == ["99", "云岫县教育局", "教育局"]
    rows = CalamineWorkbook.from_path(roster).get_sheet_by_index(0).to_python()
    assert rows[0] == list(files.ROSTER_COLUMNS)
    first = next(iter(county.workers()))
    assert rows[1][0] == first.number and rows[1][6] == first.since


@pytest.mark.django_db
def test_put_in_directly_the_tree_is_whole_and_nobody_may_log_in(county):
    other = Organisation.add_root(name="原有的局", kind_id="bureau")
    call_command("make_county", direct=True, verbosity=0, **SMALL)
    assert Organisation.find_problems() == ([], [], [], [], [])
    root = Organisation.objects.get(code="99")
    assert root.get_descendants().filter(kind_id="class").count() == 300
    assert root.pk != other.pk and other.path != root.path
    assert User.objects.count() == 900
    assert Membership.objects.count() == len(list(county.workers()))
    assert not User.objects.first().has_usable_password()
    added = root.get_children().first().add_child(name="新学校", kind_id="school")
    assert added.get_parent() == root.get_children().first()


@pytest.mark.django_db
def test_it_is_not_put_in_twice():
    small = {"schools": 2, "staff": 10, "classes": 4}
    call_command("make_county", direct=True, verbosity=0, **small)
    with pytest.raises(CommandError, match="已有代码以 99 开头"):
        call_command("make_county", direct=True, verbosity=0, **small)
    with pytest.raises(direct.AlreadyThere):
        direct.insert(County(**small))
