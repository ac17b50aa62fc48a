"""The wallet's typed client without a network: the same request and the same answer, handed to the ASGI application itself."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

import orjson
from starlette.applications import Starlette

from payflow.client import wallet as wallet_api
from payflow.client.errors import OutcomeUnknown
from payflow.client.transport import _jsonable


class Client(wallet_api.Client):
    """Calls an application of this process."""

    def __init__(self, app: Starlette, *, token: Callable[[], str | None]) -> None:
        super().__init__("http://wallet.invalid/graphql", token=token)
        self._app = app

    async def execute(
        self, query: str, operation_name: str | None = None, variables: dict[str, Any] | None = None, **_: Any
    ) -> dict[str, Any]:
        """Raises OutcomeUnknown where the application breaks."""
        body = {"query": query, "operationName": operation_name, "variables": _jsonable(variables or {})}
        return await post(self._app, body, token=self._token())


async def post(app: Starlette, body: dict[str, Any], *, token: str | None) -> dict[str, Any]:
    """The GraphQL answer to a POST of this body."""
    sent: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": orjson.dumps(body), "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message.get("body", b""))

    headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {token}".encode())]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "server": ("wallet.invalid", 80),
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "root_path": "",
        "headers": headers,
    }
    try:
        await app(scope, receive, send)
        answer: dict[str, Any] = orjson.loads(b"".join(sent))
    except Exception as error:
        raise OutcomeUnknown(f"the application broke: {error}") from error
    return answer
