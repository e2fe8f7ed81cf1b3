"""What a bank holds, counted. Pure: from items to plain numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from quizzes.bank.domain.body import KINDS, LETTERS, Item, needs_check

PUPILS = frozenset({"K", "P1", "P2", "J", "S"})


def audiences(bands: Iterable[str]) -> list[str]:
    """`pupils`, `staff` and `parents`: all for whom a question is."""
    found = set(bands)
    named = (("pupils", PUPILS), ("staff", {"T"}), ("parents", {"F"}))
    return [name for name, who in named if found & who]


def inventory(items: Iterable[Item]) -> dict[str, Any]:
    """Counts by topic, audience, band, post, type, difficulty and key position. A question counts for each of its bands."""
    items = list(items)
    topics: dict[str, Counter[str]] = {}
    for item in items:
        topics.setdefault(item.labels.topic, Counter()).update(["all", *audiences(item.labels.bands)])
    return {
        "total": len(items),
        "to_check": sum(needs_check(item.body) for item in items),
        "by_topic": {topic: dict(counts) for topic, counts in sorted(topics.items())},
        "by_audience": _counted(name for item in items for name in audiences(item.labels.bands)),
        "by_band": _counted(band for item in items for band in item.labels.bands),
        "by_post": _counted(post for item in items for post in item.labels.posts),
        "by_type": {kind: sum(item.body.kind == kind for item in items) for kind in KINDS},
        "by_difficulty": _counted(str(item.labels.difficulty) for item in items),
        "single_key_position": key_positions(items),
        "judge": judge_balance(items),
    }


def key_positions(items: Iterable[Item]) -> dict[str, int]:
    """For single choice with four options: how often each letter is the key."""
    found: Counter[str] = Counter({letter: 0 for letter in LETTERS[:4]})
    for item in items:
        if item.body.kind == "single" and len(item.body.options) == 4:
            found.update(LETTERS[i] for i in item.body.right)
    return dict(found)


def judge_balance(items: Iterable[Item]) -> dict[str, int]:
    """How many true/false statements are true and false."""
    judged = [item.body.options[0].right for item in items if item.body.kind == "judge"]
    return {"true": sum(judged), "false": len(judged) - sum(judged)}


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
