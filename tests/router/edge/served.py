"""A running router as the tests of its edge see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.router.blog import Blog
from tests.router.security.tokens import KeyServer, SigningKey

KEY = SigningKey("k1")


@dataclass
class Served:
    """A running router: where it listens, the world behind it, its issuer, and a client."""

    address: str
    blog: Blog
    keys: KeyServer
    client: aiohttp.ClientSession
    key: SigningKey = field(default=KEY)

    @property
    def url(self) -> str:
        """The GraphQL endpoint over HTTP."""
        return f"http://{self.address}/graphql"

    @property
    def socket_url(self) -> str:
        """The GraphQL endpoint over WebSocket."""
        return f"ws://{self.address}/graphql"

    async def post(self, query: str, *, headers: dict[str, str] | None = None, **parameters: Any) -> dict[str, Any]:
        """The JSON answer to a POST."""
        async with self.client.post(self.url, json={"query": query, **parameters}, headers=headers) as response:
            body: dict[str, Any] = await response.json(content_type=None)
            return body
