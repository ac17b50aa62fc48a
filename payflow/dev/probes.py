"""Ask a server whether it answers, in its own protocol.

Written on bare streams because the supervisor asks a dozen parts many times a second while they start, on the same two
cores: the client libraries (aiohttp, redis, aiokafka) cost a third of a second each only to import.
"""

from __future__ import annotations

import asyncio
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

PROBE_TIMEOUT_S = 2.0
PAGE_TIMEOUT_S = 10.0  # who asks first for a page that was just built waits until the router has read it

_KAFKA_API_VERSIONS = 18  # the one request that every broker answers to anybody
_KAFKA_CORRELATION = 7


async def page_answers(port: int) -> bool:
    """Does the router answer with the web client? Behind this it has read it, and nobody waits for that."""
    return await http_ok(port, "/", within_s=PAGE_TIMEOUT_S)


async def http_ok(port: int, path: str = "/health", *, within_s: float = PROBE_TIMEOUT_S) -> bool:
    """GET the path on 127.0.0.1: does it answer 200?"""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: payflow-up\r\nConnection: close\r\n\r\n"
    try:
        async with asyncio.timeout(within_s), _tcp("127.0.0.1", port) as (reader, writer):
            writer.write(request.encode())
            status_line = await reader.readline()
    except (OSError, TimeoutError):
        return False
    return status_line.split(b" ")[1:2] == [b"200"]


async def kafka_answers(host: str, port: int) -> bool:
    """Send ApiVersions (version 0): does a Kafka broker answer it?"""
    client = b"payflow-up"
    body = struct.pack(f">hhih{len(client)}s", _KAFKA_API_VERSIONS, 0, _KAFKA_CORRELATION, len(client), client)
    try:
        async with asyncio.timeout(PROBE_TIMEOUT_S), _tcp(host, port) as (reader, writer):
            writer.write(struct.pack(">i", len(body)) + body)
            _, correlation = struct.unpack(">ii", await reader.readexactly(8))
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return False
    return bool(correlation == _KAFKA_CORRELATION)


async def valkey_answers(socket: Path, password: str) -> bool:
    """AUTH and PING over the unix socket: does it say PONG?"""
    try:
        async with asyncio.timeout(PROBE_TIMEOUT_S), _unix(socket) as (reader, writer):
            writer.write(f"AUTH {password}\r\nPING\r\n".encode())
            answers = [await reader.readline() for _ in range(2)]
    except (OSError, TimeoutError):
        return False
    return answers == [b"+OK\r\n", b"+PONG\r\n"]


@asynccontextmanager
async def _tcp(host: str, port: int) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        yield reader, writer
    finally:
        await _close(writer)


@asynccontextmanager
async def _unix(path: Path) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
    reader, writer = await asyncio.open_unix_connection(str(path))
    try:
        yield reader, writer
    finally:
        await _close(writer)


async def _close(writer: StreamWriter) -> None:
    writer.close()
    try:
        await writer.wait_closed()
    except OSError:
        return  # the other side hung up first; closed is closed
