"""The way to the subgraphs of one client's query by the cache: only what is not found there is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from typing import Any, Final

import msgspec

from router.caching.answers import from_cache, of_generation
from router.caching.cache import ResponseCache, holds
from router.caching.entities import CachedEntities
from router.caching.freshness import Freshness
from router.caching.keys import Asker, Wanted
from router.caching.questions import RootAsked
from router.caching.store import Generations
from router.security.caller import Caller
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse, Transport
from router.transport.entities import Raws

_NOTHING: Raws = {}
_UNDERSTOOD: Final = frozenset({"query", "operationName", "variables"})


class CachingTransport:
    """A transport for one client's query. `freshness` learns for how long what it answered holds."""

    def __init__(self, inner: Transport, cache: ResponseCache, caller: Caller, freshness: Freshness) -> None:
        self._inner = inner
        self._cache = cache
        self._owner = cache.owner(caller)
        self._freshness = freshness

    def send(self, request: SubgraphRequest) -> Awaitable[SubgraphAnswer]:
        """Ask the cache first, where the subgraph's answers are kept."""
        if request.idempotent and request.subgraph in self._cache.settings.subgraphs:
            return self._send(request)
        self._freshness.ends()
        return self._inner.send(request)

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Events are not kept."""
        return self._inner.subscribe(request)

    async def close(self) -> None:
        """Nothing of its own to close."""

    async def _send(self, request: SubgraphRequest) -> SubgraphAnswer:
        payload = msgspec.json.decode(request.body, type=Raws)
        question = self._cache.question(request.subgraph, bytes(payload["query"]))
        if question is None or payload.keys() - _UNDERSTOOD:  # what a plugin adds may change the answer
            self._freshness.ends()
            return await self._inner.send(request)
        asker = self._cache.asker(request, self._owner)
        freshness = Freshness()
        if isinstance(question, RootAsked):
            variables = msgspec.json.decode(payload.get("variables", b"{}"), type=Raws)
            answer = await self._root(request, question, asker, variables=variables, freshness=freshness)
        else:
            entities = CachedEntities(self._cache, question, asker, freshness)
            answer = await entities.answer(request, self._inner)
        self._freshness.add(freshness)
        return answer

    async def _root(
        self, request: SubgraphRequest, asked: RootAsked, asker: Asker, *, variables: Raws, freshness: Freshness
    ) -> SubgraphAnswer:
        tags = asked.all_tags(
            {name: msgspec.json.decode(raw) for name, raw in variables.items()} if asked.formats else {}
        )
        if tags is None:
            freshness.ends()
            return await self._inner.send(request)
        wanted = asker.wanted(asked, tags, variables=variables, of=_NOTHING)
        found = await self._cache.find(request.subgraph, [wanted])
        if (hit := found.hits[0]) is not None:
            holds(freshness, hit, asker)
            return from_cache(b'{"data":' + hit.data + b"}", freshness)
        generations = await self._cache.begin(found.generations, [wanted])
        answer = await self._inner.send(of_generation(request, [wanted], generations))
        self._keep_root(answer, wanted, generations, asker=asker, freshness=freshness, subgraph=request.subgraph)
        return answer

    def _keep_root(
        self,
        answer: SubgraphAnswer,
        wanted: Wanted,
        generations: Generations | None,
        *,
        asker: Asker,
        freshness: Freshness,
        subgraph: str,
    ) -> None:
        data = _whole_data(answer)
        kept = None if data is None else self._cache.may_keep(subgraph, answer, wanted)
        holds(freshness, kept, asker)
        if kept is not None and data is not None:
            self._cache.keep(subgraph, [(wanted, kept, data)], generations)


class _Body(msgspec.Struct):
    data: msgspec.Raw = msgspec.Raw(b"null")
    errors: Any = None


def _whole_data(answer: SubgraphAnswer) -> bytes | None:
    """The data of an answer in which nothing is missing: what is not there now may be in a moment."""
    try:
        body = msgspec.json.decode(answer.body, type=_Body)
        fields = msgspec.json.decode(body.data, type=Raws)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if body.errors or any(bytes(value) == b"null" for value in fields.values()):
        return None
    return bytes(body.data)
