"""Interfaces, interface objects among them: the union of their fields, with checks on who may have a key."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition.merge.fields import merge_fields
from router.composition.merge.partial_fields import hint_partial_fields
from router.composition.merge.types import merge_footer, merge_header, merge_type_description
from router.composition.model.merging import Merging, Source
from router.composition.model.schema import Type
from router.composition.rules import interface_key_missing_implementation_type, interface_object_usage_error


def merge_interface(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> Type:
    """The merged interface."""
    implementations = merging.outline.possible(outlined.name)
    for source in sources:
        if source.element.has("interfaceObject"):
            _check_interface_object(implementations, source, merging)
        else:
            interface_key_missing_implementation_type.check(source, implementations, merging)
    hint_partial_fields(outlined, sources, merging)
    return Type(
        name=outlined.name,
        coordinate=outlined.name,
        kind="INTERFACE",
        description=merge_type_description(outlined, sources, merging),
        interfaces=outlined.interfaces,
        directives=(*merge_header(outlined, sources, merging), *merge_footer(outlined, sources, merging)),
        fields=merge_fields(outlined, sources, merging),
    )


def _check_interface_object(implementations: Sequence[str], source: Source[Type], merging: Merging) -> None:
    known = [name for name in implementations if source.subgraph.type(name) is not None]
    if known:
        interface_object_usage_error.report_implementations(source, known, merging)
