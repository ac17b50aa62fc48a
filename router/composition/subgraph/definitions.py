"""A subgraph's own definitions of federation directives: allowed, as long as they say what the specification says.

They are dropped in favour of the specification's; one that says something else would be misunderstood.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import DirectiveDefinitionNode, DocumentNode, InputValueDefinitionNode, ValueNode, parse, print_ast

from router.composition.codes import Code
from router.composition.model.schema import BUILT_IN_SCALARS, value_key
from router.composition.model.typeref import ListOf, Named, NonNull, TypeRef, from_node
from router.composition.report import Report, place_of
from router.composition.spec import federation
from router.composition.subgraph.links import Links


def check_definitions(document: DocumentNode, links: Links, *, subgraph: str, report: Report) -> bool:
    """Report own definitions that contradict the specification; whether there is none."""
    feature = links.federation
    expected: dict[str, DirectiveDefinitionNode] = {}
    for directive in federation.directives(feature.url.version) if feature is not None else ():
        assert feature is not None
        definition = parse(federation.definition_sdl(directive, feature), no_location=True).definitions[0]
        assert isinstance(definition, DirectiveDefinitionNode)
        expected[definition.name.value] = definition
    found = [
        (node, problem)
        for node in document.definitions
        if isinstance(node, DirectiveDefinitionNode) and node.name.value in expected
        for problem in _problems(node, expected[node.name.value])
    ]
    for node, problem in found:
        report.error(
            Code.DIRECTIVE_DEFINITION_INVALID,
            f'[{subgraph}] Invalid definition of the directive "@{node.name.value}": {problem}. It can be left out.',
            coordinates=[f"@{node.name.value}"],
            places=[place_of(node, subgraph=subgraph)],
        )
    return not found


def _problems(own: DirectiveDefinitionNode, expected: DirectiveDefinitionNode) -> Iterator[str]:
    own_arguments = {argument.name.value: argument for argument in own.arguments or ()}
    for argument in expected.arguments or ():
        yield from _argument_problems(own_arguments.pop(argument.name.value, None), argument)
    for name in own_arguments:
        yield f'it has an unknown argument "{name}"'
    if own.repeatable and not expected.repeatable:
        yield "it must not be repeatable"
    allowed = [location.value for location in expected.locations]
    others = [location.value for location in own.locations if location.value not in allowed]
    if others:
        yield f"it can stand on {', '.join(allowed)} only, not on {', '.join(others)}"


def _argument_problems(own: InputValueDefinitionNode | None, expected: InputValueDefinitionNode) -> Iterator[str]:
    name, type_ = expected.name.value, from_node(expected.type)
    if own is None:
        if isinstance(type_, NonNull) and expected.default_value is None:
            yield f'it lacks the argument "{name}"'
        return
    own_type = from_node(own.type)
    stricter = own_type.of if isinstance(own_type, NonNull) and not isinstance(type_, NonNull) else own_type
    if not _stands_for(stricter, type_):
        yield f'its argument "{name}" must be of type "{type_}", not "{own_type}"'
    elif not isinstance(own_type, NonNull) and _text(own.default_value) != _text(expected.default_value):
        default = "no default" if expected.default_value is None else f"the default {print_ast(expected.default_value)}"
        yield f'its argument "{name}" must have {default}'


def _stands_for(own: TypeRef, expected: TypeRef) -> bool:
    """Whether the types are the same, where any built-in scalar may stand for one of federation's own."""
    if isinstance(own, NonNull) and isinstance(expected, NonNull):
        return _stands_for(own.of, expected.of)
    if isinstance(own, ListOf) and isinstance(expected, ListOf):
        return _stands_for(own.of, expected.of)
    if not (isinstance(own, Named) and isinstance(expected, Named)):
        return False
    return own == expected or (own.name in BUILT_IN_SCALARS and expected.name not in BUILT_IN_SCALARS)


def _text(value: ValueNode | None) -> str | None:
    return None if value is None else value_key(value)
