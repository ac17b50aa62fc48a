"""Cross-origin resource sharing: which pages of other origins a browser lets call the router, and read what it answers.

Source: the Fetch standard, https://fetch.spec.whatwg.org/#http-cors-protocol; Private Network Access for the header of that name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import Final, TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from router.config import CorsPolicy
from router.config.cors import ANY, Cors
from router.edge.arrived import headers_of
from router.edge.serving import Serving
from router.security.origins import Origins

RawHeaders: TypeAlias = Sequence[tuple[bytes, bytes]]

_VARY: Final = (b"vary", b"origin")
_VARY_PREFLIGHT: Final = (b"vary", b"origin, access-control-request-method, access-control-request-headers")


class CorsGuard:
    """The ASGI application inside, as far as browsers may use it from elsewhere. Where no `cors` is set it is not touched."""

    def __init__(self, app: ASGIApp, serving: Serving) -> None:
        self._app = app
        self._serving = serving
        self._origins: Origins | None = None

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        settings = self._serving.gate.config.cors
        if settings is None or scope["type"] != "http":
            return self._app(scope, receive, send)
        return self._guarded(settings, scope, receive, send)

    async def _guarded(self, settings: Cors, scope: Scope, receive: Receive, send: Send) -> None:
        if self._origins is None or self._origins.settings is not settings:
            self._origins = Origins(settings)
        headers = headers_of(scope)
        origin = headers.get("origin")
        policy = None if origin is None else self._origins.policy_of(origin)
        if scope["method"] == "OPTIONS" and origin is not None and "access-control-request-method" in headers:
            await _send_preflight(policy, origin, headers, send)
            return
        added = (_VARY,) if policy is None or origin is None else allowances(policy, origin)
        await self._app(scope, receive, _adding(added, send))


def allowances(policy: CorsPolicy, origin: str) -> RawHeaders:
    """The headers of an answer that a page of the origin may read."""
    headers = [(b"access-control-allow-origin", _shown(policy, origin)), _VARY]
    if policy.credentials:
        headers.append((b"access-control-allow-credentials", b"true"))
    if policy.expose_headers:
        headers.append((b"access-control-expose-headers", ", ".join(policy.expose_headers).encode("latin-1")))
    return headers


def preflight_allowances(policy: CorsPolicy, origin: str, asked: Mapping[str, str]) -> RawHeaders:
    """The headers that tell a browser what it may send for a page of the origin."""
    wanted = asked.get("access-control-request-headers", "") if ANY in policy.headers else ", ".join(policy.headers)
    headers = [
        (b"access-control-allow-origin", _shown(policy, origin)),
        (b"access-control-allow-methods", ", ".join(policy.methods).encode("latin-1")),
        (b"access-control-max-age", b"%d" % policy.max_age_s),
        _VARY_PREFLIGHT,
    ]
    if wanted:
        headers.append((b"access-control-allow-headers", wanted.encode("latin-1")))
    if policy.credentials:
        headers.append((b"access-control-allow-credentials", b"true"))
    if policy.private_network and asked.get("access-control-request-private-network") == "true":
        headers.append((b"access-control-allow-private-network", b"true"))
    return headers


def _shown(policy: CorsPolicy, origin: str) -> bytes:
    return ANY.encode() if ANY in policy.origins and not policy.credentials else origin.encode("latin-1")


async def _send_preflight(policy: CorsPolicy | None, origin: str, asked: Mapping[str, str], send: Send) -> None:
    """Answer for the application. To a page that is not admitted nothing is allowed, which is how its browser learns it."""
    headers = (_VARY_PREFLIGHT,) if policy is None else preflight_allowances(policy, origin, asked)
    await send({"type": "http.response.start", "status": 204, "headers": list(headers)})
    await send({"type": "http.response.body"})


def _adding(headers: RawHeaders, send: Send) -> Send:
    async def adding(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *headers]
        await send(message)

    return adding
