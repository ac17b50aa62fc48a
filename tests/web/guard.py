"""Watches what a browser complains of: errors and warnings on the console, breaches of the policy, calls to strangers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, WebSocket

LOUD = frozenset({"error", "warning", "assert"})
LOCAL_SCHEMES = frozenset({"data", "blob", "about"})
# The console tells most breaches; this tells all of them, in words that can be searched for.
TELL_BREACHES = """
addEventListener("securitypolicyviolation", (breach) =>
  console.error(`Content-Security-Policy: ${breach.violatedDirective} refused ${breach.blockedURI} ${breach.sample}`));
"""
# What is said of a network that is away, whatever the page does about it: by the browser, and by Vite of a page's lazy parts.
AWAY = re.compile(
    r"net::ERR_(INTERNET_DISCONNECTED|CONNECTION_\w+|EMPTY_RESPONSE|NETWORK_CHANGED|SOCKET_NOT_CONNECTED|FAILED|TIMED_OUT"
    r"|INCOMPLETE_CHUNKED_ENCODING|CONTENT_LENGTH_MISMATCH)"  # in the middle of an answer
    r"|WebSocket connection to .* failed|status of 50[23]|Unable to preload CSS|dynamically imported module"
)


@dataclass
class Guard:
    """Takes notes; `complaints` is empty where all was well."""

    origin: str
    complaints: list[str] = field(default_factory=list)
    _expected: list[re.Pattern[str]] = field(default_factory=list)

    async def watch(self, context: BrowserContext) -> None:
        """Listen to all pages of this context, those that exist and those to come."""
        await context.add_init_script(TELL_BREACHES)
        context.on("console", self._console)
        context.on("weberror", lambda error: self._note(f"uncaught {error.error}"))
        context.on("request", self._request)
        context.on("page", self._page)

    @contextmanager
    def expecting(self, pattern: re.Pattern[str]) -> Iterator[None]:
        """Within the block, complaints that match are none."""
        self._expected.append(pattern)
        try:
            yield
        finally:
            self._expected.remove(pattern)

    def _page(self, page: Page) -> None:
        page.on("websocket", self._websocket)
        page.on("crash", lambda page: self._note(f"{page.url} crashed"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in LOUD:
            page = message.page.url if message.page else "a page that is gone"
            self._note(f"console.{message.type} on {page}: {message.text} ({message.location['url']})")

    def _request(self, request: Request) -> None:
        self._must_be_ours(request.url)

    def _websocket(self, socket: WebSocket) -> None:
        self._must_be_ours(socket.url)

    def _must_be_ours(self, url: str) -> None:
        called = urlsplit(url)
        if called.scheme not in LOCAL_SCHEMES and called.netloc != urlsplit(self.origin).netloc:
            self._note(f"called {url}, which is not of {self.origin}")

    def _note(self, complaint: str) -> None:
        if not any(pattern.search(complaint) for pattern in self._expected):
            self.complaints.append(complaint)
