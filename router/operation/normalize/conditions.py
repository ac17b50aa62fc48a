"""Decides @skip, @include and the `if` of @defer: what is excluded is gone before anything else looks at the operation.

So a plan contains no conditions, and an excluded field drags no key or @requires input along. Source: GraphQL specification 3.13.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
DEFER = "defer"


def condition_names(source: Source, *, incremental: bool) -> tuple[str, ...]:
    """The variables that decide what the operation selects and, if that counts, what of it is deferred; sorted."""
    deciding = (*CONDITIONS, DEFER) if incremental else CONDITIONS
    return tuple(
        sorted(
            {
                condition.name.value
                for selection in reachable_selections(source)
                for directive in selection.directives or ()
                if directive.name.value in deciding and isinstance(condition := _condition(directive), VariableNode)
            }
        )
    )


def deferral_conditions(source: Source) -> tuple[str | bool, ...]:
    """What each @defer of the operation depends on: a variable, by its name, or nothing: True. None is there for `if: false`."""
    found = (
        _condition(directive)
        for selection in reachable_selections(source)
        for directive in selection.directives or ()
        if directive.name.value == DEFER
    )
    return tuple(dict.fromkeys(decided for condition in found if (decided := _decided(condition)) is not False))


def decide_conditions(source: Source, variables: Mapping[str, Any], *, incremental: bool = False) -> Source:
    """The operation without what is excluded, and without the directives that said so.

    What is left of @defer, if anything is where answers may be `incremental`, holds.
    """
    decider = _Decider(variables, incremental)
    return Source(
        operation=replace(source.operation, selection_set=decider.selection_set(source.operation.selection_set)),
        fragments={name: decider.fragment(fragment) for name, fragment in source.fragments.items()},
    )


@dataclass(frozen=True, slots=True)
class _Decider:
    variables: Mapping[str, Any]
    incremental: bool

    def fragment(self, fragment: FragmentDefinitionNode) -> FragmentDefinitionNode:
        return replace(fragment, selection_set=self.selection_set(fragment.selection_set))

    def selection_set(self, selections: SelectionSetNode) -> SelectionSetNode:
        included = (node for node in selections.selections if _included(node, self.variables))
        return SelectionSetNode(selections=tuple(self._selection(node) for node in included))

    def _selection(self, node: SelectionNode) -> SelectionNode:
        directives = tuple(directive for directive in node.directives or () if self._stays(directive))
        match node:
            case FieldNode(selection_set=None) | FragmentSpreadNode():
                return replace(node, directives=directives)
            case FieldNode() | InlineFragmentNode():
                children = self.selection_set(node.selection_set or SelectionSetNode(selections=()))
                return replace(node, directives=directives, selection_set=children)
        raise AssertionError(f"unknown kind of selection: {node.kind}")

    def _stays(self, directive: DirectiveNode) -> bool:
        if directive.name.value == DEFER:
            return self.incremental and (_condition(directive) is None or _holds(directive, self.variables))
        return directive.name.value not in CONDITIONS


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


def _decided(condition: object) -> str | bool:
    if isinstance(condition, VariableNode):
        return condition.name.value
    return condition.value if isinstance(condition, BooleanValueNode) else condition is None


def _condition(directive: DirectiveNode) -> object:
    return next((a.value for a in directive.arguments or () if a.name.value == "if"), None)
