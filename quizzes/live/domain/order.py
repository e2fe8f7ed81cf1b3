"""The order in which one player's phone lists the options, so that a neighbour's position tells nothing.

Presentation only: letter, shape and colour stay with the option, and answers travel as the room's own
option numbers. `site/static/js/live-order.js` holds the same few lines; docs/live-protocol.md
describes them, and a test runs both.
"""

from __future__ import annotations

from quizzes.live.domain.room import Kind

_MASK = 0xFFFFFFFF
_GOLDEN = 0x9E3779B1
"""2**32 divided by the golden ratio: neighbouring question numbers start far apart."""
_WARM_UP = 4


def _step(x: int) -> int:
    """One step of Marsaglia's xorshift32 (13, 17, 5)."""
    x ^= (x << 13) & _MASK
    x ^= x >> 17
    return x ^ ((x << 5) & _MASK)


def option_order(seed: int, index: int, options: int, kind: Kind | str) -> list[int]:
    """The option numbers in the order in which this player sees them. 对/错 is never shuffled."""
    order = list(range(options))
    if kind == Kind.JUDGE:
        return order
    x = (seed ^ ((index + 1) * _GOLDEN)) & _MASK or 1
    for _ in range(_WARM_UP):
        x = _step(x)
    for last in range(options - 1, 0, -1):
        x = _step(x)
        other = x % (last + 1)
        order[last], order[other] = order[other], order[last]
    return order
