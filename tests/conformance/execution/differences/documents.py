"""Operations changed throughout, for saying them otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    NameNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    parse,
    print_ast,
)

from router.supergraph import Supergraph
from tests.conformance.execution.case import Case
from tests.conformance.execution.shrink import tidied
from tests.conformance.execution.trial import served

Change = Callable[[tuple[SelectionNode, ...], str], tuple[SelectionNode, ...]]
"""Selections and the name of the type they are made on, to what shall stand there."""


def supergraph_of(case: Case) -> Supergraph:
    """The federation's supergraph."""
    known = served(case.subgraphs, case.supergraph)
    assert known is not None, "what has been tried composes"
    return known.supergraph


def reworded(case: Case, change: Change) -> tuple[Case, ...]:
    """The case with every selection set changed, from the outermost to the innermost; nothing where that changes nothing."""
    document = parse(case.operation, no_location=True)
    changed = print_ast(tidied(_Reworder(supergraph_of(case).api, change).document(document)))
    return () if changed == print_ast(document) else (replace(case, operation=changed),)


def flattened(selections: tuple[SelectionNode, ...], type_: str, case: Case) -> tuple[SelectionNode, ...]:
    """Selections without the fragments that hold for every object of the type anyway, or for none."""
    schema = supergraph_of(case).api
    fragments = {
        node.name.value: node
        for node in parse(case.operation, no_location=True).definitions
        if isinstance(node, FragmentDefinitionNode)
    }

    def flat(selection: SelectionNode) -> Iterator[SelectionNode]:
        if isinstance(selection, FragmentSpreadNode):
            fragment = fragments[selection.name.value]
            selection = InlineFragmentNode(
                type_condition=fragment.type_condition,
                directives=selection.directives,
                selection_set=fragment.selection_set,
            )
        if not isinstance(selection, InlineFragmentNode):
            yield selection
            return
        on = selection.type_condition.name.value if selection.type_condition else type_
        both = _possible(type_, schema) & _possible(on, schema)
        if selection.directives or (both and on != type_ and both != {type_}):
            yield from (selection,) if both else ()
        elif both:
            for inner in selection.selection_set.selections:
                yield from flat(inner)

    kept = tuple(kept for selection in selections for kept in flat(selection))
    return kept or (FieldNode(name=NameNode(value="__typename")),)


def _possible(name: str, schema: GraphQLSchema) -> set[str]:
    type_ = schema.type_map[name]
    return {each.name for each in schema.get_possible_types(type_)} if is_abstract_type(type_) else {name}


@dataclass(frozen=True, slots=True)
class _Reworder:
    schema: GraphQLSchema
    change: Change

    def document(self, document: DocumentNode) -> DocumentNode:
        return DocumentNode(definitions=tuple(self._definition(node) for node in document.definitions))

    def _definition(self, node: Any) -> Any:
        if isinstance(node, OperationDefinitionNode):
            root = self.schema.get_root_type(node.operation)
            assert root is not None
            return replace(node, selection_set=self._set(node.selection_set, root.name))
        return replace(node, selection_set=self._set(node.selection_set, node.type_condition.name.value))

    def _set(self, selection_set: SelectionSetNode, type_: str) -> SelectionSetNode:
        changed = self.change(tuple(selection_set.selections), type_)
        return SelectionSetNode(selections=tuple(self._selection(node, type_) for node in changed))

    def _selection(self, node: SelectionNode, type_: str) -> SelectionNode:
        if isinstance(node, InlineFragmentNode):
            on = node.type_condition.name.value if node.type_condition else type_
            return replace(node, selection_set=self._set(node.selection_set, on))
        if isinstance(node, FieldNode) and node.selection_set:
            fields: Any = self.schema.type_map[type_]
            target = get_named_type(fields.fields[node.name.value].type).name
            return cast("SelectionNode", replace(node, selection_set=self._set(node.selection_set, target)))
        return node
