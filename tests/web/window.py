"""What a person does in a window of the browser, in their own words: everything is found by its role and its name."""

from __future__ import annotations

import re
import secrets
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.people import Person
from tests.web.guard import Guard

Theme = Literal["light", "dark"]
PASSWORD = "correct horse battery"
WIDE, NARROW = 1280, 360
HEIGHT = 800
PATIENCE_MS = 30_000  # for what usually takes half a second: the machine may be busy with other tests


@dataclass(frozen=True)
class Visitor:
    """Somebody who may sign up."""

    name: str
    handle: str
    password: str = PASSWORD

    @property
    def email(self) -> str:
        return f"{self.handle}@example.com"


def visitor(name: str) -> Visitor:
    """Somebody new of this name."""
    return Visitor(name, f"{name.lower()}_{secrets.token_hex(5)}")


def visitor_of(person: Person) -> Visitor:
    """Somebody who signed up through the API."""
    return Visitor(person.handle.partition("_")[0].title(), person.handle)


@dataclass
class Window:
    """One tab. Its verbs leave it where the person would be."""

    page: Page
    guard: Guard

    async def open(self, path: str = "/") -> None:
        """Load a page of ours, and wait for its heading."""
        await self.page.goto(f"{self.guard.origin}{path}")
        await expect(self.heading()).to_be_visible()

    async def another_tab(self, path: str = "/") -> Window:
        """Of the same profile."""
        tab = Window(await self.page.context.new_page(), self.guard)
        tab.page.set_default_timeout(PATIENCE_MS)
        await tab.open(path)
        return tab

    # Finding -----------------------------------------------------------------------------------------------------

    def heading(self, name: str | re.Pattern[str] | None = None) -> Locator:
        """The heading of the page."""
        return (
            self.page.get_by_role("heading", level=1, name=name) if name else self.page.get_by_role("heading", level=1)
        )

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def field(self, name: str) -> Locator:
        return self.page.get_by_label(name, exact=True)

    def link(self, name: str) -> Locator:
        """One that leads to this place; a count may follow in its name."""
        return self.page.get_by_role("link", name=re.compile(rf"^{name}(, \d+ unread)?$"))

    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def wallet(self, currency: str = "USD") -> Locator:
        """What it holds, at home and on its page."""
        return self.page.get_by_role("group", name=f"{currency} wallet")

    def rows(self, of: str) -> Locator:
        """The lines of a list."""
        return self.page.get_by_role("list", name=of).get_by_role("listitem")

    def lines(self) -> Locator:
        """Those of the statement, of all days."""
        return self.page.get_by_role("region", name="Statement").get_by_role("listitem")

    # Doing -------------------------------------------------------------------------------------------------------

    async def go(self, name: str) -> None:
        """By the navigation."""
        await self.link(name).first.click()

    async def sign_up(self, who: Visitor) -> None:
        """At its page."""
        await self.open("/sign-up")
        await self.fill_in_sign_up(who)
        await self.button("Sign up").click()
        await self.is_signed_in()

    async def fill_in_sign_up(self, who: Visitor) -> None:
        await self.field("Name").fill(who.name)
        await self.field("Handle").fill(who.handle)
        await self.field("Email").fill(who.email)
        await self.field("Password").fill(who.password)

    async def sign_in(self, who: Visitor) -> None:
        """At its page."""
        await self.open("/sign-in")
        await self.field("Email").fill(who.email)
        await self.field("Password").fill(who.password)
        await self.button("Sign in").click()
        await self.is_signed_in()

    async def open_wallet(self, currency: str = "USD") -> None:
        """From home."""
        await self.go("Home")
        await self.button("Open a wallet").click()
        await self.dialog().get_by_label("Currency").select_option(currency)
        await self.dialog().get_by_role("button", name="Open a wallet").click()
        await expect(self.wallet(currency)).to_be_visible()

    async def top_up(self, amount: str, currency: str = "USD") -> None:
        """From home, to the wallet's page."""
        await self.go("Home")
        await self.wallet(currency).get_by_role("link").click()
        await self.button("Top up").click()
        await self.in_dialog("Top up", amount)

    async def in_dialog(self, action: str, amount: str) -> None:
        """Enter an amount into a dialog and do what its button says, to the end."""
        await self.dialog().get_by_label("Amount").fill(amount)
        await self.dialog().get_by_role("button", name=action, exact=True).click()
        await expect(self.dialog()).to_have_count(0)

    async def fill_in_payment(self, to: str, amount: str, note: str = "") -> None:
        """At the page to send money from."""
        await self.go("Send")
        await self.field("To").fill(to)
        await self.field("Amount").fill(amount)
        await self.field("Note").fill(note)

    async def review(self, to: str, amount: str, note: str = "") -> None:
        """Up to the question whether it is right."""
        await self.fill_in_payment(to, amount, note)
        await self.button("Review").click()
        await expect(self.button("Confirm and send")).to_be_visible()

    async def send(self, to: str, amount: str, note: str = "") -> None:
        """To the end."""
        await self.review(to, amount, note)
        await self.button("Confirm and send").click()
        await self.has_sent(amount)

    async def ask_for(self, amount: str, of: str, note: str = "") -> None:
        """Request money."""
        await self.go("Requests")
        await self.button("Request money").click()
        await self.field("To").fill(of)
        await self.field("Amount").fill(amount)
        await self.field("Note").fill(note)
        await self.dialog().get_by_role("button", name="Request money").click()
        await expect(self.dialog()).to_have_count(0)

    # Seeing ------------------------------------------------------------------------------------------------------

    async def shows(self, text: str | re.Pattern[str]) -> None:
        """Somewhere on the page, soon."""
        await expect(self.page.get_by_text(text).first).to_be_visible()

    async def is_signed_in(self) -> None:
        """The navigation is there."""
        await expect(self.link("Account").first).to_be_visible()

    async def is_told(self, field: str, words: str | re.Pattern[str]) -> None:
        """Beside a field, in words that readers read out with it."""
        control = self.field(field)
        await expect(control).to_have_attribute("aria-invalid", "true")
        await expect(control).to_have_accessible_description(
            re.compile(re.escape(words)) if isinstance(words, str) else words
        )

    async def has(self, amount: str, currency: str = "USD") -> None:
        """Available, soon."""
        await expect(self.wallet(currency)).to_contain_text(amount)

    async def has_sent(self, amount: str) -> None:
        await self.shows(re.compile(rf"^You sent \$?{re.escape(amount)} to "))

    async def mark(self) -> None:
        """So that a reload would be noticed."""
        await self.page.evaluate("() => { window.marked = true }")

    async def is_marked(self) -> bool:
        return bool(await self.page.evaluate("() => window.marked === true"))


