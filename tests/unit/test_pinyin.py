"""拼音 above the characters: right readings, editors' corrections, nothing unescaped."""

from hypothesis import given
from hypothesis import strategies as st

from common.pinyin import ruby, syllables


def reading(text, corrections=None):
    return " ".join(r for _, r in syllables(text, corrections) if r)


def test_words_are_read_as_words():
    assert reading("银行") == "yín háng"
    assert reading("行走") == "xíng zǒu"


def test_tones_are_the_dictionary_s_and_not_those_of_speech():
    assert reading("不要一个") == "bù yào yī gè"


def test_a_verb_with_de_is_read_lightly():
    assert reading("说得出") == "shuō de chū"
    assert reading("得到") == "dé dào"


def test_an_editor_s_correction_wins_also_inside_a_sentence():
    assert reading("大王来了", {"大王": "dài wáng"}).startswith("dài wáng lái")


def test_the_longest_correction_wins():
    assert reading("重庆重", {"重": "chóng", "重庆": "chóng qìng"}) == "chóng qìng chóng"


def test_a_correction_with_the_wrong_number_of_syllables_is_ignored():
    assert reading("安全", {"安全": "ān"}) == "ān quán"


def test_markup_in_the_text_is_escaped():
    assert ruby("<b>水</b>") == "&lt;b&gt;<ruby>水<rt>shuǐ</rt></ruby>&lt;/b&gt;"


def test_digits_and_marks_have_no_reading():
    assert ruby("119，") == "119，"


def test_rare_characters_that_the_dictionary_lacks_have_no_reading():
    assert syllables("水𮯚\U0003238a火") == [("水", "shuǐ"), ("𮯚", ""), ("\U0003238a", ""), ("火", "huǒ")]


@given(st.text(max_size=40))
def test_every_character_comes_out_once_and_in_order(text):
    assert "".join(char for char, _ in syllables(text)) == text
