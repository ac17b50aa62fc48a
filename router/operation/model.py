"""The normalised operation: one valid GraphQL operation with conditions decided and fragments dissolved.

Written by `normalize`, narrowed by authorization (`denied`), read by the planner. Frozen, so that equal operations may share
a plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from graphql import ArgumentNode, DirectiveNode, GraphQLOutputType, VariableDefinitionNode

OperationKind: TypeAlias = Literal["query", "mutation", "subscription"]


@dataclass(frozen=True, slots=True)
class FieldSelection:
    """A selected field. `key` is the client's response key; `parent` the type (object or interface) it is selected on.

    Equal keys of one parent are the same field, merged wherever that leaves the order of the answer alone. A `denied`
    field is shown as null and never fetched; its selections stay, for the plan must not depend on what hides below it.
    """

    key: str
    name: str
    parent: str
    type: GraphQLOutputType
    arguments: tuple[ArgumentNode, ...] = ()
    directives: tuple[DirectiveNode, ...] = ()
    selections: tuple[Selection, ...] = ()
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Deferral:
    """Says that a fragment's selections may be delivered later. `number` tells it from the others of an operation."""

    number: int
    label: str | None = None


@dataclass(frozen=True, slots=True)
class FragmentSelection:
    """Selections that hold only for objects of type `on`, which is narrower than (or overlaps) the enclosing type.

    Where they are deferred, `on` may be the enclosing type itself.
    """

    on: str
    selections: tuple[Selection, ...]
    defer: Deferral | None = None


Selection: TypeAlias = FieldSelection | FragmentSelection


@dataclass(frozen=True, slots=True)
class Operation:
    """A whole operation. `variables` are the definitions the client declared, in its order."""

    kind: OperationKind
    name: str | None
    root: str
    selections: tuple[Selection, ...]
    variables: tuple[VariableDefinitionNode, ...] = field(default=(), compare=False)


def fields_of(selections: tuple[Selection, ...]) -> Iterator[FieldSelection]:
    """Every field of a selection set, those inside fragments included, one level deep."""
    for selection in selections:
        if isinstance(selection, FieldSelection):
            yield selection
        else:
            yield from fields_of(selection.selections)
