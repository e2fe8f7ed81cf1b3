"""From question cards to a room's deck: which questions, and their options in this room's order.

The only place of the live room where chance plays; it takes its `rng` from the caller.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from quizzes.live.domain.room import Kind, Mode, Slide

DECK_SIZE = 5
ENOUGH = 3
_NEIGHBOURS: dict[str, tuple[str, ...]] = {
    "K": ("P1",),
    "P1": ("P2", "K"),
    "P2": ("P1", "J"),
    "J": ("P2", "S"),
    "S": ("J",),
    "T": ("S", "F"),
    "F": ("T", "P2"),
}
BANDS: tuple[str, ...] = tuple(_NEIGHBOURS)
QUIET_TOPICS = frozenset({"abuse-abduction", "mental-health"})
"""Topics where nobody is told right or wrong and no distribution is shown: a child may be concerned."""


def shuffled(slide: Slide, rng: random.Random) -> Slide:
    """The slide with its options in a new order; 对/错 keeps its order."""
    if slide.kind is Kind.JUDGE:
        return slide
    options = list(slide.options)
    rng.shuffle(options)
    return replace(slide, options=tuple(options))


def choose(
    published: Callable[[str], Sequence[Slide]],
    band: str,
    mode: Mode,
    rng: random.Random,
) -> tuple[Slide, ...]:
    """Up to five slides of this band; from neighbouring bands only when it has fewer than three."""
    chosen = _pick(published(band), mode, (), rng)
    for neighbour in _NEIGHBOURS.get(band, ()):
        if len(chosen) >= ENOUGH:
            break
        chosen = _pick(published(neighbour), mode, chosen, rng)
    return tuple(shuffled(slide, rng) for slide in chosen[:DECK_SIZE])


def _pick(
    slides: Iterable[Slide], mode: Mode, have: Sequence[Slide], rng: random.Random
) -> list[Slide]:
    codes = {slide.code for slide in have}
    fresh = [slide for slide in slides if slide.code not in codes]
    rng.shuffle(fresh)
    if mode is Mode.HANDS:
        fresh.sort(key=lambda slide: slide.kind is Kind.MULTIPLE)  # hands show one option at a time
    return [*have, *fresh]
