"""@provides and @requires of fields that the subgraph resolves anyway: federation 1 let them pass, and they say nothing."""

from __future__ import annotations

from dataclasses import replace

from graphql import FieldNode, InlineFragmentNode, SelectionNode, SelectionSetNode, StringValueNode

from router.composition.model.fieldset import FieldSetError, parse_field_set, print_field_set
from router.composition.model.schema import Applied, Field, Schema, Type
from router.composition.model.selected import problems
from router.composition.model.typeref import base_name
from router.composition.upgrade.editing import edit_fields, edit_types
from router.composition.upgrade.surroundings import Surroundings


def remove_inactive_provides_and_requires(schema: Schema, _: Surroundings) -> Schema:
    """The schema whose @provides and @requires name external fields only; those that named none are gone."""

    def edit_field(field: Field) -> Field:
        if not (field.has("provides") or field.has("requires")):
            return field
        narrowed = (_narrowed(applied, field, schema) for applied in field.directives)
        return replace(field, directives=tuple(applied for applied in narrowed if applied is not None))

    def edit(type_: Type) -> Type:
        return edit_fields(type_, edit_field) if type_.kind in ("OBJECT", "INTERFACE") else type_

    return edit_types(schema, edit)


def _narrowed(applied: Applied, field: Field, schema: Schema) -> Applied | None:
    """The application with its external fields only. One that is not valid stays, for the rules to report."""
    if applied.name not in ("provides", "requires"):
        return applied
    target = base_name(field.type) if applied.name == "provides" else field.parent
    try:
        selections = parse_field_set(applied.string("fields") or "")
    except FieldSetError:
        return applied
    if target not in schema.types or any(problems(schema, target, selections)):
        return applied
    active = _active(schema, target, selections)
    if active == selections:
        return applied
    if not active.selections:
        return None
    return replace(applied, arguments={"fields": StringValueNode(value=print_field_set(active))})


def _active(schema: Schema, type_name: str, selections: SelectionSetNode) -> SelectionSetNode:
    kept = (_active_selection(schema, type_name, selection) for selection in selections.selections)
    return replace(selections, selections=tuple(selection for selection in kept if selection is not None))


def _active_selection(schema: Schema, type_name: str, selection: SelectionNode) -> SelectionNode | None:
    if isinstance(selection, FieldNode):
        field = schema.find_field(type_name, selection.name.value)
        if field is None or _is_external(schema, field):
            return selection if field is not None else None
        target, inner = base_name(field.type), selection.selection_set
    else:
        assert isinstance(selection, InlineFragmentNode), "named fragments are reported before"
        target = selection.type_condition.name.value if selection.type_condition else type_name
        inner = selection.selection_set
    if inner is None:
        return None
    active = _active(schema, target, inner)
    return replace(selection, selection_set=active) if active.selections else None


def _is_external(schema: Schema, field: Field) -> bool:
    """Interfaces cannot say it themselves: their fields are external where an implementation's is."""
    if field.has("external"):
        return True
    implementations = (schema.find_field(name, field.name) for name in schema.possible(field.parent))
    return any(found is not None and found.has("external") for found in implementations)
