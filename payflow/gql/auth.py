"""Who asks: the verifier that every subgraph holds requests against, even those that come past the router."""

from __future__ import annotations

from typing import Any

import aiohttp
import orjson

from payflow.kernel.errors import DependencyUnavailable
from payflow.kernel.settings import Settings
from payflow.kernel.tokens import FetchedKeys, KeySource, ServiceKeys, TokenVerifier

FETCH_TIMEOUT_S = 2.0


def token_verifier(settings: Settings, *, users: KeySource | None = None) -> TokenVerifier:
    """The verifier of this platform's tokens; `users` replaces fetching the JWKS where the keys are at hand."""
    return TokenVerifier(
        issuer=settings.jwt_issuer,
        audience=settings.jwt_audience,
        users=users or _fetched(settings.jwks_url),
        services=ServiceKeys(settings.service_jwks_file),
    )


def _fetched(url: str) -> FetchedKeys:
    async def fetch() -> dict[str, Any]:
        timeout = aiohttp.ClientTimeout(total=FETCH_TIMEOUT_S)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as response:
                response.raise_for_status()
                document: dict[str, Any] = orjson.loads(await response.read())
                return document
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise DependencyUnavailable("Sign-in keys cannot be fetched at the moment; try again shortly.") from error

    return FetchedKeys(fetch)
