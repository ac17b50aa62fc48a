"""How operations begin: queries anywhere at once, mutations field by field, a subscription at one source."""

from __future__ import annotations

from collections.abc import Iterable

from router.errors import Unplannable
from router.graph import Graph, Need, Node
from router.planner.cover import Cover, Hop
from router.planner.fetches import Builder
from router.planner.sites import Group, Site
from router.planner.walk import START, Walk


def start_parallel(builder: Builder, root: Site, needs: tuple[Need, ...]) -> None:
    """Queries: every subgraph is asked for its share of the root fields at once."""
    cover = builder.walk.cover(Node(START, root.type), needs)
    if cover.rest:
        raise _unplannable(root.type, cover.rest[0], builder.walk.graph)
    builder.start(cover, root)


def start_serial(builder: Builder, root: Site, needs: tuple[Need, ...]) -> None:
    """Mutations: a root field starts after all fetches of the one before it.

    Neighbours in one subgraph share a request where nothing has to happen between them; the subgraph keeps their order.
    """
    last: list[Group] = []
    before: list[Group] = []
    for need in needs:
        cover = _pinned(builder.walk, root.type, need)
        folds = len(last) == 1 and last[0].graph == cover.hops[0].entry.graph
        if not folds:
            before, last = last, []
        first = len(builder.groups)
        builder.start(cover, root, stage=_stage_behind(before), after=before)
        last += builder.groups[first:]


def start_source(builder: Builder, root: Site, needs: tuple[Need, ...]) -> None:
    """Subscriptions: the only root field has one source, and whatever it lacks is fetched for each event."""
    for need in needs:
        builder.start(_pinned(builder.walk, root.type, need), root)


def _stage_behind(groups: list[Group]) -> int:
    return 1 + max((group.stage for group in groups), default=-1)


def _pinned(walk: Walk, root: str, need: Need) -> Cover:
    """The cheapest single subgraph for a field that must be called exactly once."""
    offers = []
    for entry in walk.graph.entries(root):
        edge = walk.edge(entry.target, root, need.name)
        take = walk.take(edge, need) if edge else None
        if take and not (take.cover and take.cover.rest):
            offers.append((take.cover.cost if take.cover else 0.0, Hop(entry, (take,))))
    if not offers:
        raise _unplannable(root, need, walk.graph)
    return Cover(hops=(min(offers, key=lambda offer: offer[0])[1],))


def _unplannable(parent: str, need: Need, graph: Graph) -> Unplannable:
    field = f"{parent}.{need.name}"
    contextual = _takes_context((parent,), need, graph)
    while need.needs:
        parent, need = "|".join(sorted(need.needs[0].types)), need.needs[0]
        contextual = contextual or _takes_context(need.types, need, graph)
        field = f"{parent}.{need.name} (under {field})"
    reason = ": an argument is taken from a @context, which this router cannot do" if contextual else ""
    return Unplannable(f"No way through the subgraphs serves {field}{reason}.")


def _takes_context(types: Iterable[str], need: Need, graph: Graph) -> bool:
    fields = (graph.type(type_).fields.get(need.name) for type_ in types)
    return any(found.context_arguments for field in fields if field for found in field.by_subgraph.values())
