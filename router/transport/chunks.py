"""Asks for many entities in several requests: one long list must not hold up a small subgraph, or end in its limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

import msgspec
from graphql import FieldNode, OperationDefinitionNode, VariableNode, parse

from router.errors import SubgraphFailure
from router.limits import PLAN_CACHE_ENTRIES_MAX
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse, Transport
from router.transport.body import decode_response

REPRESENTATION_BYTES_MIN: Final = 20  # `{"__typename":"A"},` and a key: a body with fewer bytes a piece holds fewer

Raws: TypeAlias = dict[str, msgspec.Raw]
"""A JSON object whose members are kept as they are written, numbers and all."""


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
        whole = _Whole.read(request.body)
        count = max((len(items) for items in whole.lists.values()), default=0)
        if count <= self._most:
            return await self._inner.send(request)
        starts = range(0, count, self._most)
        asked = [request._replace(body=whole.piece(start, start + self._most)) for start in starts]
        outcomes = await asyncio.gather(*(self._outcome(one) for one in asked))
        return _together(whole, list(starts), outcomes, step=self._most)

    async def _outcome(self, request: SubgraphRequest) -> _Piece | SubgraphFailure:
        try:
            return _Piece.read(request.subgraph, await self._inner.send(request))
        except SubgraphFailure as failure:
            return failure


@dataclass(frozen=True, slots=True)
class _Whole:
    """A request for entities. `lists` are the representations by response key."""

    payload: Raws
    variables: Raws
    names: Mapping[str, str]
    lists: Mapping[str, list[msgspec.Raw]]

    @classmethod
    def read(cls, body: bytes) -> _Whole:
        payload = msgspec.json.decode(body, type=Raws)
        variables = msgspec.json.decode(payload.get("variables", b"{}"), type=Raws)
        names = _variables_of_entities(msgspec.json.decode(payload["query"], type=str))
        lists = {key: msgspec.json.decode(variables[name], type=list[msgspec.Raw]) for key, name in names.items()}
        return cls(payload, variables, names, lists)

    def piece(self, start: int, end: int) -> bytes:
        """The body that asks for these of each list; lists that are shorter are empty in the end."""
        parts = {
            self.names[key]: msgspec.Raw(msgspec.json.encode(items[start:end])) for key, items in self.lists.items()
        }
        variables = msgspec.Raw(msgspec.json.encode({**self.variables, **parts}))
        return msgspec.json.encode({**self.payload, "variables": variables})


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one piece was answered; `data` has the entities by response key, where they are a list."""

    answer: SubgraphAnswer
    data: Mapping[str, list[msgspec.Raw]]
    errors: Sequence[dict[str, Any]]

    @classmethod
    def read(cls, subgraph: str, answer: SubgraphAnswer) -> _Piece:
        response = decode_response(subgraph, answer)
        raws = msgspec.json.decode(answer.body, type=Raws)
        members = msgspec.json.decode(raws["data"], type=Raws) if response.data is not None else {}
        lists = {
            key: msgspec.json.decode(members[key], type=list[msgspec.Raw])
            for key, value in (response.data or {}).items()
            if isinstance(value, list)
        }
        return cls(answer, lists, response.errors)


def _together(
    whole: _Whole, starts: Sequence[int], outcomes: Sequence[_Piece | SubgraphFailure], *, step: int
) -> SubgraphAnswer:
    answered = [outcome for outcome in outcomes if isinstance(outcome, _Piece)]
    if not answered:
        raise next(outcome for outcome in outcomes if isinstance(outcome, SubgraphFailure))
    data = {key: _entities(key, items, starts, outcomes, step=step) for key, items in whole.lists.items()}
    errors = [error for start, outcome in zip(starts, outcomes, strict=True) for error in _errors(outcome, start)]
    first = answered[0].answer
    body = {"data": data, "errors": errors} if errors else {"data": data}
    return first._replace(body=msgspec.json.encode(body))


def _entities(
    key: str,
    items: Sequence[msgspec.Raw],
    starts: Sequence[int],
    outcomes: Sequence[_Piece | SubgraphFailure],
    *,
    step: int,
) -> list[msgspec.Raw | None] | None:
    """The entities of all pieces; None where a piece miscounts and has no error to say why."""
    entities: list[msgspec.Raw | None] = []
    for start, outcome in zip(starts, outcomes, strict=True):
        wanted = len(items[start : start + step])
        had = outcome.data.get(key) if isinstance(outcome, _Piece) else None
        if had is not None and len(had) == wanted:
            entities += had
        elif isinstance(outcome, _Piece) and not outcome.errors and wanted:
            return None
        else:
            entities += [None] * wanted
    return entities


def _errors(outcome: _Piece | SubgraphFailure, start: int) -> list[dict[str, Any]]:
    if isinstance(outcome, SubgraphFailure):
        return [{"message": str(outcome), "extensions": {"code": outcome.code, **outcome.extensions}}]
    return [_moved(error, start) for error in outcome.errors]


def _moved(error: dict[str, Any], by: int) -> dict[str, Any]:
    """The error with the index of its entity as it is in the whole."""
    match error.get("path"):
        case [str(key), int(index), *rest]:
            return {**error, "path": [key, index + by, *rest]}
    return error


@lru_cache(maxsize=PLAN_CACHE_ENTRIES_MAX)
def _variables_of_entities(query: str) -> dict[str, str]:
    """For each `_entities` field of a request, by response key, the variable with its representations."""
    [operation] = [node for node in parse(query).definitions if isinstance(node, OperationDefinitionNode)]
    return {
        (node.alias or node.name).value: argument.value.name.value
        for node in operation.selection_set.selections
        if isinstance(node, FieldNode) and node.name.value == "_entities"
        for argument in node.arguments or ()
        if isinstance(argument.value, VariableNode)
    }
