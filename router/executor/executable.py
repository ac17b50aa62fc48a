"""A plan ready to run, kept with the plan: interpreted while it is new, compiled once it has shown to be in use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeAlias

import structlog

from router.cost import PlanCost
from router.executor.execution import Execution
from router.executor.interpreted import Interpreted
from router.executor.prepared import Prepared
from router.executor.speculative import Speculative
from router.limits import COMPILE_ON_RUN, DEOPT_PAUSE_RUNS, DEOPTS_IN_A_ROW_MAX
from router.plan import QueryPlan
from router.plan.size import size_of
from router.supergraph.model import Supergraph
from router.telemetry import Engine

log = structlog.get_logger(__name__)


class Compiled(Protocol):
    """A plan in machine-made Python; `size` is an estimate of the bytes it takes."""

    @property
    def size(self) -> int: ...

    def execution(self, variables: Mapping[str, Any]) -> Execution:
        """One run, whose methods may raise Deopt."""
        ...


Compiler: TypeAlias = Callable[[QueryPlan, Supergraph], Compiled | None]
"""Compiles a plan, or gives None for one that it does not support."""


class Watch(Protocol):
    """What is told how operations are run."""

    def executed(self, engine: Engine) -> None:
        """An operation came to its end, or is left to the generic engine."""
        ...

    def deopted(self, reason: str) -> None:
        """A compiled plan gave up."""
        ...


@dataclass(slots=True)
class Executable:
    """Runs of one plan. To be used in one event loop. `cost` is there where somebody minds it.

    Where a compiled plan gives up DEOPTS_IN_A_ROW_MAX times in a row (a subgraph is down, or answers unlike any other), it rests for
    DEOPT_PAUSE_RUNS runs: trying it costs time.
    """

    prepared: Prepared
    compiler: Compiler | None = None
    cost: PlanCost | None = None
    runs: int = 0
    _compiled: Compiled | None = None
    _deopts_in_a_row: int = 0
    _paused_until: int = 0

    def execution(
        self, variables: Mapping[str, Any], denied: Sequence[tuple[str, ...]] = (), watch: Watch | None = None
    ) -> Execution:
        """One run of a query or mutation; arguments as for `execute`."""
        self.runs += 1
        if self.runs == COMPILE_ON_RUN and self.compiler is not None:
            self._compiled = self._compile(self.compiler)
        generic = partial(Interpreted, self.prepared, variables, denied)
        if self._compiled is None or self.runs < self._paused_until:
            _tell(watch, None, "interpreted")
            return generic()
        return Speculative(self._compiled.execution(variables), generic, partial(self._settled, watch))

    @property
    def size(self) -> int:
        """Bytes that the plan takes in all its forms, by estimate. It grows when the plan is compiled."""
        sizes = (part.size for part in (self._compiled, self.cost) if part is not None)
        return size_of(self.prepared.plan) + sum(sizes)

    @property
    def is_settled(self) -> bool:
        """Whether the plan has got all the forms that it will have."""
        return self.runs >= COMPILE_ON_RUN

    def _compile(self, compiler: Compiler) -> Compiled | None:
        try:
            return compiler(self.prepared.plan, self.prepared.supergraph)
        except Exception:  # the plan runs all the same
            log.exception("a plan could not be compiled")
            return None

    def _settled(self, watch: Watch | None, deopt: str | None) -> None:
        _tell(watch, deopt, "compiled" if deopt is None else "interpreted")
        self._deopts_in_a_row = 0 if deopt is None else self._deopts_in_a_row + 1
        if self._deopts_in_a_row >= DEOPTS_IN_A_ROW_MAX:
            self._deopts_in_a_row = 0
            self._paused_until = self.runs + DEOPT_PAUSE_RUNS


def _tell(watch: Watch | None, deopt: str | None, engine: Engine) -> None:
    if watch is None:
        return
    if deopt is not None:
        watch.deopted(deopt)
    watch.executed(engine)
