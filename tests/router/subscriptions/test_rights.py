"""What one caller may see never reaches another by way of what they share, even where subgraphs are not told who asks."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp

from router.app import create_app
from router.config import load_config
from tests.router.blog import Blog, supergraph_file
from tests.router.security.tokens import AUDIENCE, ISSUER, KeyServer, SigningKey
from tests.router.serving import serving

QUERY = "subscription { published { title author { name email } } }"


async def subscribed(http: aiohttp.ClientSession, address: str, token: str) -> aiohttp.ClientWebSocketResponse:
    """A socket of the token's owner, with the subscription."""
    socket = await http.ws_connect(f"ws://{address}/graphql", protocols=("graphql-transport-ws",))
    await socket.send_json({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})
    assert (await socket.receive_json())["type"] == "connection_ack"
    await socket.send_json({"id": "1", "type": "subscribe", "payload": {"query": QUERY}})
    return socket


async def told(socket: aiohttp.ClientWebSocketResponse) -> Any:
    """The author of the next event, and the codes of its errors."""
    async with asyncio.timeout(10):
        payload = (await socket.receive_json())["payload"]
    codes = [error["extensions"]["code"] for error in payload.get("errors", [])]
    return payload["data"]["published"]["author"], codes


async def test_rights_are_not_shared(tmp_path: Path) -> None:
    """Two with the right and one without it listen to one source: each is told what they may see, and no more."""
    key, blog = SigningKey("k1"), Blog()
    supergraph_file(tmp_path)
    async with KeyServer(key).serving() as issuer:
        accepted = {"issuer": ISSUER, "audiences": [AUDIENCE], "jwks_url": issuer.url}
        settings = {
            "supergraph": "supergraph.graphql",
            "jwt": {"issuers": [accepted]},
            "headers": {"all": {"request": []}},
        }
        (tmp_path / "router.yaml").write_text(json.dumps(settings))
        app = create_app(load_config(tmp_path / "router.yaml", {}), transport=blog.transport())
        async with serving(app) as address, aiohttp.ClientSession() as http:
            scopes = ["people:email", "nothing", "people:email"]
            sockets = [
                await subscribed(http, address, key.token(sub=str(n), scope=scope)) for n, scope in enumerate(scopes)
            ]
            await asyncio.wait_for(blog.listening.wait(), 10)
            while (await (await http.get(f"http://{address}/metrics")).text()).find("router_subscriptions 3.0") < 0:
                await asyncio.sleep(0.01)
            blog.published.put_nowait("News")
            events = [await told(socket) for socket in sockets]
            for socket in sockets:
                await socket.close()

    seen: Any = ({"name": "Ada", "email": "a@b.test"}, [])
    assert events == [seen, ({"name": "Ada", "email": None}, ["UNAUTHORIZED_FIELD_OR_TYPE"]), seen]
    assert blog.requests.count("posts") == 1, "one source"
    assert blog.requests.count("people") == 2, "completed once for each set of rights"
