"""Directives whose definitions apply the directives themselves, which GraphQL forbids and graphql-core does not look for.

Such a definition can only be understood by applying it to itself, however long the way round: through the arguments of other
directives, or the input types, enums and scalars of its arguments.
Source: https://spec.graphql.org/September2025/#sec-Type-System.Directives.Type-Validation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    GraphQLError,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InputValueDefinitionNode,
    ScalarTypeDefinitionNode,
    ScalarTypeExtensionNode,
)

from router.composition.model.report import Report
from router.composition.model.typeref import base_name, from_node
from router.composition.rules import invalid_graphql

_WITHOUT_VALUES = (
    *(ScalarTypeDefinitionNode, ScalarTypeExtensionNode),
    *(EnumTypeDefinitionNode, EnumTypeExtensionNode),
)
_WITH_VALUES = (InputObjectTypeDefinitionNode, InputObjectTypeExtensionNode)
_SHOWN_MAX = 10  # steps of a way round


def check_directive_cycles(document: DocumentNode, *, subgraph: str, report: Report) -> bool:
    """Report each cycle; whether there is none."""
    errors = directive_cycles(document)
    for error in errors:
        invalid_graphql.report_subgraph(error, report, subgraph=subgraph)
    return not errors


def directive_cycles(document: DocumentNode) -> list[GraphQLError]:
    """One error for each cycle, at the first directive on it, with the way round."""
    definitions = {
        f"@{node.name.value}": node for node in document.definitions if isinstance(node, DirectiveDefinitionNode)
    }
    references = _on_the_way_to_cycles(_references(document)) if definitions else {}
    told: set[str] = set()
    errors = []
    for name, node in definitions.items():
        way = None if name in told else _way_round(name, references)
        if way is not None:
            told.update(way)
            errors.append(GraphQLError(_message(way), node))
    return errors


def _message(way: Sequence[str]) -> str:
    shown = way if len(way) <= _SHOWN_MAX else [*way[: _SHOWN_MAX - 1], "…", way[-1]]
    return (
        f'The definition of directive "{way[0]}" refers to itself: {" → ".join(shown)}.'
        " Take one of these directives off what it stands on."
    )


def _references(document: DocumentNode) -> dict[str, set[str]]:
    """What each directive (`@name`) and input type refers to: the directives on it and the types of what it holds."""
    found: dict[str, set[str]] = {}
    for node in document.definitions:
        if isinstance(node, DirectiveDefinitionNode):
            found.setdefault(f"@{node.name.value}", set()).update(_of_values(node.arguments))
        elif isinstance(node, _WITH_VALUES):
            found.setdefault(node.name.value, set()).update(_applied(node), _of_values(node.fields))
        elif isinstance(node, _WITHOUT_VALUES):
            parts = (node, *(getattr(node, "values", None) or ()))
            found.setdefault(node.name.value, set()).update(*map(_applied, parts))
    return found


def _of_values(values: Sequence[InputValueDefinitionNode] | None) -> Iterator[str]:
    for value in values or ():
        yield from _applied(value)
        yield base_name(from_node(value.type))


def _applied(node: Any) -> Iterator[str]:
    return (f"@{directive.name.value}" for directive in node.directives or ())


def _on_the_way_to_cycles(references: dict[str, set[str]]) -> dict[str, set[str]]:
    """Only what leads to a cycle, which is nothing in nearly all schemas: what refers to nothing is taken out again and again."""
    referrers: dict[str, list[str]] = {}
    for name, targets in references.items():
        targets &= references.keys()
        for target in targets:
            referrers.setdefault(target, []).append(name)
    finished = [name for name, targets in references.items() if not targets]
    while finished:
        done = finished.pop()
        for referrer in referrers.get(done, ()):
            references[referrer].discard(done)
            if not references[referrer]:
                finished.append(referrer)
        del references[done]
    return references


def _way_round(name: str, references: Mapping[str, set[str]]) -> list[str] | None:
    """The shortest way from a directive back to itself, breadth first."""
    came_from: dict[str, str] = {}
    front = [name]
    while front:
        following = []
        for at in front:
            for target in sorted(references.get(at, ())):
                if target not in came_from:
                    came_from[target] = at
                    following.append(target)
        if name in came_from:
            return _traced(name, came_from)
        front = following
    return None


def _traced(name: str, came_from: Mapping[str, str]) -> list[str]:
    way = [name, came_from[name]]
    while way[-1] != name:
        way.append(came_from[way[-1]])
    return way[::-1]
