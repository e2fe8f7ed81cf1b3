"""Near-duplicates: what is alike is found, what is not stays away, and both quickly."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.bank.domain.similar import Index, grams, likeness, pairs

texts = st.text("甲乙丙丁戊己庚辛119，。", max_size=12)


def alike(a: str, b: str) -> float:
    return likeness(grams(a), grams(b))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("炒菜时油锅起火，正确的做法是？", "炒菜时油锅起火，正确的做法是（　）。"),
        ("火警电话是119。", "火警电话是 １１９"),
        ("火警电话是____。", "火警电话是。"),
    ],
)
def test_width_punctuation_and_blanks_make_no_difference(a: str, b: str) -> None:
    assert alike(a, b) == 1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("炒菜时油锅起火，正确的做法是？", "炒菜时油锅着火了，正确做法是什么？"),
        ("放学路上，同伴不小心掉进水塘，你应该怎么做？", "同伴不小心掉进水塘，你应该怎么做？"),
        ("油锅起火怎么办最安全？", "晚自习后你回到家，妈妈正在厨房做饭，忽然喊了一声。油锅起火怎么办最安全？"),
    ],
)
def test_a_reworded_a_shortened_or_an_embedded_stem_is_alike(a: str, b: str) -> None:
    assert alike(a, b) >= 0.5


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("炒菜时油锅起火，正确的做法是？", "骑自行车过马路，正确的做法是？"),
        ("火警电话是119。", "急救电话是120。"),
        ("", ""),
        ("火", "水"),
    ],
)
def test_another_stem_is_not(a: str, b: str) -> None:
    assert alike(a, b) < 0.5


@given(texts, texts)
def test_likeness_is_a_share_and_the_same_both_ways(a: str, b: str) -> None:
    assert 0 <= alike(a, b) == alike(b, a) <= 1


@given(texts)
def test_a_text_is_wholly_like_itself(a: str) -> None:
    assert alike(a, a) == (1 if grams(a) else 0)


@given(st.dictionaries(st.integers(0, 20), texts, max_size=12), texts)
def test_the_index_finds_exactly_what_comparing_with_each_would(held: dict[int, str], wanted: str) -> None:
    index: Index[int] = Index()
    for key, text in held.items():
        index.put(key, text)
    expected = {key: alike(wanted, text) for key, text in held.items() if alike(wanted, text) >= 0.5}
    assert dict(index.nearest(wanted, most=100)) == expected


@given(st.dictionaries(st.integers(0, 20), texts, max_size=12))
def test_the_report_finds_exactly_the_pairs_that_comparing_all_would(held: dict[int, str]) -> None:
    def jaccard(a: str, b: str) -> float:
        one, other = grams(a), grams(b)
        return len(one & other) / len(one | other) if one | other else 0

    expected = {frozenset((a, b)) for a in held for b in held if a < b and jaccard(held[a], held[b]) >= 0.6}
    found = pairs(held)
    assert {frozenset(pair[:2]) for pair in found} == expected
    assert [pair[2] for pair in found] == sorted((pair[2] for pair in found), reverse=True)


def test_a_changed_or_a_dropped_text_is_no_longer_found_by_its_old_words() -> None:
    index: Index[int] = Index()
    index.put(1, "炒菜时油锅起火")
    index.put(1, "骑自行车过马路")
    assert index.nearest("炒菜时油锅起火") == []
    assert index.nearest("骑自行车过马路") == [(1, 1.0)]
    index.drop(1)
    assert index.nearest("骑自行车过马路") == []


def test_a_question_is_not_alike_to_itself() -> None:
    index: Index[int] = Index()
    index.put(1, "炒菜时油锅起火")
    assert index.nearest("炒菜时油锅起火", without=1) == []


def test_five_thousand_stems_are_searched_in_a_tenth_of_a_second() -> None:
    stems = many_stems(5_000)
    index: Index[int] = Index()
    for key, stem in enumerate(stems):
        index.put(key, stem)
    took = []
    for stem in stems[:20]:
        started = time.perf_counter()
        assert index.nearest(stem + "请说说看")
        took.append(time.perf_counter() - started)
    assert sorted(took)[10] < 0.1


def many_stems(count: int) -> list[str]:
    """Stems that share most of their words, as a bank's do."""
    who = ["同学们", "班主任", "校医", "门卫", "宿管员", "食堂师傅", "家长", "值周教师", "体育教师", "校车司机"]
    where = ["在教室里", "在操场上", "在楼梯口", "在食堂门口", "在宿舍走廊", "在校门外", "在实验室", "在校车上", "在河边", "在家里"]
    what = ["发现有人触电", "闻到煤气味", "看见油锅起火", "遇到拥挤推搡", "发现陌生人跟随", "看到有人落水", "听见地震警报", "发现食物变质"]
    ask = ["首先应当怎么做", "下面哪种做法正确", "哪种做法最危险", "应当按什么顺序处置", "怎样报告才算及时", "哪些做法不对", "该向谁求助"]
    return [
        f"{who[i % 10]}{where[i // 10 % 10]}{what[i // 100 % 8]}，{ask[i // 800 % 7]}？情形{i}" for i in range(count)
    ]
