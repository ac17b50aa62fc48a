"""The cache of subgraphs' answers, where there is one."""

from __future__ import annotations

from router.caching import ResponseCache
from router.caching.store import Store
from router.config import RouterConfig
from router.errors import ConfigError, SupergraphError
from router.parts import Parts
from router.supergraph import Supergraph
from router.telemetry import Telemetry


def response_cache(
    config: RouterConfig, supergraph: Supergraph, *, parts: Parts, telemetry: Telemetry
) -> ResponseCache | None:
    """The cache. Its way to Redis is its own: large entries must not make others think that Redis is slow. Raises ConfigError."""
    settings = config.cache
    if settings is None:
        return None
    server = settings.redis or config.redis
    if server is None:
        raise ConfigError(
            "cache needs a Redis to keep answers in: set redis.url, or cache.redis.url for one of its own."
        )
    # Imported where it is needed, as for all others who use Redis.
    from router.redis_link import RedisLink

    link = parts.take("redis for the cache", server, lambda: RedisLink(server))
    bounds = (settings.timeout_s, settings.ttl_max_s)

    def make() -> Store:
        return Store(link, prefix=server.key_prefix, timeout_s=settings.timeout_s, ttl_max_s=settings.ttl_max_s)

    store = parts.take("cache", (server, bounds), make)
    try:
        return ResponseCache(settings, supergraph, store=store, telemetry=telemetry)
    except SupergraphError as error:
        raise ConfigError(f"The cache cannot be used with this supergraph: {error}") from None
