"""Work that runs beside a server for as long as it serves: relays, workers, consumers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import structlog

from payflow.kernel.errors import one_line

CANCEL_AGAIN_S = 5.0  # for what work does when it is cancelled; past that its cancellation was lost on the way

log = structlog.get_logger(__name__)


@asynccontextmanager
async def running(work: Coroutine[Any, Any, None], *, name: str) -> AsyncIterator[asyncio.Task[None]]:
    """Run `work` as a task while the block runs, then cancel it. Work that ends by an error says so at once, in the log."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_say_how_it_ended)
    try:
        yield task
    finally:
        await _end(task)


async def _end(task: asyncio.Task[None]) -> None:
    """Cancel it until it has ended: a client that ends tasks of its own, or fails of being cancelled, may lose a cancellation."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=CANCEL_AGAIN_S)


def _say_how_it_ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("background work ended", work=task.get_name(), reason=one_line(error), exc_info=error)
