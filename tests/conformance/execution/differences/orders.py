"""Differences in what may be done at once."""

from __future__ import annotations

from dataclasses import replace

from graphql import (
    DocumentNode,
    FieldNode,
    InlineFragmentNode,
    NamedTypeNode,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    parse,
    print_ast,
)

from tests.conformance.execution.case import Case
from tests.conformance.execution.differences.difference import Rephrased
from tests.conformance.execution.differences.documents import flattened, reworded, supergraph_of
from tests.conformance.execution.shrink import tidied


def _fields_alone(case: Case) -> tuple[Case, ...]:
    """The root fields of a mutation, each as a mutation."""
    document = parse(case.operation, no_location=True)
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    if operation.operation is not OperationType.MUTATION:
        return ()
    others = [node for node in document.definitions if node is not operation]
    fields = flattened(tuple(operation.selection_set.selections), "Mutation", case)
    alone = [replace(operation, selection_set=SelectionSetNode(selections=(field,))) for field in fields]
    documents = [tidied(DocumentNode(definitions=(each, *others))) for each in alone]
    return tuple(replace(case, operation=print_ast(each)) for each in documents) if len(alone) > 1 else ()


def _hidden_told(case: Case) -> tuple[Case, ...]:
    """The type asked of every object that may be of a hidden one and may come from a subgraph that does not know which it is."""
    supergraph = supergraph_of(case)

    def change(selections: tuple[SelectionNode, ...], type_: str) -> tuple[SelectionNode, ...]:
        told = supergraph.types[type_]
        hidden = told.possible - supergraph.api.type_map.keys()
        typename = FieldNode(name=NameNode(value="__typename"))
        return (*selections, typename) if hidden and told.interface_object_in else selections

    return reworded(case, change)


def _asked_of_each(case: Case) -> tuple[Case, ...]:
    """What is wanted of an interface that some subgraph knows as an object asked of each implementation."""
    supergraph = supergraph_of(case)

    def change(selections: tuple[SelectionNode, ...], type_: str) -> tuple[SelectionNode, ...]:
        if not supergraph.types[type_].interface_object_in:
            return selections
        fields = tuple(each for each in selections if isinstance(each, FieldNode) and each.name.value != "__typename")
        others = tuple(each for each in selections if each not in fields)
        shown = sorted(supergraph.types[type_].possible & supergraph.api.type_map.keys())
        return (*others, *(_fragment(name, fields) for name in shown if fields))

    return reworded(case, change)


def _fragment(on: str, selections: tuple[SelectionNode, ...]) -> InlineFragmentNode:
    return InlineFragmentNode(
        type_condition=NamedTypeNode(name=NameNode(value=on)),
        directives=(),
        selection_set=SelectionSetNode(selections=selections),
    )


OF_ORDERS = (
    Rephrased("Mutations one after another", _fields_alone),
    Rephrased("Hidden types behind interface objects", _hidden_told),
    Rephrased("From one interface object to another", _asked_of_each),
)
