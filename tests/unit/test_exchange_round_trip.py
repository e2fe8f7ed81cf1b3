"""A question that goes out in a format and comes back is the same question, whatever its texts hold."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.bank.domain.body import KINDS, Body, Item, Labels
from quizzes.bank.exchange import FORMATS
from quizzes.bank.exchange.base import features, losses, used_files, writable
from tests.factories.exchange import items


def within(item: Item, can: frozenset[str]) -> Item:
    """The same question without what the format says that it cannot hold."""
    labels = replace(
        item.labels,
        topic=item.labels.topic if "topic" in can else "",
        bands=item.labels.bands if "bands" in can else (),
        posts=item.labels.posts if "posts" in can else (),
        difficulty=item.labels.difficulty if "difficulty" in can else 2,
        tags=item.labels.tags if "tags" in can else (),
    )
    kept = replace(item, body=_within(item.body, can), labels=labels, code=item.code if "code" in can else "")
    return used_files(kept)


def _within(body: Body, can: frozenset[str], inside: bool = False) -> Body:
    return replace(
        body,
        marking=body.marking if "partial" in can else "exact",
        explanation=body.explanation
        if "explanation" in can and (body.kind != "case" or "case_explanation" in can)
        else "",
        source=body.source if "source" in can and (not inside or "part_source" in can) else "",
        picture=body.picture if "picture" in can and (not inside or "part_picture" in can) else None,
        options=tuple(
            replace(
                option,
                misconception=option.misconception if "misconception" in can else "",
                picture=option.picture if "option_picture" in can and (not inside or "part_picture" in can) else None,
            )
            for option in body.options
        ),
        parts=tuple(_within(part, can, True) for part in body.parts),
    )


@pytest.mark.parametrize("format", FORMATS.values(), ids=FORMATS)
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_a_format_says_it_can_hold_comes_back_equal(format: ModuleType, data: Any) -> None:
    kinds = tuple(kind for kind in KINDS if kind in format.CAN)
    wanted = []
    for item in data.draw(st.lists(items(kinds), min_size=1, max_size=3)):
        item = within(item, format.CAN)
        if features(item) <= format.CAN:
            wanted.append(item)
    assert losses(wanted, format.CAN) == []
    found = format.read(format.write(wanted)) if wanted else None
    if found:
        assert found.problems == ()
        assert [used_files(item) for item in found.items] == wanted


@pytest.mark.parametrize("format", FORMATS.values(), ids=FORMATS)
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_a_format_cannot_hold_is_told_and_never_a_crash(format: ModuleType, data: Any) -> None:
    given_items = data.draw(st.lists(items(), min_size=1, max_size=3))
    lost = losses(given_items, format.CAN)
    kept = writable(given_items, format.CAN)
    assert any(loss.whole for loss in lost) == (len(kept) < len(given_items))
    data_out = format.write(given_items)
    if kept:
        found = format.read(data_out)
        assert len(found.items) + len({problem.where for problem in found.problems}) >= len(kept)


def test_labels_at_rest_lose_nothing() -> None:
    assert losses([Item(Body("single", "x"), Labels())], frozenset({"single"})) == []
