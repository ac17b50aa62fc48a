"""External fields that nothing in the subgraph needs: federation 1 let them stand, federation 2 does not."""

from __future__ import annotations

from collections.abc import Iterator

from router.composition.model.facts import find_facts
from router.composition.model.schema import Field, Schema, Type
from router.composition.model.typeref import base_name
from router.composition.rules import type_with_only_unused_external
from router.composition.upgrade.editing import edit_fields, edit_types
from router.composition.upgrade.surroundings import Surroundings


def remove_unused_externals(schema: Schema, surroundings: Surroundings) -> Schema:
    """The schema without them; a type that keeps no field goes too, which is reported where something refers to it."""
    referenced = frozenset(_references(schema))
    while unused := _unused(schema):  # what only a removed field needed is unused in its turn
        schema = _without_fields(unused, schema, referenced, surroundings)
    return schema


def _unused(schema: Schema) -> frozenset[str]:
    facts = find_facts(schema)
    return facts.external - facts.used


def _without_fields(
    unused: frozenset[str], schema: Schema, referenced: frozenset[str], surroundings: Surroundings
) -> Schema:
    def edit_field(field: Field) -> Field | None:
        return None if field.coordinate in unused else field

    def edit(type_: Type) -> Type | None:
        edited = edit_fields(type_, edit_field)
        if edited is type_ or edited.fields or type_.name == "Query":  # which has federation's own fields left
            return edited
        if type_.name not in referenced:
            return None
        type_with_only_unused_external.report(type_, surroundings.report, subgraph=surroundings.subgraph.name)
        return edited

    return edit_types(schema, edit)


def _references(schema: Schema) -> Iterator[str]:
    """The names of all types that something refers to: be it a removed field, the schema itself, or `_entities` by a key."""
    yield from ("Mutation", "Subscription")
    for type_ in schema.types.values():
        if type_.kind == "OBJECT" and type_.has("key"):
            yield type_.name
        yield from (*type_.interfaces, *type_.members)
        for field in type_.fields.values():
            yield base_name(field.type)
