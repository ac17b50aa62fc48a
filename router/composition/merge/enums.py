"""Enums, by use: all values where clients only read them, the common ones where they only send them, else all must agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from router.composition.advice import (
    inconsistent_enum_value_for_input_enum,
    inconsistent_enum_value_for_output_enum,
    unused_enum_type,
)
from router.composition.merge.descriptions import merge_description
from router.composition.merge.directives import merge_directives, merge_inaccessible
from router.composition.merge.joins import join_enum_value
from router.composition.merge.types import merge_footer, merge_header, merge_type_description
from router.composition.model.merging import Merging, Position, Source, gather, names, without
from router.composition.model.schema import EnumValue, Type
from router.composition.rules import empty_merged_enum_type, enum_value_mismatch


def merge_enum(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> Type:
    """The merged enum. Fields and arguments must be merged before: they tell how it is used."""
    uses = merging.enum_uses.get(outlined.name, {})
    if not uses:
        unused_enum_type.hint(sources, merging, name=outlined.name)
    header = merge_header(outlined, sources, merging)
    values = _merge_values(sources, uses, merging)
    if not values:
        empty_merged_enum_type.report(sources, merging, name=outlined.name)
    return Type(
        name=outlined.name,
        coordinate=outlined.name,
        kind="ENUM",
        description=merge_type_description(outlined, sources, merging),
        values=values,
        directives=(*header, *merge_footer(outlined, sources, merging)),
    )


def _merge_values(
    types: Sequence[Source[Type]], uses: Mapping[Position, str], merging: Merging
) -> dict[str, EnumValue]:
    merged: dict[str, EnumValue] = {}
    for name, sources in gather(types, lambda type_: type_.values).items():
        value = _merge_value(sources, merging)
        lacking = without(types, sources)
        if not lacking or _is_kept(value, sources, merging, lacking=lacking, uses=uses):
            applied = merge_directives(sources, merging, coordinate=value.coordinate)
            merged[name] = replace(value, directives=(*value.directives, *applied))
    return merged


def _is_kept(
    value: EnumValue,
    sources: Sequence[Source[EnumValue]],
    merging: Merging,
    *,
    lacking: Sequence[Source[Type]],
    uses: Mapping[Position, str],
) -> bool:
    """Whether the supergraph has a value that only some subgraphs have. What clients do not see, none of them sends."""
    if "input" not in uses:
        inconsistent_enum_value_for_output_enum.hint(sources, merging, lacking=names(lacking))
    elif value.has("inaccessible"):
        return True
    elif "output" in uses:
        enum_value_mismatch.report(sources, merging, lacking=lacking, uses=uses)
    else:
        inconsistent_enum_value_for_input_enum.hint(sources, merging, lacking=names(lacking))
        return False
    return True


def _merge_value(sources: Sequence[Source[EnumValue]], merging: Merging) -> EnumValue:
    """The value without what users wrote on it, which counts only if the value is kept."""
    first = sources[0].element
    coordinate = first.coordinate
    return EnumValue(
        name=first.name,
        coordinate=coordinate,
        description=merge_description(sources, merging, coordinate=coordinate),
        directives=(
            *merge_inaccessible(sources),
            *(join_enum_value(source.subgraph.graph) for source in sources),
        ),
    )
