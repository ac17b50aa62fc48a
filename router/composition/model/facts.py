"""What follows from a subgraph's directives, field by field: who is external, provided, shareable, used."""

from __future__ import annotations

from dataclasses import dataclass

from router.composition.model.contexts import Contexts, find_contexts
from router.composition.model.schema import Field, Schema, Type
from router.composition.model.uses import FieldSetUse, FieldSetUses, find_uses, implementations


@dataclass(frozen=True, slots=True)
class Facts:
    """Sets of field coordinates, and the directives with field sets, and contexts, that they follow from.

    external   declared here, resolved elsewhere
    echoed     marked @external, yet a key field of an extension: the subgraph answers it from the key it was given
    provided   external fields that the subgraph resolves on some paths (@provides)
    shareable  fields that other subgraphs may resolve too
    used       fields that a key, requires, provides, context or interface of the subgraph needs
    """

    external: frozenset[str]
    echoed: frozenset[str]
    provided: frozenset[str]
    shareable: frozenset[str]
    used: frozenset[str]
    uses: FieldSetUses
    contexts: Contexts

    def never_resolved(self, coordinate: str) -> bool:
        """Whether the subgraph resolves the field on no path at all."""
        return coordinate in self.external and coordinate not in self.provided


def find_facts(schema: Schema) -> Facts:
    """Read the facts off a schema whose field sets may still be wrong: those are passed over."""
    uses, contexts = find_uses(schema), find_contexts(schema)
    echoed = {field.coordinate for use in uses.keys if _extends(use) for field in _named(use) if field.has("external")}
    external = {coordinate for coordinate in _marked_external(schema) if coordinate not in echoed}
    keys = {coordinate for use in uses.keys for coordinate in use.covered(schema)}
    provided = {coordinate for use in uses.provides for coordinate in use.covered(schema)}
    required = {coordinate for use in uses.requires for coordinate in use.covered(schema)}
    return Facts(
        external=frozenset(external),
        echoed=frozenset(echoed),
        provided=frozenset(provided & external),
        shareable=frozenset(_shared(schema) | keys | (provided & external)),
        used=frozenset(keys.union(provided, required, contexts.covered(schema), _demanded_by_interfaces(schema))),
        uses=uses,
        contexts=contexts,
    )


def _extends(use: FieldSetUse) -> bool:
    """Whether a key stands on an extension, as federation 1 wrote entities of other subgraphs."""
    return use.directive.declaration > 0 or not use.type.defined or use.type.has("extends")


def _named(use: FieldSetUse) -> list[Field]:
    return [selected.field for selected in use.selected if selected.field is not None]


def _marked_external(schema: Schema) -> set[str]:
    """@external on a type marks all its fields, those of its extensions too."""
    return {
        field.coordinate
        for type_ in schema.types.values()
        if type_.kind in ("OBJECT", "INTERFACE")
        for field in _all_or_marked(type_)
    }


def _all_or_marked(type_: Type) -> list[Field]:
    if type_.has("external"):
        return list(type_.fields.values())
    return [field for field in type_.fields.values() if field.has("external")]


def _shared(schema: Schema) -> set[str]:
    """@shareable on a type marks the fields of that very declaration."""
    found: set[str] = set()
    for type_ in schema.types.values():
        if type_.kind != "OBJECT":
            continue
        declarations = {directive.declaration for directive in type_.applied("shareable")}
        found |= {
            field.coordinate
            for field in type_.fields.values()
            if field.declaration in declarations or field.has("shareable")
        }
    return found


def _demanded_by_interfaces(schema: Schema) -> set[str]:
    return {
        coordinate
        for type_ in schema.types.values()
        if type_.kind == "INTERFACE"
        for field in type_.fields.values()
        for coordinate in implementations(schema, field)
    }
