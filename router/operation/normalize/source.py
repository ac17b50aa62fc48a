"""Picks the operation to run out of a document, with the fragments it may use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from router.errors import BadRequest


@dataclass(frozen=True, slots=True)
class Source:
    """One operation of a document, still as AST."""

    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]


def select_operation(document: DocumentNode, operation_name: str | None) -> Source:
    """The operation called `operation_name`, or the only one. Raises BadRequest where there is no such choice."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    if operation_name is not None:
        chosen = next((node for node in operations if node.name and node.name.value == operation_name), None)
        if chosen is None:
            raise BadRequest(f'The document has no operation named "{operation_name}".')
        return Source(chosen, fragments)
    if len(operations) != 1:
        raise BadRequest(f"The document has {len(operations)} operations: say which one in operationName.")
    return Source(operations[0], fragments)


def reachable_selections(source: Source) -> Iterator[SelectionNode]:
    """Every selection of the operation and of the fragments it spreads, each fragment once."""
    seen: set[str] = set()
    pending: list[SelectionSetNode] = [source.operation.selection_set]
    while pending:
        for selection in pending.pop().selections:
            yield selection
            if isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                if name not in seen:
                    seen.add(name)
                    pending.append(source.fragments[name].selection_set)
            elif selection.selection_set:  # type: ignore[attr-defined]  # fields and inline fragments both have one
                pending.append(selection.selection_set)  # type: ignore[attr-defined]  # as above
