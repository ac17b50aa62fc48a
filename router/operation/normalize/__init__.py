"""Normalisation: from a valid document to the one operation that will run, in the plainest form that means the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from graphql import DocumentNode, GraphQLSchema

from router.operation.model import Operation, OperationKind, Selection
from router.operation.normalize.conditions import condition_names, decide_conditions, deferral_conditions
from router.operation.normalize.merge import merge_selections
from router.operation.normalize.narrow import narrow_conditions
from router.operation.normalize.source import select_operation
from router.operation.normalize.spread import spread_fragments
from router.supergraph.model import Supergraph

Pass: TypeAlias = Callable[[tuple[Selection, ...], str, GraphQLSchema], tuple[Selection, ...]]

PASSES: Final[tuple[Pass, ...]] = (narrow_conditions, merge_selections)
"""What happens to the selections once they are in the model, in order."""


def normalize(
    document: DocumentNode,
    operation_name: str | None,
    supergraph: Supergraph,
    variables: Mapping[str, Any],
    *,
    incremental: bool = False,
) -> Operation:
    """The normalised operation of a document that is valid against `supergraph.api`; `variables` are coerced.

    Fragments with @defer stay apart where the caller takes `incremental` answers, and mean nothing special elsewhere: a server may
    always answer all at once. They mean nothing at the root of a mutation, or in a subscription.

    The document is within its bounds (`router.operation.extent` measures it): here nothing stops fragments that multiply.

    Raises BadRequest where the document has no such operation.
    """
    selected = select_operation(document, operation_name)
    kind: OperationKind = selected.operation.operation.value
    source = decide_conditions(selected, variables, incremental=incremental and kind != "subscription")
    root = _root_type(kind, supergraph)
    selections = spread_fragments(source, root, supergraph.api, undeferred=supergraph.mutation)
    for simplify in PASSES:
        selections = simplify(selections, root, supergraph.api)
    name = source.operation.name
    return Operation(
        kind, name.value if name else None, root, selections, tuple(source.operation.variable_definitions or ())
    )


def condition_variables(
    document: DocumentNode, operation_name: str | None, *, incremental: bool = False
) -> tuple[str, ...]:
    """The variables used in @skip and @include, sorted: their values are part of what identifies a plan.

    Where the caller takes `incremental` answers, those used in @defer, too.
    """
    return condition_names(select_operation(document, operation_name), incremental=incremental)


def deferrals(document: DocumentNode, operation_name: str | None) -> tuple[str | bool, ...]:
    """What decides whether something of the operation is deferred: names of variables, and True where something always is."""
    return deferral_conditions(select_operation(document, operation_name))


def _root_type(kind: OperationKind, supergraph: Supergraph) -> str:
    root = {"query": supergraph.query, "mutation": supergraph.mutation, "subscription": supergraph.subscription}[kind]
    assert root is not None, "validation refuses an operation whose root type the schema lacks"
    return root
