"""A hostile request as bytes on a socket, and what it must be answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

ANSWER_WITHIN_S = 5.0
"""For an attack to be answered, on a machine that is busy with other tests; most take a hundredth of it."""


@dataclass(frozen=True)
class Attack:
    """`code` is that of the first error; None where the answer need not be GraphQL's, or where the connection may just close."""

    name: str
    raw: bytes
    statuses: frozenset[int]
    code: str | None


@dataclass(frozen=True)
class Answer:
    """Status 0: the connection was closed without one."""

    status: int
    body: bytes

    @property
    def codes(self) -> list[str]:
        """Of the errors, where the body is a GraphQL response."""
        with suppress(ValueError, TypeError, KeyError):
            return [error["extensions"]["code"] for error in json.loads(self.body)["errors"]]
        return []


def request(
    method: str = "POST",
    path: str = "/graphql",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    **more: str,
) -> bytes:
    """An HTTP/1.1 request as a client would write it; a header that is given as "" is left out."""
    length = {"content-length": str(len(body))} if body or method == "POST" else {}
    all_headers = {
        "host": "router.test",
        "content-type": "application/json",
        "connection": "close",
        **length,
        **(headers or {}),
        **more,
    }
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in all_headers.items() if value)]
    return "\r\n".join(lines).encode("utf-8", "surrogatepass") + b"\r\n\r\n" + body


def posted(payload: Any, **headers: str) -> bytes:
    """A POST of this JSON."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return request(body=payload if isinstance(payload, bytes) else json.dumps(payload).encode(), headers=names)


def asked(query: str, variables: Any = None, **headers: str) -> bytes:
    """A POST of this operation."""
    return posted({"query": query} if variables is None else {"query": query, "variables": variables}, **headers)


def attacks(
    family: str, code: str | None, statuses: int | tuple[int, ...], raws: Mapping[str, bytes]
) -> Iterator[Attack]:
    """Attacks that are answered alike."""
    expected = frozenset((statuses,) if isinstance(statuses, int) else statuses)
    for name, raw in raws.items():
        yield Attack(f"{family}: {name}", raw, expected, code)


async def send(host: str, port: int, raw: bytes) -> Answer:
    """Write the bytes, read the answer to its end. TimeoutError where there is none in `ANSWER_WITHIN_S`."""
    async with asyncio.timeout(ANSWER_WITHIN_S):
        reader, writer = await asyncio.open_connection(host, port)
        received = bytearray()
        try:
            with suppress(ConnectionError):
                writer.write(raw)
                await writer.drain()
            with suppress(ConnectionError):
                while chunk := await reader.read(65_536):
                    received += chunk
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
    return _read(bytes(received))


def _read(received: bytes) -> Answer:
    head, _, body = received.partition(b"\r\n\r\n")
    words = head.split(maxsplit=2)
    return Answer(int(words[1]) if len(words) > 1 and words[1].isdigit() else 0, body)
