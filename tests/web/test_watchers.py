"""What watches the pages sees what is wrong with a page."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.web.axe import barriers
from tests.web.guard import Guard
from tests.web.layout import overflowing

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]  # Chromium may have to be installed

HEARD_WITHIN_S = 10.0  # a matter of milliseconds, on a machine that has time
ORIGIN = "http://page.test"
POLICY = {"content-security-policy": "default-src 'none'; connect-src *; script-src 'self'"}
BROKEN = """<!doctype html><html lang="en"><title>Broken</title><main><h1>Broken</h1>
<button></button><p style="width: 900px">Too wide for a telephone</p></main></html>"""


@pytest.fixture
def guard() -> Guard:
    return Guard(ORIGIN)


@pytest_asyncio.fixture(loop_scope="module")
async def page(chromium: Browser, guard: Guard) -> AsyncIterator[Page]:
    """A page with nothing behind it, of a narrow window."""
    context = await chromium.new_context(viewport={"width": 360, "height": 600})
    await context.route("**/*", lambda route: route.fulfill(body="{}", headers={"access-control-allow-origin": "*"}))
    await context.route(
        f"{ORIGIN}/", lambda route: route.fulfill(body=BROKEN, content_type="text/html", headers=POLICY)
    )
    await guard.watch(context)
    page = await context.new_page()
    await page.goto(ORIGIN)
    yield page
    await context.close()


async def hears(page: Page, guard: Guard, words: str) -> None:
    """A page has gone on when its console is heard."""
    async with asyncio.timeout(HEARD_WITHIN_S):
        while not any(words in complaint for complaint in guard.complaints):
            await page.wait_for_timeout(20)


async def test_breaches_of_the_policy_are_heard(page: Page, guard: Guard) -> None:
    """A style that stands in the page is refused by the policy, and told."""
    await hears(page, guard, "style-src")


@pytest.mark.parametrize(
    ("script", "heard"),
    [
        ("console.warn('a key is missing')", "a key is missing"),
        ("console.error('it broke')", "it broke"),
        ("setTimeout(() => { throw new Error('nobody caught me') })", "nobody caught me"),
        ("void Promise.reject(new Error('nobody waited'))", "nobody waited"),
        ("fetch('http://stranger.test/').then(() => 0)", "called http://stranger.test/"),
    ],
)
async def test_complaints_are_heard(page: Page, guard: Guard, script: str, heard: str) -> None:
    """Warnings, errors, what nobody caught, and calls to strangers; each is told once, with its words."""
    await page.evaluate(f"() => {{ {script} }}")
    await hears(page, guard, heard)

    assert len([complaint for complaint in guard.complaints if heard in complaint]) == 1


async def test_what_is_expected_is_no_complaint(page: Page, guard: Guard) -> None:
    """For as long as it is expected."""
    with guard.expecting(re.compile("the network is away")):
        async with page.expect_console_message(lambda message: "the network is away" in message.text):
            await page.evaluate("console.error('the network is away')")
    await page.evaluate("console.error('the network is away, again')")
    await hears(page, guard, "again")

    [complaint] = [complaint for complaint in guard.complaints if "network" in complaint]
    assert "again" in complaint


async def test_barriers_are_found(page: Page) -> None:
    """A button without a name is one."""
    assert [found.partition(" ")[0] for found in await barriers(page)] == ["button-name"]


async def test_overflow_is_found(page: Page) -> None:
    """With the element that causes it."""
    await page.evaluate("document.querySelector('p').style.width = '900px'")

    assert [found.partition(" ")[0] for found in await overflowing(page)] == ["<p"]
