"""Enums, by use: all values where clients only read them, the common ones where they only send them, else all must agree."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.hints import HintCode
from router.composition.merge.descriptions import merge_description
from router.composition.merge.directives import merge_directives, merge_inaccessible
from router.composition.merge.joins import join_enum_value
from router.composition.merge.types import merge_footer, merge_header, merge_type_description
from router.composition.model.merging import Merging, Position, Source, names, places
from router.composition.model.schema import EnumValue, Type


def merge_enum(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> Type:
    """The merged enum. Fields and arguments must be merged before: they tell how it is used."""
    uses = merging.enum_uses.get(outlined.name, {})
    if not uses:
        merging.report.hint(
            HintCode.UNUSED_ENUM_TYPE,
            f'Enum "{outlined.name}" is used by nothing: it has the values of all subgraphs.',
            subgraphs=names(sources),
            coordinates=[outlined.name],
        )
    header = merge_header(outlined, sources, merging)
    values = _merge_values(sources, uses, merging)
    if not values:
        merging.report.error(
            Code.EMPTY_MERGED_ENUM_TYPE,
            f'No value of the enum "{outlined.name}" is defined in all of {wording.subgraphs(names(sources))}:'
            " an enum that clients send keeps only common values, so it would be empty.",
            coordinates=[outlined.name],
            places=places(sources),
        )
    return Type(
        name=outlined.name,
        coordinate=outlined.name,
        kind="ENUM",
        description=merge_type_description(outlined, sources, merging),
        values=values,
        directives=(*header, *merge_footer(outlined, sources, merging)),
    )


def _merge_values(types: Sequence[Source[Type]], uses: dict[Position, str], merging: Merging) -> dict[str, EnumValue]:
    merged: dict[str, EnumValue] = {}
    for name in dict.fromkeys(name for source in types for name in source.element.values):
        sources = [
            Source(source.subgraph, source.element.values[name]) for source in types if name in source.element.values
        ]
        value = _merge_value(sources, merging)
        if len(sources) == len(types) or "input" not in uses or value.has("inaccessible"):
            merged[name] = value
        elif "output" in uses:
            merged[name] = value
            _report_mismatch(value, types, sources, uses, merging)
        else:
            _hint_dropped(value, types, sources, merging)
    return merged


def _merge_value(sources: Sequence[Source[EnumValue]], merging: Merging) -> EnumValue:
    first = sources[0].element
    coordinate = first.coordinate
    return EnumValue(
        name=first.name,
        coordinate=coordinate,
        description=merge_description(sources, merging, coordinate=coordinate),
        directives=(
            *merge_inaccessible(sources),
            *(join_enum_value(source.subgraph.graph) for source in sources),
            *merge_directives(sources, merging, coordinate=coordinate),
        ),
    )


def _report_mismatch(
    value: EnumValue,
    types: Sequence[Source[Type]],
    sources: Sequence[Source[EnumValue]],
    uses: dict[Position, str],
    merging: Merging,
) -> None:
    having = names(sources)
    lacking = [name for name in names(types) if name not in having]
    merging.report.error(
        Code.ENUM_VALUE_MISMATCH,
        f'Enum value "{value.coordinate}" is defined in {wording.subgraphs(having)} but not in'
        f" {wording.subgraphs(lacking)}, while clients both send the enum (e.g. {uses['input']}) and read it"
        f" (e.g. {uses['output']}): all subgraphs must have the same values.",
        subgraphs=[*having, *lacking],
        coordinates=[value.coordinate],
        places=[*places(sources), *(source.element.place for source in types if source.subgraph.name in lacking)],
    )


def _hint_dropped(
    value: EnumValue, types: Sequence[Source[Type]], sources: Sequence[Source[EnumValue]], merging: Merging
) -> None:
    having = names(sources)
    lacking = [name for name in names(types) if name not in having]
    merging.report.hint(
        HintCode.INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM,
        f'Enum value "{value.coordinate}" is not defined in {wording.subgraphs(lacking)}: clients cannot send it.',
        subgraphs=[*having, *lacking],
        coordinates=[value.coordinate],
    )
