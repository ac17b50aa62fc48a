"""A compiled plan that gives up half-way: the generic engine goes on with what is known, and nobody is asked twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from structlog.testing import capture_logs

from router.executor.drive import drive
from router.executor.executable import Executable
from router.executor.execution import Answered, Ask, Deopt, Execution, ExecutionResult
from router.executor.interpreted import Interpreted
from router.executor.prepared import Prepared
from router.executor.speculative import FAULT, Speculative
from router.limits import COMPILE_ON_RUN, DEOPT_PAUSE_RUNS, DEOPTS_IN_A_ROW_MAX
from router.plan import QueryPlan
from router.plan.size import size_of
from router.supergraph.model import Supergraph
from router.transport import FakeTransport, SubgraphRequest
from tests.router.executor.harness import Case, entities, entity_fetch, root_fetch, supergraph_of

PORT = supergraph_of(
    """
    type Query { crate: Crate  flag: String }
    type Mutation { load: Crate  unload: Int }
    type Crate { tag: ID!  serial: ID!  duty: Int  owed: Int }
    """
)
DIAMOND = [
    root_fetch("dock", "{ crate { tag } }"),
    root_fetch("flags", "{ flag }", number=1),
    entity_fetch("fleet", "... on Crate { serial }", number=2, path="crate", on="Crate", key="tag"),
    entity_fetch("tax", "... on Crate { owed }", number=3, path="crate", on="Crate", key="tag"),
    entity_fetch("customs", "... on Crate { duty }", number=4, path="crate", on="Crate", key="serial", after=[1, 2]),
]
STEPS = len(DIAMOND) + 2  # the start, an answer for each fetch, and the end


@dataclass
class GivesUp:
    """An engine that works until its step number `at`, and then raises."""

    engine: Execution
    at: int
    error: Exception = field(default_factory=lambda: Deopt("null"))
    steps: int = 0

    def start(self) -> list[Ask]:
        self._step()
        return self.engine.start()

    def answered(self, ask: Ask, answer: Answered) -> list[Ask]:
        self._step()
        return self.engine.answered(ask, answer)

    def finish(self) -> ExecutionResult:
        self._step()
        return self.engine.finish()

    def _step(self) -> None:
        self.steps += 1
        if self.steps == self.at:
            raise self.error


class Forgets(GivesUp):
    """An engine that gives up at the end, having asked nothing."""

    def start(self) -> list[Ask]:
        return []

    def finish(self) -> ExecutionResult:
        raise Deopt("shape")


def diamond(delays: Mapping[str, float] = {}) -> Case:
    """Five fetches; each subgraph takes its time, and answers one request only."""

    def slow(subgraph: str, body: dict[str, Any]) -> Any:
        async def answer(_: SubgraphRequest) -> dict[str, Any]:
            await asyncio.sleep(delays.get(subgraph, 0))
            return body

        return answer

    answers: dict[str, dict[str, Any]] = {
        "dock": {"data": {"crate": {"tag": "t"}}},
        "flags": {"data": {"flag": "NL"}},
        "fleet": entities({"serial": "s"}),
        "tax": entities({"owed": 3}),
        "customs": entities({"duty": 5}),
    }
    scripts = {subgraph: [slow(subgraph, body)] for subgraph, body in answers.items()}
    return Case(PORT, "{ flag crate { owed duty } }", DIAMOND, scripts)


def speculative(case: Case, at: int, error: Exception, settled: list[str | None]) -> Speculative:
    """A run of the case that gives up at a step."""
    prepared = Prepared(case.plan, case.supergraph)
    fast = GivesUp(Interpreted(prepared, {}), at, error)
    return Speculative(fast, lambda: Interpreted(prepared, {}), settled.append)


@pytest.mark.parametrize("at", range(1, STEPS + 2))
@pytest.mark.parametrize("delays", [{}, {"dock": 0.02}, {"flags": 0.02}, {"tax": 0.02, "fleet": 0.01}], ids=str)
async def test_giving_up_at_any_step_changes_nothing(at: int, delays: dict[str, float]) -> None:
    """Whichever requests are answered or under way then: one request to each subgraph, and the answer of an undisturbed run."""
    case, settled = diamond(delays), list[str | None]()

    result = await drive(speculative(case, at, Deopt("null"), settled), case.transport, {})

    assert result == ExecutionResult.of({"flag": "NL", "crate": {"owed": 3, "duty": 5}})
    assert Counter(request.subgraph for request in case.transport.requests) == {f.subgraph: 1 for f in DIAMOND}
    assert settled == ["null" if at <= STEPS else None]


@pytest.mark.parametrize("at", range(1, STEPS + 1))
async def test_a_fault_of_the_compiled_plan_is_survived(at: int) -> None:
    """An exception that is no Deopt gives up too, under a name of its own, and is logged."""
    case, settled = diamond(), list[str | None]()

    with capture_logs() as logs:
        result = await drive(speculative(case, at, KeyError("x"), settled), case.transport, {})

    assert [entry["event"] for entry in logs] == ["a compiled plan is faulty"]
    assert result.data == {"flag": "NL", "crate": {"owed": 3, "duty": 5}}
    assert settled == [FAULT]


async def test_what_the_compiled_plan_left_out_is_asked_at_the_end() -> None:
    """Giving up in `finish` may still send requests."""
    case = diamond()
    prepared = Prepared(case.plan, case.supergraph)
    forgets = Forgets(Interpreted(prepared, {}), 0)

    result = await drive(Speculative(forgets, lambda: Interpreted(prepared, {}), lambda _: None), case.transport, {})

    assert result.data == {"flag": "NL", "crate": {"owed": 3, "duty": 5}}


async def test_a_request_that_only_the_compiled_plan_makes_is_waited_for_and_not_used() -> None:
    """Its answer comes while the generic engine is at work, which never asked."""
    case = diamond({"dock": 0.02})
    prepared = Prepared(case.plan, case.supergraph)
    asked = speculative(case, 2, Deopt("null"), [])
    stranger = Ask(DIAMOND[1], b'{"query":"{ other }"}')
    first = Interpreted(prepared, {}).start()
    asked._fast = Scripted([*first, stranger])  # type: ignore[assignment]  # an engine for this test alone
    case.transport = FakeTransport({**case.answers, "flags": lambda _: {"data": {"flag": "NL"}}})

    result = await drive(asked, case.transport, {})

    assert result.data == {"flag": "NL", "crate": {"owed": 3, "duty": 5}}
    assert len(case.transport.requests) == len(DIAMOND) + 1


@dataclass
class Scripted:
    """An engine that asks what it is told, and gives up at the first answer."""

    asks: list[Ask]

    def start(self) -> list[Ask]:
        return self.asks

    def answered(self, ask: Ask, answer: Answered) -> list[Ask]:
        raise Deopt("null")


@pytest.mark.parametrize("at", range(1, 5))
async def test_a_mutation_is_sent_once(at: int) -> None:
    """Mutations in a row: wherever the compiled plan gives up, each is sent once, in order."""
    fetches = [
        root_fetch("dock", "mutation { load { tag } }"),
        root_fetch("fleet", "mutation { unload }", number=1, after=[0]),
    ]
    answers: dict[str, Any] = {"dock": [{"data": {"load": {"tag": "t"}}}], "fleet": [{"data": {"unload": 1}}]}
    case = Case(PORT, "mutation { load { tag } unload }", fetches, answers)

    result = await drive(speculative(case, at, Deopt("null"), []), case.transport, {})

    assert result.data == {"load": {"tag": "t"}, "unload": 1}
    assert [request.subgraph for request in case.transport.requests] == ["dock", "fleet"]


async def test_a_mutation_with_another_body_is_not_sent_again() -> None:
    """Engines that disagree about a mutation's request are a bug, and one that must not move money twice."""
    case = Case(PORT, "mutation { unload }", [root_fetch("dock", "mutation { unload }")], {"dock": [{"data": {}}]})
    asked = speculative(case, 2, Deopt("null"), [])
    asked._fast = Scripted([Ask(case.fetches[0], b"{}")])  # type: ignore[assignment]  # as above

    with pytest.raises(AssertionError, match="mutation 0 was sent already"):
        await drive(asked, case.transport, {})

    assert len(case.transport.requests) == 1


