"""Makes a difference smaller: an operation and a federation with as little in them as still show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    print_ast,
    validate,
)

from tests.conformance.composition.federations.shrink import shrunk
from tests.router.federations.case import Case, Difference, difference
from tests.router.federations.federation import Federation, Subgraphs, federation_of

OPERATION_TRIES = 400
FEDERATION_TRIES = 800


@dataclass(frozen=True)
class Small:
    """A difference with what is left of the federation and the operation that show it."""

    subgraphs: Subgraphs
    case: Case
    difference: Difference

    def text(self) -> str:
        """Everything one needs to see what is wrong."""
        sdls = (f"# ── subgraph {each.name}\n{each.sdl}" for each in self.subgraphs)
        case = f"seed {self.case.seed}, faults {self.case.faults}, labels {sorted(self.case.labels)}"
        return "\n".join(
            [
                *sdls,
                "# ── operation",
                self.case.operation,
                f"{dict(self.case.variables)}, {case}",
                self.difference.text(),
            ]
        )


def small(federation: Federation, case: Case, found: Difference) -> Small:
    """The smallest that was found of the same kind."""
    case = _small_operation(federation, case, found.kind)
    subgraphs = shrunk(federation.subgraphs, lambda smaller: _shows(smaller, case, found.kind), FEDERATION_TRIES)
    federation = federation_of(subgraphs) or federation
    case = _small_operation(federation, case, found.kind)
    return Small(federation.subgraphs, case, _difference(federation, case) or found)


def _shows(subgraphs: Subgraphs, case: Case, kind: str) -> bool:
    """Whether smaller subgraphs still compose, take the operation, and give a difference of the kind."""
    try:
        federation = federation_of(subgraphs)
    except (LookupError, TypeError, AttributeError, AssertionError):
        return False  # a machine's cut may leave what no subgraph could serve
    return federation is not None and _has(federation, case, kind)


def _has(federation: Federation, case: Case, kind: str) -> bool:
    found = _difference(federation, case)
    return found is not None and found.kind == kind


def _difference(federation: Federation, case: Case) -> Difference | None:
    try:
        if validate(federation.supergraph.api, parse(case.operation)):
            return None
        return difference(federation, case)
    except (LookupError, TypeError, AttributeError, AssertionError, GraphQLSyntaxError):
        return None


def _small_operation(federation: Federation, case: Case, kind: str) -> Case:
    tries = 0
    position = 0
    candidates = list(_smaller(case))
    while position < len(candidates) and tries < OPERATION_TRIES:
        tries += 1
        if _has(federation, candidates[position], kind):
            case, position = candidates[position], 0
            candidates = list(_smaller(case))
        else:
            position += 1
    return case


def _smaller(case: Case) -> Iterator[Case]:
    document = parse(case.operation, no_location=True)
    for definition in _without(document):
        yield _with(case, definition)
    if case.faults:
        yield replace(case, faults=False)
    for label in sorted(case.labels):
        yield replace(case, labels=case.labels - {label})


def _with(case: Case, document: DocumentNode) -> Case:
    declared = {
        each.variable.name.value
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
        for each in definition.variable_definitions or ()
    }
    given = {name: value for name, value in case.variables.items() if name in declared}
    return replace(case, operation=print_ast(document), variables=given)


def _without(node: Any) -> Iterator[Any]:
    """The node with one item less in a list at any depth, without an alias, or with a fragment's selections in its place."""
    parts = {key: getattr(node, key, None) for key in node.keys if key not in ("loc", "name", "kind")}
    for key, value in parts.items():
        if isinstance(value, tuple):
            for index in range(len(value) if len(value) > 1 or key != "selections" else 0):
                yield replace(node, **{key: value[:index] + value[index + 1 :]})
    if isinstance(node, SelectionSetNode):
        for index, each in enumerate(node.selections):
            if isinstance(each, InlineFragmentNode):
                inner = each.selection_set.selections
                yield replace(node, selections=(*node.selections[:index], *inner, *node.selections[index + 1 :]))
    if isinstance(node, FieldNode) and node.alias is not None:
        yield replace(node, alias=None)
    for key, value in parts.items():
        yield from _deeper(node, key, value)


def _deeper(node: Any, key: str, value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            if isinstance(item, Node):
                for smaller in _without(item):
                    yield replace(node, **{key: (*value[:index], smaller, *value[index + 1 :])})
    elif isinstance(value, Node):
        for smaller in _without(value):
            yield replace(node, **{key: smaller})
