"""Runs a subgraph's real application on a free port, and speaks to it as the router or another service would."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from starlette.applications import Starlette

from payflow.kernel.tokens import AccessTokens, ServiceTokens, SigningKey

ISSUER, AUDIENCE = "payflow", "payflow-api"


def new_key_pem() -> bytes:
    """A fresh Ed25519 private key."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass(frozen=True)
class Keys:
    """The keys of a test platform: one signs users' tokens, one each the tokens of the two calling services."""

    users: SigningKey
    services: dict[str, SigningKey]
    folder: Path
    jwks_url: str

    def user_token(self, user_id: UUID | str, *, lifetime: timedelta = timedelta(minutes=5)) -> str:
        """An access token of a user, as the users service would sign it."""
        tokens = AccessTokens(self.users, ISSUER, AUDIENCE, lifetime)
        return tokens.issue(
            user_id=str(user_id), session_id=str(uuid4()), scopes=frozenset({"payments"}), now=datetime.now(UTC)
        )

    def service_token(self, service: str) -> str:
        """A token of a calling service, e.g. "transactions"."""
        return ServiceTokens(service=service, key=self.services[service]).current()


@dataclass(frozen=True)
class Client:
    """Speaks GraphQL over HTTP and graphql-transport-ws to one running application."""

    url: str
    http: aiohttp.ClientSession

    async def execute(
        self, query: str, variables: dict[str, Any] | None = None, *, token: str | None = None
    ) -> dict[str, Any]:
        """The whole response: data and errors."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        body = {"query": query, "variables": variables or {}}
        async with self.http.post(f"{self.url}/graphql", json=body, headers=headers) as response:
            answer: dict[str, Any] = await response.json()
            return answer

    async def data(self, query: str, variables: dict[str, Any] | None = None, *, token: str | None = None) -> Any:
        """The data of a response that has no errors."""
        answer = await self.execute(query, variables, token=token)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def get(self, path: str) -> tuple[int, Any]:
        """Status and JSON of a plain GET."""
        async with self.http.get(self.url + path) as response:
            return response.status, await response.json()

    @asynccontextmanager
    async def subscribe(
        self, query: str, variables: dict[str, Any] | None = None, *, token: str | None = None
    ) -> AsyncIterator[Subscription]:
        """Open a subscription; read it with `await subscription.next()`."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        url = f"{self.url}/graphql".replace("http", "ws", 1)
        async with self.http.ws_connect(url, protocols=["graphql-transport-ws"], headers=headers) as socket_:
            init = {"Authorization": headers["authorization"]} if token else {}
            await socket_.send_json({"type": "connection_init", "payload": init})
            assert (await socket_.receive_json(timeout=20))["type"] == "connection_ack"
            payload = {"query": query, "variables": variables or {}}
            await socket_.send_json({"id": "1", "type": "subscribe", "payload": payload})
            yield Subscription(socket_)


@dataclass(frozen=True)
class Subscription:
    """One open subscription."""

    socket: aiohttp.ClientWebSocketResponse

    async def next(self, *, within_s: float = 20) -> dict[str, Any] | None:
        """The next event's payload, None when the subscription has completed."""
        while True:
            message = await self.socket.receive_json(timeout=within_s)
            if message["type"] == "next":
                payload: dict[str, Any] = message["payload"]
                return payload
            if message["type"] == "complete":
                return None
            assert message["type"] in ("ping", "pong"), message


@asynccontextmanager
async def running(app: Starlette) -> AsyncIterator[Client]:
    """Serve the application while the block runs."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on", timeout_graceful_shutdown=1))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            assert not serving.done(), serving
            await asyncio.sleep(0.01)
        try:
            async with aiohttp.ClientSession() as http:
                yield Client(f"http://127.0.0.1:{port}", http)
        finally:
            server.should_exit = True
            await serving
