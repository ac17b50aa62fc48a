"""Policies: whom the router asks, for what, and what it makes of the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from router.security.caller import ANONYMOUS, Caller
from router.security.policies import Policies

NAMES = frozenset({"paid", "adult"})


def saying(answer: Any) -> Callable[[Caller, Collection[str]], Awaitable[Mapping[str, bool]]]:
    async def source(caller: Caller, names: Collection[str]) -> Any:
        assert (caller, names) == (ANONYMOUS, NAMES)
        return answer

    return source


async def test_what_is_granted_is_true() -> None:
    """Names that are false, left out or never asked for are not granted."""
    policies = Policies(saying({"paid": True, "adult": False, "unasked": True}))
    assert await policies.granted(ANONYMOUS, NAMES) == {"paid"}
    assert await Policies(saying({})).granted(ANONYMOUS, NAMES) == frozenset()


@pytest.mark.parametrize("truthy", [1, "yes", [True], object()])
async def test_nothing_but_true_is_true(truthy: object) -> None:
    """A value that merely counts as true in Python was meant for something else."""
    assert await Policies(saying({"paid": truthy})).granted(ANONYMOUS, NAMES) == frozenset()


async def test_without_a_source_nothing_is_granted() -> None:
    """Nobody to ask is nobody who says yes."""
    assert await Policies().granted(ANONYMOUS, NAMES) == frozenset()


@pytest.mark.parametrize("answer", [None, ["paid"], "paid", True])
async def test_an_odd_answer_grants_nothing(answer: Any) -> None:
    """What is no mapping is logged as a failure."""
    with capture_logs() as logs:
        assert await Policies(saying(answer)).granted(ANONYMOUS, NAMES) == frozenset()
    assert [line["policies"] for line in logs] == [["adult", "paid"]]


async def test_a_source_that_fails_grants_nothing() -> None:
    """Its fault is in the log."""

    async def broken(caller: Caller, names: Collection[str]) -> Mapping[str, bool]:
        raise KeyError("hunter2")

    with capture_logs() as logs:
        assert await Policies(broken).granted(ANONYMOUS, NAMES) == frozenset()
    assert [line["event"] for line in logs] == ["policies cannot be decided: all are denied"]


async def test_a_source_that_is_slow_grants_nothing() -> None:
    """It is cancelled at the time-out."""
    cancelled = asyncio.Event()

    async def slow(caller: Caller, names: Collection[str]) -> Mapping[str, bool]:
        try:
            await asyncio.sleep(60)
        finally:
            cancelled.set()
        return dict.fromkeys(names, True)

    with capture_logs():
        assert await Policies(slow, timeout_s=0.02).granted(ANONYMOUS, NAMES) == frozenset()
    assert cancelled.is_set()


async def test_a_cancelled_request_is_no_denial() -> None:
    """A client that hangs up takes its question back."""

    async def slow(caller: Caller, names: Collection[str]) -> Mapping[str, bool]:
        await asyncio.sleep(60)
        return {}

    asking = asyncio.create_task(Policies(slow).granted(ANONYMOUS, NAMES))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
