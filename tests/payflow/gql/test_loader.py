"""Loaders outlive the requests of callers who leave."""

from __future__ import annotations

import asyncio

from payflow.gql.loader import Loader


async def test_a_caller_who_leaves_takes_nobody_along() -> None:
    """Whenever the only caller of a batch is cancelled, whoever comes next is answered."""
    loader: Loader[int, int] = Loader(_doubled, cache=False)
    for turns in range(5):
        left = asyncio.ensure_future(loader.load(1))
        for _ in range(turns):
            await asyncio.sleep(0)
        left.cancel()
        for _ in range(3):
            await asyncio.sleep(0)

        assert await asyncio.wait_for(loader.load(21), 1) == 42


async def test_those_who_ask_together_are_answered_together() -> None:
    """One call loads what several ask for, also where one of them has left."""
    asked: list[list[int]] = []

    async def doubled(numbers: list[int]) -> list[int]:
        asked.append(numbers)
        return await _doubled(numbers)

    loader: Loader[int, int] = Loader(doubled, cache=False)
    left, *others = [asyncio.ensure_future(loader.load(number)) for number in (1, 2, 3)]
    left.cancel()

    assert await asyncio.gather(*others) == [4, 6]
    assert asked == [[1, 2, 3]]


async def _doubled(numbers: list[int]) -> list[int]:
    return [2 * number for number in numbers]
