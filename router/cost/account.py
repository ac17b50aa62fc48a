"""What one request costs: estimated at first, then counted as the answers come."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from router.cost.plan import Cost, PlanCost, as_number, cost_of_subgraphs
from router.cost.verdict import Result
from router.errors import SubgraphTooExpensive
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse, Transport


@dataclass(slots=True)
class Account:
    """What one request is estimated to cost and has cost so far. The subgraphs of `over` are not asked: that is their maximum."""

    cost: PlanCost
    variables: Mapping[str, Any]
    estimated: Cost
    result: Result = "COST_OK"
    over: Mapping[str, float] = field(default_factory=dict)
    actual: Cost | None = None
    _spent: dict[str, int] = field(default_factory=dict)

    def close(self, data: bytes | None) -> None:
        """Everything is answered, in whole with `data`. The actual cost stays unknown where nobody counts."""
        if self.cost.meters is not None:
            self.actual = cost_of_subgraphs(self._spent)
        elif self.cost.shape is not None and data is not None:
            self.actual = Cost(as_number(self.cost.spent_on(data, self.variables)), {})

    def share(self, other: Account) -> None:
        """Have spent what another has: one run answered both."""
        self._spent = other._spent

    def refused(self, subgraph: str) -> SubgraphTooExpensive:
        """Why a subgraph that is over its maximum is not asked."""
        return SubgraphTooExpensive(subgraph, self.estimated.by_subgraph[subgraph], self.over[subgraph])

    def transport(self, inner: Transport) -> Transport:
        """The way to the subgraphs, where it has to be watched."""
        return AccountedTransport(inner, self) if self.over or self.cost.meters else inner

    def count(self, request: SubgraphRequest, answer: SubgraphAnswer) -> None:
        """Add what an answer has cost."""
        spent = self.cost.spent(request.fetch, answer.body, self.variables)
        self._spent[request.subgraph] = self._spent.get(request.subgraph, 0) + spent


class AccountedTransport:
    """A transport for one client's request: what it may not ask fails at once, and what is answered is counted."""

    def __init__(self, inner: Transport, account: Account) -> None:
        self._inner = inner
        self._account = account

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        """Ask, unless the subgraph is over its budget."""
        if request.subgraph in self._account.over:
            raise self._account.refused(request.subgraph)
        answer = await self._inner.send(request)
        self._account.count(request, answer)
        return answer

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """A subscription over its budget was refused before it came here."""
        return self._inner.subscribe(request)

    async def close(self) -> None:
        """Nothing of its own to close."""
