"""Interface objects as sources: a subgraph that does not know a type may have its fields through an interface of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from router.composition.model.merging import Merging, Source
from router.composition.model.schema import Field, Type
from router.composition.model.subgraph import Subgraph


def find_interface_objects(subgraphs: Sequence[Subgraph]) -> Mapping[str, tuple[Source[Type], ...]]:
    """The interface objects of all subgraphs, by name."""
    found: dict[str, list[Source[Type]]] = {}
    for subgraph in subgraphs:
        for type_ in subgraph.schema.types.values():
            if type_.has("interfaceObject"):
                found.setdefault(type_.name, []).append(Source(subgraph, type_))
    return {name: tuple(sources) for name, sources in found.items()}


def abstracting_sources(parent: str, name: str, merging: Merging) -> list[Source[Field]]:
    """The fields of interface objects through which subgraphs that do not know `parent` have its field `name`."""
    outlined = merging.outline.types.get(parent)
    if not merging.interface_objects or outlined is None or outlined.kind != "OBJECT":
        return []
    return [
        Source(source.subgraph, source.element.fields[name])
        for interface in outlined.interfaces
        for source in merging.interface_objects.get(interface, ())
        if name in source.element.fields and source.subgraph.type(parent) is None
    ]
