"""`cors`: which web origins may call the router from a browser, and how."""

from __future__ import annotations

import re

from pydantic import Field, field_validator, model_validator

from router.config.base import Settings

ANY = "*"
NULL = "null"  # of frames in a sandbox, redirects and files

_ANYBODY = (NULL, "https://no-one-we-know.invalid", "http://no-one-we-know.invalid", "https://noone.com")
"""Origins that nobody means: an expression that matches one matches more than was meant."""


class CorsPolicy(Settings):
    """What pages of some origins may do."""

    origins: tuple[str, ...] = ()
    """Origins such as `https://app.example.com`, without a path; `*` is every one."""
    match_origins: tuple[str, ...] = ()
    """Regular expressions that admit an origin where they match the whole of it, e.g. `https://[a-z]+\\.example\\.com`."""
    credentials: bool = False
    """Whether cookies and client certificates go along. Not with the origins `*` and `null`, nor with an expression for any origin."""
    methods: tuple[str, ...] = ("GET", "POST")
    """What a page may send."""
    headers: tuple[str, ...] = (ANY,)
    """Request headers that a page may set; `*` is whichever it asks for."""
    expose_headers: tuple[str, ...] = ("x-request-id", "retry-after", "ratelimit", "ratelimit-policy")
    """Headers of the answer that a page may read."""
    private_network: bool = False
    """Whether a public page may call a router in a private network (Private Network Access)."""
    max_age_s: int = Field(default=600, ge=0)
    """How long a browser may remember all this."""

    @field_validator("origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if origin not in (ANY, NULL) and not re.fullmatch(r"[a-z][a-z0-9+.-]*://[^/?#\s]+", origin):
                raise ValueError(f'names an origin as scheme, host and port, without a path, unlike "{origin}"')
        return origins

    @field_validator("match_origins")
    @classmethod
    def _are_expressions(cls, expressions: tuple[str, ...]) -> tuple[str, ...]:
        for expression in expressions:
            try:
                re.compile(expression)
            except re.error as error:
                raise ValueError(f'holds "{expression}", which is no regular expression: {error}') from None
        return expressions

    @model_validator(mode="after")
    def _admits_somebody_and_is_safe(self) -> CorsPolicy:
        if self.credentials and ANY in self.origins:
            raise ValueError("cannot let every origin send credentials: name the origins, or leave credentials out")
        if self.credentials and (anybody := self._lets_in_anybody()) is not None:
            raise ValueError(
                f"{anybody}, and so cannot let it send credentials: name the origins, or leave credentials out"
            )
        return self

    def _lets_in_anybody(self) -> str | None:
        """What of it any page on the web could be; None where there is no such thing."""
        if NULL in self.origins:
            return f'admits the origin "{NULL}", which any page can take on in a frame'
        for expression in self.match_origins:
            if any(re.fullmatch(expression, origin) for origin in _ANYBODY):
                return f'admits any origin by "{expression}"'
        return None


class Cors(CorsPolicy):
    """Which web origins may call the router from a browser. Off by default: then none may but the router's own.

    The first of `policies` that admits an origin says what its pages may do, else what stands beside `policies` does.
    """

    policies: tuple[CorsPolicy, ...] = ()
    """Policies for some origins each."""

    @model_validator(mode="after")
    def _admits_somebody(self) -> Cors:
        if not any(policy.origins or policy.match_origins for policy in (self, *self.policies)):
            raise ValueError("admits nobody: give origins or match_origins, or leave the section out")
        return self
