"""Chinese text and queries as character pairs."""

from hypothesis import given
from hypothesis import strategies as st

from common.text import alternatives, query_tokens, search_tokens, shared_characters


def finds(query, text):
    return set(query_tokens(query)) <= set(search_tokens(text).split())


def test_a_word_inside_a_sentence_is_found():
    assert finds("溺水", "预防溺水，从我做起")
    assert finds("防溺", "防溺水")


def test_a_word_that_is_not_there_is_not_found():
    assert not finds("地震", "防溺水")


def test_characters_that_stand_apart_do_not_make_a_word():
    assert not finds("水灾", "水火灾害")
    assert finds("水", "水火灾害")


def test_numbers_are_found_whole_and_full_width_digits_count():
    assert finds("96110", "来电显示区号+９６１１０")
    assert not finds("961", "96110")


def test_tokens_are_plain_ascii_so_that_every_database_keeps_them():
    assert search_tokens("防溺水 CO").isascii()


def test_a_synonym_takes_the_place_of_the_word():
    assert "欺凌怎么办" in alternatives("霸凌怎么办", [frozenset({"霸凌", "欺凌"})])


def test_the_query_itself_comes_first():
    assert alternatives("煤气", [frozenset({"煤气", "一氧化碳"})])[0] == "煤气"


def test_shared_characters_rank_near_topics():
    assert shared_characters("落水了", "防溺水") == 1


@given(st.text(max_size=60))
def test_every_text_finds_itself(text):
    assert finds(text, text)
