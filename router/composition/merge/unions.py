"""Unions: all members of all subgraphs, each with the graphs that know it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.composition.advice import inconsistent_union_member
from router.composition.merge.joins import join_union_member
from router.composition.merge.types import merge_footer, merge_header, merge_type_description
from router.composition.model.merging import Merging, Source, names
from router.composition.model.schema import Applied, Type
from router.composition.model.subgraph import Subgraph


def merge_union(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> Type:
    """The merged union."""
    return Type(
        name=outlined.name,
        coordinate=outlined.name,
        kind="UNION",
        description=merge_type_description(outlined, sources, merging),
        members=outlined.members,
        directives=(
            *merge_header(outlined, sources, merging),
            *_join_members(outlined, sources, merging),
            *merge_footer(outlined, sources, merging),
        ),
    )


def _join_members(outlined: Type, sources: Sequence[Source[Type]], merging: Merging) -> Iterator[Applied]:
    knowing: dict[str, list[Subgraph]] = {member: [] for member in outlined.members}
    for source in sources:
        for member in source.element.members:
            knowing[member].append(source.subgraph)
    for member, subgraphs in knowing.items():
        having = [subgraph.name for subgraph in subgraphs]
        if len(having) < len(sources):
            lacking = [name for name in names(sources) if name not in having]
            inconsistent_union_member.hint(member, merging, union=outlined.name, having=having, lacking=lacking)
        yield from (join_union_member(subgraph.graph, member) for subgraph in subgraphs)
