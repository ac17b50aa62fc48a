"""When fetches start, and what stops them."""

from __future__ import annotations

import asyncio

import pytest

from router.executor.schedule import run_all
from router.plan import Fetch


def fetch(number: int, *after: int) -> Fetch:
    """A fetch of which only the order matters."""
    return Fetch(number, "fleet", "query", "{ a }", None, (), after=after)


class Recorder:
    """Runs fetches that take as long as told, and keeps what happened in order."""

    def __init__(self, **seconds: float) -> None:
        self.seconds = {int(name[1:]): value for name, value in seconds.items()}
        self.events: list[str] = []
        self.tasks: set[asyncio.Task[None] | None] = set()

    async def run(self, each: Fetch) -> None:
        self.events.append(f"start {each.id}")
        self.tasks.add(asyncio.current_task())
        try:
            await asyncio.sleep(self.seconds.get(each.id, 0))
        except asyncio.CancelledError:
            self.events.append(f"cancel {each.id}")
            raise
        self.events.append(f"end {each.id}")


async def test_a_fetch_starts_as_soon_as_its_own_inputs_are_there() -> None:
    """A slow sibling holds back only those that need it."""
    recorder = Recorder(f0=0.2, f1=0.01)

    await run_all([fetch(0), fetch(1), fetch(2, 1), fetch(3, 0, 2)], recorder.run)

    assert recorder.events == [
        "start 0", "start 1", "end 1", "start 2", "end 2", "end 0", "start 3", "end 3",
    ]  # fmt: skip


async def test_a_chain_runs_in_the_callers_own_task() -> None:
    """One ready fetch is awaited directly: a chain costs no task."""
    recorder = Recorder()

    await run_all([fetch(0), fetch(1, 0), fetch(2, 1)], recorder.run)

    assert recorder.tasks == {asyncio.current_task()}


async def test_what_is_done_counts_as_answered() -> None:
    """The rest of a subscription's plan runs with its source already there."""
    recorder = Recorder()

    await run_all([fetch(1, 0), fetch(2, 0, 1)], recorder.run, done=[0])

    assert recorder.events == ["start 1", "end 1", "start 2", "end 2"]


async def test_nothing_to_run_returns_at_once() -> None:
    """A plan without fetches is legal."""
    await run_all([], Recorder().run)


async def test_cancelling_the_caller_cancels_everything() -> None:
    """Fetches under way are cancelled and awaited, later ones never start."""
    recorder = Recorder(f0=10, f1=10)
    task = asyncio.create_task(run_all([fetch(0), fetch(1), fetch(2, 0, 1)], recorder.run))
    await asyncio.sleep(0.05)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert sorted(recorder.events) == ["cancel 0", "cancel 1", "start 0", "start 1"]


async def test_a_bug_in_one_fetch_stops_the_others_and_is_raised() -> None:
    """Only a programming mistake raises out of a fetch; nothing is left running behind it."""
    recorder = Recorder(f0=10)

    async def run(each: Fetch) -> None:
        if each.id == 1:
            raise ZeroDivisionError
        await recorder.run(each)

    with pytest.raises(ZeroDivisionError):
        await run_all([fetch(0), fetch(1)], run)

    assert recorder.events == ["start 0", "cancel 0"]


async def test_a_plan_that_waits_for_nothing_in_it_is_refused() -> None:
    """A dependency that no fetch fulfils is an error, not an endless wait."""
    with pytest.raises(ValueError, match=r"fetches \[2\] wait for fetches that are not in the plan"):
        await run_all([fetch(0), fetch(2, 1)], Recorder().run)
