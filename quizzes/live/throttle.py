"""Token buckets, pure: how many actions a key may take at once and how fast it earns new ones.

A school is one address: limits an address are made for a hall of people, not for one visitor.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

MAX_KEYS = 20_000


@dataclass
class Bucket:
    """One key's allowance: `burst` at once, `rate` more a second."""

    burst: float
    rate: float
    level: float
    at: float

    def take(self, now: float) -> float:
        """0 when the action is allowed, otherwise the seconds until it will be."""
        self.level = min(self.burst, self.level + max(0.0, now - self.at) * self.rate)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.rate


@dataclass
class Throttle:
    """A bucket for every key. The least recently used keys are forgotten when there are too many."""

    burst: float
    rate: float
    _buckets: OrderedDict[str, Bucket] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)
    """Pages are served in threads, sockets in the event loop; both may ask."""

    def wait(self, key: str, now: float) -> int:
        """0 when allowed, otherwise whole seconds to wait."""
        with self._lock:
            bucket = self._buckets.get(key)
            if bucket is None:
                bucket = self._buckets[key] = Bucket(self.burst, self.rate, self.burst, now)
                if len(self._buckets) > MAX_KEYS:
                    self._buckets.popitem(last=False)
            self._buckets.move_to_end(key)
            return math.ceil(bucket.take(now))


@dataclass
class Limits:
    """All limits of one process."""

    joins_by_address: Throttle = field(default_factory=lambda: Throttle(200, 30))
    joins_by_room: Throttle = field(default_factory=lambda: Throttle(600, 200))
    misses_by_address: Throttle = field(default_factory=lambda: Throttle(60, 1))
    """Codes that do not exist; somebody is trying numbers."""
    rooms_by_address: Throttle = field(default_factory=lambda: Throttle(60, 0.5))
    polls_by_address: Throttle = field(default_factory=lambda: Throttle(600, 200))


def frames_of_a_socket(now: float) -> Bucket:
    """What one socket may send."""
    return Bucket(burst=40, rate=20, level=40, at=now)
