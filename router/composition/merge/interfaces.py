"""Interfaces, interface objects among them: the union of their fields, with checks on who may have a key."""

from __future__ import annotations

from collections.abc import Sequence

from graphql import BooleanValueNode

from router.composition import wording
from router.composition.codes import Code
from router.composition.merge.fields import merge_fields
from router.composition.merge.types import merge_footer, merge_header, merge_type_description
from router.composition.model.merging import Merging, Source
from router.composition.model.schema import Applied, Type


def merge_interface(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> Type:
    """The merged interface."""
    for source in sources:
        if source.element.has("interfaceObject"):
            _check_interface_object(outlined, source, merging)
        else:
            _check_keyed_interface(outlined, source, merging)
    return Type(
        name=outlined.name,
        coordinate=outlined.name,
        kind="INTERFACE",
        description=merge_type_description(outlined, sources, merging),
        interfaces=outlined.interfaces,
        directives=(*merge_header(outlined, sources, merging), *merge_footer(outlined, sources, merging)),
        fields=merge_fields(outlined, sources, merging),
    )


def is_resolvable(key: Applied) -> bool:
    """Whether the subgraph resolves entities by the key."""
    value = key.arguments.get("resolvable")
    return not (isinstance(value, BooleanValueNode) and not value.value)


def _check_keyed_interface(outlined: Type, source: Source[Type], merging: Merging) -> None:
    """A subgraph that resolves an interface by key must know every type it may turn out to be."""
    key = next((key for key in source.element.applied("key") if is_resolvable(key)), None)
    if key is None:
        return
    known = set(source.subgraph.schema.possible(outlined.name))
    missing = [name for name in merging.outline.possible(outlined.name) if name not in known]
    if missing:
        merging.report.error(
            Code.INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE,
            f'[{source.subgraph.name}] Interface "{outlined.name}" has a resolvable key ({key}), so its subgraph must'
            f" define every implementation of the supergraph. Missing: {wording.series(missing)}.",
            coordinates=[outlined.name],
            places=[key.place],
        )


def _check_interface_object(outlined: Type, source: Source[Type], merging: Merging) -> None:
    known = [name for name in merging.outline.possible(outlined.name) if source.subgraph.type(name) is not None]
    if known:
        merging.report.error(
            Code.INTERFACE_OBJECT_USAGE_ERROR,
            f'[{source.subgraph.name}] Interface "{outlined.name}" is an @interfaceObject here, so this subgraph must'
            f" define none of its implementations, but it defines {wording.series(known)}.",
            coordinates=[outlined.name],
            places=[source.element.place],
        )
