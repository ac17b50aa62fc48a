"""What follows from a subgraph's directives, field by field: who is external, provided, shareable, used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from router.composition.model.fieldset import named_fields
from router.composition.model.schema import COMPOSITE_KINDS, Field, Schema, Type
from router.composition.model.typeref import base_name


@dataclass(frozen=True, slots=True)
class Facts:
    """Sets of field coordinates.

    external   declared here, resolved elsewhere
    echoed     marked @external, yet a key field of an extension: the subgraph answers it from the key it was given
    provided   external fields that the subgraph resolves on some paths (@provides)
    shareable  fields that other subgraphs may resolve too
    used       fields that a key, requires, provides or interface of the subgraph needs
    """

    external: frozenset[str]
    echoed: frozenset[str]
    provided: frozenset[str]
    shareable: frozenset[str]
    used: frozenset[str]

    def never_resolved(self, coordinate: str) -> bool:
        """Whether the subgraph resolves the field on no path at all."""
        return coordinate in self.external and coordinate not in self.provided


def find_facts(schema: Schema) -> Facts:
    """Read the facts off a schema whose field sets may still be wrong: those are passed over."""
    echoed = {
        coordinate
        for type_ in schema.types.values()
        for key in type_.applied("key")
        if key.declaration > 0 or not type_.defined or type_.has("extends")
        for coordinate in named_fields(schema, type_.name, key.string("fields"))
    }
    marked = {field.coordinate for type_, field in _fields(schema) if _is_marked_external(type_, field)}
    external = marked - echoed
    provided = {coordinate for coordinates in _provided(schema) for coordinate in coordinates} & external
    return Facts(
        external=frozenset(external),
        echoed=frozenset(echoed & marked),
        provided=frozenset(provided),
        shareable=frozenset(_shareable(schema) | provided),
        used=frozenset(_used(schema)),
    )


def _fields(schema: Schema) -> Iterator[tuple[Type, Field]]:
    for type_ in schema.types.values():
        if type_.kind in ("OBJECT", "INTERFACE"):
            yield from ((type_, field) for field in type_.fields.values())


def _is_marked_external(type_: Type, field: Field) -> bool:
    """@external on a type marks all its fields, those of its extensions too."""
    return field.has("external") or type_.has("external")


def _provided(schema: Schema) -> Iterator[set[str]]:
    for _, field in _fields(schema):
        target = schema.types.get(base_name(field.type))
        if target is None or target.kind not in COMPOSITE_KINDS:
            continue
        for provides in field.applied("provides"):
            yield named_fields(schema, target.name, provides.string("fields"))


def _shareable(schema: Schema) -> set[str]:
    found: set[str] = set()
    for type_ in schema.types.values():
        if type_.kind != "OBJECT":
            continue
        for key in type_.applied("key"):
            found |= named_fields(schema, type_.name, key.string("fields"))
        declarations = {directive.declaration for directive in type_.applied("shareable")}
        found |= {
            field.coordinate
            for field in type_.fields.values()
            if field.has("shareable") or field.declaration in declarations
        }
    return found


def _used(schema: Schema) -> set[str]:
    found: set[str] = set()
    for type_ in schema.types.values():
        for key in type_.applied("key"):
            found |= named_fields(schema, type_.name, key.string("fields"))
        if type_.kind == "INTERFACE":
            found |= {f"{concrete}.{name}" for concrete in schema.possible(type_.name) for name in type_.fields}
    for type_, field in _fields(schema):
        for requires in field.applied("requires"):
            found |= named_fields(schema, type_.name, requires.string("fields"))
    for coordinates in _provided(schema):
        found |= coordinates
    return found
