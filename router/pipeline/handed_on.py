"""What the stages hand on to each other."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import DocumentNode, OperationType

from router.caching import Freshness
from router.cost import Account
from router.exchange import OperationName, Record
from router.executor import Executable, ExecutionResult
from router.operation.variables import VariableReader
from router.plan.nodes import OperationKind
from router.ratelimit.limiter import Receipt
from router.security.authorization import Authorized, Denial
from router.security.caller import View
from router.transport.arrivals import Arrivals
from router.transport.timed import Timings


@dataclass(frozen=True, slots=True)
class Checked:
    """An operation that passed every rule of the API schema.

    `conditions` are the variables of its @skip and @include; where it is answered in parts, `incremental_conditions`, which
    have those of @defer, too. `deferrals` say what each @defer depends on: a variable, or nothing, which is True. `name` is what
    logs and traces call it.
    """

    document: DocumentNode
    kind: OperationType
    name: OperationName
    conditions: tuple[str, ...]
    variables: VariableReader
    deferrals: tuple[str | bool, ...] = ()
    incremental_conditions: tuple[str, ...] = ()

    def defers(self, variables: Mapping[str, Any]) -> bool:
        """Whether some @defer of the operation holds. In a subscription none does."""
        if not self.deferrals or self.kind is OperationType.SUBSCRIPTION:
            return False
        return any(condition is True or variables.get(str(condition)) for condition in self.deferrals)


class Valid(Record, frozen=True):
    """A checked operation with its variables coerced and defaulted."""

    checked: Checked
    variables: Mapping[str, Any]


class PlanKey(Record, frozen=True):
    """Everything that shapes a plan.

    `labels` are the override labels that are true, of those that the operation meets. The plan of an `incremental` answer has
    deferred parts.
    """

    text: str
    operation_name: str | None
    conditions: tuple[Any, ...]
    view: View
    labels: frozenset[str] = frozenset()
    incremental: bool = False


class RunKey(Record, frozen=True):
    """What makes two queries the same; `plan` has what their callers may see, `headers` what is sent along to the subgraphs."""

    plan: PlanKey
    variables: bytes
    headers: Hashable


@dataclass(frozen=True, slots=True)
class Allowed:
    """A normalised operation with what callers of a view may not have marked, and the override labels that it meets."""

    authorized: Authorized
    labels_met: frozenset[str]


class Permitted(Record, frozen=True):
    """An operation as its caller may run it, and the variables to run it with."""

    key: PlanKey
    allowed: Allowed
    variables: Mapping[str, Any]


class Planned(Record, frozen=True):
    """A plan ready to run. `denials` are the fields that its caller may not have.

    `account` is there where its cost matters, `receipt` where its client is charged, `timings` where that asked to see them.
    """

    key: PlanKey
    executable: Executable
    denials: tuple[Denial, ...]
    variables: Mapping[str, Any]
    account: Account | None = None
    receipt: Receipt | None = None
    timings: Timings | None = None

    @property
    def kind(self) -> OperationKind:
        return self.executable.prepared.plan.kind

    @property
    def has_parts(self) -> bool:
        """Whether something of the answer is deferred."""
        return bool(self.executable.prepared.plan.deferred)

    @property
    def denied(self) -> list[tuple[str, ...]]:
        """Where nulls need no error of their own."""
        return [denial.position for denial in self.denials if denial.withheld]


class Performed(Record, frozen=True):
    """The result of a query or mutation, and what came back beside it, where something of that is passed on."""

    result: ExecutionResult
    arrivals: Arrivals | None = None
    account: Account | None = None
    freshness: Freshness | None = None
