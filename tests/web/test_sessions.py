"""Signing up, in and out, with several tabs open, and staying signed in for longer than a token lives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from time import monotonic

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.e2e.conftest import Platform, temporary_platform
from tests.e2e.people import People
from tests.subgraphs.harness import Client
from tests.web.sources import PATIENCE_S
from tests.web.window import PASSWORD, Window, Windows, visitor, visitor_of

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(PATIENCE_S + 60)]

ACCESS_TOKEN_S = 30  # the shortest there is
LEEWAY_S = 10  # for which verifiers believe a token that has ended


@pytest.fixture(scope="module")
def page_platform(built_page: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """One whose access tokens end soon: sessions are refreshed all the time."""
    logs = tmp_path_factory.mktemp("sessions")
    with temporary_platform(logs, PAYFLOW_ACCESS_TOKEN_SECONDS=str(ACCESS_TOKEN_S)) as platform:
        yield platform


@dataclass(frozen=True)
class LeftOpen:
    """Two tabs of one person, and since when they are open."""

    windows: Windows
    handle: str
    tabs: tuple[Window, Window]
    since: float


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def left_open(page_platform: Platform, chromium: Browser) -> AsyncIterator[LeftOpen]:
    """Tabs that nobody touches while other tests run."""
    async with aiohttp.ClientSession() as http, AsyncExitStack() as stack:
        origin = f"http://127.0.0.1:{page_platform.port}"
        windows, ada = Windows(chromium, origin, stack), await People(Client(origin, http)).person("ada")
        window = await windows.of(ada)
        tabs = (window, await window.another_tab("/account"))
        since = monotonic()
        for tab in tabs:
            await tab.mark()
        yield LeftOpen(windows, ada.handle, tabs, since)


@pytest.mark.usefixtures("left_open")  # here, for the last test to find them old
async def test_signing_up(windows: Windows) -> None:
    """From the welcome page to one's own, without a reload; the account is there."""
    ada = visitor("Ada")
    window = await windows.new()
    await window.open()
    await window.page.get_by_role("link", name="Sign up").click()

    await window.fill_in_sign_up(ada)
    await window.button("Sign up").click()

    await window.is_signed_in()
    await window.go("Account")
    await window.shows(f"@{ada.handle}")
    await window.shows(ada.email)


async def test_a_handle_that_is_taken(windows: Windows, people: People) -> None:
    """Is told beside the field, which can be corrected: what was typed stays."""
    bob = await people.person("bob")
    ada = visitor("Ada")
    window = await windows.new()
    await window.open("/sign-up")
    await window.fill_in_sign_up(ada)
    await window.field("Handle").fill(bob.handle)
    await window.button("Sign up").click()
    await window.is_told("Handle", "Somebody has this handle already")

    await window.field("Handle").fill(ada.handle)
    await window.button("Sign up").click()

    await window.is_signed_in()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("Password", "short", "12"),
        ("Handle", "no spaces!", "3"),
    ],
)
async def test_what_the_api_does_not_take(windows: Windows, field: str, value: str, told: str) -> None:
    """Is told beside the field it concerns, with the rule."""
    window = await windows.new()
    await window.open("/sign-up")
    await window.fill_in_sign_up(visitor("Ada"))
    await window.field(field).fill(value)
    await window.button("Sign up").click()

    await window.is_told(field, told)


async def test_an_address_with_an_account(windows: Windows, people: People) -> None:
    """Is told beside the e-mail."""
    bob = visitor_of(await people.person("bob"))
    window = await windows.new()
    await window.open("/sign-up")
    await window.fill_in_sign_up(visitor("Ada"))
    await window.field("Email").fill(bob.email)
    await window.button("Sign up").click()

    await window.is_told("Email", "There is an account with this e-mail already")


async def test_a_wrong_password(windows: Windows, people: People) -> None:
    """Is told in plain words, and the right one signs in; who had been on the way to a page is brought there."""
    ada = visitor_of(await people.person("ada"))
    window = await windows.new()
    await window.page.goto(f"{windows.origin}/account")
    await window.field("Email").fill(ada.email)
    await window.field("Password").fill("not my password")
    await window.button("Sign in").click()
    await window.shows("do not go together")

    await window.field("Password").fill(PASSWORD)
    await window.button("Sign in").click()

    await expect(window.heading("Account")).to_be_visible()
    await window.shows(f"@{ada.handle}")


async def test_a_reload_keeps_the_session(windows: Windows, people: People) -> None:
    """One stays on the page where one was."""
    window = await windows.of(await people.person("ada"))
    await window.go("Account")

    await window.page.reload()

    await expect(window.heading("Account")).to_be_visible()


async def test_signing_out_in_one_tab(windows: Windows, people: People) -> None:
    """Signs out the other one, at once, and no page comes back by a reload."""
    ada = await people.person("ada")
    window = await windows.of(ada)
    other = await window.another_tab("/account")
    await other.shows(f"@{ada.handle}")

    await window.go("Account")
    await window.button("Sign out").click()

    for tab in (window, other):
        await expect(tab.page.get_by_text(f"@{ada.handle}")).to_have_count(0)
        await tab.open("/account")
        await expect(tab.heading("Sign in")).to_be_visible()


async def test_signing_in_in_one_tab(windows: Windows, people: People) -> None:
    """Signs in the other one."""
    window = await windows.new()
    await window.open("/")
    other = await window.another_tab("/sign-in")

    await window.sign_in(visitor_of(await people.person("ada")))

    await other.is_signed_in()


async def test_sessions_outlive_their_tokens(left_open: LeftOpen) -> None:
    """Two tabs stay open for longer than an access token lives: both go on, unasked, and none of them is reloaded."""
    await asyncio.sleep(left_open.since + ACCESS_TOKEN_S + LEEWAY_S + 2 - monotonic())

    for tab in left_open.tabs:
        await tab.go("Home")
        await tab.go("Account")
        await tab.shows(f"@{left_open.handle}")
        assert await tab.is_marked()
    assert left_open.windows.complaints() == []
