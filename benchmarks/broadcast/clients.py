"""Thousands of graphql-transport-ws clients in one event loop, each with one subscription, that take little of the time they measure.

They read frames as they arrive (RFC 6455 section 5.2) and look at nothing in them but the tick and when it was sent.
"""

from __future__ import annotations

import asyncio
import re
import struct
import time
from dataclasses import dataclass, field
from typing import Final, cast

import orjson

OPCODE_TEXT, OPCODE_CLOSE, OPCODE_PING, OPCODE_PONG = 1, 8, 9, 10
_TICK: Final = re.compile(rb'"tick":\{"id":"(\d+)","sentAt":"(\d+)"')
_HANDSHAKE: Final = (
    b"GET /graphql HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
    b"sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"sec-websocket-protocol: graphql-transport-ws\r\n\r\n"
)


@dataclass
class Deliveries:
    """What all clients together have received: of each tick how often, and after how long."""

    delays_ns: dict[int, list[int]] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)

    def count(self, tick: int) -> int:
        """How many have received a tick."""
        return len(self.delays_ns.get(tick, ()))


class Subscriber(asyncio.Protocol):
    """One client."""

    def __init__(self, query: str, deliveries: Deliveries) -> None:
        self.ticks: list[int] = []
        self.acknowledged = asyncio.get_running_loop().create_future()
        self._query = query
        self._deliveries = deliveries
        self._held = b""
        self._is_open = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one, and no subclass
        self._transport.write(_HANDSHAKE)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(f"connection lost: {exc}")

    def data_received(self, data: bytes) -> None:
        self._held += data
        if not self._is_open:
            head, found, rest = self._held.partition(b"\r\n\r\n")
            if not found:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self._end(head.decode("latin-1"))
                return
            self._is_open, self._held = True, rest
            self._say({"type": "connection_init"})
        while (frame := self._frame()) is not None:
            self._take(*frame)

    def close(self) -> None:
        """Hang up."""
        assert self._transport is not None
        self._transport.abort()

    def _frame(self) -> tuple[int, bytes] | None:
        """The next whole frame; servers send them unmasked, and ours in one piece."""
        if len(self._held) < 2:
            return None
        length, at = self._held[1], 2
        if length == 126:
            length, at = int.from_bytes(self._held[2:4], "big"), 4
        elif length == 127:
            length, at = int.from_bytes(self._held[2:10], "big"), 10
        if len(self._held) < at + length:
            return None
        opcode, payload = self._held[0] & 0x0F, self._held[at : at + length]
        self._held = self._held[at + length :]
        return opcode, payload

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == OPCODE_PING:
            self._send(OPCODE_PONG, payload)
        elif opcode == OPCODE_CLOSE:
            self._end(f"closed: {payload!r}")
        elif (tick := _TICK.search(payload)) is not None:
            number = int(tick[1])
            self.ticks.append(number)
            self._deliveries.delays_ns.setdefault(number, []).append(time.monotonic_ns() - int(tick[2]))
        elif b"connection_ack" in payload:
            self._say({"id": "1", "type": "subscribe", "payload": {"query": self._query}})
            self.acknowledged.set_result(None)
        elif b'"ping"' not in payload:
            self._end(f"said: {payload[:200]!r}")

    def _say(self, message: object) -> None:
        self._send(OPCODE_TEXT, orjson.dumps(message))

    def _send(self, opcode: int, payload: bytes) -> None:
        """A frame under the mask of zeros, which changes nothing."""
        assert self._transport is not None
        head = bytes([0x80 | opcode, 0x80 | len(payload)]) if len(payload) < 126 else _long_head(opcode, len(payload))
        self._transport.write(head + b"\0\0\0\0" + payload)

    def _end(self, how: str) -> None:
        self._deliveries.ended.append(how)
        if not self.acknowledged.done():
            self.acknowledged.set_exception(ConnectionError(how))


def _long_head(opcode: int, length: int) -> bytes:
    return bytes([0x80 | opcode, 0x80 | 126]) + struct.pack(">H", length)


async def subscribe(port: int, query: str, deliveries: Deliveries, *, clients: int) -> list[Subscriber]:
    """Open as many subscriptions, a hundred at a time."""
    loop = asyncio.get_running_loop()
    opened: list[Subscriber] = []
    while len(opened) < clients:
        batch = [
            (await loop.create_connection(lambda: Subscriber(query, deliveries), "127.0.0.1", port))[1]
            for _ in range(min(100, clients - len(opened)))
        ]
        await asyncio.gather(*(each.acknowledged for each in batch))
        opened.extend(batch)
    return opened
