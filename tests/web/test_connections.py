"""The line between a page and the platform breaks, or a service is away: it says so, and nothing is missed, nothing comes twice."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from playwright.async_api import Route, expect

from tests.e2e.conftest import Platform
from tests.e2e.people import People, Person
from tests.web.guard import AWAY
from tests.web.sources import PATIENCE_S
from tests.web.window import Window, Windows, visitor_of
from tests.web.wire import Wire, wire_to

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(PATIENCE_S + 60)]


@pytest_asyncio.fixture(loop_scope="module")
async def wire(page_platform: Platform) -> AsyncIterator[Wire]:
    """What the browser is connected by, to be cut. Ask for it before the windows, so that they are closed before it is."""
    async with wire_to(page_platform.port) as wire:
        yield wire


async def told_once(window: Window, notes: list[str]) -> None:
    """These payments, and no others, stand at home and in the statement, and each has told its notification once."""
    await window.go("Home")
    for note in notes:
        await expect(window.rows("Latest activity").filter(has_text=note)).to_have_count(1)
    await expect(window.rows("Latest activity")).to_have_count(len(notes))
    await window.go("Notifications")
    await expect(window.rows("Notifications")).to_have_count(len(notes))
    await window.go("Home")
    await window.wallet().get_by_role("link").click()
    await expect(window.lines()).to_have_count(len(notes))


async def pay(payer: Person, payee: Person, *notes: str) -> None:
    """A dollar for each note. It may still be on its way where the machine is busy: what follows waits for it."""
    for note in notes:
        assert (await payer.send(1_00, payee, note=note))["status"] in ("COMPLETED", "PENDING")


async def test_the_wire_is_cut(wire: Wire, windows: Windows, people: People) -> None:
    """What came while it was cut is there as soon as it is mended, each once; no reload, and no click."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    his = await windows.of(bob, origin=wire.url)
    await pay(ada, bob, "before")
    await his.has("$1.00")
    await his.mark()

    with his.guard.expecting(AWAY):
        wire.cut()
        await his.shows("Reconnecting…")
        await pay(ada, bob, "meanwhile", "and again")
        wire.mend()
        await his.has("$3.00")
    await expect(his.page.get_by_text("Reconnecting…")).to_have_count(0)
    await pay(ada, bob, "after")

    await his.has("$4.00")
    await told_once(his, ["before", "meanwhile", "and again", "after"])
    assert await his.is_marked()


async def test_questions_do_not_pile_up(wire: Wire, windows: Windows, people: People) -> None:
    """However often the line breaks, what a page shows stays on it, and is asked once at a time."""
    bob = await people.person("bob")
    his = await windows.of(bob, origin=wire.url)
    await his.has("$0.00")

    with his.guard.expecting(AWAY):
        for _ in range(4):
            wire.cut()
            await his.shows("Reconnecting…")
            wire.mend()
            await expect(his.page.get_by_text("Reconnecting…")).to_have_count(0)
    await his.has("$0.00")
    await his.button("Under the hood").click()

    asked = his.rows("Operations").filter(has_text="HomeWallets")
    await expect(asked.first).to_be_visible()
    assert await asked.filter(has_text="under way").count() <= 1


async def test_the_network_is_away(windows: Windows, people: People) -> None:
    """The browser itself says that it is offline: so does the page, and it goes on where it was."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    his = await windows.of(bob)
    await his.has("$0.00")
    await his.mark()

    with his.guard.expecting(AWAY):
        await his.page.context.set_offline(True)
        await his.shows("You are offline")
        await pay(ada, bob, "meanwhile")
        await his.page.context.set_offline(False)
        await his.has("$1.00")
    await expect(his.page.get_by_text("You are offline")).to_have_count(0)

    await told_once(his, ["meanwhile"])
    assert await his.is_marked()


async def test_the_router_is_killed(page_platform: Platform, windows: Windows, people: People) -> None:
    """The supervisor starts it again, and the page finds it by itself."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    his = await windows.of(bob)
    await pay(ada, bob, "before")
    await his.has("$1.00")
    await his.mark()

    with his.guard.expecting(AWAY):
        page_platform.process("router").kill()
        await his.shows("Reconnecting…")
        await expect(his.page.get_by_text("Reconnecting…")).to_have_count(0)
        await pay(ada, bob, "after")
        await his.has("$2.00")

    await told_once(his, ["before", "after"])
    assert await his.is_marked()


