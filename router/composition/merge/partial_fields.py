"""Fields of value types that only some subgraphs have: they merge, yet what one subgraph returns may not have them all."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition.advice import (
    inconsistent_interface_value_type_field,
    inconsistent_object_value_type_field,
)
from router.composition.model.merging import Merging, Source, gather, names, without
from router.composition.model.schema import ROOT_TYPES, Field, Type


def hint_partial_fields(outlined: Type, types: Sequence[Source[Type]], merging: Merging) -> None:
    """Tell of them. Entities are completed by key, and roots by asking every subgraph: there is nothing to tell."""
    if len(types) < 2 or outlined.name in ROOT_TYPES or _has_key(types):
        return
    is_interface = outlined.kind == "INTERFACE"
    advice = inconsistent_interface_value_type_field if is_interface else inconsistent_object_value_type_field
    resolving = [source for source in types if _lists_what_it_resolves(source)]
    for sources in gather(types, lambda type_: type_.fields).values():
        lacking = without(resolving, sources)
        if lacking and not any(_is_added(source) for source in sources):
            advice.hint(sources, merging, lacking=names(lacking))


def _has_key(types: Sequence[Source[Type]]) -> bool:
    return any(source.element.has("key") and not source.element.has("interfaceObject") for source in types)


def _lists_what_it_resolves(source: Source[Type]) -> bool:
    """An interface object lists what it adds; a type that is all external lists what it reads."""
    if source.element.has("interfaceObject"):
        return False
    return not all(_is_external(source, field) for field in source.element.fields.values())


def _is_added(source: Source[Field]) -> bool:
    """Whether the field comes from an interface object, which gives it to every implementation."""
    adding = source.subgraph.interface_object(source.element.parent)
    return adding is not None and not _is_external(source, source.element)


def _is_external(source: Source[Type | Field], field: Field) -> bool:
    return field.coordinate in source.subgraph.facts.external
