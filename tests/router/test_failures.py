"""A subgraph that fails in every way it can, seen from the router's client: partial data, a clear error, in time, and nothing left behind.

The router is the whole application over real connections. `dock` behaves, `customs` does what a test says.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

import aiohttp
import pytest

from payflow.dev.testing import free_port
from router.app import create_app
from router.composition import Composed, SubgraphInput, compose
from router.config import RouterConfig, SubgraphSettings, Timeouts
from router.limits import SUBGRAPH_RESPONSE_BYTES_MAX
from tests.router.serving import serving
from tests.router.transport.rogue import Manners, Peer, Rogue, answer, once, rogue, then_silent

TIMEOUT_S = 0.4
LONG_S = 30.0  # the time-out where nothing may wait for it
SLACK_S = 10.0  # the machine may be busy
LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n'
SDLS = {
    "dock": LINK + 'type Query { crates: [Crate!] } type Crate @key(fields: "tag") { tag: ID! }',
    "customs": LINK + 'type Query { tide: Int } type Crate @key(fields: "tag") { tag: ID! duty: Int }',
}
QUERY = "{ crates { tag duty } tide }"
CRATES = {"data": {"crates": [{"tag": "a"}, {"tag": "b"}, {"tag": "a"}]}}
NOTHING = {"crates": [{"tag": tag, "duty": None} for tag in "aba"], "tide": None}
EVERYTHING = {"crates": [{"tag": "a", "duty": 1}, {"tag": "b", "duty": 2}, {"tag": "a", "duty": 1}], "tide": 3}


def told(message: str, path: list[Any], code: str = "DOWNSTREAM_SERVICE_ERROR") -> dict[str, Any]:
    """An error as the client sees it."""
    return {
        "message": message,
        "path": path,
        "extensions": {"code": code, "serviceName": "customs", "service": "customs"},
    }


def twice(message: str, code: str = "DOWNSTREAM_SERVICE_ERROR") -> list[dict[str, Any]]:
    """The error of both requests to customs: of its root field, and of the crates it was asked about."""
    return [told(message, ["tide"], code), told(message, ["crates"], code)]


REFUSED = twice('Subgraph "customs" cannot be reached.')
SLOW = twice(f'Subgraph "customs" did not answer within {TIMEOUT_S:g} seconds.', "GATEWAY_TIMEOUT")
GARBAGE = twice('Subgraph "customs" did not answer with GraphQL.')
TOO_LARGE = twice(f'Subgraph "customs" answered more than {SUBGRAPH_RESPONSE_BYTES_MAX} bytes.')
MISCOUNTED = told('Subgraph "customs" did not answer one entity per representation.', ["crates"])


def answering(*bodies: dict[str, Any], status: str = "200 OK") -> Manners:
    """Answer each request: one for entities by the last body, another by the first."""

    async def manners(peer: Peer) -> None:
        while True:
            _, body = await peer.request()
            chosen = bodies[-1 if b"_entities" in body else 0]
            await peer.say(answer(json.dumps(chosen).encode(), status=status))

    return manners


def saying(body: bytes, status: str = "200 OK") -> Manners:
    """Answer each request with these bytes."""

    async def manners(peer: Peer) -> None:
        while True:
            await peer.request()
            await peer.say(answer(body, status=status))

    return manners


async def dripping(peer: Peer) -> None:
    """Send a byte now and then, for ever."""
    await peer.request()
    await peer.say(answer(b" " * 100_000)[:-100_000])
    while True:
        await peer.say(b" ")
        await asyncio.sleep(0.01)


async def endless(peer: Peer) -> None:
    """Send more than anybody reads, in chunks."""
    await peer.request()
    await peer.say(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    while True:
        await peer.say(chunk)


async def leaving(peer: Peer) -> None:
    """Close every connection without a word."""
    peer.close()


async def resetting(peer: Peer) -> None:
    """Read the request, and reset the connection."""
    await peer.request()
    peer.reset()


@dataclass
class Harbour:
    """A running router and its subgraphs."""

    address: str
    dock: Rogue
    customs: Rogue

    async def ask(self, query: str = QUERY) -> tuple[dict[str, Any], float]:
        """The response, and how long it took."""
        started_at = perf_counter()
        async with (
            aiohttp.ClientSession() as client,
            client.post(f"http://{self.address}/graphql", json={"query": query}) as response,
        ):
            assert response.status == 200
            body: dict[str, Any] = await response.json()
        return body, perf_counter() - started_at


@pytest.fixture(scope="module")
def supergraph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two subgraphs composed."""
    composed = compose([SubgraphInput(name, sdl, f"http://{name}.test/") for name, sdl in SDLS.items()])
    assert isinstance(composed, Composed), composed
    file = tmp_path_factory.mktemp("failures") / "supergraph.graphql"
    file.write_text(composed.sdl)
    return file


class Start(Protocol):
    """Starts a harbour."""

    def __call__(
        self, *manners: Manners, url: str = ..., timeout_s: float = ...
    ) -> AbstractAsyncContextManager[Harbour]: ...


