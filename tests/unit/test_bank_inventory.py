"""Counting a bank: each question counts for every band it is for, keys by their letter."""

from __future__ import annotations

from quizzes.bank.domain.body import Body, Item, Labels, Option
from quizzes.bank.domain.inventory import inventory


def single(key: int, *bands: str, posts: tuple[str, ...] = (), source: str = "V1") -> Item:
    options = tuple(Option(text, right=i == key) for i, text in enumerate("甲乙丙丁"))
    return Item(Body("single", "题？", options, source=source), Labels("fire", bands, posts))


def judge(true: bool, *bands: str) -> Item:
    return Item(Body("judge", "句。", (Option("对", true), Option("错", not true)), source="G"), Labels("traffic", bands))


def test_a_bank_is_counted_by_topic_audience_band_post_type_and_key() -> None:
    found = inventory([single(1, "P1", "F"), single(3, "T", posts=("guard",)), judge(True, "K"), judge(False, "K", "T")])
    assert found["total"] == 4
    assert found["to_check"] == 2
    assert found["by_topic"]["fire"] == {"all": 2, "pupils": 1, "parents": 1, "staff": 1}
    assert found["by_audience"] == {"parents": 1, "pupils": 3, "staff": 2}
    assert found["by_band"] == {"F": 1, "K": 2, "P1": 1, "T": 2}
    assert found["by_post"] == {"guard": 1}
    assert (found["by_type"]["single"], found["by_type"]["judge"], found["by_type"]["case"]) == (2, 2, 0)
    assert found["single_key_position"] == {"A": 0, "B": 1, "C": 0, "D": 1}
    assert found["judge"] == {"true": 1, "false": 1}


def test_an_empty_bank_counts_nothing() -> None:
    found = inventory([])
    assert found["total"] == 0
    assert set(found["by_type"].values()) == {0}
