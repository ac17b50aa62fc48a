"""Who visits a site: a client that sends paths as they are written and shows answers as they came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass(frozen=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser, unless the headers say otherwise. `accept_encoding` and the like are headers."""

    address: str
    client: aiohttp.ClientSession

    async def get(
        self, path: str, *, accept: str = BROWSER, accept_encoding: str = "identity", **headers: str
    ) -> Answer:
        return await self.ask("GET", path, accept=accept, accept_encoding=accept_encoding, **headers)

    async def post(self, path: str, body: Any) -> Answer:
        return await self.ask("POST", path, json=body, accept="application/json")

    async def ask(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        accept: str = BROWSER,
        accept_encoding: str = "identity",
        **headers: str,
    ) -> Answer:
        """Send it with the path untouched: no segment is resolved, nothing is decoded on the way."""
        url = URL(f"http://{self.address}{path}", encoded=True)
        named = {"accept": accept, "accept_encoding": accept_encoding, **headers}
        sent = {name.replace("_", "-"): value for name, value in named.items()}
        async with self.client.request(method, url, json=json, headers=sent) as response:
            told = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, told, await response.read())
