"""Search over lessons and questions. Chinese is compared by character pairs (see `common.text`).

A topic's own words count as well: whoever types 霸凌 wants the lesson on 欺凌, whatever its text says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from wagtail.search.backends import get_search_backend
from wagtail.search.query import Or, PlainText, SearchQuery

from common.text import alternatives, query_tokens, runs, shared_characters
from lessons import services
from lessons.models import LessonPage, TopicEntry
from quizzes.bank.domain.body import KINDS
from quizzes.bank.services import search_published

LONGEST = 100
MOST_QUESTIONS = 30
# Words for the same thing. A topic's list of search words is wider (滑冰 stands beside 水库): it leads
# to the lesson, but putting one for the other would find questions that nobody asked for.
SAME = (
    frozenset({"一氧化碳", "煤气", "煤烟"}),
    frozenset({"霸凌", "欺凌", "欺负"}),
    frozenset({"溜冰", "滑冰", "冰面", "野冰"}),
    frozenset({"诈骗", "反诈", "骗局", "电诈"}),
    frozenset({"踩踏", "拥挤"}),
    frozenset({"烟花", "爆竹", "鞭炮", "放炮"}),
    frozenset({"插座", "插排", "插线板"}),
)


class LessonHit(NamedTuple):
    topic: TopicEntry | None
    page: LessonPage


@dataclass(frozen=True)
class QuestionHit:
    """A question without its options: the key stays in the lesson and the live room."""

    stem: str
    kind: str
    topic: TopicEntry | None
    url: str


@dataclass
class Results:
    query: str
    shortened: bool = False
    lessons: list[LessonHit] = field(default_factory=list)
    questions: list[QuestionHit] = field(default_factory=list)
    more_questions: bool = False
    # Only when nothing was found: the topics nearest to what was typed, then the others.
    near: list[LessonHit] = field(default_factory=list)
    others: list[LessonHit] = field(default_factory=list)

    @property
    def found(self) -> bool:
        return bool(self.lessons or self.questions)


def search(typed: str) -> Results:
    """What the site has for the words typed. The number of database queries does not grow with the hits."""
    typed = " ".join(typed.replace("\0", " ").split())
    results = Results(typed[:LONGEST], shortened=len(typed) > LONGEST)
    topics = services.topics()
    pages = {page.topic_slug: page for page in services.published_lessons().defer("steps")}
    order = [LessonHit(entry, pages[entry.slug]) for entry in topics if entry.slug in pages]
    named = {entry.slug: entry for entry in topics}
    wanted = expression(results.query)
    if wanted is not None:
        index = get_search_backend()
        bureau = LessonPage.objects.filter(pk__in=[page.pk for page in pages.values()]).defer("steps")
        ranked = [page.topic_slug for page in index.search(wanted, bureau)]
        questions = search_published(wanted, MOST_QUESTIONS + 1)
        # The databases rank long texts each in its own way; how many questions ask about it is the same in both.
        asked = Counter(question.topic_slug for question in questions)
        first = [slug for slug in pages if slug in named and names(named[slug].words(), results.query)]
        slugs = sorted(
            dict.fromkeys([*first, *ranked]), key=lambda slug: (slug not in first, -asked[slug], _rank(ranked, slug))
        )
        results.lessons = [LessonHit(named.get(slug), pages[slug]) for slug in slugs]
        results.more_questions = len(questions) > MOST_QUESTIONS
        results.questions = [
            QuestionHit(q.stem, KINDS[q.kind], named.get(q.topic_slug), _url(pages, q.topic_slug))
            for q in questions[:MOST_QUESTIONS]
        ]
    if not results.found:
        results.near, results.others = suggest(results.query, order)
    return results


def expression(query: str) -> SearchQuery | None:
    """All the pairs of the query, or of one of its other wordings; None when nothing can be searched."""
    wordings = [query_tokens(wording) for wording in alternatives(query, SAME)]
    parts = [PlainText(" ".join(tokens), operator="and") for tokens in wordings if tokens]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Or(parts)


def names(words: Iterable[str], query: str) -> bool:
    """Whether one of a topic's words is in the query, or the query is in one of them."""
    asked = "".join(runs(query))
    if not asked or (asked.isascii() and len(asked) < 2):
        return False
    words = list(words)
    if len(asked) == 1:
        words = words[:2]  # a lone character: only the titles, or half of all topics would match
    for word in words:
        word = "".join(runs(word))
        if asked in word or (len(word) > 1 and word in asked and not (word.isascii() and word != asked)):
            return True
    return False


def suggest(query: str, hits: Sequence[LessonHit], most: int = 4) -> tuple[list[LessonHit], list[LessonHit]]:
    """The topics that share most characters with the query, and the rest in their own order."""

    chinese = "".join(run for run in runs(query) if not run.isascii())

    def likeness(hit: LessonHit) -> int:
        words = hit.topic.words() if hit.topic else [hit.page.title]
        return max(shared_characters(chinese, word) for word in words)

    scored = sorted(((likeness(hit), -n, hit) for n, hit in enumerate(hits)), key=lambda row: row[:2], reverse=True)
    near = [hit for score, _n, hit in scored if score][:most]
    return near, [hit for hit in hits if hit not in near]


def _rank(ranked: list[str], slug: str) -> int:
    return ranked.index(slug) if slug in ranked else len(ranked)


def _url(pages: dict[str, LessonPage], slug: str) -> str:
    return (pages[slug].url or "") if slug in pages else ""
