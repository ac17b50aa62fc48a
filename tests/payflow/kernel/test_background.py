"""Work beside a server: it ends with the block, whatever it makes of being told to."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from structlog.testing import capture_logs

from payflow.kernel import background
from payflow.kernel.background import running


async def test_work_ends_with_the_block() -> None:
    """Cancelled, and awaited: nothing of it runs behind the block."""
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            ended.set()

    async with running(work(), name="work"):
        await asyncio.sleep(0)

    assert ended.is_set()


async def test_work_that_loses_its_cancellation_is_cancelled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would go on for ever, and whoever ends it with it."""
    monkeypatch.setattr(background, "CANCEL_AGAIN_S", 0.02)
    cancelled = 0

    async def deaf() -> None:
        nonlocal cancelled
        while cancelled < 3:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(60)
            cancelled += 1

    async with asyncio.timeout(5):
        async with running(deaf(), name="deaf"):
            await asyncio.sleep(0)

    assert cancelled == 3


async def test_work_that_fails_says_so_and_leaves_the_block_alone() -> None:
    """At once, in the log."""

    async def fail() -> None:
        raise ValueError("no reason")

    with capture_logs() as logs:
        async with running(fail(), name="failing"):
            await asyncio.sleep(0.01)
            (said,) = logs

    assert (said["event"], said["work"], said["reason"]) == ("background work ended", "failing", "no reason")
