"""Authentication through a running router: status codes, cookies, sockets that are closed when their session is revoked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from router import limits
from router.app import create_app
from router.config import AuthorizationSettings, Issuer, JwtSettings, RouterConfig
from router.security.caller import Caller
from tests.router.blog import Blog, supergraph_file
from tests.router.edge.served import KEY
from tests.router.security.tokens import AUDIENCE, ISSUER, KeyServer
from tests.router.serving import serving


class Door:
    """A router with its issuer, as clients come to it; `revoked` are the subjects that may not."""

    def __init__(self, folder: Path, issuer: KeyServer) -> None:
        self.blog = Blog()
        self.revoked: set[str | None] = set()
        self.address = ""
        self._supergraph = supergraph_file(folder)
        self._issuer = Issuer(issuer=ISSUER, audiences=(AUDIENCE,), jwks_url=issuer.url)

    @asynccontextmanager
    async def opened(self, *, authorization: AuthorizationSettings | None = None, **jwt: Any) -> AsyncIterator[Door]:
        settings = JwtSettings.model_validate({"issuers": (self._issuer,), "leeway_s": 0, **jwt})
        config = RouterConfig(
            supergraph=self._supergraph, jwt=settings, authorization=authorization or AuthorizationSettings()
        )

        async def revoked(caller: Caller) -> bool:
            return caller.subject in self.revoked

        app = create_app(config, transport=self.blog.transport(), revoked=revoked)
        async with serving(app) as self.address:
            yield self

    async def post(self, query: str, **headers: str) -> tuple[int, dict[str, Any]]:
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client,
            client.post(f"http://{self.address}/graphql", json={"query": query}, headers=headers) as response,
        ):
            return response.status, await response.json(content_type=None)

    async def socket(
        self, payload: dict[str, Any] | None, *, origin: str | None = None, **headers: str
    ) -> ClientConnection:
        """A socket that has sent its connection_init."""
        socket = await connect(
            f"ws://{self.address}/graphql",
            subprotocols=[Subprotocol("graphql-transport-ws")],
            additional_headers=headers,
            origin=None if origin is None else Origin(origin),
        )
        await socket.send(json.dumps({"type": "connection_init", **({} if payload is None else {"payload": payload})}))
        return socket


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with KeyServer(KEY).serving() as issuer:
        yield Door(tmp_path, issuer)


def bearer(**claims: Any) -> dict[str, str]:
    return {"authorization": f"Bearer {KEY.token(**claims)}"}


async def closed(socket: ClientConnection) -> tuple[int | None, str | None]:
    """How a socket ends, within five seconds."""
    with suppress(ConnectionClosed):
        async with asyncio.timeout(5):
            while True:
                await socket.recv()
    return socket.close_code, socket.close_reason


async def test_every_request_may_need_a_token(door: Door) -> None:
    """401 over HTTP, 4403 on a socket, for what needs no token otherwise, introspection included."""
    async with door.opened(authorization=AuthorizationSettings(require_authentication=True)):
        for query in ("{ hello }", "{ __typename }", "{ __schema { queryType { name } } }"):
            status, body = await door.post(query)
            assert (status, body["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
        assert await closed(await door.socket(None)) == (
            4403,
            "Sign in first: every request needs an access token here.",
        )
        assert (await door.post("{ hello }", **bearer())) == (200, {"data": {"hello": "Hello you"}})
    assert door.blog.requests == ["people"]


async def test_a_bad_token_may_be_ignored(door: Door) -> None:
    """With `on_error: continue` its bearer is anonymous, over HTTP as on a socket."""
    async with door.opened(on_error="continue"):
        status, body = await door.post("{ hello me { name } }", **bearer(exp=1))
        assert (status, body["data"]) == (200, {"hello": "Hello you", "me": None})
        assert body["errors"][0]["extensions"]["reason"] == "unauthenticated"

        async with await door.socket({"authorization": "rubbish"}) as socket:
            assert json.loads(await socket.recv()) == {"type": "connection_ack"}


async def test_tokens_may_come_in_cookies(door: Door) -> None:
    """After the header in the order of the settings; on a socket only from pages of the router's own host."""
    async with door.opened(sources=({"header": "authorization"}, {"cookie": "session"})):
        cookie = {"cookie": f"theme=dark; session={KEY.token()}"}
        assert (await door.post("{ me { name } }", **cookie))[1] == {"data": {"me": {"name": "Ada"}}}
        status, _ = await door.post("{ me { name } }", **cookie, authorization="Bearer rubbish")
        assert status == 401

        for origin, error in ((f"http://{door.address}", None), (None, None), ("https://evil.test", "whispered")):
            door.blog.published.put_nowait("x")
            async with await door.socket(None, origin=origin, **cookie) as socket:
                await socket.recv()
                ask = {"id": "1", "type": "subscribe", "payload": {"query": "subscription { whispered }"}}
                await socket.send(json.dumps(ask))
                answered = json.loads(await asyncio.wait_for(socket.recv(), 5))["payload"]
                assert [each["path"] for each in answered.get("errors", [])] == ([[error]] if error else [])


async def test_a_revoked_token_is_refused(door: Door) -> None:
    """401 at once: the answer was not remembered."""
    async with door.opened(revocation={"recheck_s": 0}):
        assert (await door.post("{ hello }", **bearer(sub="ada")))[0] == 200
        door.revoked = {"ada"}
        status, body = await door.post("{ hello }", **bearer(sub="ada"))
        assert (status, body["errors"][0]["message"]) == (401, "The access token was revoked: sign in again.")
        assert (await door.post("{ hello }", **bearer(sub="bob")))[0] == 200


async def test_a_revoked_session_ends_its_socket(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """The socket is closed with 4403, its subscription at the subgraph with it; another caller's stays."""
    monkeypatch.setattr(limits, "REVOKED_RETRY_S", 0.02)
    async with (
        door.opened(revocation={"recheck_s": 0.02}),
        await door.socket({"authorization": KEY.token(sub="ada")}) as ada,
        await door.socket({"authorization": KEY.token(sub="bob")}) as bob,
    ):
        ask = {"id": "1", "type": "subscribe", "payload": {"query": "subscription { published { title } }"}}
        await ada.send(json.dumps(ask))
        await asyncio.wait_for(door.blog.listening.wait(), 5)
        door.revoked = {"ada"}

        assert await closed(ada) == (4403, "The session was ended: sign in again.")
        await asyncio.wait_for(door.blog.closed.wait(), 5)
        await bob.send(json.dumps({"type": "ping"}))
        assert [json.loads(await asyncio.wait_for(bob.recv(), 5))["type"] for _ in range(2)] == [
            "connection_ack",
            "pong",
        ]
