"""How long planning takes when nothing is cached, and how much memory very many different operations leave behind."""

from __future__ import annotations

import asyncio
import gc
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import psutil
from graphql import OperationDefinitionNode, get_variable_values, parse
from rich.console import Console
from rich.table import Table

from benchmarks.federations import make_federation
from benchmarks.router.operations_to_plan import SUBGRAPHS, random_operations, recursive, supergraph_of, wide
from router.exchange import ClientRequest
from router.limits import COMPILE_ON_RUN
from router.operation import Operation, normalize
from router.pipeline import RouterState, answer
from router.planner import plan
from router.supergraph import Supergraph
from tests.router.world import World, WorldTransport

TYPES = 100
REPEATS = 9
GIVE_UP_S = 20.0


@dataclass(frozen=True)
class Times:
    """In milliseconds, of one operation or of many; None where planning was given up. Normalising is in it, parsing is not."""

    title: str
    p50: float | None
    p99: float | None
    worst: float | None


@dataclass(frozen=True)
class Memory:
    """Resident megabytes after so many different operations."""

    operations: int
    megabytes: float


def measure_planning(console: Console, *, quick: bool) -> dict[str, Any]:
    """Print both tables and return their figures."""
    federation = supergraph_of(make_federation(SUBGRAPHS, TYPES))
    times = list(_times(console, federation, count=100 if quick else 1_000))
    console.print(_times_table(times))
    memory = asyncio.run(_memory(console, federation, step=100 if quick else 1_000))
    console.print(_memory_table(memory))
    return {"times": [asdict(one) for one in times], "memory": [asdict(one) for one in memory]}


def _times(console: Console, federation: Supergraph, *, count: int) -> list[Times]:
    with console.status(f"planning {count} random operations"):
        seconds = sorted(
            _seconds(federation, text, variables) for text, variables in random_operations(federation.api, count)
        )
    title = f"{count} random operations over {SUBGRAPHS} subgraphs, {TYPES} types"
    many = Times(title, *(seconds[round(share * (count - 1))] * 1e3 for share in (0.5, 0.99, 1.0)))
    with console.status("planning large operations"):
        return [
            many,
            _repeated(f"60 fields over {SUBGRAPHS} subgraphs", wide),
            _repeated("a recursive interface nested 10 deep", recursive),
        ]


def _repeated(title: str, make: Callable[[], tuple[Supergraph, str]]) -> Times:
    supergraph, text = make()
    try:
        with _given_up_after(GIVE_UP_S):
            seconds = sorted(_seconds(supergraph, text, {}) for _ in range(REPEATS))
    except TimeoutError:
        return Times(title, None, None, None)
    return Times(title, seconds[len(seconds) // 2] * 1e3, seconds[-1] * 1e3, seconds[-1] * 1e3)


@contextmanager
def _given_up_after(seconds: float) -> Iterator[None]:
    """Raises TimeoutError in the midst of whatever runs."""

    def give_up(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _seconds(supergraph: Supergraph, text: str, variables: Mapping[str, Any]) -> float:
    document = parse(text)
    definition = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    coerced: Any = get_variable_values(supergraph.api, definition.variable_definitions or (), dict(variables))
    start = time.process_time()
    operation: Operation = normalize(document, None, supergraph, coerced.coerced)
    plan(operation, supergraph)
    return time.process_time() - start


async def _memory(console: Console, federation: Supergraph, *, step: int) -> list[Memory]:
    """Send every operation through the whole pipeline, as often as it takes for all to be made that is kept for it."""
    router = RouterState(federation, WorldTransport(World(federation)))
    measured = [_resident(0)]
    operations = random_operations(federation.api, 10 * step, depth=3)
    with console.status("sending different operations") as status:
        for number, (text, variables) in enumerate(operations, start=1):
            router.transport = WorldTransport(World(federation))  # a world remembers what it was asked
            for _ in range(COMPILE_ON_RUN):
                await answer(ClientRequest(text, variables=variables), router)
            if number % step == 0:
                measured.append(_resident(number))
                status.update(f"sent {number} different operations")
    return measured


def _resident(operations: int) -> Memory:
    gc.collect()
    return Memory(operations, psutil.Process().memory_info().rss / 1e6)


def _times_table(times: list[Times]) -> Table:
    table = Table(title="Cold planning, in ms", title_justify="left")
    table.add_column("operations")
    for heading in ("p50", "p99", "worst"):
        table.add_column(heading, justify="right")
    for one in times:
        table.add_row(one.title, *(_milliseconds(value) for value in (one.p50, one.p99, one.worst)))
    return table


def _milliseconds(value: float | None) -> str:
    return f"{value:.2f}" if value is not None else f"> {GIVE_UP_S * 1e3:,.0f}"


def _memory_table(memory: list[Memory]) -> Table:
    table = Table(title="Memory after different operations", title_justify="left")
    for heading in ("operations", "MB"):
        table.add_column(heading, justify="right")
    for one in memory:
        table.add_row(f"{one.operations:,}", f"{one.megabytes:.0f}")
    return table
