"""Entities from the cache and from their subgraph, in one answer: each in its place, and errors with the index that they have there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec

from router.caching.answers import from_cache, in_part, of_generation
from router.caching.cache import Fresh, Hit, ResponseCache, holds
from router.caching.freshness import Freshness, Keep
from router.caching.keys import Asker, Wanted
from router.caching.questions import Entities
from router.caching.store import Generations
from router.errors import SubgraphFailure
from router.transport.base import SubgraphAnswer, SubgraphRequest, Transport
from router.transport.entities import (
    EntityAnswer,
    EntityRequest,
    Raws,
    failure_as_error,
    merged_body,
    moved,
)

Place: TypeAlias = tuple[str, int]
"""Where an entity stands: the response key of its list, and its index there."""


@dataclass(slots=True)
class CachedEntities:
    """One request for entities."""

    cache: ResponseCache
    question: Entities
    asker: Asker
    freshness: Freshness
    _wanted: dict[Place, Wanted] = field(default_factory=dict)
    _hits: dict[Place, Hit] = field(default_factory=dict)

    async def answer(self, request: SubgraphRequest, inner: Transport) -> SubgraphAnswer:
        """Find what there is, ask for the rest, and keep what came."""
        whole = EntityRequest.read(request.body)
        self._wanted = dict(self._wants(whole))
        generations = await self._find(request.subgraph)
        missing = {
            key: [i for i in range(len(items)) if (key, i) not in self._hits] for key, items in whole.lists.items()
        }
        if not any(missing.values()):
            return from_cache(merged_body(self._merged(whole, missing, None), ()), self.freshness)
        absent = [self._wanted[place] for place in _places(missing) if place in self._wanted]
        generations = await self.cache.begin(generations, absent)
        asked = of_generation(request, absent, generations)
        if not self._hits:
            answer = await inner.send(asked)
            self._keep_readable(request.subgraph, answer, missing, generations)
            return answer
        lists = {key: [items[index] for index in missing[key]] for key, items in whole.lists.items()}
        return await self._mixed(asked._replace(body=whole.asking(lists)), inner, whole, missing, generations)

    def _wants(self, whole: EntityRequest) -> Iterator[tuple[Place, Wanted]]:
        for key, items in whole.lists.items():
            for index, raw in enumerate(items):
                representation = msgspec.json.decode(raw)
                asked = self.question.of(key, str(representation.get("__typename")))
                tags = None if asked is None else asked.all_tags(representation)
                if asked is not None and tags is not None:
                    members = msgspec.json.decode(raw, type=Raws)
                    yield (key, index), self.asker.wanted(asked, tags, variables=whole.variables, of=members)

    async def _find(self, subgraph: str) -> Generations | None:
        if not self._wanted:
            return None
        found = await self.cache.find(subgraph, list(self._wanted.values()))
        for place, hit in zip(self._wanted, found.hits, strict=True):
            if hit is not None:
                self._hits[place] = hit
                holds(self.freshness, hit, self.asker)
        return found.generations

    async def _mixed(
        self,
        request: SubgraphRequest,
        inner: Transport,
        whole: EntityRequest,
        missing: Mapping[str, Sequence[int]],
        generations: Generations | None,
    ) -> SubgraphAnswer:
        try:
            rest = EntityAnswer.read(request.subgraph, await inner.send(request))
        except SubgraphFailure as failure:
            self.freshness.ends()
            return from_cache(
                merged_body(self._merged(whole, missing, failure), [failure_as_error(failure)]), self.freshness
            )
        self._keep(request.subgraph, rest, missing, generations)
        errors = [moved(error, lambda key, index: _place_in_whole(missing, key, index)) for error in rest.errors]
        return in_part(rest.answer, merged_body(self._merged(whole, missing, rest), errors), self.freshness)

    def _merged(
        self,
        whole: EntityRequest,
        missing: Mapping[str, Sequence[int]],
        rest: EntityAnswer | SubgraphFailure | None,
    ) -> Mapping[str, Sequence[msgspec.Raw | None] | None]:
        """The entities of each list in order. A list of which the subgraph miscounts is none."""
        data: dict[str, Sequence[msgspec.Raw | None] | None] = {}
        for key, items in whole.lists.items():
            came = (
                rest.entities(key, len(missing[key])) if isinstance(rest, EntityAnswer) else [None] * len(missing[key])
            )
            if came is None:
                data[key] = None
                continue
            entities: list[msgspec.Raw | None] = [None] * len(items)
            for index, entity in zip(missing[key], came, strict=True):
                entities[index] = entity
            for (own, index), hit in self._hits.items():
                if own == key:
                    entities[index] = msgspec.Raw(hit.data)
            data[key] = entities
        return data

    def _keep_readable(
        self,
        subgraph: str,
        answer: SubgraphAnswer,
        missing: Mapping[str, Sequence[int]],
        generations: Generations | None,
    ) -> None:
        try:
            self._keep(subgraph, EntityAnswer.read(subgraph, answer), missing, generations)
        except SubgraphFailure:
            self.freshness.ends()  # it is for who asked to say what is wrong with it

    def _keep(
        self,
        subgraph: str,
        came: EntityAnswer,
        missing: Mapping[str, Sequence[int]],
        generations: Generations | None,
    ) -> None:
        """Keep what is whole. An error without a place may concern every entity."""
        failed = {_place_of(error.get("path")) for error in came.errors}
        fresh: list[Fresh] = []
        allowed: dict[int, Keep | None] = {}  # of one answer, the same for all that is asked alike
        for key, indices in missing.items():
            entities = came.lists.get(key, ())
            countable = len(entities) == len(indices) and None not in failed
            for number, index in enumerate(indices):
                wanted = self._wanted.get((key, index))
                if wanted is None or not countable or (key, number) in failed or bytes(entities[number]) == b"null":
                    self.freshness.ends()
                    continue
                kind = id(wanted.asked)
                if kind not in allowed:
                    allowed[kind] = self.cache.may_keep(subgraph, came.answer, wanted)
                kept = allowed[kind]
                holds(self.freshness, kept, self.asker)
                if kept is not None:
                    fresh.append((wanted, kept, bytes(entities[number])))
        self.cache.keep(subgraph, fresh, generations)


def _places(missing: Mapping[str, Sequence[int]]) -> Iterator[Place]:
    return ((key, index) for key, indices in missing.items() for index in indices)


def _place_of(path: object) -> Place | None:
    match path:
        case [str(key), int(index), *_]:
            return key, index
    return None


def _place_in_whole(missing: Mapping[str, Sequence[int]], key: str, index: int) -> int:
    indices = missing.get(key, ())
    return indices[index] if 0 <= index < len(indices) else index
