"""What share of its marks an answer earns, kind by kind."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.scoring import (
    KINDS,
    arabic,
    is_right,
    mark_blanks,
    mark_choice,
    mark_match,
    mark_order,
    plain,
    same_text,
)

places = st.frozensets(st.integers(0, 3), min_size=1)


# --- a class's answer ---------------------------------------------------------------------------
@given(st.sampled_from(KINDS), places, places)
def test_only_the_very_same_options_are_right(kind: str, right: frozenset[int], chosen: frozenset[int]) -> None:
    assert is_right(kind, right, chosen) is (right == chosen)


def test_part_of_a_multiple_choice_is_not_right() -> None:
    assert not is_right("multiple", frozenset({0, 2}), frozenset({0}))
    assert not is_right("multiple", frozenset({0, 2}), frozenset({0, 1, 2}))


@given(st.sampled_from(KINDS))
def test_no_answer_is_never_right(kind: str) -> None:
    assert not is_right(kind, frozenset(), frozenset())


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="essay"):
        is_right("essay", frozenset({0}), frozenset({0}))


# --- options ------------------------------------------------------------------------------------
@given(places, places)
def test_all_or_nothing_pays_for_the_very_same_options_only(right: frozenset[int], chosen: frozenset[int]) -> None:
    assert mark_choice(right, chosen) == (1 if right == chosen else 0)


@given(places, places)
def test_partial_marking_pays_for_a_part_and_nothing_as_soon_as_one_wrong_option_is_in(
    right: frozenset[int], chosen: frozenset[int]
) -> None:
    expected = Fraction(len(chosen), len(right)) if chosen <= right else 0
    assert mark_choice(right, chosen, partial=True) == expected


def test_an_empty_answer_earns_nothing() -> None:
    assert mark_choice(frozenset({0}), frozenset(), partial=True) == 0


# --- blanks -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given_text", "wanted"),
    [
        ("15", "十五"),
        ("十五", "15"),
        ("１５", "十五"),
        (" 1 5 ", "15"),
        ("一一九", "119"),
        ("一百二十", "120"),
        ("二百零五", "205"),
        ("１,０００", "1000"),
        ("一千", "1000"),
        ("1.5 米", "１.５米"),
        ("ＣＯ", "co"),
        ("湿毛巾。", "湿毛巾"),
        ("“防溺水”", "防溺水"),
        ("两分钟", "2分钟"),
        ("三万", "30000"),
        ("四十八 小时", "48小时"),
        (".5", "0.5"),
        ("－5", "−5"),
        ("2026-11-24", "2026 11 24"),
        ("No.5", "no5"),
        ("3～5分钟", "3-5分钟"),
        ("3—5分钟", "3-5分钟"),
        ("三至五分钟", "3～5分钟"),
        ("30：2", "30∶2"),
        ("½", "1/2"),
        ("0。5", "0.5"),
        ("一点五米", "1.5米"),
        ("1万", "10000"),
        ("1.5万元", "15000元"),
        ("3千", "三千"),
        ("一百二", "120"),
        ("一万二", "12000"),
        ("\u200b48小时", "48小时"),
    ],
)
def test_width_space_case_punctuation_and_numerals_make_no_difference(given_text: str, wanted: str) -> None:
    assert same_text(given_text, wanted)


@pytest.mark.parametrize(
    ("given_text", "wanted"), [("15", "50"), ("1.5", "15"), ("十五", "五十"), ("", ""), ("。", "。"), ("湿巾", "湿毛巾"), (".5", "5"), ("-5", "5"), ("1/2", "12"), ("35分钟", "3-5分钟"), ("302", "30:2"), ("110000", "1万"), ("830", "8:30"), ("102", "一百二")]
)
def test_another_answer_stays_another_answer(given_text: str, wanted: str) -> None:
    assert not same_text(given_text, wanted)


@pytest.mark.parametrize("hostile", ["万" * 5000, "九" * 5000 + "十", "9" * 5000 + "万", "\ud800", "1." * 5000 + "千", "\0p5"])
def test_no_text_makes_the_marking_stumble(hostile: str) -> None:
    assert mark_blanks([["一"], ["1万"]], [hostile, hostile]) == 0


@given(st.text(alphabet="0123456789.,:-~～一两三十百千万点至零½x ", max_size=30))
def test_every_text_is_its_own_answer_unless_nothing_is_left_of_it(text: str) -> None:
    assert same_text(text, text) == bool(plain(text))


@given(st.integers(1, 99_999))
def test_a_number_reads_the_same_in_chinese_numerals(number: int) -> None:
    assert arabic(chinese(number)) == str(number)


def chinese(number: int) -> str:
    """A number below 100,000 as a person writes it: 20,305 is 二万零三百零五."""
    if number >= 10_000:
        rest = number % 10_000
        tail = ("零" if 0 < rest < 1000 else "") + (chinese(rest) if rest else "")
        return chinese(number // 10_000) + "万" + tail
    digits, text, zero = "零一二三四五六七八九", "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            text += ("零" if zero and text else "") + digits[digit] + unit
        zero = digit == 0
    return text


def test_any_accepted_variant_fills_a_blank() -> None:
    accepted = [["119", "火警"], ["湿毛巾"]]
    assert mark_blanks(accepted, ["火警", "湿毛巾"]) == 1
    assert mark_blanks(accepted, ["火警"]) == 0
    assert mark_blanks(accepted, ["火警", "干毛巾"], partial=True) == Fraction(1, 2)
    assert mark_blanks(accepted, [], partial=True) == 0


# --- order and match ----------------------------------------------------------------------------
@given(st.permutations([0, 1, 2, 3]))
def test_an_order_is_right_as_a_whole_or_pays_for_neighbours_that_follow_each_other(order: list[int]) -> None:
    follow = sum(b == a + 1 for a, b in zip(order, order[1:], strict=False))
    assert mark_order(4, order) == (1 if order == [0, 1, 2, 3] else 0)
    assert mark_order(4, order, partial=True) == Fraction(follow, 3)


@pytest.mark.parametrize("order", [[], [0, 1], [0, 1, 2, 2], [0, 1, 2, 4], [0, 1, 2, 3, 4]])
def test_an_order_that_is_no_order_of_the_items_earns_nothing(order: list[int]) -> None:
    assert mark_order(4, order, partial=True) == 0


def test_each_rightly_tied_pair_pays_its_part() -> None:
    assert mark_match(3, [0, 1, 2]) == 1
    assert mark_match(3, [0, 2, 1]) == 0
    assert mark_match(3, [0, 2, 1], partial=True) == Fraction(1, 3)
    assert mark_match(3, [0, None], partial=True) == Fraction(1, 3)
    assert mark_match(3, [0, 1, 3], partial=True) == Fraction(2, 3)


def test_one_right_tied_to_everything_earns_nothing() -> None:
    assert mark_match(3, [0, 0, 0], partial=True) == 0


@given(st.lists(st.integers(0, 5) | st.none(), max_size=8))
def test_a_share_is_never_below_nothing_or_above_all(answer: list[int | None]) -> None:
    assert 0 <= mark_match(4, answer, partial=True) <= 1