@pytest.fixture
def harbour(supergraph: Path) -> Start:
    """Starts a router over a healthy dock and a customs with the given manners; checks that nothing is left of it."""

    @asynccontextmanager
    async def start(*manners: Manners, url: str = "", timeout_s: float = LONG_S) -> AsyncIterator[Harbour]:
        before = asyncio.all_tasks()
        async with rogue(answering(CRATES)) as dock, rogue(*manners) as customs:
            config = RouterConfig(
                supergraph=supergraph,
                subgraphs={
                    "dock": SubgraphSettings(url=dock.url, timeout_s=LONG_S),
                    "customs": SubgraphSettings(url=url or customs.url),
                },
                timeouts=Timeouts(subgraph_s=timeout_s),
            )
            async with serving(create_app(config)) as address:
                yield Harbour(address, dock, customs)
            await dock.all_closed()
            await customs.all_closed()
        async with asyncio.timeout(10):
            while not asyncio.all_tasks() <= before:
                await asyncio.sleep(0.01)

    return start


async def test_all_is_well(harbour: Start) -> None:
    """What the others are measured by: everything there, no error, and connections that are kept."""
    good = answering({"data": {"tide": 3}}, {"data": {"_entities": [{"duty": 1}, {"duty": 2}]}})
    async with harbour(good) as running:
        for _ in range(3):
            body, _ = await running.ask()
            assert body == {"data": EVERYTHING}
        assert running.dock.opened == 1
        assert running.customs.opened <= 2


@pytest.mark.parametrize(
    ("manners", "errors"),
    [
        pytest.param(leaving, REFUSED, id="closes every connection"),
        pytest.param(resetting, REFUSED, id="resets every connection"),
        pytest.param(once(b"\x00\xff\x16\x03 what?\r\n\r\n"), GARBAGE, id="does not speak HTTP"),
        pytest.param(once(answer(b'{"data":{"tide":3}}')[:-9]), REFUSED, id="half a body"),
        pytest.param(once(answer(b'{"data":{"tide":3}}')[:20]), REFUSED, id="half a head"),
    ],
)
async def test_a_subgraph_whose_connections_break(harbour: Start, manners: Manners, errors: list[Any]) -> None:
    """Its fields are null and an error stands at each; no broken connection is kept."""
    async with harbour(manners) as running:
        body, seconds = await running.ask()
        await running.customs.all_closed()

    assert body["data"] == NOTHING
    assert body["errors"] == errors
    assert seconds < SLACK_S


async def test_a_subgraph_that_is_down(harbour: Start) -> None:
    """Nobody listens at its address."""
    async with harbour(leaving, url=f"http://127.0.0.1:{free_port()}/") as running:
        body, seconds = await running.ask()

    assert body == {"data": NOTHING, "errors": REFUSED}
    assert seconds < SLACK_S


@pytest.mark.parametrize(
    "manners",
    [
        pytest.param(then_silent(), id="silent"),
        pytest.param(then_silent(answer(b'{"data":{"tide":3}}')[:-9]), id="half a body, then silent"),
        pytest.param(dripping, id="a byte now and then"),
    ],
)
async def test_a_subgraph_that_is_slow(harbour: Start, manners: Manners) -> None:
    """Both requests are given up at their time-out, side by side, and so are their connections."""
    async with harbour(manners, timeout_s=TIMEOUT_S) as running:
        body, seconds = await running.ask()
        await running.customs.all_closed()

    # The entities are asked for behind the crates, so that the time-outs overlap but for a moment.
    assert sorted(body["errors"], key=str) == sorted(SLOW, key=str)
    assert body["data"] == NOTHING
    assert TIMEOUT_S * 0.9 < seconds < TIMEOUT_S + SLACK_S


HTML = b"<!doctype html><title>Sign in</title>" + b"<p>" * 5000


@pytest.mark.parametrize(
    ("manners", "errors"),
    [
        pytest.param(saying(HTML), GARBAGE, id="HTML"),
        pytest.param(
            saying(HTML, "502 Bad Gateway"), twice('Subgraph "customs" answered with HTTP status 502.'), id="502"
        ),
        pytest.param(
            saying(b"", "204 No Content"), twice('Subgraph "customs" answered with HTTP status 204.'), id="204"
        ),
        pytest.param(saying(b""), GARBAGE, id="nothing"),
        pytest.param(saying(b'{"data":{"tide":3'), GARBAGE, id="half a JSON document"),
        pytest.param(saying(b'{"data":{"tide":"\xff"}}'), GARBAGE, id="no UTF-8"),
        pytest.param(saying(b'{"data":' + b"[" * 100_000 + b"]" * 100_000 + b"}"), GARBAGE, id="nested 100 000 deep"),
        pytest.param(saying(b'[{"data":{"tide":3}}]'), GARBAGE, id="a list"),
        pytest.param(saying(b'{"data":[]}'), GARBAGE, id="data is a list"),
        pytest.param(saying(b'{"data":{"tide":3},"errors":"no"}'), GARBAGE, id="errors is a string"),
        pytest.param(saying(b'{"message":"quota exceeded"}'), GARBAGE, id="JSON that is no GraphQL"),
        pytest.param(saying(b'{"data":{"tide":NaN}}'), GARBAGE, id="NaN"),
    ],
)
async def test_a_subgraph_that_answers_garbage(harbour: Start, manners: Manners, errors: list[Any]) -> None:
    """A whole answer that is no GraphQL costs its own fields; nothing of it reaches the client."""
    async with harbour(manners) as running:
        body, seconds = await running.ask()

    assert body == {"data": NOTHING, "errors": errors}
    assert seconds < SLACK_S


