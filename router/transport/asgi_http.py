"""One POST to an ASGI application in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from router.errors import SubgraphFailure
from router.transport.asgi_scope import AsgiApp, Message, scope
from router.transport.body import too_large, unreachable


class Post:
    """Carries one request and its response; `status`, `headers` and `body` hold the response after `run`."""

    def __init__(self, subgraph: str, content: bytes, *, response_bytes_max: int) -> None:
        self.status = 500
        self.headers: tuple[tuple[bytes, bytes], ...] = ()
        self.body = bytearray()
        self._subgraph = subgraph
        self._content: bytes | None = content
        self._response_bytes_max = response_bytes_max
        self._complete = asyncio.Event()

    async def run(self, app: AsgiApp, path: str, headers: Mapping[str, str]) -> None:
        """Call the application. Raises SubgraphFailure if it raises before its response is complete, or answers too much."""
        try:
            await app(scope("http", path, headers), self._receive, self._send)
        except SubgraphFailure:
            raise
        except Exception as error:
            # Starlette answers 500 and then raises for its server's log; the answer is what a remote caller would see.
            if not self._complete.is_set():
                raise unreachable(self._subgraph, repr(error)) from error
        if not self._complete.is_set():
            raise unreachable(self._subgraph, "the application returned without a complete response")

    async def _receive(self) -> Message:
        if self._content is not None:
            content, self._content = self._content, None
            return {"type": "http.request", "body": content, "more_body": False}
        await self._complete.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = tuple((bytes(name).lower(), bytes(value)) for name, value in message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if len(self.body) > self._response_bytes_max:
                raise too_large(self._subgraph, self._response_bytes_max)
            if not message.get("more_body", False):
                self._complete.set()
