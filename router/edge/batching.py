"""Several operations in one POST: a JSON list in, a list of as many answers out.

Operations that only read run side by side; one that may write waits for those before it, and those after it wait for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, TypeVar

from router.config import BatchingSettings
from router.edge.parameters import Parameters, from_mapping
from router.errors import BadRequest, BatchRefused
from router.exchange import ClientRequest
from router.limits import BATCH_RUNNING_MAX

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


def operations_in(batch: Sequence[Any], settings: BatchingSettings) -> list[Parameters]:
    """The parameters of each operation. One that is malformed refuses them all, before any runs.

    Raises:
        BatchRefused: lists are not answered (BATCHING_NOT_ENABLED), or not such long ones (BATCH_LIMIT_EXCEEDED).
        BadRequest: the list is empty, or something in it is no GraphQL request.
    """
    if not settings.enabled:
        raise BatchRefused(
            "The request body is a list, and batching is not enabled: send one operation per request.",
            "BATCHING_NOT_ENABLED",
        )
    if len(batch) > settings.maximum:
        raise BatchRefused(
            f"The batch holds {len(batch)} operations, more than {settings.maximum}: send several smaller ones.",
            "BATCH_LIMIT_EXCEEDED",
        )
    if not batch:
        raise BadRequest("The batch is empty: a list holds at least one operation.")
    return [_read(number, given) for number, given in enumerate(batch, start=1)]


def _read(number: int, given: Any) -> Parameters:
    try:
        return from_mapping(given)
    except BadRequest as error:
        raise BadRequest(f"Operation {number} of the batch: {error}", error.status) from None


def may_write(request: ClientRequest) -> bool:
    """Whether an operation could be a mutation: a look at its text that errs on the safe side only."""
    return not request.query or "mutation" in request.query


async def run_batch(
    asked: Sequence[Asked], run: Callable[[Asked], Awaitable[Answer]], *, writes: Callable[[Asked], bool]
) -> list[Answer]:
    """What `run` makes of each, in order."""
    answers: list[Answer] = []
    for group in _groups(asked, writes):
        answers += await _side_by_side(group, run)
    return answers


def _groups(asked: Sequence[Asked], writes: Callable[[Asked], bool]) -> Iterator[Sequence[Asked]]:
    for alone, group in groupby(asked, writes):
        if alone:
            yield from ([each] for each in group)
        else:
            yield list(group)


async def _side_by_side(group: Sequence[Asked], run: Callable[[Asked], Awaitable[Answer]]) -> list[Answer]:
    turns = asyncio.Semaphore(BATCH_RUNNING_MAX)

    async def in_turn(each: Asked) -> Answer:
        async with turns:
            return await run(each)

    if len(group) == 1:
        return [await run(group[0])]
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(in_turn(each)) for each in group]
    return [task.result() for task in running]
