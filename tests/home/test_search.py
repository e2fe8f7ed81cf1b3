"""Searching the content that is shipped: teachers' words find the lesson, and nothing typed is a dead end."""

from __future__ import annotations

import pytest
from django.urls import reverse

from home.search import LONGEST, names, search

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]


def lessons(query: str) -> list[str]:
    return [hit.page.topic_slug for hit in search(query).lessons]


@pytest.mark.parametrize(
    ("query", "topic"),
    [
        ("溺水", "drowning"),
        ("防溺", "drowning"),
        ("防溺水", "drowning"),
        ("滑冰", "drowning"),
        ("溜冰", "drowning"),
        ("一氧化碳", "gas-poisoning"),
        ("煤气", "gas-poisoning"),
        ("CO", "gas-poisoning"),
        ("霸凌", "bullying-violence"),
        ("欺凌", "bullying-violence"),
        ("湿毛巾", "fire"),
        ("96110", "theft-fraud"),
        ("９６１１０", "theft-fraud"),
        ("踩踏", "stampede"),
        ("火", "fire"),
        ("水", "drowning"),
        ("防心理脆弱", "mental-health"),
    ],
)
def test_a_teachers_word_puts_the_right_lesson_first(query, topic):
    assert lessons(query)[0] == topic


@pytest.mark.parametrize(("one", "other"), [("一氧化碳", "煤气"), ("霸凌", "欺凌"), ("溜冰", "滑冰")])
def test_two_words_for_one_thing_find_the_same(one, other):
    first, second = search(one), search(other)
    assert lessons(one) == lessons(other)
    assert {hit.stem for hit in first.questions} == {hit.stem for hit in second.questions} != set()


def test_carbon_monoxide_questions_are_found_by_either_word():
    stems = [hit.stem for hit in search("煤气").questions]
    assert any("一氧化碳" in stem and "煤气" not in stem for stem in stems)


def test_nothing_found_leads_to_near_topics_then_to_all():
    results = search("水果沙拉")
    assert not results.found
    assert "drowning" in [hit.page.topic_slug for hit in results.near]
    assert len(results.near) + len(results.others) == 15


def test_empty_shows_all_topics_in_their_order():
    results = search("   ")
    assert not results.found and results.near == []
    assert [hit.page.topic_slug for hit in results.others][:3] == ["drowning", "fire", "traffic"]


def test_a_very_long_query_is_cut_and_says_so(client):
    response = client.get(reverse("home:search"), {"q": "溺水" * 150})
    assert response.status_code == 200
    assert len(response.context["results"].query) == LONGEST
    assert "只用了前 100 个字" in response.content.decode()


@pytest.mark.parametrize(
    "query", ["<script>alert(1)</script>", '"\' * ^ (', "and or not near", "\0", "a:b -c", "🙂", "%s", "NEAR(溺 水)"]
)
def test_markup_and_search_syntax_are_only_text(client, query):
    response = client.get(reverse("home:search"), {"q": query})
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


def test_a_question_shows_its_stem_and_never_its_key(client):
    page = client.get(reverse("home:search"), {"q": "湿毛巾"}).content.decode()
    hits = search("湿毛巾").questions
    assert hits and all(hit.stem in page for hit in hits)
    from quizzes.bank.models import Question

    keys = [o.text for q in Question.objects.filter(stem__in=[h.stem for h in hits]) for o in q.body.options if o.right]
    assert [key for key in keys if len(key) > 2 and key in page] == []


@pytest.mark.parametrize("query", ["滑冰", "水", "煤气", "飞碟"])
def test_the_number_of_queries_does_not_grow_with_the_hits(client, django_assert_max_num_queries, query):
    client.get(reverse("home:search"), {"q": query})  # fills the content type and site caches
    with django_assert_max_num_queries(9):
        client.get(reverse("home:search"), {"q": query})


def test_names_needs_a_whole_latin_word():
    assert names(["防煤气中毒", "防一氧化碳", "CO"], "co")
    assert not names(["防煤气中毒", "防一氧化碳", "CO"], "cool")
