"""What routers share in Redis, or have for themselves without it: the rate limit, and operations sent by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.config import RouterConfig
from router.errors import ConfigError
from router.parts import Parts
from router.persisted.automatic import AutomaticQueries
from router.persisted.manifest import TrustedDocument
from router.persisted.resolver import PersistedOperations
from router.persisted.safelist import Safelist
from router.ratelimit.limiter import RateLimiter
from router.telemetry import Telemetry

if TYPE_CHECKING:
    from router.ratelimit.shared import SharedBuckets
    from router.redis_link import RedisLink


def redis_link(config: RouterConfig, parts: Parts) -> RedisLink | None:
    """The way to Redis, where one is configured. Raises ConfigError."""
    settings = config.redis
    if settings is None:
        return None
    # Imported where it is needed: the client is a good part of the start-up time of a router without Redis.
    from router.redis_link import RedisLink

    try:
        return parts.take("redis", settings, lambda: RedisLink(settings))
    except ValueError as error:  # an option in the address
        raise ConfigError(f"redis.url cannot be used: {error}") from None


def rate_limiter(
    config: RouterConfig, link: RedisLink | None, *, parts: Parts, telemetry: Telemetry
) -> RateLimiter | None:
    """The rate limit, where there is one. While its settings stay, so do its local buckets."""
    settings = config.rate_limit
    if settings is None:
        return None
    prefix = _key_prefix(config)

    def make() -> RateLimiter:
        return RateLimiter(settings, shared=_shared_buckets(link), key_prefix=prefix, telemetry=telemetry)

    return parts.take("rate limiter", (settings, config.redis), make)


def persisted_operations(
    config: RouterConfig,
    link: RedisLink | None,
    *,
    documents: tuple[TrustedDocument, ...],
    parts: Parts,
    telemetry: Telemetry,
) -> PersistedOperations:
    """Operations sent by name. What clients registered outlives a reload, and so does what is known of the trusted documents."""
    settings = config.persisted_operations
    made_for = (settings.automatic, config.redis)
    prefix = _key_prefix(config)
    automatic = (
        parts.take(
            "registered operations",
            made_for,
            lambda: AutomaticQueries(settings.automatic, link=link, key_prefix=prefix),
        )
        if settings.registers
        else None
    )
    safelist = parts.take("trusted documents", documents, lambda: Safelist(documents))
    return PersistedOperations(settings, safelist=safelist, automatic=automatic, telemetry=telemetry)


def _shared_buckets(link: RedisLink | None) -> SharedBuckets | None:
    if link is None:
        return None
    from router.ratelimit.shared import SharedBuckets  # for the same reason

    return SharedBuckets(link)


def _key_prefix(config: RouterConfig) -> str:
    return "" if config.redis is None else config.redis.key_prefix