# ── when a plan is compiled, and when it is left alone ──────────────────────────────────────────────────────────────


@dataclass
class Watched:
    """Counts what it is told."""

    told: Counter[str] = field(default_factory=Counter)

    def executed(self, engine: str) -> None:
        self.told[engine] += 1

    def deopted(self, reason: str) -> None:
        self.told[reason] += 1


@dataclass
class GivingUp:
    """A compiler whose plans give up while `failing`."""

    failing: bool = False
    compiled: int = 0
    tried: int = 0
    size: int = 1_000

    def __call__(self, plan: QueryPlan, supergraph: Supergraph) -> GivingUp:
        self.compiled += 1
        self.prepared = Prepared(plan, supergraph)
        return self

    def execution(self, variables: Mapping[str, Any]) -> Execution:
        self.tried += 1
        return GivesUp(Interpreted(self.prepared, variables), 2 if self.failing else 0)


async def run(executable: Executable, watch: Watched) -> None:
    """One run; whatever engine it is, the answer is the same."""
    result = await drive(executable.execution({}, (), watch), diamond().transport, {})
    assert result.data == {"flag": "NL", "crate": {"owed": 3, "duty": 5}}


async def test_a_plan_is_compiled_once_it_is_in_use() -> None:
    """The first runs are interpreted, then it is compiled, once."""
    compiler, watch = GivingUp(), Watched()
    executable = Executable(Prepared(diamond().plan, PORT), compiler)

    for _ in range(COMPILE_ON_RUN + 4):
        await run(executable, watch)

    assert compiler.compiled == 1
    assert watch.told == {"interpreted": COMPILE_ON_RUN - 1, "compiled": 5}
    assert executable.size == size_of(diamond().plan) + compiler.size


