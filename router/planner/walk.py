"""The search: from a node of the query graph, the cheapest way to serve a set of needs.

A recursion over (node, needs), remembered, in which every choice is local to one object position: take a field where one stands,
narrow an abstract position to its members, or hop by a key whose fields are searched for in the same way. Semantics of legal
paths follow Apollo's planner: a field on an abstract position must be served for all the types its subgraph may return there, a
type that the subgraph cannot return needs nothing, and a position without a key is completed by entering again at an ancestor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from router.graph import TYPENAME, Entry, FieldEdge, Graph, Need, Node
from router.limits import KEY_HOPS_MAX
from router.planner.assign import Choice, cheapest
from router.planner.cost import fetch_cost, field_cost
from router.planner.cover import NOTHING, Cover, Hop, Narrow, Take

START = ""  # the graph of the node an operation starts from


@dataclass(frozen=True, slots=True)
class Banned:
    """What a search must not use: it is solving a condition of exactly that step.

    `graphs` bans entering a subgraph at this position, `edges` a field with @requires anywhere; `hops` counts the entries
    whose conditions are being solved.
    """

    graphs: frozenset[str] = frozenset()
    edges: frozenset[tuple[str, str, str]] = frozenset()
    hops: int = 0

    def entering(self, graph: str) -> Banned:
        return Banned(self.graphs | {graph}, self.edges, self.hops + 1)

    def requiring(self, edge: tuple[str, str, str]) -> Banned:
        return Banned(self.graphs, self.edges | {edge}, self.hops + 1)

    def below(self) -> Banned:
        """The same one position deeper, where other objects are entered."""
        return replace(self, graphs=frozenset())


FREE = Banned()


@dataclass(frozen=True, slots=True)
class Way:
    """An entry whose key can be had, what that costs, and the stage of the fetch it opens."""

    entry: Entry
    cost: float
    stage: int


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """Where a search stands: at an object, in a fetch of `stage`, with these ways to go on."""

    node: Node
    banned: Banned
    stage: int
    ways: tuple[Way, ...]


@dataclass(slots=True)
class Walk:
    """One search, with everything it has found out so far."""

    graph: Graph
    _covers: dict[tuple[Node, tuple[Need, ...], Banned, int], Cover] = field(default_factory=dict)
    _restricted: dict[tuple[Need, str], Need] = field(default_factory=dict)

    def cover(self, node: Node, needs: tuple[Need, ...], banned: Banned = FREE, stage: int = 0) -> Cover:
        """The cheapest way to serve `needs` from `node`, whose fetch runs in `stage`."""
        # Even a position nothing is wanted of has to be named where its subgraph cannot name it.
        if not needs and not self.graph.is_interface_object(node):
            return NOTHING
        key = (node, needs, banned, stage)
        if key not in self._covers:
            self._covers[key] = self._search(node)(node, needs, banned, stage)
        return self._covers[key]

    def _search(self, node: Node) -> Callable[[Node, tuple[Need, ...], Banned, int], Cover]:
        if self.graph.is_interface_object(node):
            return self._interface_object
        return self._abstract if self.graph.is_abstract(node) else self._object

    def restricted(self, need: Need, type_: str) -> Need:
        """`need` for one concrete type, the same object each time it is asked for."""
        if need.types == {type_}:
            return need
        key = (need, type_)
        if key not in self._restricted:
            self._restricted[key] = need.restricted(type_)
        return self._restricted[key]

    def edge(self, node: Node, type_: str, name: str) -> FieldEdge | None:
        """The edge of a field that a request can take: no plan fills arguments from a @context."""
        edge = self.graph.edge(node, type_, name)
        return None if edge is None or edge.contexts else edge

    # ── abstract positions ──────────────────────────────────────────────────────────────────────────────────────────

    def _abstract(self, node: Node, needs: tuple[Need, ...], banned: Banned, stage: int) -> Cover:
        members = self.graph.members(node)
        takes: list[Take] = []
        by_type: dict[str, list[Need]] = {}
        for need in needs:
            take = self._take_for_all(node, need, members, banned, stage)
            if take is not None:
                takes.append(take)
                continue
            for member in sorted(need.types & members):
                by_type.setdefault(member, []).append(self.restricted(need, member))
        narrows = [
            Narrow(member, self.cover(Node(node.graph, member, node.view), tuple(wanted), banned, stage))
            for member, wanted in sorted(by_type.items())
        ]
        return _joined(takes, narrows, stage)

    def _take_for_all(self, node: Node, need: Need, members: frozenset[str], banned: Banned, stage: int) -> Take | None:
        edge = self.graph.interface_edge(node, need) if need.types & members else None
        take = self.take(edge, need, banned, stage) if edge else None
        return take if take and not _rest(take) else None

    # ── interface objects ───────────────────────────────────────────────────────────────────────────────────────────

    def _interface_object(self, node: Node, needs: tuple[Need, ...], banned: Banned, stage: int) -> Cover:
        """Serve objects of which the subgraph knows only the interface: another one has to name their type.

        What is wanted of all of them alike is taken here; what is wanted of some waits until it is known which they are.
        """
        takes: list[Take] = []
        others: list[Need] = []
        shown = self.graph.shown(node.type)
        for need in needs:
            edge = self.edge(node, node.type, need.name)
            known = edge is not None and not edge.requires and need.name != TYPENAME and need.types >= shown
            take = self.take(edge, need, banned, stage) if edge and known else None
            if take and not _rest(take):
                takes.append(take)
            else:
                others.append(need)
        hop, cover = self._naming(node, tuple(others), banned, stage)
        local = _joined(takes, [], stage)
        if hop is None:
            return replace(local, rest=needs)
        cost = local.cost + fetch_cost(stage + 1) + cover.cost
        return replace(local, hops=(hop,), rest=cover.rest, cost=cost, height=max(local.height, 1 + cover.height))

    def _naming(self, node: Node, needs: tuple[Need, ...], banned: Banned, stage: int) -> tuple[Hop | None, Cover]:
        """The hop that names the types of interface objects, and what is had behind it; None where nobody can."""
        offers: list[tuple[int, float, Hop, Cover]] = []
        for entry in self.graph.naming_entries(node.type):
            key = [self.edge(node, node.type, need.name) for need in entry.needs]
            if entry.graph in banned.graphs or any(edge is None or edge.requires for edge in key):
                continue
            # Not banned: objects that have been named may be handed back to the same subgraph, with the inputs of a field.
            cover = self.cover(entry.target, needs, replace(banned, hops=banned.hops + 1), stage + 1)
            left = _leaves(cover.rest)
            offers.append((left, cover.cost, Hop(entry, then=cover), cover))
        if not offers:
            return None, NOTHING
        _, _, hop, cover = min(offers, key=lambda offer: offer[:2])
        return hop, cover

    # ── objects ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _object(self, node: Node, needs: tuple[Need, ...], banned: Banned, stage: int) -> Cover:
        takes: list[Take] = []
        pending: list[tuple[Need, Take | None]] = []
        for need in needs:
            if node.type not in need.types:
                continue
            edge = self.edge(node, node.type, need.name) if node.graph else None
            take = self.take(edge, need, banned, stage) if edge and not edge.requires else None
            if take and not _rest(take) and not _height(take):
                takes.append(take)
            else:
                pending.append((need, take))
        if not pending:
            return _joined(takes, [], stage)
        stand = Stand(node, banned, stage, tuple(self._ways(node, banned, stage)))
        return self._spread(stand, takes, pending)

    def _spread(self, stand: Stand, takes: list[Take], pending: Sequence[tuple[Need, Take | None]]) -> Cover:
        """Serve what the node alone does not, each need by the node or by a hop, with as few hops as possible."""
        choices: list[list[Choice]] = []
        rest: list[Need] = []
        for need, local in pending:
            chosen, left = self._whole_or_parts(stand, need, local)
            choices.extend(chosen)
            if left is not None:
                rest.append(left)
        return _assigned(stand, takes, choices, tuple(rest))

    def _whole_or_parts(self, stand: Stand, need: Need, local: Take | None) -> tuple[list[list[Choice]], Need | None]:
        """The options that serve the whole need; where there is none, as many parts as it takes, and what is left."""
        parts: list[list[Choice]] = []
        while True:
            options = self._options(stand, need, local)
            whole = [option for option in options if not option.left]
            if whole:
                return [*parts, whole], None
            best = min(options, key=lambda option: (option.left, option.cost), default=None)
            if best is None or best.left >= _leaves(need.needs):
                return parts, need
            parts.append([best])
            need = need.only(_rest(best.take))
            local = self.take(local.edge, need, stand.banned, stand.stage) if local else None

    def _options(self, stand: Stand, need: Need, local: Take | None) -> list[Choice]:
        options = [Choice(local, None, _cost(local, stand.stage), _left(local), _height(local))] if local else []
        for index, way in enumerate(stand.ways):
            edge = self.edge(way.entry.target, stand.node.type, need.name)
            # One's own subgraph is entered again only to hand it the inputs of a field.
            if edge is None or (way.entry.graph == stand.node.graph and not edge.requires):
                continue
            inputs = self._inputs(stand.node, edge, stand.banned, way.stage)
            if inputs is None:
                continue
            at = way.stage + inputs.height
            take = self.take(edge, need, stand.banned, at)
            height = at - stand.stage + _height(take)
            options.append(Choice(take, index, _cost(take, at) + inputs.cost, _left(take), height))
        return options

    def _inputs(self, node: Node, edge: FieldEdge, banned: Banned, stage: int) -> Cover | None:
        """How the inputs of a field with @requires are had, or None where they cannot."""
        if not edge.requires:
            return NOTHING
        if edge.condition in banned.edges or banned.hops >= KEY_HOPS_MAX:
            return None
        cover = self.cover(node, self._of_type(edge.requires, node.type), banned.requiring(edge.condition), stage)
        return None if cover.rest else cover

    def take(self, edge: FieldEdge, need: Need, banned: Banned = FREE, stage: int = 0) -> Take:
        """The field of `need` along `edge`, with the best that can be done below it."""
        if need.is_leaf:
            return Take(need, edge)
        return Take(need, edge, self.cover(edge.target, need.needs, banned.below(), stage))

    # ── ways into other subgraphs ───────────────────────────────────────────────────────────────────────────────────

    def _ways(self, node: Node, banned: Banned, stage: int) -> list[Way]:
        """For each subgraph that can be entered from here, the entry whose key is cheapest to have."""
        if banned.hops >= KEY_HOPS_MAX:
            return []
        best: dict[tuple[str, str], Way] = {}
        for entry in self.graph.entries(node.type):
            way = self._way(node, entry, banned, stage)
            known = best.get((entry.graph, entry.typename))
            if way and (known is None or way.cost < known.cost):
                best[entry.graph, entry.typename] = way
        return list(best.values())

    def _way(self, node: Node, entry: Entry, banned: Banned, stage: int) -> Way | None:
        if entry.graph in banned.graphs:
            return None
        if not entry.needs:
            opens = stage if node.graph == START else stage + 1
            return Way(entry, fetch_cost(opens), opens)
        key = self.cover(node, self._of_type(entry.needs, node.type), banned.entering(entry.graph), stage)
        if key.rest:
            return None
        opens = stage + 1 + key.height
        return Way(entry, fetch_cost(opens) + key.cost, opens)

    def _of_type(self, needs: Iterable[Need], type_: str) -> tuple[Need, ...]:
        return tuple(self.restricted(need, type_) for need in needs if type_ in need.types)


def _assigned(stand: Stand, takes: list[Take], choices: list[list[Choice]], rest: tuple[Need, ...]) -> Cover:
    """The cover of an object position once it is known which hop could serve which need."""
    picked = cheapest(choices, [way.cost for way in stand.ways])
    local = _joined([*takes, *(choice.take for choice in picked if choice.way is None)], [], stand.stage)
    by_way: dict[int, list[Choice]] = {}
    for choice in picked:
        if choice.way is not None:
            by_way.setdefault(choice.way, []).append(choice)
    opened = sum(stand.ways[index].cost + sum(c.cost for c in taken) for index, taken in by_way.items())
    return replace(
        local,
        hops=tuple(Hop(stand.ways[i].entry, tuple(c.take for c in taken)) for i, taken in sorted(by_way.items())),
        rest=rest,
        cost=local.cost + opened,
        height=max((choice.height for choice in picked), default=0),
    )


def _joined(takes: list[Take], narrows: list[Narrow], stage: int) -> Cover:
    return Cover(
        takes=tuple(takes),
        narrows=tuple(narrows),
        rest=tuple(need for narrow in narrows for need in narrow.cover.rest),
        cost=sum(_cost(take, stage) for take in takes) + sum(narrow.cover.cost for narrow in narrows),
        height=max([_height(take) for take in takes] + [narrow.cover.height for narrow in narrows], default=0),
    )


def _rest(take: Take) -> tuple[Need, ...]:
    return take.cover.rest if take.cover else ()


def _left(take: Take) -> int:
    return _leaves(_rest(take))


def _leaves(needs: Iterable[Need]) -> int:
    return sum(need.leaves() for need in needs)


def _height(take: Take) -> int:
    return take.cover.height if take.cover else 0


def _cost(take: Take, stage: int) -> float:
    return field_cost(stage) + (take.cover.cost if take.cover else 0.0)
