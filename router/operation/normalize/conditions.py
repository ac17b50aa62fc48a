"""Decides @skip and @include: excluded selections are gone before anything else looks at the operation.

So a plan contains no conditions, and an excluded field drags no key or @requires input along. Source: GraphQL specification 3.13.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)

from router.operation.normalize.source import Source, reachable_selections

CONDITIONS = ("skip", "include")


def condition_names(source: Source) -> tuple[str, ...]:
    """The variables that decide what the operation selects, sorted."""
    return tuple(
        sorted(
            {
                condition.name.value
                for selection in reachable_selections(source)
                for directive in selection.directives or ()
                if directive.name.value in CONDITIONS and isinstance(condition := _condition(directive), VariableNode)
            }
        )
    )


def decide_conditions(source: Source, variables: Mapping[str, Any]) -> Source:
    """The operation without what is excluded, and without the directives that said so."""
    operation = source.operation
    kept = _selection_set(operation.selection_set, variables)
    return Source(
        operation=replace(operation, selection_set=kept),
        fragments={name: _fragment(fragment, variables) for name, fragment in source.fragments.items()},
    )


def _fragment(fragment: FragmentDefinitionNode, variables: Mapping[str, Any]) -> FragmentDefinitionNode:
    return replace(fragment, selection_set=_selection_set(fragment.selection_set, variables))


def _selection_set(selections: SelectionSetNode, variables: Mapping[str, Any]) -> SelectionSetNode:
    included = (node for node in selections.selections if _included(node, variables))
    return SelectionSetNode(selections=tuple(_selection(node, variables) for node in included))


def _selection(node: SelectionNode, variables: Mapping[str, Any]) -> SelectionNode:
    directives = tuple(d for d in node.directives or () if d.name.value not in CONDITIONS)
    match node:
        case FieldNode(selection_set=None) | FragmentSpreadNode():
            return replace(node, directives=directives)
        case FieldNode() | InlineFragmentNode():
            children = _selection_set(node.selection_set or SelectionSetNode(selections=()), variables)
            return replace(node, directives=directives, selection_set=children)
    raise AssertionError(f"unknown kind of selection: {node.kind}")


def _included(node: SelectionNode, variables: Mapping[str, Any]) -> bool:
    return all(
        _holds(directive, variables) is (directive.name.value == "include")
        for directive in node.directives or ()
        if directive.name.value in CONDITIONS
    )


def _holds(directive: DirectiveNode, variables: Mapping[str, Any]) -> bool:
    condition = _condition(directive)
    if isinstance(condition, VariableNode):
        return bool(variables.get(condition.name.value))
    return isinstance(condition, BooleanValueNode) and condition.value


def _condition(directive: DirectiveNode) -> object:
    return next((a.value for a in directive.arguments or () if a.name.value == "if"), None)
