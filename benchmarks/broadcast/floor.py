"""The least that telling everybody takes: a bare uvicorn application that sends one text to each of its WebSockets.

It speaks as much of graphql-transport-ws as the clients need, and is asked as the clock is.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import uvicorn

NEXT = '{{"id":"1","type":"next","payload":{{"data":{{"tick":{{"id":"{number}","sentAt":"{now}"}}}}}}}}'


class Floor:
    """An ASGI application."""

    def __init__(self) -> None:
        self._listening: set[Any] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await self._talk(receive, send)
        elif scope["type"] == "http":
            body = (await receive()).get("body", b"")
            if scope["path"] == "/emit":
                await self._emit(int(body))
            answer = f'{{"listening":{len(self._listening)}}}'.encode()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": answer})

    async def _talk(self, receive: Any, send: Any) -> None:
        try:
            while (received := await receive())["type"] != "websocket.disconnect":
                if received["type"] == "websocket.connect":
                    await send({"type": "websocket.accept", "subprotocol": "graphql-transport-ws"})
                elif '"connection_init"' in received["text"]:
                    await send({"type": "websocket.send", "text": '{"type":"connection_ack"}'})
                elif '"subscribe"' in received["text"]:
                    self._listening.add(send)
        finally:
            self._listening.discard(send)

    async def _emit(self, number: int) -> None:
        text = NEXT.format(number=number, now=time.monotonic_ns())
        for send in tuple(self._listening):
            await send({"type": "websocket.send", "text": text})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    uvicorn.run(Floor(), port=port, log_level="critical", lifespan="off", backlog=2_048)


if __name__ == "__main__":
    main()
