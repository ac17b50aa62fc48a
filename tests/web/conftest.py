"""A platform that serves its page, and browsers to look at it with."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.e2e.conftest import REPOSITORY, Platform, running_platform
from tests.e2e.people import People
from tests.subgraphs.harness import Client
from tests.web.chromium import ARGUMENTS, ensure_chromium
from tests.web.window import PATIENCE_MS, Windows

ACCESS_TOKEN_SECONDS = "30"  # the shortest there is: whatever is tested, sessions are refreshed meanwhile
BUILD_TIMEOUT_S = 480  # a first installation over a slow line, and the build
FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def page_platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """One platform for all of these tests, with its page, which is built where it is not current."""
    subprocess.run(
        [sys.executable, "-m", "payflow", "web", "build"], cwd=REPOSITORY, check=True, timeout=BUILD_TIMEOUT_S
    )
    data_dir = tmp_path_factory.mktemp("web")
    with running_platform(data_dir, PAYFLOW_ACCESS_TOKEN_SECONDS=ACCESS_TOKEN_SECONDS) as platform:
        yield platform


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
