"""What the generated clients stand on: kept connections, a bearer token per call, time-outs; aiohttp for subscriptions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, Self
from uuid import uuid4

import aiohttp
import orjson
import yarl
from pydantic import BaseModel

from payflow.client.errors import CallRejected, OutcomeUnknown
from payflow.client.http1 import Http1Pool
from payflow.kernel import tracing

CALL_TIMEOUT_S = 2.0  # between services; shorter than the lease of the work that calls
SUBSCRIPTION_HEARTBEAT_S = 15.0
_UNCERTAIN_CODES = frozenset({"INTERNAL_SERVER_ERROR", "UNAVAILABLE", "DOWNSTREAM_SERVICE_ERROR"})
_SUBPROTOCOL = "graphql-transport-ws"


class PooledClient:
    """The base of the generated clients. `token` is asked before each call, so that it may change."""

    def __init__(
        self, url: str, *, token: Callable[[], str | None] = lambda: None, timeout_s: float = CALL_TIMEOUT_S
    ) -> None:
        self._url = url
        self._token = token
        self._timeout_s = timeout_s
        self._calls = Http1Pool(url)
        self._session: aiohttp.ClientSession | None = None
        address = yarl.URL(url)
        self._about: dict[str, str | int] = {"http.request.method": "POST", "server.address": address.host or ""}
        if address.port is not None:
            self._about["server.port"] = address.port

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the pooled connections. Idempotent."""
        self._calls.close()
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def execute(
        self, query: str, operation_name: str | None = None, variables: dict[str, Any] | None = None, **_: Any
    ) -> dict[str, Any]:
        """Send one operation. Raises OutcomeUnknown where no GraphQL answer comes."""
        body = orjson.dumps({"query": query, "operationName": operation_name, "variables": _jsonable(variables or {})})
        try:
            with tracing.span(f"POST {operation_name}", kind="client", attributes=self._about) as span:
                async with asyncio.timeout(self._timeout_s):
                    response = await self._calls.post(body, self._headers())
                span.set("http.response.status_code", response.status)
                answer = orjson.loads(response.body)
        except (TimeoutError, OSError, ValueError) as error:
            raise OutcomeUnknown(f"{self._url} gave no answer ({type(error).__name__})") from error
        if not isinstance(answer, dict) or not ("data" in answer or "errors" in answer):
            raise OutcomeUnknown(f"{self._url} gave no GraphQL answer (HTTP {response.status})")
        return answer

    def get_data(self, response: dict[str, Any]) -> dict[str, Any]:
        """The data of an answer. Raises CallRejected or, where the fault is over there, OutcomeUnknown."""
        if errors := response.get("errors"):
            rejected = CallRejected(errors)
            if _UNCERTAIN_CODES.intersection(rejected.codes):
                raise OutcomeUnknown(str(rejected))
            raise rejected
        data: dict[str, Any] = response["data"]
        return data

    async def execute_ws(
        self, query: str, operation_name: str | None = None, variables: dict[str, Any] | None = None, **_: Any
    ) -> AsyncIterator[dict[str, Any]]:
        """Subscribe over graphql-transport-ws; yields the data of each event until the server completes."""
        payload = {"query": query, "operationName": operation_name, "variables": _jsonable(variables or {})}
        token = self._token()
        init = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            async with self._connected().ws_connect(
                self._url, protocols=[_SUBPROTOCOL], heartbeat=SUBSCRIPTION_HEARTBEAT_S
            ) as socket:
                await socket.send_json({"type": "connection_init", "payload": init})
                await socket.receive_json(timeout=CALL_TIMEOUT_S)
                await socket.send_json({"id": str(uuid4()), "type": "subscribe", "payload": payload})
                async for data in self._events(socket):
                    yield data
        except (aiohttp.ClientError, TimeoutError, OSError, TypeError) as error:
            raise OutcomeUnknown(f"{self._url} broke the subscription off ({type(error).__name__})") from error

    async def _events(self, socket: aiohttp.ClientWebSocketResponse) -> AsyncIterator[dict[str, Any]]:
        async for frame in socket:
            message = orjson.loads(frame.data)
            if message["type"] == "next":
                yield self.get_data(message["payload"])
            elif message["type"] == "error":
                raise CallRejected(message["payload"])
            elif message["type"] == "ping":
                await socket.send_json({"type": "pong"})
            elif message["type"] == "complete":
                return
        raise OutcomeUnknown(f"{self._url} closed the subscription (code {socket.close_code})")

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._timeout_s))
        return self._session

    def _headers(self) -> dict[str, str]:
        token = self._token()
        headers = {"content-type": "application/json", **tracing.headers_onward()}
        return {**headers, "authorization": f"Bearer {token}"} if token else headers


def _jsonable(value: Any) -> Any:
    """Variables as JSON values: generated inputs are pydantic models, and a field left unset stays out."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, dict):
        # Each generated package has an UnsetType of its own, so it is known by name.
        return {name: _jsonable(item) for name, item in value.items() if type(item).__name__ != "UnsetType"}
    if isinstance(value, list):
        return [_jsonable(item) for item in value]
    return value
