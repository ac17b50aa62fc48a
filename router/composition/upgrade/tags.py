"""@tag on external fields: federation 2 wants tags where a field is resolved; those repeated elsewhere lose nothing."""

from __future__ import annotations

from dataclasses import replace

from router.composition.model.schema import Field, Schema, Type
from router.composition.upgrade.editing import edit_fields, edit_types
from router.composition.upgrade.surroundings import Surroundings


def remove_tags_repeated_on_externals(schema: Schema, surroundings: Surroundings) -> Schema:
    """The schema whose external fields have no tag that another subgraph, which resolves the field, gives it too."""

    def edit_field(field: Field) -> Field:
        if not (field.has("external") and field.has("tag")):
            return field
        elsewhere = _tags_of_others(field, surroundings)
        kept = tuple(applied for applied in field.directives if applied.name != "tag" or applied.key not in elsewhere)
        return replace(field, directives=kept)

    def edit(type_: Type) -> Type:
        return edit_fields(type_, edit_field) if type_.kind == "OBJECT" else type_

    return edit_types(schema, edit)


def _tags_of_others(field: Field, surroundings: Surroundings) -> set[str]:
    versions = (other.element.fields.get(field.name) for other in surroundings.others(field.parent))
    return {
        tag.key
        for version in versions
        if version is not None and not version.has("external")
        for tag in version.applied("tag")
    }
