"""TYPE_DEFINITION_INVALID: a schema's own definition of a specification's type says what the specification says."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    TypeDefinitionNode,
)

from router.composition.codes import Code
from router.composition.model.report import Report, place_of
from router.composition.rules.redefinition import input_problems

_KINDS = {
    ScalarTypeDefinitionNode: "a scalar",
    EnumTypeDefinitionNode: "an enum",
    InputObjectTypeDefinitionNode: "an input object",
}


def check(own: TypeDefinitionNode, expected: TypeDefinitionNode, report: Report, *, subgraph: str) -> bool:
    """Report a definition of another kind, or with other values or fields; whether it is fine."""
    name = own.name.value
    problems = list(_problems(own, expected))
    for problem in problems:
        report.error(
            Code.TYPE_DEFINITION_INVALID,
            f'[{subgraph}] Invalid definition of the type "{name}": {problem}. It can be left out.',
            coordinates=[name],
            places=[place_of(own, subgraph=subgraph)],
        )
    return not problems


def _problems(own: TypeDefinitionNode, expected: TypeDefinitionNode) -> Iterator[str]:
    if type(own) is not type(expected):
        yield f"it must be {_KINDS[type(expected)]}"
    elif isinstance(own, EnumTypeDefinitionNode) and isinstance(expected, EnumTypeDefinitionNode):
        wanted, found = _values(expected), _values(own)
        if wanted != found:
            yield f"its values must be {', '.join(sorted(wanted))}, not {', '.join(sorted(found))}"
    elif isinstance(own, InputObjectTypeDefinitionNode) and isinstance(expected, InputObjectTypeDefinitionNode):
        yield from input_problems(own.fields or (), expected.fields or (), what="field", built_in_for_scalar=False)


def _values(node: EnumTypeDefinitionNode) -> set[str]:
    return {value.name.value for value in node.values or ()}
