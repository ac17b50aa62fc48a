"""Reads streams as their protocols have them, without a library that would hide their bytes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.router.edge.served import Served

EVENTS = "text/event-stream"
SUBSCRIPTION_PARTS = "multipart/mixed;subscriptionSpec=1.0, application/json"
DEFERRED_PARTS = "multipart/mixed;deferSpec=20220824, application/json"
PATIENCE_S = 10


@asynccontextmanager
async def streaming(
    served: Served, accept: str, query: str, *, headers: dict[str, str] | None = None, **parameters: Any
) -> AsyncIterator[aiohttp.ClientResponse]:
    """The response to an operation, as soon as its head is there."""
    asked = {"query": query, **parameters}
    async with served.client.post(served.url, json=asked, headers={"accept": accept, **(headers or {})}) as response:
        yield response


async def whole(served: Served, accept: str, query: str, **more: Any) -> tuple[int, bytes]:
    """Status and all bytes of a response."""
    async with streaming(served, accept, query, **more) as response:
        return response.status, await asyncio.wait_for(response.read(), PATIENCE_S)


async def parts(response: aiohttp.ClientResponse) -> AsyncIterator[Any]:
    """The bodies of a multipart response, each as soon as the boundary behind it is there. Heartbeats are passed over."""
    assert response.headers["content-type"].startswith("multipart/mixed"), await response.read()
    assert await _until(response, b"\r\n--graphql") == b""
    while True:
        if await asyncio.wait_for(response.content.readexactly(2), PATIENCE_S) == b"--":
            assert await response.content.read() == b"\r\n"
            return
        head, _, body = (await _until(response, b"\r\n--graphql")).partition(b"\r\n\r\n")
        assert head == b"content-type: application/json"
        if (piece := json.loads(body)) != {}:
            yield piece


async def events(response: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, Any]]:
    """Each event of a stream with its data. Comments are passed over."""
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8", await response.read()
    while True:
        block = await asyncio.wait_for(response.content.readuntil(b"\n\n"), PATIENCE_S)
        if not block:
            return
        fields = dict(line.partition(":")[::2] for line in block.decode().splitlines() if line)
        if "event" in fields:
            data = fields["data"].strip()
            yield fields["event"].strip(), json.loads(data) if data else None


async def _until(response: aiohttp.ClientResponse, end: bytes) -> bytes:
    found = await asyncio.wait_for(response.content.readuntil(end), PATIENCE_S)
    return found.removesuffix(end)
