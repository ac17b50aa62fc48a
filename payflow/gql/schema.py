"""How a subgraph's schema is built and executed: federation 2, our scalars, refusals as problems, faults masked."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from inspect import isawaitable
from typing import Any

import strawberry
from graphql import ExecutionResult as Executed
from graphql import GraphQLError, execute
from strawberry.exceptions import MissingQueryError
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from payflow.gql.errors import FaultMask, log_faults, masked, problem_handlers
from payflow.gql.operations import KnownOperations, Operation
from payflow.gql.scalars import SCALARS
from payflow.gql.types import Problem
from payflow.kernel.errors import Refusal


class SubgraphSchema(strawberry.federation.Schema):
    """A federation schema that knows operations again, and that logs faults and masks them.

    Queries and mutations are executed without Strawberry's extensions, whose hooks would cost as much as a small operation does;
    for subscriptions, which live long, the same is done by two of them.
    """

    def __init__(self, **definition: Any) -> None:
        self._known = KnownOperations()
        super().__init__(**definition, extensions=[self._known.extension, FaultMask])

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """As Strawberry's: raises MissingQueryError, CannotGetOperationTypeError and InvalidOperationTypeError, answers all else."""
        if not query:
            raise MissingQueryError
        try:
            operation = self._known.of_text(query)
        except GraphQLError as error:
            return PreExecutionError(data=None, errors=[error])
        _refuse_other_types(operation, operation_name, allowed_operation_types)
        if errors := operation.errors(self._schema):
            return PreExecutionError(data=None, errors=errors)
        executed: Executed | Awaitable[Executed] = execute(
            self._schema,
            operation.document,
            root_value=root_value,
            context_value=context_value,
            variable_values=variable_values,
            operation_name=operation_name,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # narrows what it is given, without saying so
            executor_class=self.execution_context_class,
            operation_extensions=operation_extensions,
        )
        result = await executed if isawaitable(executed) else executed
        return ExecutionResult(data=result.data, errors=result.errors and _told(result.errors))

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        log_faults(errors)


def build_schema(
    *,
    query: type | None = None,
    mutation: type | None = None,
    subscription: type | None = None,
    types: Sequence[type] = (),
    problems: Mapping[type[Refusal], type[Problem]] | None = None,
) -> SubgraphSchema:
    """Build a subgraph's schema. `types` lists entities that no root field reaches; `problems` maps refusals to union members."""
    return SubgraphSchema(
        query=query,
        mutation=mutation,
        subscription=subscription,
        types=types,
        config=StrawberryConfig(scalar_map=SCALARS),
        exception_handlers=problem_handlers(problems or {}),
    )


def _refuse_other_types(operation: Operation, name: str | None, allowed: Iterable[OperationType] | None) -> None:
    try:
        operation_type = operation.type(name)
    except RuntimeError as error:
        raise CannotGetOperationTypeError(name) from error
    if allowed is not None and operation_type not in allowed:
        raise InvalidOperationTypeError(operation_type)


def _told(errors: list[GraphQLError]) -> list[GraphQLError]:
    log_faults(errors)
    return masked(errors)
