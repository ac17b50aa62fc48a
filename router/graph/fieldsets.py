"""Turns field sets into needs, on the full schema: they may name inaccessible fields and types."""

from __future__ import annotations

from graphql import (
    FieldNode,
    InlineFragmentNode,
    SelectionSetNode,
)

from router.graph.needs import TYPENAME, Need, text_of
from router.supergraph.model import FieldSet, Joined


def needs_of(field_set: FieldSet, parent: str, supergraph: Joined) -> tuple[Need, ...]:
    """What a field set on `parent` wants of each possible type of it."""
    return _needs(field_set.selections, parent, supergraph.types[parent].possible, supergraph)


def _needs(selections: SelectionSetNode, parent: str, types: frozenset[str], supergraph: Joined) -> tuple[Need, ...]:
    needs: list[Need] = []
    for node in selections.selections:
        match node:
            case FieldNode():
                needs.append(_need(node, parent, types, supergraph))
            case InlineFragmentNode():
                condition = node.type_condition.name.value if node.type_condition else parent
                narrower = types & supergraph.types[condition].possible
                if narrower:
                    needs.extend(_needs(node.selection_set, condition, narrower, supergraph))
    return tuple(needs)


def _need(node: FieldNode, parent: str, types: frozenset[str], supergraph: Joined) -> Need:
    name = node.name.value
    if name == TYPENAME:
        return Need(name, parent, types, "String")
    target = supergraph.types[parent].fields[name].target
    children: tuple[Need, ...] = ()
    if node.selection_set:
        possible = supergraph.types[target].possible
        children = _needs(node.selection_set, target, possible, supergraph)
    arguments = tuple(sorted(node.arguments or (), key=lambda argument: argument.name.value))
    return Need(
        name,
        parent,
        types,
        target,
        arguments=arguments,
        arguments_text=text_of(arguments),
        needs=children,
        is_leaf=supergraph.is_leaf(target),
    )
