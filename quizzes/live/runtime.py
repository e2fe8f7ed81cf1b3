"""The one live service of this process, made when the first socket or request arrives.

With it begins the hourly sweep: the end page promises deletion, and a school has no administrator who
would set up a timer for it.
"""

from __future__ import annotations

import asyncio
import logging
from weakref import WeakKeyDictionary

from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.utils import timezone

from quizzes.live.bridge import Bridge
from quizzes.live.db import READERS, in_thread
from quizzes.live.service import LiveService
from quizzes.live.sweep import sweep

log = logging.getLogger(__name__)

FIRST_SWEEP = 60.0
SWEEP_EVERY = 3600.0
_SERVICES: WeakKeyDictionary[asyncio.AbstractEventLoop, LiveService] = WeakKeyDictionary()
_SWEEPERS: set[asyncio.Task[None]] = set()


def live_service() -> LiveService:
    """The service of the running event loop. A server has one loop; a test run has many."""
    loop = asyncio.get_running_loop()
    service = _SERVICES.get(loop)
    if service is None:
        service = _SERVICES[loop] = LiveService()
        layer = get_channel_layer()
        if layer is not None and not isinstance(layer, InMemoryChannelLayer):
            service.hub.elsewhere = Bridge(layer, service.hub)
        sweeper = asyncio.create_task(_sweep_for_ever())
        _SWEEPERS.add(sweeper)
        sweeper.add_done_callback(_SWEEPERS.discard)
    return service


async def _sweep_for_ever() -> None:
    """Several processes may do this at the same time: a room that is gone is skipped."""
    await asyncio.sleep(FIRST_SWEEP)
    while True:
        try:
            await in_thread(READERS, sweep, timezone.now())
        except Exception:
            log.exception("live: the sweep failed and is tried again in an hour")
        await asyncio.sleep(SWEEP_EVERY)
