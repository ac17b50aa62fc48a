"""How a subgraph's schema is built: federation 2, our scalars, refusals as problems, faults masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from payflow.gql.errors import FaultMask, log_faults, problem_handlers
from payflow.gql.operations import KnownOperations
from payflow.gql.scalars import SCALARS
from payflow.gql.types import Problem
from payflow.kernel.errors import Refusal


class SubgraphSchema(strawberry.federation.Schema):
    """A federation schema that logs faults and nothing else."""

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
        extensions=[
            KnownOperations().extension,
            FaultMask,
        ],
        exception_handlers=problem_handlers(problems or {}),
    )
