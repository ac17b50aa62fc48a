"""DIRECTIVE_DEFINITION_INVALID: a schema's own definition of a specification's directive says what the specification says."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import DirectiveDefinitionNode

from router.composition.codes import Code
from router.composition.model.report import Report, place_of
from router.composition.rules.redefinition import input_problems


def check(own: DirectiveDefinitionNode, expected: DirectiveDefinitionNode, report: Report, *, subgraph: str) -> bool:
    """Report a definition that allows more than the specification, or something else; whether it is fine."""
    problems = list(_problems(own, expected))
    for problem in problems:
        report.error(
            Code.DIRECTIVE_DEFINITION_INVALID,
            f'[{subgraph}] Invalid definition of the directive "@{own.name.value}": {problem}. It can be left out.',
            coordinates=[f"@{own.name.value}"],
            places=[place_of(own, subgraph=subgraph)],
        )
    return not problems


def _problems(own: DirectiveDefinitionNode, expected: DirectiveDefinitionNode) -> Iterator[str]:
    yield from input_problems(own.arguments or (), expected.arguments or (), what="argument", built_in_for_scalar=True)
    if own.repeatable and not expected.repeatable:
        yield "it must not be repeatable"
    allowed = [location.value for location in expected.locations]
    others = [location.value for location in own.locations if location.value not in allowed]
    if others:
        yield f"it can stand on {', '.join(allowed)} only, not on {', '.join(others)}"
