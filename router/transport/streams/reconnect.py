"""Keeps a subscription up: where its connection is lost, it is opened again, a few times, ever more patiently.

The pauses grow exponentially and are drawn at random below that ("full jitter"): a subgraph that comes back is not met by everybody
at once. Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from random import uniform
from typing import Final, TypeAlias

from router.errors import SubgraphFailure
from router.limits import RECONNECT_FIRST_S, RECONNECT_PAUSE_MAX_S, RECONNECT_STEADY_S, RECONNECT_TRIES
from router.transport.base import SubgraphResponse

Open: TypeAlias = Callable[[], AbstractAsyncContextManager[AsyncIterator[SubgraphResponse]]]
"""Opens a subscription anew. Raises SubgraphFailure, on entering or from its events: one that is `passing` where another try may help."""


@dataclass(frozen=True, slots=True)
class Reconnect:
    """How often a lost subscription is opened again, in a row, and how long to wait before: below `first_s`, then twice that, and
    so on up to `pause_max_s`. A connection that held for `steady_s` counts as a success, and the row begins again."""

    tries: int = RECONNECT_TRIES
    first_s: float = RECONNECT_FIRST_S
    pause_max_s: float = RECONNECT_PAUSE_MAX_S
    steady_s: float = RECONNECT_STEADY_S

    def pause_s(self, tried: int, *, drawn: float) -> float | None:
        """How long to wait before another try, after so many; None where it is time to give up. `drawn` is from 0 to 1."""
        if tried >= self.tries:
            return None
        # The exponent is bounded: floats are not.
        return drawn * min(self.pause_max_s, self.first_s * 2.0 ** min(tried, 32))


NEVER: Final = Reconnect(tries=0)


async def kept_up(open_anew: Open, reconnect: Reconnect) -> AsyncGenerator[SubgraphResponse, None]:
    """The events of a subscription, over as many connections as it takes.

    What cannot be opened the first time fails at once. Raises the last failure where it is given up.
    """
    clock = asyncio.get_running_loop().time
    opened_at: float | None = None
    tried = 0
    while True:
        try:
            async with open_anew() as events:
                opened_at = clock()
                async for event in events:
                    yield event
            return
        except SubgraphFailure as failure:
            if opened_at is None or not failure.passing:
                raise
            tried = 0 if clock() - opened_at >= reconnect.steady_s else tried
            pause_s = reconnect.pause_s(tried, drawn=uniform(0, 1))  # noqa: S311 - no secret
            if pause_s is None:
                raise
            tried += 1
            await asyncio.sleep(pause_s)
