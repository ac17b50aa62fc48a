"""Work that runs beside a server for as long as it serves: relays, workers, consumers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import structlog

from payflow.kernel.errors import one_line

log = structlog.get_logger(__name__)


@asynccontextmanager
async def running(work: Coroutine[Any, Any, None], *, name: str) -> AsyncIterator[asyncio.Task[None]]:
    """Run `work` as a task while the block runs, then cancel it. Work that ends by an error says so at once, in the log."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_say_how_it_ended)
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):  # an error has been logged
            await task


def _say_how_it_ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("background work ended", work=task.get_name(), reason=one_line(error), exc_info=error)
