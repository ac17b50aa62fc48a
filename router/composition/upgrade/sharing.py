"""Sharing made explicit: in federation 1 every field belongs to all subgraphs that have it."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from router.composition.model.schema import Applied, Element, Field, Schema, Type
from router.composition.upgrade.editing import edit_fields, edit_types
from router.composition.upgrade.surroundings import Surroundings

E = TypeVar("E", bound=Element)


def share_what_others_resolve(schema: Schema, surroundings: Surroundings) -> Schema:
    """The schema with @shareable on value types that others have, and on fields of entities and roots that others resolve.

    Subscriptions stay as they are: an event stream comes from one subgraph.
    """
    already = surroundings.subgraph.facts.shareable

    def edit(type_: Type) -> Type:
        if type_.kind != "OBJECT" or type_.name == "Subscription":
            return type_
        if not (type_.has("key") or type_.name in ("Query", "Mutation")):
            return _shared(type_) if surroundings.others(type_.name) else type_
        elsewhere = _resolved_by_others(type_.name, surroundings) - already
        return edit_fields(type_, lambda field: _shared_field(field) if field.coordinate in elsewhere else field)

    return edit_types(schema, edit)


def _resolved_by_others(type_name: str, surroundings: Surroundings) -> set[str]:
    return {
        field.coordinate
        for other in surroundings.others(type_name)
        for field in other.element.fields.values()
        if not other.subgraph.facts.never_resolved(field.coordinate)
    }


def _shared_field(field: Field) -> Field:
    return _shared(field)


def _shared(element: E) -> E:
    if element.has("shareable"):
        return element
    return replace(element, directives=(*element.directives, Applied("shareable", {}, element.place)))