async def test_a_subgraph_that_answers_without_end(harbour: Start) -> None:
    """Past the bound the answer is refused and its connection closed, while the others go on."""
    async with harbour(endless, timeout_s=20) as running:
        body, seconds = await running.ask()
        await running.customs.all_closed()

    assert sorted(body["errors"], key=str) == sorted(TOO_LARGE, key=str)
    assert body["data"] == NOTHING
    assert seconds < 20


@pytest.mark.parametrize(
    "entities",
    [[], [{"duty": 1}], [{"duty": 1}, {"duty": 2}, {"duty": 1}], {"0": {"duty": 1}, "1": {"duty": 2}}, "two", None],
    ids=str,
)
async def test_a_wrong_number_of_entities(harbour: Start, entities: Any) -> None:
    """They cannot be told apart, so none is used; the root field of the same subgraph is."""
    manners = answering({"data": {"tide": 3}}, {"data": {"_entities": entities}})
    async with harbour(manners) as running:
        body, _ = await running.ask()

    assert body == {"data": {**NOTHING, "tide": 3}, "errors": [MISCOUNTED]}


async def test_entities_of_any_shape(harbour: Start) -> None:
    """What should be an object or an Int and is none is null; the first is passed over, the second told without its value."""
    manners = answering({"data": {"tide": "high"}}, {"data": {"_entities": ["what", {"duty": {"is": "this"}}]}})
    async with harbour(manners) as running:
        body, _ = await running.ask()

    assert body["data"] == NOTHING
    assert [(error["path"], error["extensions"]["code"]) for error in body["errors"]] == [
        (["crates", 1, "duty"], "RESPONSE_VALIDATION_FAILED"),
        (["tide"], "RESPONSE_VALIDATION_FAILED"),
    ]
    assert "high" not in json.dumps(body["errors"])


@pytest.mark.parametrize("status", ["200 OK", "401 Unauthorized", "500 Internal Server Error"])
async def test_errors_without_paths(harbour: Start, status: str) -> None:
    """A refusal in GraphQL counts under any status; it stands where its request's fields do."""
    no = {"errors": [{"message": "no", "extensions": {"code": "FORBIDDEN"}}]}
    async with harbour(answering(no, {"data": None, **no}, status=status)) as running:
        body, _ = await running.ask()

    assert body == {"data": NOTHING, "errors": [told("no", ["tide"], "FORBIDDEN"), told("no", ["crates"], "FORBIDDEN")]}


async def test_errors_with_paths_beside_data(harbour: Start) -> None:
    """An entity's error stands at each place where the client asked for it, the other data is used."""
    failing = {"message": "lost", "path": ["_entities", 0, "duty"]}
    manners = answering(
        {"data": {"tide": 3}}, {"data": {"_entities": [{"duty": None}, {"duty": 2}]}, "errors": [failing]}
    )
    async with harbour(manners) as running:
        body, _ = await running.ask()

    assert body["data"] == {
        "crates": [{"tag": "a", "duty": None}, {"tag": "b", "duty": 2}, {"tag": "a", "duty": None}],
        "tide": 3,
    }
    assert body["errors"] == [told("lost", ["crates", 0, "duty"]), told("lost", ["crates", 2, "duty"])]


# ── the others ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_slow_subgraph_holds_up_nobody_who_does_not_ask_it(harbour: Start) -> None:
    """While one client waits for customs, another has its crates."""
    async with harbour(then_silent()) as running:
        waiting = asyncio.create_task(running.ask())
        while not running.customs.opened:
            await asyncio.sleep(0.005)
        body, _ = await running.ask("{ crates { tag } }")
        assert not waiting.done()
        waiting.cancel()
        await asyncio.wait([waiting])

    assert body == CRATES


async def test_a_subgraph_that_comes_back_is_used_again(harbour: Start) -> None:
    """Nothing of a failure sticks: the next operation asks as if it had not been."""
    good = answering({"data": {"tide": 3}}, {"data": {"_entities": [{"duty": 1}, {"duty": 2}]}})
    async with harbour(resetting, resetting, resetting, resetting, good) as running:
        while True:
            body, _ = await running.ask()
            if running.customs.opened > 4:
                break
            assert body["data"] == NOTHING
        body, _ = await running.ask()

    assert body == {"data": EVERYTHING}
