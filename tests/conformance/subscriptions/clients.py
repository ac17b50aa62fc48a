"""The client libraries from npm, in one process of Node: opens operations with them and hands out what they tell their user."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Literal, TypeAlias

from tests.conformance.npm import NODE, ensure_installed

FOLDER = Path(__file__).parent
PATIENCE_S = 20
LINE_BYTES_MAX = 10_000_000

Library: TypeAlias = Literal["graphql-ws", "graphql-sse", "@apollo/client"]
Told: TypeAlias = dict[str, Any]


@dataclass
class Operation:
    """An operation that a library runs. What it tells is taken in order."""

    id: str
    clients: Clients
    told: asyncio.Queue[Told] = field(default_factory=asyncio.Queue)

    async def next(self, *passing: str) -> Told:
        """What the library tells next, but for events of the kinds passed over: those of the connection, if none is named."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                told = await self.told.get()
                if told["event"] not in (passing or ("connected", "closed")):
                    return told

    async def result(self) -> Any:
        """The next result; anything else fails the test."""
        told = await self.next()
        assert told["event"] == "next", told
        return told["result"]

    async def until(self, event: str) -> Told:
        """The next thing told of this kind."""
        async with asyncio.timeout(PATIENCE_S):
            while (told := await self.told.get())["event"] != event:
                pass
            return told

    async def stop(self) -> None:
        """Unsubscribe."""
        await self.clients.command({"do": "stop", "id": self.id})

    async def dispose(self) -> None:
        """Let go of the client with all its connections."""
        await self.clients.command({"do": "dispose", "id": self.id})


class Clients:
    """The process of Node that the libraries run in."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._ids = count(1)
        self._operations: dict[str, Operation] = {}

    async def open(
        self, library: Library, url: str, query: str, variables: Mapping[str, Any] | None = None, **options: Any
    ) -> Operation:
        """Begin an operation; `options` go to the library's client."""
        operation = Operation(str(next(self._ids)), self)
        self._operations[operation.id] = operation
        request = {"query": query, **({} if variables is None else {"variables": variables})}
        asked = {"do": "open", "id": operation.id, "library": library, "url": url, "request": request}
        await self.command({**asked, "options": options})
        return operation

    async def command(self, command: Mapping[str, Any]) -> None:
        """Have something done."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command).encode() + b"\n")
        await self._process.stdin.drain()

    async def listen(self) -> None:
        """Give what is told to the operation that it is about."""
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            told = json.loads(line)
            self._operations[told.pop("id")].told.put_nowait(told)


@asynccontextmanager
async def running() -> AsyncIterator[Clients]:
    """The libraries, installed if they were not, for as long as a test needs them."""
    await asyncio.to_thread(ensure_installed, FOLDER)
    process = await asyncio.create_subprocess_exec(
        str(NODE),
        "clients.mjs",
        cwd=FOLDER,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_BYTES_MAX,
    )
    clients = Clients(process)
    listening = asyncio.create_task(clients.listen())
    try:
        yield clients
    finally:
        process.kill()
        await process.wait()
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
