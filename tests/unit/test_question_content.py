"""The shipped questions are fair: no place or length betrays a key, every class and post has some."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from people.posts import posts
from quizzes.bank.domain.body import CHOICE_KINDS, KINDS
from quizzes.bank.shapes import BANDS, read_folder

Question = dict[str, Any]

TOPICS = [
    "drowning",
    "fire",
    "traffic",
    "electric-shock",
    "gas-poisoning",
    "food-poisoning",
    "infectious-disease",
    "stampede",
    "natural-disaster",
    "bullying-violence",
    "abuse-abduction",
    "theft-fraud",
    "harmful-temptation",
    "accidental-injury",
    "mental-health",
]
PUPILS = ("K", "P1", "P2", "J", "S")
# The marks of the content brief's sources: public pages by number, founding documents. What none of
# them says is G, shown as 待核.
PAGES = """
    1-6 10-18 20-49 51-58 60-67 70-82 85-93 95-98 100-103 105-108 110-111 113-115 120-121 125-127
    130-133 135-136 140-141 145-146 150-156 160-169
"""
SPANS = [span.split("-") for span in PAGES.split()]
BRIEF = {f"V{n}" for first, last in SPANS for n in range(int(first), int(last) + 1)}
BRIEF |= {"V33b", "V80b", "V95b", "V97b", "V156b", "S0", "S1", "S2", "S3", "S4a", "S4b"}


def by_topic() -> dict[str, list[Question]]:
    """Every question by its topic; a topic may be written in several files."""
    found: defaultdict[str, list[Question]] = defaultdict(list)
    for data in read_folder()[0]:
        found[data["topic"]] += data["questions"]
    return dict(found)


FILES = by_topic()
QUESTIONS = [question for questions in FILES.values() for question in questions]


def is_for_pupils(question: Question) -> bool:
    return not set(question["bands"]).isdisjoint(PUPILS)


def is_for_staff_alone(question: Question) -> bool:
    return set(question["bands"]) == {"T"}


AUDIENCES = {
    "all": QUESTIONS,
    "pupils": [question for question in QUESTIONS if is_for_pupils(question)],
    "staff": [question for question in QUESTIONS if is_for_staff_alone(question)],
}


def with_parts(questions: list[Question]) -> Iterator[Question]:
    """The questions, and after a case what it asks one by one."""
    for question in questions:
        yield question
        yield from question.get("parts", ())


def of_kind(kind: str, questions: list[Question] = QUESTIONS) -> list[Question]:
    return [question for question in with_parts(questions) if question["type"] == kind]


def right_places(question: Question) -> list[int]:
    return [i for i, option in enumerate(question["options"]) if option.get("right")]


def every_text(question: Question) -> list[str]:
    """Whatever a person reads of a question, parts included."""
    options = question.get("options", ())
    pairs = question.get("pairs", ())
    texts = [question["stem"], question.get("explanation", ""), question.get("answer", "")]
    texts += [option["text"] for option in options]
    texts += [option.get("misconception", "") for option in options]
    texts += [accepted for blank in question.get("blanks", ()) for accepted in blank]
    texts += question.get("items", ())
    texts += [text for pair in pairs for text in (pair.get("left", ""), pair["right"])]
    texts += [line["text"] for line in question.get("rubric", ())]
    texts += [text for part in question.get("parts", ()) for text in every_text(part)]
    return [text for text in texts if text]


def short_texts(question: Question) -> list[str]:
    """What stands on one tile of the wall or one row of a phone."""
    pairs = question.get("pairs", ())
    texts = [option["text"] for option in question.get("options", ())]
    texts += question.get("items", ())
    texts += [text for pair in pairs for text in (pair.get("left", ""), pair["right"])]
    texts += [text for part in question.get("parts", ()) for text in short_texts(part)]
    return texts


def true_share(questions: list[Question]) -> float:
    judged = of_kind("judge", questions)
    return sum(right_places(question) == [0] for question in judged) / len(judged)


# --- how many -----------------------------------------------------------------------------------
def test_no_file_of_the_bank_has_a_fault() -> None:
    assert [str(problem) for problem in read_folder()[1]] == []


def test_there_are_fifteen_topics_and_four_hundred_and_fifty_questions_or_more() -> None:
    assert sorted(FILES) == sorted(TOPICS)
    assert min(len(questions) for questions in FILES.values()) >= 30
    assert len(QUESTIONS) >= 450


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_has_fifteen_questions_for_pupils_and_fifteen_for_posts(topic: str) -> None:
    assert sum(is_for_pupils(question) for question in FILES[topic]) >= 15
    assert sum(bool(question.get("posts")) for question in FILES[topic]) >= 15


@pytest.mark.parametrize(("topic", "band"), list(product(TOPICS, PUPILS)))
def test_every_class_has_three_questions_on_every_topic(topic: str, band: str) -> None:
    assert sum(band in question["bands"] for question in FILES[topic]) >= 3


@pytest.mark.parametrize("band", ["T", "F"])
def test_staff_and_parents_have_a_question_on_every_topic(band: str) -> None:
    assert all(any(band in q["bands"] for q in questions) for questions in FILES.values())


@pytest.mark.parametrize("post", list(posts()))
def test_every_post_has_five_questions_of_its_own_or_more(post: str) -> None:
    assert sum(post in question.get("posts", ()) for question in QUESTIONS) >= 5


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_of_question_is_in_the_bank(kind: str) -> None:
    assert any(question["type"] == kind for question in QUESTIONS)


def test_no_two_questions_ask_the_same_in_the_same_words() -> None:
    stems = Counter(re.sub(r"\W|_", "", question["stem"]) for question in QUESTIONS)
    assert [stem for stem, count in stems.items() if count > 1] == []


# --- no key is betrayed -------------------------------------------------------------------------
@pytest.mark.parametrize("audience", list(AUDIENCES))
def test_no_place_holds_the_key_of_a_single_choice_more_often_than_others(audience: str) -> None:
    singles = of_kind("single", AUDIENCES[audience])
    places = Counter(right_places(question)[0] for question in singles)
    shares = [places[i] / places.total() for i in range(4)]
    assert all(0.2 <= share <= 0.3 for share in shares), shares


@pytest.mark.parametrize("topic", TOPICS)
def test_no_place_holds_half_the_keys_of_a_topic(topic: str) -> None:
    places = Counter(right_places(question)[0] for question in of_kind("single", FILES[topic]))
    assert max(places.values()) / places.total() <= 0.45, places


@pytest.mark.parametrize("audience", list(AUDIENCES))
def test_the_longest_option_is_the_key_no_more_often_than_by_chance(audience: str) -> None:
    singles = of_kind("single", AUDIENCES[audience])
    longest = shortest = 0
    for question in singles:
        key = right_places(question)[0]
        lengths = [len(option["text"]) for option in question["options"]]
        others = lengths[:key] + lengths[key + 1 :]
        longest += lengths[key] > max(others)
        shortest += lengths[key] < min(others)
    assert longest / len(singles) <= 0.3
    assert shortest / len(singles) <= 0.3


@pytest.mark.parametrize("audience", list(AUDIENCES))
def test_true_statements_are_neither_rare_nor_the_rule(audience: str) -> None:
    assert 0.4 <= true_share(AUDIENCES[audience]) <= 0.6


@pytest.mark.parametrize("band", list(BANDS))
def test_true_statements_are_neither_rare_nor_the_rule_in_any_band(band: str) -> None:
    assert 0.3 <= true_share([q for q in QUESTIONS if band in q["bands"]]) <= 0.7


@pytest.mark.parametrize("audience", list(AUDIENCES))
def test_the_wrong_option_of_a_multiple_choice_stands_in_every_place(audience: str) -> None:
    questions = AUDIENCES[audience]
    chosen = [q for kind in ("multiple", "indefinite") for q in of_kind(kind, questions)]
    wrong = Counter(i for q in chosen for i in range(len(q["options"])) if i not in right_places(q))
    assert set(wrong) >= {0, 1, 2, 3}
    assert max(wrong.values()) / wrong.total() <= 0.45
    assert {len(right_places(question)) for question in of_kind("multiple", questions)} >= {2, 3}


def test_wrong_options_say_what_they_stand_for() -> None:
    choices = [question for question in with_parts(QUESTIONS) if question["type"] in CHOICE_KINDS]
    wrong = [option for q in choices for option in q["options"] if not option.get("right")]
    named = [option for option in wrong if "misconception" in option]
    assert len(named) / len(wrong) >= 0.95


# --- how it is written --------------------------------------------------------------------------
def offenders(pattern: str) -> list[tuple[str, str]]:
    """Every text of the bank that holds a pattern, with the id of its question."""
    return [
        (question["id"], text) for question in QUESTIONS for text in every_text(question) if re.search(pattern, text)
    ]


def test_what_pupils_and_parents_read_fits_the_wall_and_the_phone() -> None:
    read = [question for question in QUESTIONS if not is_for_staff_alone(question)]
    texts = [(question["id"], text) for question in read for text in short_texts(question)]
    assert [(code, text) for code, text in texts if len(text) > 28] == []
    assert [q["id"] for q in read if len(q["stem"]) > 80 or len(q["explanation"]) > 120] == []


def test_punctuation_is_full_width() -> None:
    assert offenders(r"[,;:?!()~<>\"']") == []


def test_brackets_and_quotation_marks_come_in_pairs() -> None:
    left = [
        (question["id"], text)
        for question in QUESTIONS
        for text in every_text(question)
        for opening, closing in ("“”", "《》", "（）")
        if text.count(opening) != text.count(closing)
    ]
    assert left == []


ENDINGS = {"judge": "。", "blank": "。", "order": "。？", "match": "。？", "case": "。？", "short": "。？"}


def test_statements_end_as_statements_and_questions_as_questions() -> None:
    strange = [
        question["stem"]
        for question in with_parts(QUESTIONS)
        if question["stem"][-1] not in ENDINGS.get(question["type"], "？")
    ]
    assert strange == []
    reasons = [question["explanation"] for question in with_parts(QUESTIONS) if "explanation" in question]
    assert [reason for reason in reasons if not reason.endswith("。")] == []


def test_every_question_says_where_its_fact_comes_from() -> None:
    assert [question["id"] for question in QUESTIONS if not question["source"].strip()] == []


def test_what_no_source_of_the_brief_says_is_marked_as_still_to_be_checked() -> None:
    marks = [(q["id"], mark) for q in QUESTIONS for mark in q["source"].split("、")]
    assert [(code, mark) for code, mark in marks if mark != "G" and mark not in BRIEF] == []


def test_no_question_speaks_about_how_it_was_written() -> None:
    assert offenders("种子|编辑|材料要求") == []


# --- what needs care ----------------------------------------------------------------------------
def test_the_topic_on_feelings_always_leaves_a_number_to_call() -> None:
    said = [" ".join(every_text(question)) for question in FILES["mental-health"]]
    assert [text for text in said if "12356" not in text] == []


def test_asking_about_suicide_is_never_put_to_younger_pupils() -> None:
    [question] = [question for question in QUESTIONS if question["id"] == "q075"]
    assert set(question["bands"]) == {"T", "F", "S"}
    assert "用语以专业人员审定为准" in question["explanation"]
    young = [q for q in QUESTIONS if not {"K", "P1", "P2", "J"}.isdisjoint(q["bands"])]
    words = re.compile("自杀|轻生|自残|自伤")
    assert [q["id"] for q in young if any(words.search(text) for text in every_text(q))] == []


def test_no_question_promises_a_certificate_that_only_the_police_may_give() -> None:
    assert offenders("保安员证|国家职业资格") == []
