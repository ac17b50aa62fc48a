"""What a plan costs: estimated from its requests before anything is asked, and counted in what was answered.

A request for objects at several paths is billed as a request for each path, so that the cost of an operation does not depend on how
the planner batches it. Of a subscription only the source stream is billed.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from router.config.cost import CostSettings
from router.cost.actual import Meter, meter_of
from router.cost.bill import Bill, bill_of_operation, bill_of_request
from router.cost.formula import Formula, Variables, added, value_of
from router.cost.tariff import Tariff
from router.operation.model import Operation
from router.plan import Fetch, QueryPlan
from router.plan.single import singles
from router.supergraph.model import Supergraph

_BYTES_A_CHARACTER: Final = 30  # of a request's text: what its formula and meter take, fitted on CPython 3.11


@dataclass(frozen=True, slots=True)
class Cost:
    """What an operation costs, and how much of it in each subgraph, where that is known."""

    total: float
    by_subgraph: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PlanCost:
    """The formulas of one plan, which are kept with it: a request only looks its variables up.

    `meters` count the answers of subgraphs, by fetch; `shape` counts the client's answer.
    """

    formulas: Mapping[str, Formula]
    fixed: Cost | None
    meters: Mapping[int, Meter]
    shape: Meter | None
    subgraphs: Mapping[int, str]
    size: int

    def estimate(self, variables: Variables) -> Cost:
        """What the operation will cost at most, if lists are as long as the schema says. Raises CostUnknown."""
        return _evaluated(self.formulas, variables) if self.fixed is None else self.fixed

    def actual(self, answers: Iterable[tuple[int, bytes]], data: bytes, variables: Variables) -> Cost:
        """What it did cost: counted in the `answers` of subgraphs (fetch and body), or in the client's `data`."""
        if self.shape is not None:
            return Cost(_number(self.shape.read(msgspec.json.decode(data), variables)), {})
        spent = dict.fromkeys(self.formulas, 0)
        for fetch, body in answers:
            if self.meters[fetch]:
                spent[self.subgraphs[fetch]] += self.meters[fetch].read(_data(body), variables)
        return _cost(spent)


@dataclass(frozen=True, slots=True)
class Costing:
    """Works out what the plans of one supergraph cost, by one configuration."""

    tariff: Tariff
    settings: CostSettings

    @classmethod
    def of(cls, supergraph: Supergraph, settings: CostSettings) -> Costing:
        """Reads the prices off a supergraph. Raises SupergraphError where a @listSize cannot be understood."""
        return cls(Tariff(supergraph), settings)

    def plan_cost(self, plan: QueryPlan, operation: Operation) -> PlanCost:
        """The cost of a plan, and of the operation that it was made for."""
        formulas = _formulas(self.bills(plan))
        fixed = _evaluated(formulas, {}) if all(isinstance(each, int) for each in formulas.values()) else None
        fetches = _billed(plan)
        return PlanCost(
            formulas,
            fixed,
            meters=self._meters(fetches) if self.settings.actual == "by_subgraph" else {},
            shape=self._shape(operation) if self.settings.actual == "by_response_shape" else None,
            subgraphs={fetch.id: fetch.subgraph for fetch in fetches},
            size=_BYTES_A_CHARACTER * sum(len(fetch.operation) for fetch in fetches),
        )

    def bills(self, plan: QueryPlan) -> Iterator[tuple[Fetch, Bill]]:
        """The requests of a plan, each for objects at one path, with their bills."""
        for fetch in _billed(plan):
            for single in singles(fetch):
                yield single, self._bill(single)

    def _bill(self, fetch: Fetch) -> Bill:
        list_size = self.settings.list_size_of(fetch.subgraph)
        return bill_of_request(fetch, self.tariff, list_size)

    def _meters(self, fetches: Iterable[Fetch]) -> dict[int, Meter]:
        return {fetch.id: meter_of(self._bill(fetch), self.tariff.supergraph) for fetch in fetches}

    def _shape(self, operation: Operation) -> Meter:
        bill = bill_of_operation(operation, self.tariff, self.settings.list_size)
        return meter_of(bill, self.tariff.supergraph)


def _billed(plan: QueryPlan) -> Sequence[Fetch]:
    return plan.fetches[:1] if plan.kind == "subscription" else plan.fetches


def _formulas(bills: Iterable[tuple[Fetch, Bill]]) -> dict[str, Formula]:
    costs: dict[str, list[Formula]] = {}
    for fetch, bill in bills:
        costs.setdefault(fetch.subgraph, []).append(bill.cost)
    return {subgraph: added(each) for subgraph, each in costs.items()}


def _evaluated(formulas: Mapping[str, Formula], variables: Variables) -> Cost:
    return _cost({subgraph: value_of(formula, variables) for subgraph, formula in formulas.items()})


def _cost(by_subgraph: Mapping[str, int]) -> Cost:
    return Cost(_number(sum(by_subgraph.values())), {subgraph: _number(cost) for subgraph, cost in by_subgraph.items()})


def _number(cost: int) -> float:
    """As a float, the largest there is for what is larger still."""
    try:
        return float(cost)
    except OverflowError:
        return math.copysign(sys.float_info.max, cost)


def _data(body: bytes) -> Any:
    """The data of an answer; one that cannot be read has cost nothing, and the executor says what is wrong with it."""
    try:
        answer = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    return answer.get("data") if isinstance(answer, dict) else None
