"""Where other programs say what the cache must not serve any more: a POST with a list, by whoever knows the secret."""

from __future__ import annotations

import hmac

from pydantic import SecretStr, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from router.caching.invalidation import WANTED
from router.config import RouterConfig
from router.edge.serving import Serving
from router.errors import RedisUnavailable
from router.limits import CACHE_INVALIDATION_BYTES_MAX


def invalidation_routes(serving: Serving, config: RouterConfig) -> list[Route]:
    """The path of the settings, where there is one."""
    settings = None if config.cache is None else config.cache.invalidation
    if settings is None:
        return []

    async def invalidate(request: Request) -> Response:
        with serving.gate as gate:
            cache = gate.router.cache
            now = None if cache is None else cache.settings.invalidation
            if cache is None or now is None:  # a reload has turned it off
                return _told("There is no cache.", 404)
            if not _knows(now.secret, request.headers.get("authorization", "")):
                return _told("Authorization must hold the secret of cache.invalidation.", 401)
            body = await _read(request)
            if body is None:
                return _told(f"The body is larger than {CACHE_INVALIDATION_BYTES_MAX} bytes: send it in parts.", 413)
            try:
                wanted = WANTED.validate_json(body)
            except ValidationError as error:
                return _told(_sentence(error), 400)
            try:
                await cache.store.delete([each.tag for each in wanted])
            except RedisUnavailable:
                return _told("Redis cannot be reached, and nothing was invalidated: try again.", 503)
            for each in wanted:
                cache.telemetry.invalidated(each.kind)
            return JSONResponse({"count": len(wanted)}, 202)

    return [Route(settings.path, invalidate, methods=["POST"])]


def _knows(secret: SecretStr, shown: str) -> bool:
    """In a time that says nothing of how much was right."""
    return hmac.compare_digest(shown.removeprefix("Bearer ").encode(), secret.get_secret_value().encode())


async def _read(request: Request) -> bytes | None:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > CACHE_INVALIDATION_BYTES_MAX:
            return None
    return bytes(body)


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"])) or "the body"
    return f'{where}: {first["msg"]}. Send a list such as [{{"kind": "cache_tag", "cache_tag": "user-1"}}].'


def _told(sentence: str, status: int) -> Response:
    headers = {"cache-control": "no-store"}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    return JSONResponse({"error": sentence}, status, headers=headers)
