"""Which types are a subgraph's roots, and which other types stand in the way of their standard names."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    OperationType,
    OperationTypeDefinitionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
)

from router.composition.model.report import Report, place_of
from router.composition.rules import root_mutation_used, root_query_used, root_subscription_used

_STANDARD: dict[OperationType, str] = {
    OperationType.QUERY: "Query",
    OperationType.MUTATION: "Mutation",
    OperationType.SUBSCRIPTION: "Subscription",
}
_REPORT = {
    "Query": root_query_used.report,
    "Mutation": root_mutation_used.report,
    "Subscription": root_subscription_used.report,
}


def roots_of(document: DocumentNode) -> dict[str, str]:
    """The subgraph's root types with the standard names they get; one whose standard name is taken keeps its own."""
    taken = _taken(document)
    return {name: standard for name, standard in _declared(document).items() if standard not in taken}


def query_root_of(document: DocumentNode) -> str:
    """What the document calls its query root."""
    return next((name for name, standard in _declared(document).items() if standard == "Query"), "Query")


def check_roots(document: DocumentNode, *, subgraph: str, report: Report) -> None:
    """Report other types that bear the standard name of a root."""
    nodes = _types(document)
    for standard, root in _taken(document).items():
        places = [place_of(node, subgraph=subgraph) for node in nodes if node.name.value in (standard, root)]
        _REPORT[standard](root, report, subgraph=subgraph, places=places)


def _taken(document: DocumentNode) -> dict[str, str]:
    """Standard names that another type has than the root, with the root's name."""
    renamed = {standard: name for name, standard in _declared(document).items() if name != standard}
    if not renamed:
        return {}
    defined = {node.name.value for node in _types(document)}
    return {standard: root for standard, root in renamed.items() if {standard, root} <= defined}


def _declared(document: DocumentNode) -> dict[str, str]:
    named = {operation.operation: operation.type.name.value for operation in operation_types(document)}
    if any(isinstance(node, SchemaDefinitionNode) for node in document.definitions):
        return {name: _STANDARD[operation] for operation, name in named.items()}
    return {named.get(operation, standard): standard for operation, standard in _STANDARD.items()}


def operation_types(document: DocumentNode) -> Iterator[OperationTypeDefinitionNode]:
    """The roots that `schema` and its extensions name."""
    for node in document.definitions:
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            yield from node.operation_types or ()


def _types(document: DocumentNode) -> list[TypeDefinitionNode | TypeExtensionNode]:
    return [node for node in document.definitions if isinstance(node, TypeDefinitionNode | TypeExtensionNode)]
