"""Makes a case smaller while something stays true of it: fewer selections, then fewer subgraphs, definitions and fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from graphql import (
    DefinitionNode,
    DocumentNode,
    FragmentDefinitionNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    print_ast,
)

from tests.conformance.composition.federations.shrink import shrunk
from tests.conformance.execution.case import Case
from tests.conformance.execution.trial import can_be_tried

ROUNDS_MAX = 3


def smaller(case: Case, holds: Callable[[Case], bool]) -> Case:
    """The smallest case found of which it still holds."""
    for _ in range(ROUNDS_MAX):
        before = case
        case = _with_less_asked(case, holds)
        subgraphs = shrunk(
            case.subgraphs,
            lambda parts, case=case: _still(replace(case, subgraphs=parts), holds),  # type: ignore[misc]  # bound at once
        )
        case = replace(case, subgraphs=subgraphs)
        if case == before:
            break
    return case


def _still(case: Case, holds: Callable[[Case], bool]) -> bool:
    return can_be_tried(case) and holds(case)


def _with_less_asked(case: Case, holds: Callable[[Case], bool]) -> Case:
    while True:
        candidates = (replace(case, operation=print_ast(document)) for document in _less(parse(case.operation)))
        found = next((candidate for candidate in candidates if _still(candidate, holds)), None)
        if found is None:
            return case
        case = found


def _less(document: DocumentNode) -> Iterator[DocumentNode]:
    """The document without one thing, and without the variables and fragments that nothing uses any more."""
    for changed in _without_one(document):
        if any(isinstance(node, OperationDefinitionNode) for node in changed.definitions):
            yield tidied(changed)


def tidied(document: DocumentNode) -> DocumentNode:
    """The document without the fragments and variables that nothing uses."""
    kept = document.definitions
    while True:
        text = print_ast(DocumentNode(definitions=kept))
        fewer = tuple(node for node in kept if _is_used(node, text))
        if len(fewer) == len(kept):
            return DocumentNode(definitions=tuple(_without_unused_variables(node, text) for node in kept))
        kept = fewer


def _is_used(node: DefinitionNode, text: str) -> bool:
    return not isinstance(node, FragmentDefinitionNode) or _mentions(text, rf"\.\.\.{node.name.value}") > 0


def _without_unused_variables(node: DefinitionNode, text: str) -> DefinitionNode:
    if not isinstance(node, OperationDefinitionNode):
        return node
    declared = node.variable_definitions or ()
    used = tuple(each for each in declared if _mentions(text, rf"\${each.variable.name.value}") > 1)
    return replace(node, variable_definitions=used)


def _mentions(text: str, pattern: str) -> int:
    return len(re.findall(rf"{pattern}\b", text))


def _without_one(node: Any) -> Iterator[Any]:
    """The node without one of what it lists, at any depth, or with what a fragment holds in its place."""
    parts = {key: getattr(node, key, None) for key in node.keys if key not in ("loc", "name", "kind", "value")}
    for key, value in parts.items():
        if isinstance(value, tuple):
            for index, item in enumerate(value):
                rest = (value[:index], value[index + 1 :])
                if len(value) > 1 or not isinstance(node, SelectionSetNode):
                    yield replace(node, **{key: (*rest[0], *rest[1])})
                if isinstance(node, SelectionSetNode) and item.kind == "inline_fragment":
                    yield SelectionSetNode(selections=(*rest[0], *item.selection_set.selections, *rest[1]))
        elif key == "alias" and value is not None:
            yield replace(node, alias=None)
    for key, value in parts.items():
        yield from _within(node, key, value)


def _within(node: Any, key: str, value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            if isinstance(item, Node):
                for changed in _without_one(item):
                    yield replace(node, **{key: (*value[:index], changed, *value[index + 1 :])})
    elif isinstance(value, Node):
        for changed in _without_one(value):
            yield replace(node, **{key: changed})
