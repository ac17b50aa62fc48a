"""Input objects: the fields that all subgraphs have, since any of them may be sent to any subgraph."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.hints import HintCode
from router.composition.merge.defaults import merge_default
from router.composition.merge.descriptions import merge_description
from router.composition.merge.directives import merge_directives, merge_inaccessible
from router.composition.merge.joins import join_field
from router.composition.merge.references import merge_type
from router.composition.merge.types import merge_footer, merge_header, merge_type_description
from router.composition.model.merging import Merging, Source, names, places
from router.composition.model.schema import Applied, Field, Type


def merge_input(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> Type:
    """The merged input object."""
    header = merge_header(outlined, sources, merging)
    fields = _merge_fields(sources, merging)
    if not fields:
        merging.report.error(
            Code.EMPTY_MERGED_INPUT_TYPE,
            f'No field of the input object "{outlined.name}" is defined in all of'
            f" {wording.subgraphs(names(sources))}: only common fields are kept, so it would be empty.",
            coordinates=[outlined.name],
            places=places(sources),
        )
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
    for name in dict.fromkeys(name for source in types for name in source.element.fields):
        sources = [
            Source(source.subgraph, source.element.fields[name]) for source in types if name in source.element.fields
        ]
        everywhere = len(sources) == len(types)
        field = _merge_field(sources, merging, everywhere=everywhere)
        if everywhere or field.has("inaccessible"):
            merged[name] = field
        else:
            _report_absence(types, sources, merging)
    return merged


def _merge_field(sources: Sequence[Source[Field]], merging: Merging, *, everywhere: bool) -> Field:
    first = sources[0].element
    coordinate = first.coordinate
    type_, equal = merge_type(sources, merging, position="input", coordinate=coordinate)
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
        directives=(
            *merge_inaccessible(sources),
            *joins,
            *merge_directives(sources, merging, coordinate=coordinate),
        ),
        type=type_,
        default=merge_default(sources, merging, coordinate=coordinate),
    )


def _report_absence(types: Sequence[Source[Type]], sources: Sequence[Source[Field]], merging: Merging) -> None:
    coordinate = sources[0].element.coordinate
    having = names(sources)
    lacking = [name for name in names(types) if name not in having]
    demanding = [source for source in sources if source.element.required]
    if demanding:
        merging.report.error(
            Code.REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH,
            f'Input object field "{coordinate}" is required in {wording.subgraphs(names(demanding))} but does not'
            f" appear in {wording.subgraphs(lacking)}: add it there, or make it optional.",
            subgraphs=[*having, *lacking],
            coordinates=[coordinate],
            places=places(demanding),
        )
        return
    merging.report.hint(
        HintCode.INCONSISTENT_INPUT_OBJECT_FIELD,
        f'Input field "{coordinate}" is in {wording.subgraphs(having)} but not in {wording.subgraphs(lacking)}:'
        " the supergraph leaves it out.",
        subgraphs=[*having, *lacking],
        coordinates=[coordinate],
    )


def _hint_one_of(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> None:
    """The strictest reading reaches clients: what fits `@oneOf` fits the plain input object too."""
    strict = [source.subgraph.name for source in sources if source.element.has("oneOf")]
    if strict and len(strict) < len(sources):
        merging.report.hint(
            HintCode.INCONSISTENT_ONE_OF,
            f'Input object "{outlined.name}" is @oneOf in {wording.subgraphs(strict)} only: it is @oneOf for clients.',
            subgraphs=names(sources),
            coordinates=[outlined.name],
        )
