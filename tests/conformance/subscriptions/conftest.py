"""One router process and one process of Node for all tests of a file."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.conformance.subscriptions.clients import Clients, running
from tests.conformance.subscriptions.stage import Router, Stage, routing
from tests.router.blog import Blog


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def blog() -> Blog:
    return Blog()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clients() -> AsyncIterator[Clients]:
    async with running() as clients:
        yield clients


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def router(blog: Blog, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Router]:
    async with routing(blog, tmp_path_factory.mktemp("router")) as router:
        yield router


@pytest_asyncio.fixture(loop_scope="module")
async def stage(router: Router, blog: Blog, clients: Clients) -> AsyncIterator[Stage]:
    for event in (blog.listening, blog.closed, blog.slow_begun, blog.slow_goes_on, blog.slow_cancelled):
        event.clear()
    while not blog.published.empty():
        blog.published.get_nowait()
    stage = Stage(router, blog, clients)
    yield stage
    if blog.listening.is_set():  # who still listens would take the next test's events
        await stage.nobody_listens()
