"""The port between the edge and authentication: who sent a request, and when that ends."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any, Protocol

from router.config.jwt import TokenSource
from router.security.caller import ANONYMOUS, Caller
from router.security.session import SessionEnd, SessionWatch, forever
from router.security.sources import TokenSources


class Authenticator(SessionWatch, Protocol):
    """Turns a request into a caller."""

    async def __call__(self, headers: Mapping[str, str]) -> Caller:
        """Who sent a request with these headers (names in lower case). Without a token, `ANONYMOUS`.

        Raises:
            router.errors.Unauthenticated: the token is not acceptable, or there must be one.
            router.errors.KeysUnavailable: no token can be verified just now.
        """
        ...

    def issuers_without_keys(self) -> tuple[str, ...]:
        """Whose tokens cannot be verified just now."""
        ...

    def with_payload(self, payload: Mapping[str, Any], headers: Mapping[str, str]) -> Mapping[str, str]:
        """The headers of a socket's handshake, with what the payload of its `connection_init` says in their place.

        Raises:
            router.errors.Unauthenticated: the payload carries something other than a token where one belongs.
        """
        ...


class EverybodyAnonymous:
    """The authenticator of a router for which no issuer is configured: it believes no token, and hands on what a socket shows.

    `origins` are the web origins, besides the router's own, whose pages may use cookies on a socket.
    """

    def __init__(self, *, origins: Container[str] = ()) -> None:
        self._sources = TokenSources((TokenSource(header="authorization"),), origins=origins)

    async def __call__(self, headers: Mapping[str, str]) -> Caller:
        return ANONYMOUS

    def issuers_without_keys(self) -> tuple[str, ...]:
        return ()

    def with_payload(self, payload: Mapping[str, Any], headers: Mapping[str, str]) -> Mapping[str, str]:
        return self._sources.with_payload(payload, headers)

    async def ended(self, caller: Caller) -> SessionEnd:
        return await forever()
