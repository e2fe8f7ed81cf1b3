"""Near-duplicates: how alike two stems are, and the look for the most alike among thousands. Pure.

A text is the set of its pairs of characters, without punctuation and in one width. Two sets are compared
by what they share (Jaccard) and by how much of the shorter stands in the longer (containment), so that a
stem with a sentence put before it is still found.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping
from typing import Generic, TypeVar

from common.text import MARKS, normalise

Key = TypeVar("Key", bound=Hashable)
Grams = frozenset[str]
LIKELY = 0.5
"""From here on a person is told while typing."""
DOUBTFUL = 0.6
"""From here on a pair stands in the report of the whole bank."""
_CONTAINED, _LEAST_GRAMS = 0.9, 6
"""A stem that stands whole in another is worth this much, if it has that many pairs."""


def grams(text: str) -> Grams:
    """The pairs of neighbouring characters of a text; a text of one character is itself."""
    plain = MARKS.sub("", normalise(text)).replace("_", "")
    if len(plain) < 2:
        return frozenset([plain] if plain else ())
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))


def likeness(a: Grams, b: Grams) -> float:
    """0 for nothing in common, 1 for the same text."""
    return _score(len(a & b), len(a), len(b))


def _score(shared: int, a: int, b: int) -> float:
    if not shared:
        return 0.0
    jaccard = shared / (a + b - shared)
    shorter = min(a, b)
    return max(jaccard, _CONTAINED * shared / shorter) if shorter >= _LEAST_GRAMS else jaccard


class Index(Generic[Key]):
    """Texts by their pairs of characters, kept up to date one by one."""

    def __init__(self) -> None:
        self._grams: dict[Key, Grams] = {}
        self._holders: dict[str, set[Key]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._grams)

    def put(self, key: Key, text: str) -> None:
        """Add a text, or put it in the place of the one with the same key."""
        self.drop(key)
        self._grams[key] = grams(text)
        for gram in self._grams[key]:
            self._holders[gram].add(key)

    def drop(self, key: Key) -> None:
        for gram in self._grams.pop(key, ()):
            self._holders[gram].discard(key)

    def nearest(self, text: str, *, most: int = 5, least: float = LIKELY, without: Key | None = None) -> list[tuple[Key, float]]:
        """The most alike texts with their likeness, the best first; those below `least` are not told."""
        wanted = grams(text)
        shared: Counter[Key] = Counter()
        for gram in wanted:
            shared.update(self._holders.get(gram, ()))
        shared.pop(without, None)  # type: ignore[arg-type]
        found = [(key, _score(count, len(wanted), len(self._grams[key]))) for key, count in shared.items()]
        return sorted((pair for pair in found if pair[1] >= least), key=lambda pair: -pair[1])[:most]


def pairs(texts: Mapping[Key, str], *, least: float = DOUBTFUL) -> list[tuple[Key, Key, float]]:
    """Every two texts that share at least `least` by Jaccard, the most alike first.

    Only the rarest pairs of characters of each text are looked up: two texts that alike must share one
    of those (prefix filtering), which keeps 5,000 questions within a second or two.
    """
    sets = {key: grams(text) for key, text in texts.items()}
    rarity = Counter(gram for held in sets.values() for gram in held)
    holders: dict[str, list[Key]] = defaultdict(list)
    found: list[tuple[Key, Key, float]] = []
    for key, held in sets.items():
        candidates: set[Key] = set()
        for gram in _prefix(held, rarity, least):
            candidates.update(holders[gram])
            holders[gram].append(key)
        found.extend(_alike(key, held, candidates, sets, least))
    return sorted(found, key=lambda pair: -pair[2])


def _prefix(held: Grams, rarity: Mapping[str, int], least: float) -> list[str]:
    ordered = sorted(held, key=lambda gram: (rarity[gram], gram))
    return ordered[: len(held) - math.ceil(least * len(held)) + 1]


def _alike(
    key: Key, held: Grams, candidates: set[Key], sets: Mapping[Key, Grams], least: float
) -> Iterator[tuple[Key, Key, float]]:
    for other in candidates:
        shared = len(held & sets[other])
        jaccard = shared / (len(held) + len(sets[other]) - shared)
        if jaccard >= least:
            yield other, key, jaccard
