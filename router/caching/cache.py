"""The cache of one router and one supergraph: what it knows of queries, what it finds, and what it keeps."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import msgspec
from graphql import GraphQLError

from router.caching.formats import TagFormat
from router.caching.freshness import Freshness, Keep, keep
from router.caching.keys import Asker, Wanted, header_rules, owner_of
from router.caching.questions import Question, question_of
from router.caching.schema import CachingSchema
from router.caching.store import Entry, Generations, Kept, Store, generation_of
from router.config.cache import CacheSettings
from router.errors import RedisUnavailable
from router.limits import CACHE_QUESTIONS_MAX
from router.lru import Lru
from router.security.caller import Caller
from router.supergraph.model import Supergraph
from router.telemetry import Telemetry
from router.transport.base import SubgraphAnswer, SubgraphRequest

Fresh: TypeAlias = tuple[Wanted, Keep, bytes]
"""What came from a subgraph and may be kept: for what, how long, and its JSON."""


class Hit(NamedTuple):
    """An entry that was found: its JSON, and for how long it holds yet."""

    data: bytes
    seconds: float
    is_public: bool


class Found(NamedTuple):
    """What was found of what was wanted. Without generations nothing may be kept: Redis did not answer."""

    hits: Sequence[Hit | None]
    generations: Generations | None


class ResponseCache:
    """Keeps answers of the subgraphs that the settings name. Raises SupergraphError where a @cacheTag cannot be read."""

    def __init__(self, settings: CacheSettings, supergraph: Supergraph, *, store: Store, telemetry: Telemetry) -> None:
        self.settings = settings
        self.rules = header_rules(settings.identity_headers, settings.ignored_headers)
        self.store = store
        self.telemetry = telemetry.cache
        self._schema = CachingSchema(supergraph)
        self._questions: Lru[tuple[str, bytes], tuple[Question | None]] = Lru(CACHE_QUESTIONS_MAX)
        for coordinate, text in self._schema.every_format():
            TagFormat.read(text, coordinate)

    def question(self, subgraph: str, query: bytes) -> Question | None:
        """What a query asks, `query` being its text as JSON; None where its answer cannot be kept."""
        known = self._questions.get((subgraph, query))
        if known is None:
            try:
                known = (question_of(msgspec.json.decode(query, type=str), subgraph, self._schema),)
            except GraphQLError:
                known = (None,)  # its subgraph will say what is wrong
            self._questions.put((subgraph, query), known)
        return known[0]

    def owner(self, caller: Caller) -> bytes | None:
        """Whose private entries a caller may have."""
        return owner_of(caller, self.settings.private_id)

    def asker(self, request: SubgraphRequest, owner: bytes | None) -> Asker:
        """Who asks with a request."""
        return Asker.of(request, owner, self.rules)

    async def find(self, subgraph: str, wanted: Sequence[Wanted]) -> Found:
        """Look for all of it at once."""
        tags = list({tag: None for each in wanted for tag in each.tags})
        keys = list({key: None for each in wanted for key in each.keys.values()})
        try:
            entries, generations = await self.store.read(keys, tags)
        except RedisUnavailable:
            self.telemetry.unavailable(subgraph)
            return Found([None] * len(wanted), None)
        by_key = {key: entry for key, entry in zip(keys, entries, strict=True) if entry is not None}
        return Found([self._hit(subgraph, each, by_key, generations) for each in wanted], generations)

    async def begin(self, generations: Generations | None, wanted: Iterable[Wanted]) -> Generations | None:
        """The generations that what is asked now will belong to; None where nothing of it may be kept."""
        if generations is None:
            return None
        try:
            return await self.store.complete(generations, {tag: None for each in wanted for tag in each.tags})
        except RedisUnavailable:
            return None

    def may_keep(self, subgraph: str, answer: SubgraphAnswer, wanted: Wanted) -> Keep | None:
        """How long, and for whom, what was wanted may be kept of an answer without errors."""
        kept = keep(answer, wanted.asked.hinted, settings=self.settings.subgraphs[subgraph], rules=self.rules)
        return None if kept is None else kept._replace(ttl_s=min(kept.ttl_s, self.settings.ttl_max_s))

    def keep(self, subgraph: str, fresh: Sequence[Fresh], generations: Generations | None) -> None:
        """Keep what was asked for after the generations were known. Nobody waits for it."""
        if generations is None:
            return
        kept = [each for one in fresh if (each := self._kept(subgraph, one, generations)) is not None]
        if not kept:
            return
        stored = self.store.write(kept)
        for each in kept:
            if stored:
                self.telemetry.stored(subgraph, "stored", len(each.entry.data))
            else:
                self.telemetry.stored(subgraph, "dropped")

    def _kept(self, subgraph: str, fresh: Fresh, generations: Generations) -> Kept | None:
        wanted, kept, data = fresh
        key, generation = wanted.keys.get(kept.scope), generation_of(wanted.tags, generations)
        if key is None or generation is None:
            self.telemetry.stored(subgraph, "refused")
            return None
        if len(data) > self.settings.entry_bytes:
            self.telemetry.stored(subgraph, "too_large")
            return None
        return Kept(key, Entry(generation, time.time() + kept.ttl_s, data), kept.ttl_s, wanted.tags)

    def _hit(self, subgraph: str, wanted: Wanted, entries: Mapping[str, Entry], generations: Generations) -> Hit | None:
        found = {scope: entries[key] for scope, key in wanted.keys.items() if key in entries}
        generation = generation_of(wanted.tags, generations)
        for scope, entry in found.items():
            if entry.generation == generation:
                self.telemetry.looked_up(subgraph, "hit")
                self.telemetry.served(subgraph, len(entry.data))
                return Hit(entry.data, entry.expires_at - time.time(), scope == "public")
        self.telemetry.looked_up(subgraph, "invalidated" if found else "miss")
        return None


def holds(freshness: Freshness, part: Hit | Keep | None, asker: Asker) -> None:
    """Add to the freshness of an answer what is known of one part of it. Who asks with other headers may be told otherwise."""
    freshness.names.update(name for name, _ in asker.headers)
    match part:
        case None:
            freshness.ends()
        case Hit(_, seconds, is_public):
            freshness.holds(seconds, for_all=is_public and not asker.headers)
        case Keep(ttl_s, scope):
            freshness.holds(ttl_s, for_all=scope == "public" and not asker.headers)
