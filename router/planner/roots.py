"""How operations begin: queries anywhere at once, mutations field by field, a subscription at one source."""

from __future__ import annotations

from router.errors import Unplannable
from router.graph import Need, Node
from router.planner.cover import Cover, Hop
from router.planner.fetches import Builder
from router.planner.sites import Group, Site
from router.planner.stand import Stand
from router.planner.terms import FREE
from router.planner.walk import START, Walk


def start_parallel(builder: Builder, root: Site, needs: tuple[Need, ...]) -> None:
    """Queries: every subgraph is asked for its share of the root fields at once."""
    cover = builder.walk.cover(Node(START, root.type), needs)
    if cover.rest:
        raise _unplannable(root.type, cover.rest[0])
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
        edge = walk.graph.edge(entry.target, root, need.name)
        take = walk.take(edge, need, Stand(entry.target, FREE, 0)) if edge else None
        if take and not (take.cover and take.cover.rest):
            offers.append((take.cover.cost if take.cover else 0.0, Hop(entry, (take,))))
    if not offers:
        raise _unplannable(root, need)
    return Cover(hops=(min(offers, key=lambda offer: offer[0])[1],))


def _unplannable(parent: str, need: Need) -> Unplannable:
    field = f"{parent}.{need.name}"
    while need.needs:
        parent, need = "|".join(sorted(need.needs[0].types)), need.needs[0]
        field = f"{parent}.{need.name} (under {field})"
    return Unplannable(f"No way through the subgraphs serves {field}.")
