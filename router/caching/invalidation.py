"""Does away with entries by what they are made of; each call deletes a key of Redis, however many entries that concerns."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, Protocol, TypeAlias

from pydantic import ConfigDict, Field, JsonValue, TypeAdapter
from pydantic.dataclasses import dataclass

from router import limits
from router.caching import names

_STRICT = ConfigDict(extra="forbid", frozen=True)
Name = Annotated[str, Field(min_length=1, max_length=limits.CACHE_TAG_BYTES_MAX)]


class Deleting(Protocol):
    """A client of Redis, as far as it is needed here: that of redis.asyncio is one."""

    def delete(self, *names: str) -> Awaitable[Any]: ...


class Invalidator:
    """Invalidates entries of all routers that share a Redis and a prefix.

    Answers that were asked for before a call are served until they are out, and kept by nobody.
    """

    def __init__(self, redis: Deleting, *, key_prefix: str = "router:") -> None:
        self._redis = redis
        self._prefix = f"{key_prefix}{names.KEYSPACE}"

    async def subgraph(self, *subgraphs: str) -> None:
        """All that subgraphs answered."""
        await self._delete(names.of_subgraph, subgraphs)

    async def type(self, *types: str) -> None:
        """All that may have an object of these types in it."""
        await self._delete(names.of_type, types)

    async def tag(self, *tags: str) -> None:
        """All under tags of @cacheTag."""
        await self._delete(names.of_tag, tags)

    async def entity(self, type_name: str, **key: Any) -> None:
        """One entity, as every subgraph has it: `await invalidator.entity("User", id="1")`."""
        await self._redis.delete(self._prefix + names.of_entity(type_name, key))

    async def _delete(self, named: Callable[[str], str], words: Sequence[str]) -> None:
        if words:
            await self._redis.delete(*(self._prefix + named(word) for word in words))


# ── as other programs ask for it ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(config=_STRICT)
class OfSubgraph:
    """`{"kind": "subgraph", "subgraph": "posts"}`."""

    kind: Literal["subgraph"]
    subgraph: Name

    @property
    def tag(self) -> str:
        return names.of_subgraph(self.subgraph)


@dataclass(config=_STRICT)
class OfType:
    """`{"kind": "type", "type": "User"}`. What else clients of Apollo's router say of subgraphs narrows nothing down."""

    kind: Literal["type"]
    type: Name
    subgraph: Name | None = None

    @property
    def tag(self) -> str:
        return names.of_type(self.type)


@dataclass(config=_STRICT)
class OfTag:
    """`{"kind": "cache_tag", "cache_tag": "user-1"}`."""

    kind: Literal["cache_tag"]
    cache_tag: Name
    subgraphs: list[Name] | None = None

    @property
    def tag(self) -> str:
        return names.of_tag(self.cache_tag)


@dataclass(config=_STRICT)
class OfEntity:
    """`{"kind": "entity", "type": "User", "key": {"id": "1"}}`."""

    kind: Literal["entity"]
    type: Name
    key: Mapping[str, JsonValue]

    @property
    def tag(self) -> str:
        return names.of_entity(self.type, self.key)


Wanted: TypeAlias = Annotated[OfSubgraph | OfType | OfTag | OfEntity, Field(discriminator="kind")]

WANTED: TypeAdapter[list[Wanted]] = TypeAdapter(
    Annotated[list[Wanted], Field(min_length=1, max_length=limits.CACHE_INVALIDATIONS_MAX)]
)
"""The body of a request to invalidate."""
