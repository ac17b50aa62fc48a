"""A batched fetch as the fetches that it stands for: one for each path of objects, as tools know them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from graphql import (
    FieldNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    strip_ignored_characters,
    visit,
)

from router.plan.nodes import Anchor, Entities, Fetch

PARSED_KEPT = 32  # operations that are being shown


def is_batch(fetch: Fetch) -> bool:
    """Whether the objects of a request stand at several paths, or are asked for different things."""
    return len(fetch.anchors) > 1


def singles(fetch: Fetch) -> Iterator[Fetch]:
    """The fetch as fetches of one path each; they share its id. One that is no batch stays as it is."""
    if not is_batch(fetch):
        yield fetch
        return
    for asked in fetch.entities:
        variables, variable, operation = _alone(fetch, asked)
        for anchor in asked.anchors:
            yield _single(fetch, anchor, variables=variables, variable=variable, operation=operation)


def _single(fetch: Fetch, anchor: Anchor, *, variables: tuple[str, ...], variable: str, operation: str) -> Fetch:
    entities = (Entities((anchor,), variable=variable),)
    return replace(fetch, operation=operation, variables=variables, entities=entities)


def _alone(fetch: Fetch, asked: Entities) -> tuple[tuple[str, ...], str, str]:
    """One `_entities` field as an operation of its own, with the client's variables that it uses."""
    selected = selections_of(fetch, asked)
    used = _variables_in(selected)
    variables = tuple(name for name in fetch.variables if name in used)
    variable = asked.variable if "representations" in fetch.variables else "representations"
    given = _operation(fetch.operation).variable_definitions or ()
    declared = [_minified(one) for one in given if one.variable.name.value in variables]
    head = f"query {fetch.operation_name or ''}".rstrip() + f"({','.join([f'${variable}:[_Any!]!', *declared])})"
    return variables, variable, f"{head}{{_entities(representations:${variable}){_minified(selected)}}}"


def selections_of(fetch: Fetch, asked: Entities | None = None) -> SelectionSetNode:
    """What the operation of a fetch selects, or what it selects of the objects of one `_entities` field."""
    whole = _operation(fetch.operation).selection_set
    if asked is None:
        return whole
    fields = (node for node in whole.selections if isinstance(node, FieldNode))
    field = next(node for node in fields if (node.alias or node.name).value == asked.key)
    assert field.selection_set is not None, "entities are composite"
    return field.selection_set


@lru_cache(maxsize=PARSED_KEPT)
def _operation(text: str) -> OperationDefinitionNode:
    operation = parse(text, no_location=True).definitions[0]
    assert isinstance(operation, OperationDefinitionNode), "a fetch is one operation"
    return operation


def _minified(node: Node) -> str:
    return strip_ignored_characters(print_ast(node))


def _variables_in(node: Node) -> set[str]:
    found: set[str] = set()

    class Collect(Visitor):
        def enter_variable(self, node: VariableNode, *_: object) -> None:
            found.add(node.name.value)

    visit(node, Collect())
    return found
