"""Asks for many entities in several requests: one long list must not hold up a small subgraph, or end in its limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from typing import Any, Final

import msgspec

from router.errors import SubgraphFailure
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse, Transport
from router.transport.entities import EntityAnswer, EntityRequest, failure_as_error, merged_body, moved

REPRESENTATION_BYTES_MIN: Final = 20  # `{"__typename":"A"},` and a key: a body with fewer bytes a piece holds fewer


class ChunkingTransport:
    """Splits requests for entities so that none asks for more than `representations_max` under one key.

    The pieces go out together, and what they answer is put together as if it were one answer. Where a piece fails, its entities are
    null and one error says why; only where all fail does the request.
    """

    def __init__(self, inner: Transport, representations_max: int) -> None:
        self._inner = inner
        self._most = representations_max

    def send(self, request: SubgraphRequest) -> Awaitable[SubgraphAnswer]:
        """Ask at once what is small enough."""
        if len(request.body) <= self._most * REPRESENTATION_BYTES_MIN or b"_entities" not in request.body:
            return self._inner.send(request)
        return self._send(request)

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """No subscription asks for entities."""
        return self._inner.subscribe(request)

    async def close(self) -> None:
        """Close the transport behind."""
        await self._inner.close()

    async def _send(self, request: SubgraphRequest) -> SubgraphAnswer:
        whole = EntityRequest.read(request.body)
        count = max((len(items) for items in whole.lists.values()), default=0)
        if count <= self._most:
            return await self._inner.send(request)
        starts = range(0, count, self._most)
        asked = [request._replace(body=_piece(whole, start, start + self._most)) for start in starts]
        outcomes = await asyncio.gather(*(self._outcome(one) for one in asked))
        return _together(whole, list(starts), outcomes, step=self._most)

    async def _outcome(self, request: SubgraphRequest) -> EntityAnswer | SubgraphFailure:
        try:
            return EntityAnswer.read(request.subgraph, await self._inner.send(request))
        except SubgraphFailure as failure:
            return failure


def _piece(whole: EntityRequest, start: int, end: int) -> bytes:
    """The body that asks for these of each list; lists that are shorter are empty in the end."""
    return whole.asking({key: items[start:end] for key, items in whole.lists.items()})


def _together(
    whole: EntityRequest, starts: Sequence[int], outcomes: Sequence[EntityAnswer | SubgraphFailure], *, step: int
) -> SubgraphAnswer:
    answered = [outcome for outcome in outcomes if isinstance(outcome, EntityAnswer)]
    if not answered:
        raise next(outcome for outcome in outcomes if isinstance(outcome, SubgraphFailure))
    data = {key: _entities(key, items, starts, outcomes, step=step) for key, items in whole.lists.items()}
    errors = [error for start, outcome in zip(starts, outcomes, strict=True) for error in _errors(outcome, start)]
    return answered[0].answer._replace(body=merged_body(data, errors))


def _entities(
    key: str,
    items: Sequence[msgspec.Raw],
    starts: Sequence[int],
    outcomes: Sequence[EntityAnswer | SubgraphFailure],
    *,
    step: int,
) -> list[msgspec.Raw | None] | None:
    """The entities of all pieces; None where a piece miscounts and has no error to say why."""
    entities: list[msgspec.Raw | None] = []
    for start, outcome in zip(starts, outcomes, strict=True):
        wanted = len(items[start : start + step])
        had = outcome.entities(key, wanted) if isinstance(outcome, EntityAnswer) else [None] * wanted
        if had is None:
            return None
        entities += had
    return entities


def _errors(outcome: EntityAnswer | SubgraphFailure, start: int) -> list[dict[str, Any]]:
    if isinstance(outcome, SubgraphFailure):
        return [failure_as_error(outcome)]
    return [moved(error, lambda _, index: index + start) for error in outcome.errors]
