"""A platform that serves its page, and browsers to look at it with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.e2e.conftest import Platform
from tests.e2e.people import People
from tests.subgraphs.harness import Client
from tests.web.chromium import ARGUMENTS, ensure_chromium
from tests.web.sources import payflow_web
from tests.web.window import PATIENCE_MS, Windows

FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def built_page(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The page is what its sources say now. Whoever comes first builds it, the others wait."""
    payflow_web("build", tmp_path_factory.mktemp("build"))


@pytest.fixture(scope="session")
def page_platform(built_page: None, platform: Platform) -> Platform:
    """The platform, with its page: a router takes up what is built."""
    return platform


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """One browser per module; each window is a profile of its own."""
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=ensure_chromium(), args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def windows(
    page_platform: Platform, chromium: Browser, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[Windows]:
    """Opens windows, and fails the test for whatever their consoles complained of."""
    async with AsyncExitStack() as stack:
        windows = Windows(chromium, f"http://127.0.0.1:{page_platform.port}", stack)
        yield windows
        if request.node.stash.get(FAILED, False):
            await windows.picture(tmp_path)
    assert windows.complaints() == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember which tests failed: their fixtures take pictures."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest_asyncio.fixture(loop_scope="module")
async def people(page_platform: Platform) -> AsyncIterator[People]:
    """Makes people through the API, for stories that begin later than with them."""
    async with aiohttp.ClientSession() as http:
        yield People(Client(f"http://127.0.0.1:{page_platform.port}", http))
