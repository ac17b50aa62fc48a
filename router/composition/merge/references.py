"""Types of fields and arguments: the widest for output, the strictest for input, an error where neither covers the rest."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition.advice import (
    inconsistent_but_compatible_argument_type,
    inconsistent_but_compatible_field_type,
)
from router.composition.model.merging import Merging, Position, Source
from router.composition.model.schema import Argument, Field
from router.composition.model.typeref import TypeRef, base_name, is_subtype
from router.composition.rules import field_argument_type_mismatch, field_type_mismatch


def merge_field_type(
    sources: Sequence[Source[Field]], merging: Merging, *, position: Position, coordinate: str
) -> tuple[TypeRef, bool]:
    """The merged type of a field (of input objects in position "input"), and whether all sources have exactly that one."""
    merged, compatible = _choose([source.element.type for source in sources], merging, position)
    merging.use_enum(base_name(merged), position=position, coordinate=coordinate)
    equal = all(source.element.type == merged for source in sources)
    if not compatible:
        field_type_mismatch.report(sources, merging, coordinate=coordinate)
    elif not equal:
        inconsistent_but_compatible_field_type.hint(sources, merging, coordinate=coordinate, merged=merged)
    return merged, equal


def merge_argument_type(sources: Sequence[Source[Argument]], merging: Merging, *, coordinate: str) -> TypeRef:
    """The merged type of an argument."""
    merged, compatible = _choose([source.element.type for source in sources], merging, "input")
    merging.use_enum(base_name(merged), position="input", coordinate=coordinate)
    if not compatible:
        field_argument_type_mismatch.report(sources, merging, coordinate=coordinate)
    elif any(source.element.type != merged for source in sources):
        inconsistent_but_compatible_argument_type.hint(sources, merging, coordinate=coordinate, merged=merged)
    return merged


def covers(merging: Merging, wide: TypeRef, narrow: TypeRef) -> bool:
    """Whether every value of `narrow` is one of `wide`, by the interfaces and unions of the supergraph."""
    return is_subtype(narrow, wide, is_member=merging.outline.is_member)


def _choose(types: Sequence[TypeRef], merging: Merging, position: Position) -> tuple[TypeRef, bool]:
    """The first type, widened or narrowed by the others in turn, and whether each of them allowed it."""
    chosen, compatible = types[0], True
    for other in types[1:]:
        if other == chosen:
            continue
        if covers(merging, other, chosen):
            chosen = other if position == "output" else chosen
        elif covers(merging, chosen, other):
            chosen = chosen if position == "output" else other
        else:
            compatible = False
    return chosen, compatible
