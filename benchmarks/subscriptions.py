"""Measures how long an event takes to reach everybody: thousands of subscriptions on one router process, beside a bare server.

    python -m benchmarks.subscriptions                     2 000 clients, three rounds of 20 events, some two minutes
    python -m benchmarks.subscriptions --clients 500 --events 10 --rounds 1

The server under test is one process alone on one core; clients and subgraphs are on the other. A delay is from the subgraph's
sending to a client's receiving, by the machine's one clock. The floor is a uvicorn application that does nothing but send one text
to each of its WebSockets: what it takes is uvicorn's, the kernel's and the clients' own. Cases take turns, and of each the round with the
least p99 stands: a machine that is busy with something else only ever adds to it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks.broadcast.clients import Deliveries, Subscriber, subscribe
from benchmarks.broadcast.subgraph import CLOCK_SDL, NOTES_SDL
from benchmarks.router.processes import Cores, Running, free_port, pinned, started
from router.composition import Composed, SubgraphInput, compose

PATIENCE_S = 60.0
PAUSE_S = 0.2
FLOOR = "a bare server"
CASES = {
    FLOOR: "subscription { tick { id sentAt } }",
    "an event": "subscription { tick { id sentAt } }",
    "an event completed by another subgraph": "subscription { tick { id sentAt note } }",
}


class NotDelivered(Exception):
    """Somebody did not get an event, or not in order."""


@dataclass(frozen=True)
class Result:
    """Of one case: delays of every event to every client, and what the server used; `sources` is how often the subgraph was asked."""

    case: str
    clients: int
    events: int
    delays_ms: Sequence[float]
    last_ms: Sequence[float]
    cpu_us_per_delivery: float
    peak_bytes: int
    sources: int

    def percentile(self, share: float) -> float:
        """The delay that this share of deliveries stayed within."""
        return self.delays_ms[min(len(self.delays_ms) - 1, int(len(self.delays_ms) * share))]


def measure(case: str, *, clients: int, events: int) -> Result:
    """Run one case from start to end. Raises NotDelivered."""
    cores = Cores.of_this_machine()
    with ExitStack() as running, pinned(cores.others):
        if case == FLOOR:
            server = teller = running.enter_context(_floor(cores.gateway))
        else:
            teller = running.enter_context(_subgraphs(cores.others))
            server = running.enter_context(_router(teller.port, cores.gateway))
        return uvloop.run(_broadcast(case, server, teller, clients=clients, events=events))


async def _broadcast(case: str, server: Running, teller: Running, *, clients: int, events: int) -> Result:
    deliveries = Deliveries()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{teller.port}") as teller_api:
        subscribers = await subscribe(server.port, CASES[case], deliveries, clients=clients)
        await _all_listen(server, is_floor=case == FLOOR, clients=clients)
        await _tell(teller_api, 0, deliveries, clients=clients)  # so that everything has happened once
        cpu_s = server.cpu_seconds()
        for number in range(1, events + 1):
            await _tell(teller_api, number, deliveries, clients=clients)
        cpu_s = server.cpu_seconds() - cpu_s
        sources = 0 if case == FLOOR else await _listening(teller_api)
    _check(subscribers, deliveries, events=events)
    told = [sorted(deliveries.delays_ns[number]) for number in range(1, events + 1)]
    return Result(
        case,
        clients,
        events,
        sorted(delay / 1e6 for delays in told for delay in delays),
        sorted(delays[-1] / 1e6 for delays in told),
        cpu_s * 1e6 / (events * clients),
        server.peak_bytes(),
        sources,
    )


async def _tell(teller: aiohttp.ClientSession, number: int, deliveries: Deliveries, *, clients: int) -> None:
    """Have one event told, and wait until everybody has it."""
    async with teller.post("/emit", data=str(number)) as answer:
        answer.raise_for_status()
    deadline = time.monotonic() + PATIENCE_S
    while deliveries.count(number) < clients:
        if time.monotonic() > deadline or deliveries.ended:
            raise NotDelivered(f"{deliveries.count(number)} of {clients} have event {number}; {deliveries.ended[:3]}")
        await asyncio.sleep(0.005)
    await asyncio.sleep(PAUSE_S)


async def _all_listen(server: Running, *, is_floor: bool, clients: int) -> None:
    """A subscription is not acknowledged: the servers are asked how many there are."""
    path, said = ("/listening", '"listening":{}}}') if is_floor else ("/metrics", "router_subscriptions {}.0")
    deadline = time.monotonic() + PATIENCE_S
    async with aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as api:
        while True:
            async with api.get(path) as answer:
                if said.format(clients) in await answer.text():
                    return
            if time.monotonic() > deadline:
                raise NotDelivered("not everybody listens")
            await asyncio.sleep(0.1)


async def _listening(teller: aiohttp.ClientSession) -> int:
    """How many subscriptions the subgraph has."""
    async with teller.get("/listening") as answer:
        listening: int = (await answer.json())["listening"]
        return listening


def _check(subscribers: Sequence[Subscriber], deliveries: Deliveries, *, events: int) -> None:
    """Everybody got every event, in order, once."""
    if deliveries.ended or any(each.ticks != list(range(events + 1)) for each in subscribers):
        raise NotDelivered(f"events are missing or out of order; {deliveries.ended[:3]}")
    for each in subscribers:
        each.close()


# ── processes ───────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _floor(core: int) -> Iterator[Running]:
    port = free_port()
    with started(_python("benchmarks.broadcast.floor", "--port", port), port=port, core=core) as running:
        yield running


@contextmanager
def _subgraphs(core: int) -> Iterator[Running]:
    port = free_port()
    with started(_python("benchmarks.broadcast.subgraph", "--port", port), port=port, core=core) as running:
        yield running


@contextmanager
def _router(subgraphs: int, core: int) -> Iterator[Running]:
    port, url = free_port(), f"http://127.0.0.1:{subgraphs}"
    composed = compose(
        [SubgraphInput("clock", CLOCK_SDL, f"{url}/clock"), SubgraphInput("notes", NOTES_SDL, f"{url}/notes")]
    )
    assert isinstance(composed, Composed), composed
    with tempfile.TemporaryDirectory() as folder:
        supergraph, config = Path(folder, "supergraph.graphql"), Path(folder, "router.yaml")
        supergraph.write_text(composed.sdl)
        # All clients are one address here.
        config.write_text(json.dumps({"subscriptions": {"per_client_max": 10_000}}))
        served = ("serve", "--config", config, "--supergraph", supergraph, "--port", port)
        with started(_python("router", *served), port=port, core=core) as running:
            yield running


def _python(module: str, *arguments: object) -> list[str]:
    return [sys.executable, "-m", module, *map(str, arguments)]


# ── the report ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _table(results: Sequence[Result]) -> Table:
    floor = results[0]
    table = Table(title=f"{floor.clients} subscriptions, {floor.events} events; delays in ms (times the floor's)")
    for heading in ("", "p50", "p99", "the last client", "CPU per delivery, µs", "memory, MB"):
        table.add_column(heading, justify="left" if not heading else "right")
    for result in results:
        medians = [
            (
                each.percentile(0.5),
                each.percentile(0.99),
                each.last_ms[len(each.last_ms) // 2],
                each.cpu_us_per_delivery,
            )
            for each in (result, floor)
        ]
        cells = [f"{own:.1f} ({own / least:.1f})" for own, least in zip(*medians, strict=True)]
        table.add_row(result.case, *cells, f"{result.peak_bytes / 1e6:.0f}")
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=2_000)
    parser.add_argument("--events", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    rounds = [
        [measure(case, clients=chosen.clients, events=chosen.events) for case in CASES] for _ in range(chosen.rounds)
    ]
    results = [min(of_case, key=lambda result: result.percentile(0.99)) for of_case in zip(*rounds, strict=True)]
    Console(width=140).print(_table(results))


if __name__ == "__main__":
    main()
