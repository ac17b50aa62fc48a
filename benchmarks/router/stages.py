"""The time of each stage of our router, in one process and without a network: where the CPU of a request goes, and of a first one."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from graphql import parse, validate
from rich.console import Console
from rich.table import Table
from starlette.types import ASGIApp, Message, Scope

from benchmarks.router.canned import Canned
from benchmarks.router.federation import Case, compose_supergraph, truth
from benchmarks.router.load import Expected
from router.app import create_app
from router.config import RouterConfig
from router.exchange import ClientRequest
from router.executor import execute
from router.executor.compiled import compile_plan
from router.operation import normalize
from router.pipeline import RouterState, answer
from router.planner import plan
from router.supergraph import load_supergraph

BATCHES = 15
BATCH_S = 0.05
ONCE = ("parse", "validate", "normalise", "plan", "compile")
EACH_TIME = ("interpret", "pipeline", "application")
CAPTION = (
    "Above: what is done once an operation. Below, over subgraphs that answer at once: the generic engine on a plan, then all of"
    " the pipeline with warm caches and a compiled plan, then the application, which is everything but sockets."
)
Work = Callable[[], Awaitable[Any]]


@dataclass(frozen=True)
class Stage:
    """What a stage takes on a case, in microseconds: the fastest batch, which nothing disturbed."""

    case: str
    name: str
    us: float


def measure_stages(console: Console, cases: Sequence[Case], *, quick: bool) -> list[dict[str, Any]]:
    """Print the table and return its figures."""
    with console.status("timing stages"):
        stages = asyncio.run(_measure(cases, batches=3 if quick else BATCHES))
    console.print(_table(cases, stages))
    return [asdict(stage) for stage in stages]


async def _measure(cases: Sequence[Case], *, batches: int) -> list[Stage]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "supergraph.graphql"
        file.write_text(compose_supergraph("http://nowhere.test"))
        measured: list[Stage] = []
        for case in cases:
            works = dict(_works(case, file))
            measured += [Stage(case.name, name, await _fastest(work, batches)) for name, work in works.items()]
            await _check(case, works["application"])
        return measured


async def _check(case: Case, application: Work) -> None:
    """What was timed answers what it should."""
    Expected(truth(case), exact=True).check(await application())


def _works(case: Case, file: Path) -> Iterator[tuple[str, Work]]:
    supergraph = load_supergraph(file.read_text())
    document = parse(case.query, no_location=True)
    operation = normalize(document, None, supergraph, case.variables)
    yield "parse", _sync(lambda: parse(case.query, no_location=True))
    yield "validate", _sync(lambda: validate(supergraph.api, document))
    yield "normalise", _sync(lambda: normalize(document, None, supergraph, case.variables))
    yield "plan", _sync(lambda: plan(operation, supergraph))
    planned = plan(operation, supergraph)
    yield "compile", _sync(lambda: compile_plan(planned, supergraph))
    canned = Canned(supergraph)
    yield "interpret", lambda: execute(planned, supergraph=supergraph, variables=case.variables, transport=canned)
    router = RouterState(supergraph, canned)
    request = ClientRequest(case.query, variables=case.variables)
    yield "pipeline", lambda: answer(request, router)
    application = create_app(RouterConfig(supergraph=file), transport=canned)
    yield "application", lambda: _post(application, case.body)


def _sync(work: Callable[[], Any]) -> Work:
    async def worked() -> None:
        work()

    return worked


async def _post(application: ASGIApp, body: bytes) -> bytes:
    headers = [
        (b"host", b"127.0.0.1"),
        (b"content-type", b"application/json"),
        (b"accept", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "headers": headers,
    }

    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if not messages:  # after a pause of this machine somebody listens for the client to go away
            await asyncio.Event().wait()
        return messages.pop()

    sent: list[bytes] = []

    async def send(message: Message) -> None:
        sent.append(message.get("body", b""))

    await application(scope, receive, send)
    return b"".join(sent)


async def _fastest(work: Work, batches: int) -> float:
    """Microseconds a call, of the fastest of some batches."""
    calls = await _calls_in(work, BATCH_S)
    return min([await _seconds(work, calls) for _ in range(batches)]) / calls * 1e6


async def _calls_in(work: Work, seconds: float) -> int:
    calls = 1
    while (took := await _seconds(work, calls)) < seconds / 2:
        calls *= 2
    return max(1, round(calls * seconds / took))


async def _seconds(work: Work, calls: int) -> float:
    start = time.process_time()
    for _ in range(calls):
        await work()
    return time.process_time() - start


def _table(cases: Sequence[Case], stages: Sequence[Stage]) -> Table:
    table = Table(
        title="Stages in CPU µs",
        caption=CAPTION,
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("stage")
    for case in cases:
        table.add_column(case.name, justify="right")
    by_place = {(stage.name, stage.case): stage.us for stage in stages}
    for group in (ONCE, EACH_TIME):
        for name in group:
            table.add_row(name, *(f"{by_place[name, case.name]:,.0f}" for case in cases))
        table.add_section()
    return table
