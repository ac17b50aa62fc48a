"""Input objects: the fields that all subgraphs have, since any of them may be sent to any subgraph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from router.composition.advice import inconsistent_input_object_field, inconsistent_one_of
from router.composition.merge.defaults import merge_input_field_default
from router.composition.merge.descriptions import merge_description
from router.composition.merge.directives import merge_directives, merge_inaccessible
from router.composition.merge.joins import join_field
from router.composition.merge.references import merge_field_type
from router.composition.merge.types import merge_footer, merge_header, merge_type_description
from router.composition.model.merging import Merging, Source, gather, names, without
from router.composition.model.schema import Applied, Field, Type
from router.composition.rules import empty_merged_input_type, required_input_field_missing_in_some_subgraph


def merge_input(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> Type:
    """The merged input object."""
    header = merge_header(outlined, sources, merging)
    fields = _merge_fields(sources, merging)
    if not fields:
        empty_merged_input_type.report(sources, merging, name=outlined.name)
    _hint_one_of(outlined, sources, merging)
    return Type(
        name=outlined.name,
        coordinate=outlined.name,
        kind="INPUT_OBJECT",
        description=merge_type_description(outlined, sources, merging),
        fields=fields,
        directives=(*header, *merge_footer(outlined, sources, merging)),
    )


def _merge_fields(types: Sequence[Source[Type]], merging: Merging) -> dict[str, Field]:
    merged: dict[str, Field] = {}
    for name, sources in gather(types, lambda type_: type_.fields).items():
        lacking = names(without(types, sources))
        field = _merge_field(sources, merging, everywhere=not lacking)
        if not lacking or field.has("inaccessible"):
            applied = merge_directives(sources, merging, coordinate=field.coordinate)
            merged[name] = replace(field, directives=(*field.directives, *applied))
        elif any(source.element.required for source in sources):
            required_input_field_missing_in_some_subgraph.report(sources, merging, lacking=lacking)
        else:
            inconsistent_input_object_field.hint(sources, merging, lacking=lacking)
    return merged


def _merge_field(sources: Sequence[Source[Field]], merging: Merging, *, everywhere: bool) -> Field:
    """The field without what users wrote on it, which counts only if the field is kept."""
    first = sources[0].element
    coordinate = first.coordinate
    type_, equal = merge_field_type(sources, merging, position="input", coordinate=coordinate)
    joins: list[Applied] = []
    if not (equal and everywhere):
        joins = [
            join_field(source.subgraph.graph, type=None if equal else str(source.element.type)) for source in sources
        ]
    return Field(
        name=first.name,
        coordinate=coordinate,
        parent=first.parent,
        description=merge_description(sources, merging, coordinate=coordinate),
        directives=(*merge_inaccessible(sources), *joins),
        type=type_,
        default=merge_input_field_default(sources, merging),
    )


def _hint_one_of(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> None:
    strict = [source for source in sources if source.element.has("oneOf")]
    lenient = without(sources, strict)
    if strict and lenient:
        inconsistent_one_of.hint(outlined.name, merging, strict=names(strict), lenient=names(lenient))
