"""Types of fields and arguments: the widest for output, the strictest for input, an error where neither covers the rest."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.hints import HintCode
from router.composition.model.merging import Merging, Position, Source, places
from router.composition.model.schema import Argument, Field
from router.composition.model.typeref import TypeRef, base_name, is_subtype


def merge_type(
    sources: Sequence[Source[Field | Argument]],
    merging: Merging,
    *,
    position: Position,
    coordinate: str,
) -> tuple[TypeRef, bool]:
    """The merged type, and whether all sources have exactly that one."""
    merged = sources[0].element.type
    compatible = True
    for source in sources[1:]:
        other = source.element.type
        if covers(merging, merged, other):
            merged = other if position == "input" else merged
        elif covers(merging, other, merged):
            merged = merged if position == "input" else other
        else:
            compatible = False
    merging.use_enum(base_name(merged), position=position, coordinate=coordinate)
    equal = all(source.element.type == merged for source in sources)
    if not compatible:
        _report_mismatch(sources, merging, coordinate=coordinate)
    elif not equal:
        _hint_difference(sources, merged, merging, coordinate=coordinate)
    return merged, equal


def covers(merging: Merging, wide: TypeRef, narrow: TypeRef) -> bool:
    """Whether every value of `narrow` is one of `wide`, by the interfaces and unions of the supergraph."""
    return is_subtype(narrow, wide, is_member=merging.outline.is_member)


def _report_mismatch(sources: Sequence[Source[Field | Argument]], merging: Merging, *, coordinate: str) -> None:
    is_argument = isinstance(sources[0].element, Argument)
    code = Code.FIELD_ARGUMENT_TYPE_MISMATCH if is_argument else Code.FIELD_TYPE_MISMATCH
    what = "argument" if is_argument else "field"
    merging.report.error(
        code,
        f'Type of {what} "{coordinate}" is incompatible across subgraphs: it has {_types(sources)}.',
        coordinates=[coordinate],
        places=places(sources),
    )


def _hint_difference(
    sources: Sequence[Source[Field | Argument]], merged: TypeRef, merging: Merging, *, coordinate: str
) -> None:
    is_argument = isinstance(sources[0].element, Argument)
    merging.report.hint(
        HintCode.INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE
        if is_argument
        else HintCode.INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE,
        f'"{coordinate}" has {_types(sources)}: the supergraph has type "{merged}".',
        subgraphs=[source.subgraph.name for source in sources],
        coordinates=[coordinate],
    )


def _types(sources: Sequence[Source[Field | Argument]]) -> str:
    return wording.variants((source.subgraph.name, f'type "{source.element.type}"') for source in sources)
