"""What a player may be called: privacy first, then kindness, then room for every child."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.live.domain.errors import RoomError
from quizzes.live.domain.names import MAX_LENGTH, clean_name
from quizzes.live.texts import ERRORS


def refusal(name):
    with pytest.raises(RoomError) as refused:
        clean_name(name)
    assert refused.value.code in ERRORS
    return refused.value.code


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("小鱼", "小鱼"),
        (" 小鱼 ", "小鱼"),
        ("小  鱼", "小 鱼"),
        ("Sunny", "Sunny"),
        ("第3组", "第3组"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("07", "7"),
        ("99", "99"),
        ("\uff11\uff12", "12"),
        ("ＡＢＣ", "ABC"),
        ("𠮷田", "𠮷田"),
        ("一二三四五六七八九十十一", "一二三四五六七八九十十一"),
    ],
)
def test_seat_numbers_and_nicknames_are_kept_in_one_spelling(typed, kept):
    assert clean_name(typed) == kept


@pytest.mark.parametrize("typed", ["", " ", "\u3000", "\t\n"])
def test_an_empty_name_is_asked_for_again(typed):
    assert refusal(typed) == "name.empty"


@pytest.mark.parametrize("typed", ["一二三四五六七八九十十一二", "啊" * 400, "啊" * 5000])
def test_a_long_name_is_asked_to_be_shorter(typed):
    assert refusal(typed) == "name.too_long"


@pytest.mark.parametrize(
    "typed",
    [
        "<b>小鱼</b>",
        "<script>",
        "小鱼&amp;",
        "小\u200b鱼",
        "\u202e小鱼",
        "小\x00鱼",
        "小\ud800鱼",
        "{{ 7 }}",
        "！！！",
        "😀",
        "\uff1cimg\uff1e",
    ],
)
def test_markup_and_invisible_characters_are_refused(typed):
    assert refusal(typed) == "name.bad"


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "138-0013-8000",
        "138 0013 8000",
        "110101201501011234",
        "QQ123456",
        "\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10",
    ],
)
def test_numbers_that_identify_a_person_are_refused(typed):
    assert refusal(typed) == "name.private"


@pytest.mark.parametrize("typed", ["0", "100", "999", "00"])
def test_a_seat_number_lies_between_1_and_99(typed):
    assert refusal(typed) == "name.bad_seat"


@pytest.mark.parametrize(
    "typed", ["傻逼", "傻 逼", "大傻.逼", "F U C K", "ｆｕｃｋ", "王老师", "管理员"]
)
def test_unkind_names_and_offices_are_refused_in_any_spelling(typed):
    assert refusal(typed) == "name.unkind"


@given(st.text(max_size=500))
def test_whatever_is_typed_comes_out_short_and_printable_or_is_refused_with_a_text(typed):
    try:
        name = clean_name(typed)
    except RoomError as refused:
        assert refused.code in ERRORS
    else:
        assert 1 <= len(name) <= MAX_LENGTH
        assert not set(name) & set("<>&\"'\u200b\u202e\n\x00")
        assert clean_name(name) == name
