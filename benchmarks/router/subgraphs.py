"""Stands in for the subgraphs, as cheaply as Python can: one process that computes each answer once and then repeats it.

An answer is looked up by path and body, so every contender may send queries of its own making, and none of them waits for
more than a dictionary. `GET /asked` tells how many requests there were and how many of those had to be computed.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import httptools
import orjson
import uvloop

from benchmarks.router.federation import Subgraphs, compose_supergraph
from router.supergraph import load_supergraph

COUNTS = b"/asked"


@dataclass
class Memory:
    """Every answer so far, as the bytes of an HTTP response."""

    compute: Callable[[str, bytes], bytes]
    asked: int = 0
    computed: int = 0

    def __post_init__(self) -> None:
        self._responses: dict[tuple[bytes, bytes], bytes] = {}

    def respond(self, path: bytes, body: bytes) -> bytes:
        if path == COUNTS:
            return _response(orjson.dumps({"asked": self.asked, "computed": self.computed}))
        self.asked += 1
        response = self._responses.get((path, body))
        if response is None:
            self.computed += 1
            answer = self.compute(path.decode().strip("/"), body)
            response = self._responses[path, body] = _response(answer)
        return response


class Connection(asyncio.Protocol):
    """Reads requests off a keep-alive connection."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._parser = httptools.HttpRequestParser(self)
        self._path = b""
        self._body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none by class

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._path = url

    def on_body(self, part: bytes) -> None:
        self._body += part

    def on_message_complete(self) -> None:
        self._transport.write(self._memory.respond(self._path, self._body))
        self._body = b""


def _response(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)


async def serve(port: int) -> None:
    memory = Memory(Subgraphs(load_supergraph(compose_supergraph(f"http://127.0.0.1:{port}"))).answer)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(memory), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    uvloop.run(serve(parser.parse_args().port))
