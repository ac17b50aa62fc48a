"""Has the people of a world read what they were told, but for the latest: an unread badge of fifty would be nobody's.

What follows a payment, its reward and its notifications, arrives through the broker a moment later; so one waits for it, for a while.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Final

from payflow.dev.seed.member import Member

LEFT_UNREAD: Final = 3
SETTLED_AFTER_S: Final = 1.0  # without a new notification for anybody: they take a tenth of that
PATIENCE_S: Final = 15.0  # for a platform that is busy; what comes later stays unread
LOOK_S: Final = 0.25


async def read_all_but_the_latest(members: Iterable[Member]) -> None:
    """For each of them, once no more is coming."""
    readers = list(members)
    await _settled(readers)
    for reader in readers:
        await reader.read_but(LEFT_UNREAD)


async def _settled(readers: list[Member]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    known, since = -1, time.monotonic()
    while (now := time.monotonic()) < deadline and now - since < SETTLED_AFTER_S:
        unread = sum(await asyncio.gather(*(reader.unread() for reader in readers)))
        if unread != known:
            known, since = unread, time.monotonic()
        await asyncio.sleep(LOOK_S)
