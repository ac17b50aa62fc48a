"""What the tests of telemetry share: a router over the blog, set as a test wants, and a collector of traces."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from router.app import create_app
from router.config import RouterConfig
from tests.router.blog import Blog, supergraph_file
from tests.router.serving import serving
from tests.telemetry.collector import Collector, collecting


@dataclass
class Site:
    """A running router, and a client of it."""

    address: str
    blog: Blog
    client: aiohttp.ClientSession

    async def ask(self, query: str, *, headers: dict[str, str] | None = None, **parameters: Any) -> dict[str, Any]:
        """The answer to a POST."""
        url = f"http://{self.address}/graphql"
        async with self.client.post(url, json={"query": query, **parameters}, headers=headers) as response:
            answer: dict[str, Any] = await response.json(content_type=None)
            return answer

    async def get(self, path: str) -> tuple[int, Any]:
        """Status and JSON of a GET."""
        async with self.client.get(f"http://{self.address}{path}") as response:
            return response.status, await response.json()

    async def metrics(self) -> str:
        """What /metrics says."""
        async with self.client.get(f"http://{self.address}/metrics") as response:
            return await response.text()


Serve = Callable[..., AbstractAsyncContextManager[Site]]


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    """Serve the blog by some settings."""

    @asynccontextmanager
    async def served(*, over_http: bool = False, **settings: Any) -> AsyncIterator[Site]:
        defaults = {"supergraph": supergraph_file(tmp_path), "authorization": {"anonymous_only": True}}
        blog = Blog()
        transport = None if over_http else blog.transport()
        app = create_app(RouterConfig.model_validate({**defaults, **settings}), transport=transport)
        async with serving(app) as address, aiohttp.ClientSession() as client:
            yield Site(address, blog, client)

    return served


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector
