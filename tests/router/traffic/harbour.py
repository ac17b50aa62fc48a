"""A running router before two subgraphs that a test scripts: `dock` has crates, `customs` their duty and a tide.

Whole application, real sockets: what a subgraph is sent and what a client gets is what went over the wire.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import aiohttp
import yaml

from router.app import create_app
from router.composition import Composed, SubgraphInput, compose
from router.config import load_config
from router.plugins import Plugin
from tests.router.serving import serving
from tests.router.transport.rogue import Peer, answer, rogue

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n'
SDLS = {
    "dock": LINK + 'type Query { crates: [Crate!] berth: Int! } type Crate @key(fields: "tag") { tag: ID! }',
    "customs": LINK
    + 'type Query { tide: Int level: Int! } type Mutation { clear: Int } type Crate @key(fields: "tag") { tag: ID! duty: Int }',
}
CRATES = {"data": {"crates": [{"tag": "a"}]}}
DUTIES = {"data": {"_entities": [{"duty": 1}]}}
TIDE = {"data": {"tide": 3}}


@dataclass(frozen=True)
class Said:
    """How a subgraph answers one request: after so many seconds, with this body, status and header lines."""

    body: dict[str, Any] = field(default_factory=lambda: TIDE)
    headers: tuple[str, ...] = ()
    status: str = "200 OK"
    after_s: float = 0.0


Script: TypeAlias = Callable[[int, dict[str, Any]], Said | Awaitable[Said]]
"""How a subgraph answers its nth request, counted from one, with that body."""

UNWELL = Said({}, status="503 Service Unavailable")


def always(said: Said) -> Script:
    """Answer every request like that."""
    return lambda number, body: said


def usual(number: int, body: dict[str, Any]) -> Said:
    """What either subgraph says on a good day."""
    query = body["query"]
    if "_entities" in query:
        return Said(DUTIES)
    if "clear" in query:
        return Said({"data": {"clear": number}})
    return Said(CRATES if "crates" in query else TIDE)


@dataclass
class Subgraph:
    """What one subgraph was asked: heads and bodies."""

    script: Script
    heads: list[dict[str, str]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    async def manners(self, peer: Peer) -> None:
        """Answer by the script, on any connection."""
        while True:
            head, body = await peer.request()
            lines = head.decode("latin-1").lower().split("\r\n")[1:-2]
            self.heads.append({name: value for name, _, value in (line.partition(": ") for line in lines)})
            self.asked.append(json.loads(body))
            said = self.script(len(self.asked), self.asked[-1])
            if not isinstance(said, Said):
                said = await said
            await peer.unless_closed(asyncio.sleep(said.after_s))
            await peer.say(answer(json.dumps(said.body).encode(), *said.headers, status=said.status))


@dataclass
class Answer:
    """What a client got."""

    status: int
    headers: Any
    body: dict[str, Any]

    @property
    def codes(self) -> list[str | None]:
        """The codes of the errors."""
        return [error.get("extensions", {}).get("code") for error in self.body.get("errors", [])]


@dataclass
class Harbour:
    """The router and its subgraphs."""

    address: str
    dock: Subgraph
    customs: Subgraph
    client: aiohttp.ClientSession

    async def ask(self, query: str, headers: dict[str, str] | None = None) -> Answer:
        """What the router answers."""
        url = f"http://{self.address}/graphql"
        async with self.client.post(url, json={"query": query}, headers=headers) as response:
            return Answer(response.status, response.headers, await response.json(content_type=None))

    async def metrics(self) -> str:
        """What Prometheus would read."""
        async with self.client.get(f"http://{self.address}/metrics") as response:
            return await response.text()


@cache
def supergraph() -> str:
    """The two composed."""
    composed = compose([SubgraphInput(name, sdl, f"http://{name}.test/") for name, sdl in SDLS.items()])
    assert isinstance(composed, Composed), composed
    return composed.sdl


@asynccontextmanager
async def harbour(
    folder: Path, settings: str = "", *, dock: Script = usual, customs: Script = usual, plugins: tuple[Plugin, ...] = ()
) -> AsyncIterator[Harbour]:
    """Run it with these settings, in YAML."""
    docked, cleared = Subgraph(dock), Subgraph(customs)
    async with rogue(docked.manners) as one, rogue(cleared.manners) as other, aiohttp.ClientSession() as client:
        config = load_config(_written(folder, settings, dock=one.url, customs=other.url))
        async with serving(create_app(config, plugins=plugins)) as address:
            yield Harbour(address, docked, cleared, client)


def _written(folder: Path, settings: str, **urls: str) -> Path:
    (folder / "supergraph.graphql").write_text(supergraph())
    said = {"supergraph": "supergraph.graphql", **(yaml.safe_load(settings) or {})}
    own = said.get("subgraphs", {})
    said["subgraphs"] = {name: {"url": url, **own.get(name, {})} for name, url in urls.items()}
    file = folder / "router.yaml"
    file.write_text(yaml.safe_dump(said))
    return file