async def test_a_plan_that_cannot_be_compiled_stays_interpreted() -> None:
    """The compiler is asked once."""
    watch, asked = Watched(), []
    executable = Executable(Prepared(diamond().plan, PORT), lambda plan, _: asked.append(plan))

    for _ in range(COMPILE_ON_RUN + 2):
        await run(executable, watch)

    assert len(asked) == 1
    assert watch.told == {"interpreted": COMPILE_ON_RUN + 2}


async def test_a_faulty_compiler_fails_no_request() -> None:
    """The fault is logged once, and the plan stays interpreted."""
    watch = Watched()

    def faulty(*_: object) -> None:
        raise KeyError("a bug")

    executable = Executable(Prepared(diamond().plan, PORT), faulty)
    with capture_logs() as logs:
        for _ in range(COMPILE_ON_RUN + 2):
            await run(executable, watch)

    assert [entry["event"] for entry in logs] == ["a plan could not be compiled"]
    assert watch.told == {"interpreted": COMPILE_ON_RUN + 2}
    assert executable.size == size_of(diamond().plan)


async def test_a_compiled_plan_that_keeps_giving_up_rests() -> None:
    """After a row of deopts it is interpreted for a while, and then tried again."""
    compiler, watch = GivingUp(failing=True), Watched()
    executable = Executable(Prepared(diamond().plan, PORT), compiler)

    for _ in range(COMPILE_ON_RUN - 1 + DEOPTS_IN_A_ROW_MAX + DEOPT_PAUSE_RUNS - 1):
        await run(executable, watch)
    assert compiler.tried == watch.told["null"] == DEOPTS_IN_A_ROW_MAX

    compiler.failing = False
    await run(executable, watch)
    assert watch.told["compiled"] == 1
