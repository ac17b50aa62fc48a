"""What merging has in common for every kind of type: where it exists, with which keys, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.composition.merge.descriptions import merge_description
from router.composition.merge.directives import merge_directives, merge_inaccessible
from router.composition.merge.joins import join_implements, join_type
from router.composition.merge.wrapped_directives import wrap_directives
from router.composition.model.merging import Merging, Source
from router.composition.model.schema import ROOT_TYPES, Applied, Type
from router.composition.rules import extension_with_no_base


def merge_header(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> tuple[Applied, ...]:
    """The directives of the merged type up to where its kind adds its own: implements, types, inaccessible."""
    _check_base(outlined, sources, merging)
    return (
        *_join_implements(sources),
        *(applied for source in sources for applied in _join_types(source)),
        *merge_inaccessible(sources),
        *wrap_directives(sources),
    )


def merge_footer(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> tuple[Applied, ...]:
    """The directives that users wrote, behind all join directives."""
    return merge_directives(sources, merging, coordinate=outlined.name, auth_apart=outlined.kind == "INTERFACE")


def merge_type_description(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> str | None:
    return merge_description(sources, merging, coordinate=outlined.name)


def _check_base(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> None:
    if outlined.name in ROOT_TYPES or any(source.element.defined for source in sources):
        return
    for source in sources:
        extension_with_no_base.report(source.element, merging.report, subgraph=source.subgraph.name)


def _join_implements(sources: Sequence[Source[Type]]) -> Iterator[Applied]:
    for source in sources:
        for interface in source.element.interfaces:
            yield join_implements(source.subgraph.graph, interface)


def _join_types(source: Source[Type]) -> Iterator[Applied]:
    type_, graph = source.element, source.subgraph.graph
    interface_object = type_.has("interfaceObject")
    keys = type_.applied("key")
    if not keys:
        yield join_type(graph, interface_object=interface_object)
    for key in keys:
        resolvable = key.arguments.get("resolvable")
        yield join_type(
            graph,
            key=key.string("fields"),
            extension=key.declaration > 0 or not type_.defined or type_.has("extends"),
            resolvable=getattr(resolvable, "value", True),
            interface_object=interface_object,
        )