async def test_sending_without_a_line(wire: Wire, windows: Windows, people: People) -> None:
    """Is told in plain words, and can be done again under the same key once the line is back: it pays once."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    hers = await windows.of(ada, origin=wire.url)
    await hers.review(bob.handle, "20.00")

    with hers.guard.expecting(AWAY):
        wire.cut()
        await hers.button("Confirm and send").click()
        await hers.shows("carried out once, however often you try")
        wire.mend()
        await hers.button("Confirm and send").click()
        await hers.has_sent("20.00")

    assert await bob.balance() == (20_00, 0)


async def test_a_page_that_is_opened_without_a_line(wire: Wire, windows: Windows, people: People) -> None:
    """Says so, also when it is told to try again, and opens by itself once it can be had: nobody is signed out by it."""
    ada = await people.person("ada", balance=100_00)
    hers = await windows.of(ada, origin=wire.url)
    await hers.has("$100.00")

    with hers.guard.expecting(AWAY):
        wire.cut()
        await hers.shows("Reconnecting…")
        await hers.go("Account")
        await hers.shows("This page could not be loaded")
        await hers.button("Load it again").click()
        await hers.shows("PayFlow does not answer yet")
        wire.mend()
        await expect(hers.heading("Account")).to_be_visible()
        await hers.shows(f"@{ada.handle}")


@dataclass
class Outage:
    """Answers what asks for these fields as the router does while their service is away, and lets all else through."""

    fields: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)  # the names of all operations

    async def answer(self, route: Route) -> None:
        """As a handler of Playwright's."""
        asked = json.loads(route.request.post_data or "{}")
        self.asked.append(asked.get("operationName", ""))
        missing = self.fields & set(re.findall(r"\w+", asked.get("query", "")))
        if not missing:
            await route.fallback()
            return
        error = {"message": "away", "path": ["me"], "extensions": {"code": "DOWNSTREAM_SERVICE_ERROR"}}
        await route.fulfill(json={"data": None, "errors": [error]})


async def test_a_service_is_away(windows: Windows, people: People) -> None:
    """What it tells is missing, says so in its place and can be asked for again; what others tell is there, and what was shown stays."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob", balance=100_00)
    await pay(bob, ada, "before")
    await ada.waits_for("TRANSFER_RECEIVED")
    away = Outage(
        {
            "transfers",
            "paymentRequests",
            "notifications",
            "notificationCursor",
            "unreadNotificationCount",
            "rewardsEarned",
        }
    )
    window = await windows.new()
    await window.page.route("**/graphql", away.answer)
    await window.sign_in(visitor_of(ada))
    latest = window.page.get_by_role("region", name="Latest activity")

    await window.has("$101.00")
    await expect(latest).to_contain_text("This could not be loaded")
    await window.shows("Whether you are asked for money could not be loaded.")
    await window.go("Send")
    await window.shows("The people you know from before could not be loaded.")
    await expect(window.field("From")).to_contain_text("USD wallet")
    await window.go("Rewards")
    await expect(window.page.get_by_role("region", name="Earned so far")).to_contain_text("could not be loaded")
    await expect(window.rows("Offers")).not_to_have_count(0)

    await window.go("Home")
    await expect(latest.get_by_role("button", name="Try again")).to_be_visible()
    away.fields.clear()
    await latest.get_by_role("button", name="Try again").click()
    await expect(window.rows("Latest activity")).to_have_count(1)

    away.fields.add("transfers")
    await pay(bob, ada, "meanwhile")
    await window.has("$102.00")
    told = window.page.get_by_role("status").filter(has_text="Some of this is missing or out of date just now.")
    await expect(told).to_be_visible()
    await expect(window.rows("Latest activity")).to_have_count(1)
    await expect(window.link("Notifications")).to_have_accessible_name(
        "Notifications, 2 unread"
    )  # no event is on its way any more
    again = told.get_by_role("button", name="Try again")
    async with window.page.expect_request(lambda request: "query HomeActivity" in (request.post_data or "")):
        await again.click()
    await expect(again).to_be_enabled()
    away.fields.clear()
    await again.click()
    await expect(told).to_have_count(0)
    await expect(window.rows("Latest activity")).to_have_count(2)
    assert away.asked.count("NotificationCursor") == 1


async def test_a_panel_that_does_not_come(windows: Windows) -> None:
    """Says so, and leaves the page and its own button as they are: opened again, it may come."""
    window = await windows.new()
    await window.open()
    panel = window.page.get_by_role("complementary", name="Under the hood")

    with window.guard.expecting(AWAY):
        await window.page.route("**/assets/Hood-*.js", lambda route: route.abort())
        await window.button("Under the hood").click()
        await window.shows("This panel could not be loaded")
        await window.page.unroute("**/assets/Hood-*.js")
    await expect(window.heading("Welcome to PayFlow")).to_be_attached()
    await window.button("Under the hood").click()
    await expect(window.page.get_by_text("This panel could not be loaded")).to_have_count(0)
    await window.button("Under the hood").click()

    await expect(panel).to_be_visible()
