"""`cache`: answers of subgraphs that are kept in Redis, and who may do away with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator

from router import limits
from router.config.base import Settings
from router.config.headers import HeaderName
from router.config.redis import RedisSettings


class CachedSubgraph(Settings):
    """What is kept of one subgraph. Its answers come first, then @cacheControl in its schema, then what is set here."""

    ttl_s: float | None = Field(default=None, gt=0)
    """How long what says nothing of itself is kept. Not set: it is not."""

    scope: Literal["answer", "public", "private"] = "answer"
    """Whom an entry serves that does not say: `public` everybody, `private` the caller whom it was made for. By default, an `answer` to
    a request with a header that tells who asks is private, and one without serves only others without."""


class InvalidationSettings(Settings):
    """A path by which other programs say what is out of date. They may do so in Redis itself instead."""

    path: str = Field(default="/cache/invalidate", pattern="^/[^?#]+$")
    """Where it is; beside /metrics, on the operators' address if there is one. Read at the start only."""

    secret: SecretStr
    """What they show as `Authorization`."""

    @field_validator("secret")
    @classmethod
    def _is_hard_to_guess(cls, secret: SecretStr) -> SecretStr:
        if len(secret.get_secret_value()) < 16:
            raise ValueError("must have at least 16 characters, for who guesses it can empty the cache")
        return secret


class CacheSettings(Settings):
    """Answers of subgraphs to queries, kept in Redis: whole ones of root fields, and entities one by one.

    Off unless this section is there, and then on for the subgraphs that it names. Mutations and subscriptions pass it by.
    """

    subgraphs: Mapping[str, CachedSubgraph]
    """The subgraphs whose answers are kept, by name; `{}` keeps what says how long it may be."""

    private_id: tuple[Annotated[str, Field(min_length=1)], ...] = ("sub",)
    """The claims of an access token that make a caller one and the same: private entries serve who has all of them in common."""

    identity_headers: tuple[HeaderName, ...] = ("authorization", "cookie")
    """Headers to subgraphs that tell who asks. Every other header that goes along makes an entry of its own."""

    ignored_headers: tuple[HeaderName, ...] = ()
    """Headers to subgraphs that change no answer."""

    redis: RedisSettings | None = None
    """Where entries are kept, e.g. in a server that forgets what is used least. By default, the server of the section `redis`."""

    timeout_s: float = Field(default=limits.CACHE_READ_S, gt=0)
    """How long a lookup may take; then the subgraph is asked."""

    ttl_max_s: float = Field(default=limits.CACHE_TTL_MAX_S, gt=0, le=2_592_000)
    """Nothing is kept longer."""

    entry_bytes: int = Field(default=limits.CACHE_ENTRY_BYTES, ge=1, le=10_000_000)
    """What is larger is not kept."""

    tell_clients: bool = True
    """Whether answers to queries carry a `Cache-Control` that says how long all they are made of holds."""

    invalidation: InvalidationSettings | None = None
    """Off by default: entries then end by their time, or in Redis."""
