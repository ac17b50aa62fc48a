"""What of a merged schema clients see, and how the rules about @inaccessible report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import Argument, Element, Field, Schema, Type
from router.composition.model.subgraph import Subgraph
from router.composition.spec.link import Feature


def hidden(element: Element) -> bool:
    """Whether the element itself is inaccessible."""
    return any(directive.name == "inaccessible" for directive in element.directives)


def hides_anything(schema: Schema) -> bool:
    """Whether any part of the schema is inaccessible."""
    definitions = (argument for definition in schema.definitions.values() for argument in definition.arguments.values())
    return any(hidden(element) for element in chain(definitions, schema.elements()))


def visible_types(schema: Schema) -> Iterator[Type]:
    return (type_ for type_ in schema.types.values() if not hidden(type_))


def visible_fields(schema: Schema) -> Iterator[tuple[Type, Field]]:
    """Visible fields of visible objects, interfaces and input objects."""
    for type_ in visible_types(schema):
        yield from ((type_, field) for field in type_.fields.values() if not hidden(field))


def arguments(schema: Schema) -> Iterator[Argument]:
    """The arguments, hidden ones too, of all directives and of fields that clients see."""
    for definition in schema.definitions.values():
        yield from definition.arguments.values()
    for _, field in visible_fields(schema):
        yield from field.arguments.values()


def visible_inputs(schema: Schema) -> Iterator[Argument | Field]:
    """Visible arguments and input fields: whatever a client can give a value."""
    yield from (argument for argument in arguments(schema) if not hidden(argument))
    yield from (field for type_, field in visible_fields(schema) if type_.kind == "INPUT_OBJECT")


def owned_types(schema: Schema, features: Sequence[Feature]) -> dict[str, Feature]:
    """The types that go by the name of a specification which the supergraph links."""
    return {
        name: feature
        for feature in features
        for name in schema.types
        if name.startswith(f"{feature.prefix}__") or name in feature.imports.values()
    }


def report_hidden(
    report: Report, code: Code, message: str, coordinates: Sequence[str], subgraphs: Sequence[Subgraph]
) -> None:
    """Report a problem at every place that any subgraph has for the coordinates."""
    places = [subgraph.place(coordinate) for coordinate in coordinates for subgraph in subgraphs]
    report.error(code, message, coordinates=coordinates, places=places)
