"""The object types behind a shared field: every subgraph that answers it should know the same."""

from __future__ import annotations

from collections.abc import Iterable

from router.composition.model.obstacles import RuntimeTypes
from router.graph import Graph, Position


def compare_runtime_types(targets: Iterable[Position], visible: frozenset[str], graph: Graph) -> RuntimeTypes | None:
    """The object types that the subgraphs behind `targets` may return, or None where they do not differ.

    Interface objects, which cannot say, are passed over; so are fields that fewer than two subgraphs leave abstract.
    """
    found = list(targets)
    if sum(graph.is_abstract(position.node) for position in found) < 2:
        return None
    named = [position for position in found if not graph.is_interface_object(position.node)]
    by_subgraph = {position.node.graph: graph.members(position.node) for position in named}
    if len(set(by_subgraph.values())) < 2:
        return None
    common = visible.intersection(*by_subgraph.values())
    return RuntimeTypes(
        {subgraph: tuple(sorted(types)) for subgraph, types in sorted(by_subgraph.items())}, tuple(sorted(common))
    )
