"""When requests go out, what the answers set free, and what stops them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from router.errors import SubgraphFailure
from router.executor.drive import drive
from router.executor.execution import Answered, Ask, ExecutionResult
from router.executor.prepared import Prepared
from router.plan import Fetch, OutputSelection, QueryPlan
from router.transport.base import SubgraphAnswer, SubgraphRequest
from tests.router.executor.harness import supergraph_of


def fetch(number: int, *after: int) -> Fetch:
    """A fetch of which only the order matters."""
    return Fetch(number, str(number), "query", "{ a }", None, (), after=after)


class Graph:
    """An execution of fetches without data: it minds the order, and keeps what came of each."""

    def __init__(self, *fetches: Fetch) -> None:
        self.left = list(fetches)
        self.answers: dict[int, Answered] = {}

    def start(self) -> list[Ask]:
        return self._ready()

    def answered(self, ask: Ask, answer: Answered) -> list[Ask]:
        self.answers[ask.fetch.id] = answer
        return self._ready()

    def finish(self) -> ExecutionResult:
        return ExecutionResult.of(None)

    def _ready(self) -> list[Ask]:
        ready = [each for each in self.left if self.answers.keys() >= set(each.after)]
        self.left = [each for each in self.left if each not in ready]
        return [Ask(each, b"{}") for each in ready]


class Recorder:
    """A transport that takes as long as told, and keeps what happened in order."""

    def __init__(self, **seconds: float) -> None:
        self.seconds = {name[1:]: value for name, value in seconds.items()}
        self.events: list[str] = []
        self.tasks: set[asyncio.Task[None] | None] = set()

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        name = request.subgraph
        self.events.append(f"start {name}")
        self.tasks.add(asyncio.current_task())
        try:
            await asyncio.sleep(self.seconds.get(name, 0))
        except asyncio.CancelledError:
            await asyncio.sleep(0)  # letting go takes a moment
            self.events.append(f"cancel {name}")
            raise
        self.events.append(f"end {name}")
        return SubgraphAnswer(200, b"{}")

    def subscribe(self, request: SubgraphRequest) -> Any:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError


class Futures(Recorder):
    """A transport whose `send` is a plain function; the test settles the futures."""

    def __init__(self) -> None:
        super().__init__()
        self.futures: dict[str, asyncio.Future[SubgraphAnswer]] = {}

    def send(self, request: SubgraphRequest) -> asyncio.Future[SubgraphAnswer]:  # type: ignore[override]  # both are awaitable
        self.futures[request.subgraph] = asyncio.get_running_loop().create_future()
        return self.futures[request.subgraph]


async def test_a_fetch_goes_out_as_soon_as_its_own_inputs_are_there() -> None:
    """A slow sibling holds back only those that need it."""
    recorder = Recorder(f0=0.2, f1=0.01)

    await drive(Graph(fetch(0), fetch(1), fetch(2, 1), fetch(3, 0, 2)), recorder, {})

    assert recorder.events == [
        "start 0", "start 1", "end 1", "start 2", "end 2", "end 0", "start 3", "end 3",
    ]  # fmt: skip


async def test_a_chain_runs_in_the_callers_own_task() -> None:
    """One ready request is awaited directly: a chain costs no task."""
    recorder = Recorder()

    await drive(Graph(fetch(0), fetch(1, 0), fetch(2, 1)), recorder, {})

    assert recorder.tasks == {asyncio.current_task()}


async def test_what_several_requests_made_ready_alone_runs_in_the_callers_task_again() -> None:
    """Once a fan-out has come together, the next request is awaited directly."""
    recorder = Recorder()

    await drive(Graph(fetch(0), fetch(1), fetch(2, 0, 1)), recorder, {})

    assert len(recorder.tasks) == 3
    assert asyncio.current_task() in recorder.tasks


async def test_a_transport_of_futures_costs_no_task() -> None:
    """Requests at the same time are answered in a callback, in the order in which the answers come."""
    transport, graph = Futures(), Graph(fetch(0), fetch(1), fetch(2, 1))
    driving = asyncio.create_task(drive(graph, transport, {}))
    await asyncio.sleep(0)
    tasks = asyncio.all_tasks()

    failure = SubgraphFailure("1", "down")
    transport.futures["1"].set_exception(failure)
    await asyncio.sleep(0)
    assert transport.futures.keys() == {"0", "1", "2"}, "the second hop went out while 0 was still under way"
    transport.futures["2"].set_result(SubgraphAnswer(200, b"2"))
    transport.futures["0"].set_result(SubgraphAnswer(200, b"0"))
    await driving

    assert tasks == {asyncio.current_task(), driving}
    assert graph.answers == {0: SubgraphAnswer(200, b"0"), 1: failure, 2: SubgraphAnswer(200, b"2")}


async def test_nothing_to_run_returns_at_once() -> None:
    """A plan without fetches is legal."""
    assert await drive(Graph(), Recorder(), {}) == ExecutionResult.of(None)


@pytest.mark.parametrize("fetches", [[fetch(0)], [fetch(0), fetch(1), fetch(2, 0, 1)]])
async def test_cancelling_the_caller_cancels_everything(fetches: list[Fetch]) -> None:
    """Requests under way are cancelled and awaited, later ones never start."""
    recorder = Recorder(f0=10, f1=10)
    task = asyncio.create_task(drive(Graph(*fetches), recorder, {}))
    await asyncio.sleep(0.05)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    started = [each.id for each in fetches if not each.after]
    assert sorted(recorder.events) == [f"cancel {n}" for n in started] + [f"start {n}" for n in started]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_cancelling_the_caller_cancels_futures() -> None:
    """A transport learns from its futures that nobody wants the answers any more; late ones harm nobody."""
    transport, graph = Futures(), Graph(fetch(0), fetch(1))
    task = asyncio.create_task(drive(graph, transport, {}))
    await asyncio.sleep(0)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert all(future.cancelled() for future in transport.futures.values())
    assert graph.answers == {}


def _raise(error: BaseException) -> Callable[..., Any]:
    def raises(*_: Any) -> Any:
        raise error

    return raises


@pytest.mark.parametrize("where", ["the transport", "the engine"])
async def test_a_bug_stops_the_others_and_is_raised(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a programming mistake raises; nothing is left running behind it."""
    recorder, graph = Recorder(f0=10), Graph(fetch(0), fetch(1))
    if where == "the engine":
        monkeypatch.setattr(graph, "answered", _raise(ZeroDivisionError()))
    else:
        send: Callable[[SubgraphRequest], Awaitable[SubgraphAnswer]] = recorder.send

        async def broken(request: SubgraphRequest) -> SubgraphAnswer:
            return await (send(request) if request.subgraph == "0" else _raise(ZeroDivisionError())())

        monkeypatch.setattr(recorder, "send", broken)

    with pytest.raises(ZeroDivisionError):
        await drive(graph, recorder, {})

    assert recorder.events[0] == "start 0"
    assert recorder.events[-1] == "cancel 0"


def test_a_plan_that_waits_for_nothing_in_it_is_refused() -> None:
    """A dependency that no fetch fulfils is an error, not an endless wait."""
    plan = QueryPlan("query", (fetch(0), fetch(2, 1)), OutputSelection("Query", {"Query": ()}))

    with pytest.raises(ValueError, match=r"fetches \[2\] wait for fetches that are not in the plan"):
        Prepared(plan, supergraph_of("type Query { a: Int }"))
