"""Runs a graph of fetches: each as soon as its own inputs are there, however slow the others are."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence

from router.plan import Fetch


async def run_all(
    fetches: Sequence[Fetch], run: Callable[[Fetch], Awaitable[None]], *, done: Collection[int] = ()
) -> None:
    """Await `run` once for each fetch, after all that it comes `after`; the ids in `done` count as answered.

    `run` deals with failing subgraphs itself, so a failure holds nobody back. When the caller is cancelled, or `run` raises
    because of a bug, everything under way is cancelled and awaited before the exception goes on.
    """
    waiting = {fetch.id: set(fetch.after).difference(done) for fetch in fetches}
    later = list(fetches)
    running: dict[asyncio.Task[None], int] = {}
    try:
        while later or running:
            ready = [fetch for fetch in later if not waiting[fetch.id]]
            later = [fetch for fetch in later if waiting[fetch.id]]
            if not ready and not running:
                raise ValueError(f"fetches {[fetch.id for fetch in later]} wait for fetches that are not in the plan")
            if len(ready) == 1 and not running:
                await run(ready[0])
                _unlock(waiting, [ready[0].id])
            else:
                running |= {asyncio.ensure_future(run(fetch)): fetch.id for fetch in ready}
                _unlock(waiting, await _first_finished(running))
    finally:
        await _cancel(running)


def _unlock(waiting: dict[int, set[int]], finished: Iterable[int]) -> None:
    for blockers in waiting.values():
        blockers.difference_update(finished)


async def _first_finished(running: dict[asyncio.Task[None], int]) -> list[int]:
    finished, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    ids = [running.pop(task) for task in finished]
    for task in finished:
        task.result()
    return ids


async def _cancel(running: Collection[asyncio.Task[None]]) -> None:
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
