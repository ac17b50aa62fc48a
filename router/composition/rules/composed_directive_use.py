"""INVALID_GRAPHQL, of composed directives: what the supergraph has of them fits the definition that they get there.

Subgraphs may link different versions of a specification; the supergraph defines its directives as the newest does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.composition.model.merging import Merging
from router.composition.model.report import Report
from router.composition.model.schema import (
    EXECUTABLE_LOCATIONS,
    Applied,
    Argument,
    DirectiveDefinition,
    Element,
    Schema,
    own_name,
)
from router.composition.model.soundness import Soundness
from router.composition.model.subgraph import Subgraph
from router.composition.model.typeref import base_name
from router.composition.rules import invalid_graphql


def check(supergraph: Schema, subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Report applications of composed directives that their merged definitions do not allow."""
    composed = {
        own_name(name): definition
        for name, definition in supergraph.definitions.items()
        if not EXECUTABLE_LOCATIONS.issuperset(definition.locations)
    }
    if not composed:
        return
    soundness = Soundness(supergraph)
    for location, coordinate, applications in _applications(supergraph):
        for applied in applications:
            definition = composed.get(applied.name)
            if definition is not None:
                for problem in _problems(applied, definition, location, soundness):
                    invalid_graphql.report_merged(
                        f'{applied} on "{coordinate}" does not fit the newest version of the directive, which {problem}.',
                        subgraphs,
                        report,
                        coordinates=[coordinate, definition.coordinate],
                    )


def report_repeated(applied: Applied, merging: Merging, *, coordinate: str, subgraph: str) -> None:
    """Report a directive that a subgraph applies more than once, and that the supergraph cannot repeat."""
    invalid_graphql.report_merged(
        f'subgraph "{subgraph}" applies {applied} and others of its name to "{coordinate}", but the newest version of the'
        " directive is not repeatable.",
        merging.subgraphs,
        merging.report,
        coordinates=[coordinate],
    )


def _problems(applied: Applied, definition: DirectiveDefinition, location: str, soundness: Soundness) -> Iterator[str]:
    if location not in definition.locations:
        yield f"can stand on {', '.join(definition.locations)} only"
    for name, value in applied.arguments.items():
        argument = definition.arguments.get(name)
        if argument is None:
            yield f'has no argument "{name}"'
        elif not soundness.fits(value, argument.type) and not _is_one_of(argument, soundness):
            yield f'wants a value of type "{argument.type}" for "{name}"'
    for argument in definition.arguments.values():
        if argument.required and argument.name not in applied.arguments:
            yield f'requires the argument "{argument.name}"'


def _applications(schema: Schema) -> Iterator[tuple[str, str, tuple[Applied, ...]]]:
    """Every place with directives: as a directive location, by its coordinate, with the directives."""
    yield "SCHEMA", "schema", schema.directives
    for type_ in schema.types.values():
        yield type_.kind, type_.coordinate, type_.directives
        location = "INPUT_FIELD_DEFINITION" if type_.kind == "INPUT_OBJECT" else "FIELD_DEFINITION"
        for field in type_.fields.values():
            yield _placed(location, field)
            yield from (_placed("ARGUMENT_DEFINITION", argument) for argument in field.arguments.values())
        yield from (_placed("ENUM_VALUE", value) for value in type_.values.values())


def _placed(location: str, element: Element) -> tuple[str, str, tuple[Applied, ...]]:
    return location, element.coordinate, element.directives


def _is_one_of(argument: Argument, soundness: Soundness) -> bool:
    """Whether the pass does not tell what fits."""
    type_ = soundness.schema.types.get(base_name(argument.type))
    return type_ is not None and type_.has("oneOf")
