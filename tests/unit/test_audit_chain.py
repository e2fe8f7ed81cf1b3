"""The chain of the audit log: every way to break it shows, and at the right place."""

from __future__ import annotations

import datetime as dt
import json

from hypothesis import given
from hypothesis import strategies as st

from people.audit.chain import START, Fault, Link, plain, seal, walk


def chain(count):
    links, last = [], START
    for number in range(1, count + 1):
        content = {"number": number, "action": "people.edit"}
        links.append(Link(number, last, seal(last, content), content))
        last = links[-1].hash
    return links, (count, last)


def resealed(links, place, content):
    """The chain with the entry at `place` (from 0) rewritten, whole in itself."""
    old = links[place]
    return [*links[:place], Link(old.number, old.previous, seal(old.previous, content), content), *links[place + 1 :]]


def test_a_whole_chain_has_no_fault_and_ends_at_its_head():
    links, head = chain(5)
    found = walk(links, head)
    assert (found.count, found.end, found.fault) == (5, head, None)


def test_an_empty_log_is_whole():
    assert walk([], (0, START)).fault is None


@given(st.integers(1, 12), st.data())
def test_every_way_to_break_the_chain_shows_at_its_place(count, data):
    links, head = chain(count)
    place = data.draw(st.integers(0, count - 1))
    old = links[place]
    fake = {"number": old.number, "action": "people.create"}
    changed = [*links[:place], Link(old.number, old.previous, old.hash, fake), *links[place + 1 :]]
    assert walk(changed, head).fault == Fault(place + 1, "changed")
    assert walk(links[:place] + links[place + 1 :], head).fault == Fault(place + 1, "missing")
    replaced = Fault(place + 1, "replaced" if place + 1 < count else "head")
    assert walk(resealed(links, place, fake), head).fault == replaced


def test_an_entry_before_the_first_or_behind_the_head_was_put_in():
    links, head = chain(3)
    first = Link(0, START, seal(START, {}), {})
    behind = Link(4, head[1], seal(head[1], {}), {})
    assert walk([first, *links], head).fault == Fault(0, "inserted")
    assert walk([*links, behind], head).fault == Fault(4, "inserted")


def test_a_head_that_was_set_back_or_forged_shows():
    links, head = chain(3)
    assert walk(links, (2, links[1].hash)).fault == Fault(3, "inserted")
    assert walk(links, (3, "f" * 64)).fault == Fault(3, "head")
    assert walk(links, (9, "f" * 64)).fault == Fault(4, "missing")


def test_a_log_that_was_rewritten_as_a_whole_differs_from_what_was_written_down_before():
    links, head = chain(4)
    forged, _forged_head = chain(1)
    last = START
    forged = []
    for number in range(1, 5):
        content = {"number": number, "action": "nothing"}
        forged.append(Link(number, last, seal(last, content), content))
        last = forged[-1].hash
    assert walk(forged, (4, last)).fault is None
    assert walk(forged, (4, last), anchors=[(2, links[1].hash)]).fault == Fault(2, "anchor")


def test_a_walk_may_start_behind_a_known_place():
    links, head = chain(6)
    found = walk(links[3:], head, start=(3, links[2].hash))
    assert (found.count, found.fault) == (3, None)
    assert walk(links[3:], head, start=(3, "f" * 64)).fault == Fault(3, "replaced")


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text() | st.dates() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers() | st.text(), inner, max_size=4) | st.tuples(inner),
    max_leaves=12,
)


@given(json_like)
def test_details_come_back_from_json_as_they_went_in(value):
    kept = plain(value)
    assert json.loads(json.dumps(kept, ensure_ascii=False)) == kept
    json.dumps(kept, ensure_ascii=False).encode()


def test_what_is_no_json_becomes_text_and_sets_are_put_in_order():
    given_ = {1: {"b", "a"}, "on": dt.date(2026, 1, 2), "share": 0.5, "rare": "𬱖\0"}
    assert plain(given_) == {"1": ["a", "b"], "on": "2026-01-02", "share": "0.5", "rare": "𬱖"}