@dataclass
class Windows:
    """Opens windows with a guard each."""

    browser: Browser
    origin: str
    stack: AsyncExitStack
    guards: list[Guard] = field(default_factory=list)

    async def new(self, *, width: int = WIDE, theme: Theme = "light", origin: str | None = None) -> Window:
        """An empty window of a new profile."""
        guard = Guard(origin or self.origin)
        self.guards.append(guard)
        context = await self._context(width, theme)
        await guard.watch(context)
        return Window(await context.new_page(), guard)

    async def of(
        self, person: Person, *, width: int = WIDE, theme: Theme = "light", origin: str | None = None
    ) -> Window:
        """A window in which this person is signed in."""
        window = await self.new(width=width, theme=theme, origin=origin)
        await window.sign_in(visitor_of(person))
        return window

    async def picture(self, folder: Path) -> None:
        """Leave pictures of all windows, with what a screen reader finds in them, for whoever looks into a failure."""
        for number, page in enumerate(page for context in self.browser.contexts for page in context.pages):
            await screenshot(page, folder, f"window-{number}")
            (folder / f"window-{number}.txt").write_text(f"{page.url}\n{await page.locator('body').aria_snapshot()}\n")

    def complaints(self) -> list[str]:
        """Of all windows."""
        return [complaint for guard in self.guards for complaint in guard.complaints]

    async def _context(self, width: int, theme: Theme) -> BrowserContext:
        context = await self.browser.new_context(
            viewport={"width": width, "height": HEIGHT}, color_scheme=theme, locale="en-US", timezone_id="UTC"
        )
        context.set_default_timeout(PATIENCE_MS)
        self.stack.push_async_callback(context.close)
        return context


async def screenshot(page: Page, folder: Path, name: str) -> None:
    """The whole page, to be looked at."""
    folder.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=folder / f"{name}.png", full_page=True)
