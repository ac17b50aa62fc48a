"""Unions: all members of all subgraphs, each with the graphs that know it."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition.merge.joins import join_union_member
from router.composition.merge.types import merge_footer, merge_header, merge_type_description
from router.composition.model.merging import Merging, Source
from router.composition.model.schema import Type


def merge_union(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> Type:
    """The merged union."""
    members = [
        join_union_member(source.subgraph.graph, member)
        for member in outlined.members
        for source in sources
        if member in source.element.members
    ]
    return Type(
        name=outlined.name,
        coordinate=outlined.name,
        kind="UNION",
        description=merge_type_description(outlined, sources, merging),
        members=outlined.members,
        directives=(
            *merge_header(outlined, sources, merging),
            *members,
            *merge_footer(outlined, sources, merging),
        ),
    )
