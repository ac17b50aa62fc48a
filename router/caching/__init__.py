"""Answers of subgraphs, kept in Redis for other routers and other requests.

`transport` asks the cache before a subgraph; `cache` finds and keeps. What is kept how long and for whom is decided by `freshness`,
`hints` and `keys`, what does away with it by `names`, `formats` and `invalidation`; `questions` understands queries, `store` is Redis.
"""

from router.caching.cache import ResponseCache
from router.caching.freshness import Freshness
from router.caching.invalidation import Invalidator
from router.caching.transport import CachingTransport

__all__ = ["CachingTransport", "Freshness", "Invalidator", "ResponseCache"]
