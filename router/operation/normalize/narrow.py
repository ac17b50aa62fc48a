"""Simplifies type conditions: dissolves those that always hold, drops those that never do.

P is the enclosing type, C the condition. A condition that holds for every P, yet is no declared supertype of it, stays: its fields
are not on P.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from graphql import GraphQLSchema, get_named_type, is_abstract_type

from router.operation.model import FieldSelection, Selection
from router.operation.normalize.spread import field_type


def narrow_conditions(selections: tuple[Selection, ...], parent: str, schema: GraphQLSchema) -> tuple[Selection, ...]:
    """The same selections on `parent` with only the type conditions that tell objects apart."""
    return tuple(_narrowed(selections, parent, schema))


def _narrowed(selections: tuple[Selection, ...], parent: str, schema: GraphQLSchema) -> Iterator[Selection]:
    for selection in selections:
        if isinstance(selection, FieldSelection):
            yield _field(selection, parent, schema)
        elif selection.defer is None and _always_holds(selection.on, parent, schema):
            yield from _narrowed(selection.selections, parent, schema)
        elif possible_types(selection.on, schema) & possible_types(parent, schema):
            on = parent if _always_holds(selection.on, parent, schema) else selection.on
            inner = narrow_conditions(selection.selections, on, schema)
            if inner:
                yield replace(selection, on=on, selections=inner)


def _field(selection: FieldSelection, parent: str, schema: GraphQLSchema) -> FieldSelection:
    # A dissolved condition moves its fields to the enclosing type, where the field's own type may be narrower.
    type_ = field_type(parent, selection.name, schema)
    children = narrow_conditions(selection.selections, get_named_type(type_).name, schema)
    return replace(selection, parent=parent, type=type_, selections=children)


def _always_holds(condition: str, parent: str, schema: GraphQLSchema) -> bool:
    if condition == parent:
        return True
    wider = schema.type_map[condition]
    narrower = schema.type_map[parent]
    return is_abstract_type(wider) and schema.is_sub_type(wider, narrower)


def possible_types(name: str, schema: GraphQLSchema) -> frozenset[str]:
    """The object types that a value of the type `name` may have."""
    type_ = schema.type_map[name]
    if is_abstract_type(type_):
        return frozenset(member.name for member in schema.get_possible_types(type_))
    return frozenset({name})
