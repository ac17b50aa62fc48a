"""Answers from the cache look as their subgraph's would, with a Cache-Control of their own; requests say of what time they ask."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from router.caching.freshness import Freshness
from router.caching.keys import Wanted
from router.caching.store import Generations, generation_of
from router.transport.base import SubgraphAnswer, SubgraphRequest
from router.transport.body import OK

_CACHE_CONTROL = b"cache-control"


def from_cache(body: bytes, freshness: Freshness) -> SubgraphAnswer:
    """An answer that no subgraph gave."""
    return SubgraphAnswer(OK, body, _headers(freshness))


def in_part(answer: SubgraphAnswer, body: bytes, freshness: Freshness) -> SubgraphAnswer:
    """An answer of which the subgraph gave some: it holds no longer than the rest."""
    others = tuple(header for header in answer.headers if header[0] != _CACHE_CONTROL)
    return SubgraphAnswer(answer.status, body, others + _headers(freshness))


def of_generation(
    request: SubgraphRequest, wanted: Iterable[Wanted], generations: Generations | None
) -> SubgraphRequest:
    """The request, apart from equal ones that were sent before something of it was invalidated: their answers may be older."""
    if generations is None:
        return request
    digest = sha256()
    for each in wanted:
        digest.update(generation_of(each.tags, generations) or b"")
    return request._replace(generation=digest.digest())


def _headers(freshness: Freshness) -> tuple[tuple[bytes, bytes], ...]:
    header = freshness.header()
    return () if header is None else ((_CACHE_CONTROL, header.encode()),)
