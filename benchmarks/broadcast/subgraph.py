"""The subgraphs: "clock" tells every tick to all who listen, "notes" knows something about each of them.

`POST /emit` with a number has the clock tell it; `GET /listening` counts those who listen. Hand-made, so that nothing but the router
is measured.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import orjson
import uvicorn

CLOCK_SDL = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])
type Query { now: String }
type Subscription { tick: Tick }
type Tick @key(fields: "id") { id: ID! sentAt: String! }
"""
NOTES_SDL = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])
type Query { greeting: String }
type Tick @key(fields: "id") { id: ID! note: String }
"""


class Subgraphs:
    """An ASGI application for both."""

    def __init__(self) -> None:
        self._listening: dict[tuple[Any, str], bool] = {}
        self._entity_requests = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await self._talk(receive, send)
        elif scope["type"] == "http":
            body = await _body(receive)
            await _answer(send, await self._answered(scope["path"], body))

    async def _talk(self, receive: Any, send: Any) -> None:
        """One conversation in graphql-transport-ws."""
        mine: set[tuple[Any, str]] = set()
        try:
            while (received := await receive())["type"] != "websocket.disconnect":
                if received["type"] == "websocket.connect":
                    await send({"type": "websocket.accept", "subprotocol": "graphql-transport-ws"})
                    continue
                message = orjson.loads(received["text"])
                match message["type"]:
                    case "connection_init":
                        await _say(send, {"type": "connection_ack"})
                    case "subscribe":
                        key = (send, message["id"])
                        self._listening[key] = "__typename" in message["payload"]["query"]
                        mine.add(key)
                    case "complete":
                        self._listening.pop((send, message["id"]), None)
        finally:
            for key in mine:
                self._listening.pop(key, None)

    async def _answered(self, path: str, body: bytes) -> Any:
        match path:
            case "/listening":
                return {"listening": len(self._listening), "entityRequests": self._entity_requests}
            case "/emit":
                await self._emit(int(body))
                return {}
            case _:
                self._entity_requests += 1
                wanted = orjson.loads(body)["variables"]["representations"]
                return {"data": {"_entities": [{"note": f"the tick {each['id']}"} for each in wanted]}}

    async def _emit(self, number: int) -> None:
        tick = {"id": str(number), "sentAt": str(time.monotonic_ns())}
        for (send, operation), has_typename in tuple(self._listening.items()):
            told = {"__typename": "Tick", **tick} if has_typename else tick
            await _say(send, {"id": operation, "type": "next", "payload": {"data": {"tick": told}}})


async def _body(receive: Any) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


async def _answer(send: Any, value: Any) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(value)})


async def _say(send: Any, message: Any) -> None:
    await send({"type": "websocket.send", "text": orjson.dumps(message).decode()})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    uvicorn.run(Subgraphs(), port=port, log_level="critical", lifespan="off")


if __name__ == "__main__":
    main()
