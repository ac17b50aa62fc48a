"""What a plan costs: estimated from its requests before anything is asked, and counted in what was answered.

A request for objects at several paths is billed as a request for each path, so that the cost of an operation does not depend on how
the planner batches it. Of a subscription only the source stream is billed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import msgspec

from router.config.cost import CostSettings
from router.cost.actual import Meter, meter_of
from router.cost.bill import Bill, Field, bill_of_operation, bill_of_request
from router.cost.formula import Formula, Variables, added, multiplied, value_of
from router.cost.tariff import Tariff
from router.operation.model import Operation
from router.plan import Fetch, QueryPlan
from router.plan.single import singles
from router.supergraph.model import Supergraph

_BYTES_A_CHARACTER: Final = 30  # of a request's text: what its formula and meter take, fitted on CPython 3.11


class Cost(NamedTuple):
    """What an operation costs, and how much of it in each subgraph, where that is known."""

    total: float
    by_subgraph: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PlanCost:
    """The formulas of one plan, which are kept with it: a request only looks its variables up.

    `fixed` is the estimate where no variable matters. `meters` count the answers to each fetch, by its id, `shape` the client's
    answer; where neither is there, the actual cost is nobody's concern. `size` is an estimate of the bytes that it takes.
    """

    formulas: Mapping[str, Formula]
    fixed: Cost | None = None
    meters: Mapping[int, Meter] | None = None
    shape: Meter | None = None
    size: int = 0

    def estimate(self, variables: Variables) -> Cost:
        """What the operation will cost if lists are as long as the schema says. Raises CostUnknown."""
        return _evaluated(self.formulas, variables) if self.fixed is None else self.fixed

    def spent(self, fetch: int, answer: bytes, variables: Variables) -> int:
        """What the answer to a request of a fetch has cost."""
        meter = None if self.meters is None else self.meters.get(fetch)
        return meter.read(_data(answer), variables) if meter else 0

    def spent_on(self, data: bytes, variables: Variables) -> int:
        """What the client's answer has cost by its own shape."""
        return 0 if self.shape is None else self.shape.read(msgspec.json.decode(data), variables)


@dataclass(frozen=True, slots=True)
class Costing:
    """Works out what the plans of one supergraph cost, by one configuration. With `charged`, somebody pays for them.

    `limits` are what an operation may cost in single subgraphs.
    """

    tariff: Tariff
    settings: CostSettings
    limits: Mapping[str, float]
    charged: bool = False

    @classmethod
    def of(cls, supergraph: Supergraph, settings: CostSettings, *, charged: bool = False) -> Costing:
        """For a supergraph. Raises SupergraphError where it has a @listSize that says nothing."""
        tariff = Tariff(supergraph)
        tariff.check()
        limits = {name: limit for name in supergraph.subgraphs if (limit := settings.max_of(name)) is not None}
        return cls(tariff, settings, limits, charged)

    @property
    def must_know(self) -> bool:
        """Whether an operation of unknown cost is refused."""
        return self.charged or self.settings.mode == "enforce"

    def plan_cost(self, plan: QueryPlan, operation: Operation) -> PlanCost:
        """The cost of a plan, and of the operation that it was made for."""
        bills = [(fetch, self._bill(fetch)) for fetch in _billed(plan)]
        formulas = _formulas(bills)
        counted_in = self.settings.actual if plan.kind != "subscription" else "off"
        return PlanCost(
            formulas,
            fixed=_evaluated(formulas, {}) if all(isinstance(each, int) for each in formulas.values()) else None,
            meters=self._meters(bills) if counted_in == "by_subgraph" else None,
            shape=self._shape(operation) if counted_in == "by_response_shape" else None,
            size=_BYTES_A_CHARACTER * sum(len(fetch.operation) for fetch in plan.fetches),
        )

    def estimate(self, plan: QueryPlan, variables: Variables) -> Cost:
        """What the operation of a plan will cost at most, worked out for this once. Raises CostUnknown."""
        return _evaluated(_formulas((fetch, self._bill(fetch)) for fetch in _billed(plan)), variables)

    def bills(self, plan: QueryPlan) -> Iterator[tuple[Fetch, Bill]]:
        """The requests of a plan, each for objects at one path, with their bills."""
        for fetch in _billed(plan):
            for single in singles(fetch):
                yield single, self._bill(single)

    def _bill(self, fetch: Fetch) -> Bill:
        list_size = self.settings.list_size_of(fetch.subgraph)
        return bill_of_request(fetch, self.tariff, list_size)

    def _meters(self, bills: Iterable[tuple[Fetch, Bill]]) -> dict[int, Meter]:
        return {fetch.id: meter_of(bill, self.tariff.supergraph) for fetch, bill in bills}

    def _shape(self, operation: Operation) -> Meter:
        bill = bill_of_operation(operation, self.tariff, self.settings.list_size)
        return meter_of(bill, self.tariff.supergraph)


def _billed(plan: QueryPlan) -> Sequence[Fetch]:
    return plan.fetches[:1] if plan.kind == "subscription" else plan.fetches


def _formulas(bills: Iterable[tuple[Fetch, Bill]]) -> dict[str, Formula]:
    costs: dict[str, list[Formula]] = {}
    for fetch, bill in bills:
        costs.setdefault(fetch.subgraph, []).append(_cost_of_paths(fetch, bill))
    return {subgraph: added(each) for subgraph, each in costs.items()}


def _cost_of_paths(fetch: Fetch, bill: Bill) -> Formula:
    """What a request for each path would cost."""
    if not fetch.entities:
        return bill.cost
    paths = {asked.key: len(asked.anchors) for asked in fetch.entities}
    return added(multiplied(paths[line.key], line.cost) for line in bill.lines if isinstance(line, Field))


def _evaluated(formulas: Mapping[str, Formula], variables: Variables) -> Cost:
    return cost_of_subgraphs({subgraph: value_of(formula, variables) for subgraph, formula in formulas.items()})


def cost_of_subgraphs(by_subgraph: Mapping[str, int]) -> Cost:
    """The cost of what each subgraph costs, as floats: the largest there is for what is larger still."""
    try:
        return Cost(float(sum(by_subgraph.values())), {name: float(cost) for name, cost in by_subgraph.items()})
    except OverflowError:
        return Cost(as_number(sum(by_subgraph.values())), {name: as_number(cost) for name, cost in by_subgraph.items()})


def as_number(cost: int) -> float:
    """As a float, or the largest there is."""
    try:
        return float(cost)
    except OverflowError:
        return sys.float_info.max if cost > 0 else -sys.float_info.max


def _data(body: bytes) -> Any:
    """The data of an answer; one that cannot be read has cost nothing, and the executor says what is wrong with it."""
    try:
        answer = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    return answer.get("data") if isinstance(answer, dict) else None
