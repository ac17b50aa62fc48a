"""What each stage makes of an operation, as text, and how long it took."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from router.commands import files

if TYPE_CHECKING:
    from router.config import CostSettings
    from router.planner import Planning
    from router.supergraph import Supergraph

T = TypeVar("T")


class Stage(StrEnum):
    """What can be shown of an operation: what a stage hands on to the next."""

    OPERATION = "operation"
    WANTED = "wanted"
    SEARCH = "search"
    FETCHES = "fetches"
    PLAN = "plan"
    COST = "cost"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation of a file, and what it is run with."""

    file: Path
    name: str | None
    variables: dict[str, Any]
    costs: CostSettings
    labels: frozenset[str] = frozenset()


@dataclass(slots=True)
class Clock:
    """Times the stages that it is asked to run."""

    taken: dict[str, float] = field(default_factory=dict)

    def time(self, stage: str, work: Callable[[], T]) -> T:
        """What a stage gives."""
        start = perf_counter()
        done = work()
        self.taken[stage] = perf_counter() - start
        return done

    def lines(self) -> Iterator[str]:
        """A line for each stage that has run, in milliseconds."""
        for stage, seconds in self.taken.items():
            yield f"{stage:<10} {seconds * 1000:9.2f} ms"


def shown(stage: Stage, operation: Followed, clock: Clock) -> str:
    """What a stage hands on, once all before it have run."""
    if stage is Stage.COST:
        return _cost(operation, clock)
    return _SHOWN[stage](operation.planning, clock)


def as_json(operation: Followed, clock: Clock, *, batched: bool) -> dict[str, Any]:
    """The plan in the format of Apollo's query planner."""
    from router.plan.wire import to_json

    return to_json(_written(operation.planning, clock).plan, batched=batched)


@dataclass(frozen=True, slots=True)
class Followed:
    """An operation on its way to a plan, as a caller who may have everything would run it, with its variables coerced."""

    planning: Planning
    variables: Mapping[str, Any]
    costs: CostSettings


def followed(asked: Asked, supergraph: Supergraph, clock: Clock) -> Followed:
    """The operation of a file."""
    from router.exchange import ClientRequest
    from router.operation import normalize
    from router.pipeline import RouterState
    from router.pipeline.validating import parse, validate
    from router.planner import Planning
    from router.transport import FakeTransport

    request = ClientRequest(files.read(asked.file), asked.name, asked.variables)
    router = RouterState(supergraph, FakeTransport())
    document = clock.time("parse", lambda: parse(request, router))
    valid = clock.time("validate", lambda: validate(request, router))
    operation = clock.time("operation", lambda: normalize(document, asked.name, supergraph, valid.variables))
    return Followed(Planning(operation, supergraph, asked.labels), valid.variables, asked.costs)


def _operation(planning: Planning, _: Clock) -> str:
    from router.operation.show import show

    return show(planning.operation)


def _wanted(planning: Planning, clock: Clock) -> str:
    from router.planner.show import show_wanted

    return show_wanted(clock.time("wanted", lambda: planning.wanted))


def _search(planning: Planning, clock: Clock) -> str:
    from router.planner.show import show_search

    return show_search(_built(planning, clock).built.decided)


def _fetches(planning: Planning, clock: Clock) -> str:
    from router.planner.show import show_passes

    return show_passes(_built(planning, clock).built.groups)


def _plan(planning: Planning, clock: Clock) -> str:
    from router.plan.show import show

    return show(_written(planning, clock).plan)


def _cost(operation: Followed, clock: Clock) -> str:
    from router.cost import Costing
    from router.cost.show import show_bills

    plan = _written(operation.planning, clock).plan
    costing = Costing.of(operation.planning.supergraph, operation.costs)
    return clock.time("cost", lambda: show_bills(list(costing.bills(plan)), operation.variables))


def _code(planning: Planning, clock: Clock) -> str:
    from router.executor.compiled import Refused, compiled

    made = _written(planning, clock).plan
    try:
        return clock.time("code", lambda: compiled(made, planning.supergraph)).source
    except Refused as refused:
        return f"# Not compiled, the generic engine runs it each time: {refused}."


def _built(planning: Planning, clock: Clock) -> Planning:
    clock.time("wanted", lambda: planning.wanted)
    clock.time("search", lambda: planning.built)
    return planning


def _written(planning: Planning, clock: Clock) -> Planning:
    _built(planning, clock)
    clock.time("fetches", lambda: planning.fetches)
    clock.time("plan", lambda: planning.plan)
    return planning


_SHOWN: dict[Stage, Callable[[Planning, Clock], str]] = {
    Stage.OPERATION: _operation,
    Stage.WANTED: _wanted,
    Stage.SEARCH: _search,
    Stage.FETCHES: _fetches,
    Stage.PLAN: _plan,
    Stage.CODE: _code,
}
