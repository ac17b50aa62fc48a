"""Where authorization requirements reach beyond the element they stand on.

A client may ask for a field through an interface, so an interface and its fields demand what any implementation does; and
a field of an interface object is a field of every implementation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from router.composition.model.schema import Element, Field, Schema, Type
from router.composition.model.subgraph import Subgraph
from router.composition.spec.features import AUTH_DIRECTIVES


def find_auth_sources(subgraphs: Sequence[Subgraph], outline: Schema) -> Mapping[tuple[str, str], tuple[Element, ...]]:
    """The elements whose requirements reach another: by that one's coordinate and the directive's name."""
    found: dict[tuple[str, str], list[Element]] = {}
    for subgraph in subgraphs:
        for element, targets in _guarded(subgraph, outline):
            for name in dict.fromkeys(applied.name for applied in element.directives):
                if name in AUTH_DIRECTIVES:
                    for target in targets:
                        found.setdefault((target, name), []).append(element)
    return {key: tuple(elements) for key, elements in found.items()}


def _guarded(subgraph: Subgraph, outline: Schema) -> Iterator[tuple[Element, Sequence[str]]]:
    for type_ in subgraph.schema.types.values():
        if type_.kind != "OBJECT":
            continue
        interfaces = outline.types[type_.name].interfaces
        if type_.directives:
            yield type_, interfaces
        for field in type_.fields.values():
            if not field.directives or field.coordinate in subgraph.facts.external:
                continue
            if type_.has("interfaceObject"):
                yield field, _through_interface_object(type_, field, outline)
            else:
                yield field, [f"{interface}.{field.name}" for interface in interfaces]


def _through_interface_object(type_: Type, field: Field, outline: Schema) -> list[str]:
    implementations = outline.possible(type_.name)
    others = dict.fromkeys(
        interface
        for implementation in implementations
        for interface in outline.types[implementation].interfaces
        if interface != type_.name
    )
    return [f"{name}.{field.name}" for name in (*implementations, *others)]
