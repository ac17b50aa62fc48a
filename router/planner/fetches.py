"""Builds fetches from what the search decided: fields go into the selections of groups, hops open groups with inputs.

Demand-driven and levelised: a hop asks for its inputs, which are taken from where they are already fetched, else added to a fetch
that is present, else had by a hop of their own. A group's stage is one more than the latest of what it waits for, and it waits
for earlier stages only, so the fetches form a DAG by construction.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TypeAlias

from router.errors import TooLarge, Unplannable
from router.graph import TYPENAME, Graph, Need, Node
from router.limits import FETCHES_PER_PLAN_MAX, SELECTIONS_MAX
from router.plan import Path
from router.planner.contexts import argument_node, contexts_below, guarded_path, keys_to, variable_name
from router.planner.cost import fetch_cost, field_cost
from router.planner.cover import Cover, Hop, Take
from router.planner.scope import Scope
from router.planner.selected import Alike
from router.planner.sites import Above, Fact, Group, Input, Part, Presence, Site
from router.planner.stand import Stand
from router.planner.terms import FREE, Terms
from router.planner.walk import Walk
from router.supergraph.model import ContextArgument

Provided: TypeAlias = tuple[Input, list[Group]]
"""An input, and the groups that provide it."""


@dataclass(frozen=True, slots=True)
class Read:
    """An argument whose value is read further up: the variable that brings it, and the groups that provide it."""

    argument: str
    variable: str
    above: Above
    groups: list[Group]


@dataclass(slots=True)
class Builder:
    """Puts the fetches of one operation together. `reserved` are the names of the client's variables.

    `decided` is what the search said, in the order in which it was asked, and the paths it was asked about.
    """

    graph: Graph
    walk: Walk
    reserved: frozenset[str] = frozenset()
    groups: list[Group] = field(default_factory=list)
    decided: list[tuple[Path, Cover]] = field(default_factory=list)
    part: Part = field(default_factory=Part)
    _groups_at: dict[tuple[Site, str], list[Group]] = field(default_factory=dict)
    _variables: dict[Hashable, str] = field(default_factory=dict)
    _later: list[tuple[int, int, Hop, Hashable]] = field(default_factory=list)
    _waiting: dict[Hashable, list[Presence]] = field(default_factory=dict)
    _order: count[int] = field(default_factory=count)
    _selections: int = 0

    # ── following a cover ───────────────────────────────────────────────────────────────────────────────────────────

    def start(self, cover: Cover, root: Site, *, stage: int = 0, after: Iterable[Group] = ()) -> None:
        """Open the first fetches of an operation, or of one mutation field, and everything behind them."""
        self.decided.append((root.path, cover))
        for hop in cover.hops:
            group = self._root_group(root, hop.entry.graph, stage)
            for earlier in after:
                group.wait_for(earlier)
            selected = Alike((group.selected,))
            presence = Presence(group, root, hop.entry.target, root.types, selected, selected)
            root.presences.append(presence)
            self._take_all(hop.takes, presence)
        self._hop_on()

    def leave(self, cover: Cover, at: Presence) -> None:
        """Open the first fetches of a deferred part, and everything behind them."""
        self.decided.append((at.site.path, cover))
        self.follow(cover, at)
        self._hop_on()

    def follow(self, cover: Cover, at: Presence, terms: Terms = FREE) -> None:
        """Select what the cover takes here. Its hops come later, when most facts are known, unless an input waits for them."""
        self._take_all(cover.takes, at, terms)
        for narrow in cover.narrows:
            self.follow(narrow.cover, self.narrowed(at, narrow.type), terms)
        for hop in cover.hops:
            if terms.nested:
                self._hop(hop, at, terms)
            else:
                self._hop_later(hop, at)

    def _hop_later(self, hop: Hop, at: Presence) -> None:
        """Put a hop off until all is known that is fetched before, and all who would take it from one group are there."""
        contexts = tuple((name, id(holder)) for name, holder in at.contexts.items())
        key = (hop, at.group.number, at.site, at.node, at.types, contexts)
        if key not in self._waiting:
            heapq.heappush(self._later, (at.group.stage, next(self._order), hop, key))
        self._waiting.setdefault(key, []).append(at)

    def _hop_on(self) -> None:
        while self._later:
            _, _, hop, key = heapq.heappop(self._later)
            for at in self._united(self._waiting.pop(key), hop):
                self._hop(hop, at, FREE)

    def _united(self, waiting: list[Presence], hop: Hop) -> list[Presence]:
        """Presences of a group that differ by what is above them alone, as one, unless that matters to the hop.

        So work grows with the depth of an operation, and not with the ways in which types can follow one another.
        """
        first, *others = waiting
        if not others:
            return waiting
        united = replace(
            first,
            selected=first.selected.joined(other.selected for other in others),
            whole=first.whole.joined(other.whole for other in others),
            scope=first.scope.united_all(other.scope for other in others),
        )
        if not self._hops_alike(waiting, united, hop):
            return waiting
        first.site.presences.append(united)
        return [united]

    def _hops_alike(self, apart: Iterable[Presence], united: Presence, hop: Hop) -> bool:
        """Whether what each has at hand for a hop is at hand for all together."""
        if self.graph.sets_contexts and united.scope.guards is None:
            return False
        type_ = hop.entry.type
        needs = [*hop.entry.needs, *(need for take in hop.takes for need in take.edge.requires)]
        return all(
            self._at_hand(need, type_, united) or not any(self._at_hand(need, type_, at) for at in apart)
            for need in (self.walk.restricted(need, type_) for need in needs if type_ in need.types)
        )

    def _at_hand(self, need: Need, type_: str, at: Presence) -> bool:
        return self._missing(need, type_, at.site, at.scope) is None

    def _take_all(self, takes: Iterable[Take], at: Presence, terms: Terms = FREE) -> None:
        for take in takes:
            for below in self._select(take, at):
                if take.cover is not None:
                    self.follow(take.cover, below, terms)

    def _select(self, take: Take, at: Presence) -> list[Presence]:
        """Put one field into a selection. Gives where one stands below it: nowhere below a leaf."""
        self.walk.count_step()
        self._selections += 1
        if self._selections > SELECTIONS_MAX:
            raise TooLarge(f"The operation needs more than {SELECTIONS_MAX} selections from the subgraphs.")
        need, types = take.need, sorted(take.need.types & at.types)
        if need.name == TYPENAME:
            self._name_type(at)
            return []
        keys = at.site.keys_of(need, types)
        if len(keys) > 1 and self.graph.is_abstract(at.node):
            return [below for type_ in types for below in self._select_of(type_, take, at)]
        found = (self._select_as(key, alike, take, at) for key, alike in keys.items())
        return [presence for presence in found if presence is not None]

    def _select_of(self, type_: str, take: Take, at: Presence) -> list[Presence]:
        """Select a field of an interface by one of its members: under the key that it has there."""
        own = Take(self.walk.restricted(take.need, type_), replace(take.edge, parent=type_), take.cover, take.given)
        return self._select(own, self.narrowed(at, type_))

    def _select_as(self, key: str, types: list[str], take: Take, at: Presence) -> Presence | None:
        """Select a field under a key, which is the field's for objects of `types`."""
        need = take.need
        inner = at.selected if take.edge.parent == at.node.type else at.selected.under(take.edge.parent)
        below = inner.take(key, need, take.given)
        for type_ in types:
            at.site.learn(need, type_, Fact(at.group, key, at.scope))
        if below is None:
            return None
        site = at.site.below_of(need, types)
        members = self.graph.members(take.edge.target)
        scope = at.scope.below(at.site, frozenset(types))
        above = contexts_below(at, types, self.graph)
        presence = Presence(at.group, site, take.edge.target, members, below, below, scope, above)
        site.presences.append(presence)
        if self.graph.type(site.type).kind != "OBJECT" and not self.graph.is_interface_object(presence.node):
            self._name_type(presence)
        return presence

    def _name_type(self, at: Presence) -> None:
        at.whole.name_type()
        for type_ in at.types:
            at.site.learn(_TYPENAME, type_, Fact(at.group, TYPENAME, at.scope))

    def narrowed(self, at: Presence, type_: str) -> Presence:
        """The same presence for the objects of one concrete type."""
        if at.node.type == type_:
            return at
        if self.graph.is_interface_object(at.node):
            return replace(at, types=frozenset({type_}))
        node = Node(at.node.graph, type_, at.node.view)
        return replace(at, node=node, types=frozenset({type_}), selected=at.selected.under(type_))

    # ── hops ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _hop(self, hop: Hop, at: Presence, terms: Terms) -> None:
        """Enter a subgraph for the fields of a hop; those with @requires wait for their inputs, the others need not."""
        self.walk.count_step()
        if hop.then is not None:
            self.follow(hop.then, self._enter_unnamed(hop, at), terms)
        plain = [take for take in hop.takes if not take.edge.is_conditional]
        if plain:
            self._take_all(plain, self._enter(hop, at, terms), terms)
        for take in hop.takes:
            if take.edge.is_conditional:
                solving = terms.solving(take.edge.condition)
                inputs = self._demand_all(take.edge.requires, hop.entry.type, at, solving)
                read = [self._read_above(hop, argument, at, solving) for argument in take.edge.contexts]
                given = tuple(argument_node(r.argument, r.variable) for r in read)
                self._take_all([replace(take, given=given)], self._enter(hop, at, terms, inputs, read), terms)

    def _enter(
        self, hop: Hop, at: Presence, terms: Terms, required: Iterable[Provided] = (), read: Sequence[Read] = ()
    ) -> Presence:
        """Stand in the hop's subgraph, in the earliest fetch there that can have its inputs."""
        entry, site = hop.entry, at.site
        if entry.key is None:
            group = self._root_group(site, entry.graph, at.group.stage + 1)
            group.wait_for(at.group)
            return self._stand(group, at, entry.target, entry.type)
        keys = self._demand_all(entry.needs, entry.type, at, terms.deeper())
        for key, _ in keys:
            key.is_key = True
        inputs = [*keys, *required]
        anchor = next(p for p in site.present(entry.type, at.scope) if not self.graph.is_interface_object(p.node))
        self._name_type(anchor)
        providers = [anchor.group, *(group for _, groups in inputs for group in groups)]
        providers += [group for value in read for group in value.groups]
        path = guarded_path(site, at.scope) if read else site.path
        stage = 1 + max(provider.stage for provider in providers)
        last = stage if terms.nested else None  # whoever asks for an input waits for it
        group = self._entity_group(hop, site, path, [given for given, _ in inputs], stage, last=last)
        for provider in providers:
            group.wait_for(provider)
        group.contexts.update((value.variable, value.above) for value in read)
        return self._stand(group, at, entry.target, entry.type)

    def _enter_unnamed(self, hop: Hop, at: Presence) -> Presence:
        """Enter a subgraph with objects of which only an interface is known; it names their types."""
        entry, site = hop.entry, at.site
        groups: dict[int, Group] = {}
        keys: list[Input] = []
        for need in entry.needs:
            edge = self.graph.edge(at.node, at.node.type, need.name)
            assert edge is not None, "the search has found the key here"
            self._take_all([self.walk.take(edge, need, Stand(at.node, FREE, at.group.stage))], at)
            keys.append(self._read(need, min(at.types), site, at.scope, groups))
            keys[-1].is_key = True
        group = self._entity_group(hop, site, site.path, keys, 1 + at.group.stage)
        group.wait_for(at.group)
        selected = Alike((group.selected.under(entry.typename),))
        members = self.graph.members(entry.target)
        presence = Presence(group, site, entry.target, members, selected, selected, at.scope, at.contexts)
        site.presences.append(presence)
        self._name_type(presence)
        return presence

    def _stand(self, group: Group, at: Presence, node: Node, type_: str) -> Presence:
        """The presence of a group where another one stands, for the objects of `type_`."""
        selected = Alike((group.selected.under(node.type) if group.is_entity else group.selected,))
        presence = Presence(group, at.site, node, frozenset({type_}), selected, selected, at.scope, at.contexts)
        at.site.presences.append(presence)
        return presence

    def _root_group(self, site: Site, graph: str, stage: int) -> Group:
        return self._find(site, graph, stage) or self._open(
            Group(graph, site, site.path, stage, len(self.groups), False)
        )

    def _entity_group(
        self, hop: Hop, site: Site, path: Path, inputs: list[Input], stage: int, *, last: int | None = None
    ) -> Group:
        type_, typename = hop.entry.type, hop.entry.typename
        group = self._find(site, hop.entry.graph, stage, (type_, typename, inputs), path, last=last)
        if group is None:
            group = self._open(Group(hop.entry.graph, site, path, stage, len(self.groups), True))
        group.typenames[type_] = typename
        add_inputs(group.inputs.setdefault(type_, {}), inputs)
        return group

    def _find(
        self,
        site: Site,
        graph: str,
        stage: int,
        asked: tuple[str, str, list[Input]] | None = None,
        path: Path | None = None,
        *,
        last: int | None = None,
    ) -> Group | None:
        """The earliest group at a site, not before `stage` nor after `last`, that can carry the inputs asked for."""
        fit = [
            group
            for group in self._groups_at.get((site, graph), ())
            if group.part is self.part
            and group.stage >= stage
            and (last is None or group.stage <= last)
            and group.path == (path or site.path)
            and can_carry(group, asked)
        ]
        return min(fit, key=lambda group: group.stage, default=None)

    def _open(self, group: Group) -> Group:
        if len(self.groups) >= FETCHES_PER_PLAN_MAX:
            raise TooLarge(f"The operation needs more than {FETCHES_PER_PLAN_MAX} subgraph requests.")
        group.part = self.part
        self.groups.append(group)
        self._groups_at.setdefault((group.site, group.graph), []).append(group)
        return group

    # ── contexts ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _read_above(self, hop: Hop, argument: ContextArgument, at: Presence, terms: Terms) -> Read:
        """Make sure that the value of an argument is fetched with the object above that sets its context."""
        holder = at.contexts[argument.context]
        above = Above(argument.type, holder.site)
        groups = [holder.group]
        if self.graph.type(holder.site.type).kind != "OBJECT":
            self._name_type(holder)
        for type_ in sorted(holder.types):
            need, *_ = self.graph.needs(argument.selection, type_)
            given, providers = self._demand(need, type_, holder, terms)
            above.keys[type_] = keys_to(given)
            groups += providers
        value = (at.site, argument.context, argument.selection.text, argument.type, holder.site)
        if value not in self._variables:
            self._variables[value] = self._free_variable(hop.entry.graph)
        return Read(argument.name, self._variables[value], above, groups)

    def _free_variable(self, graph: str) -> str:
        names = (variable_name(graph, number) for number in count(len(self._variables)))
        return next(name for name in names if name not in self.reserved)

    # ── demands ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _demand_all(
        self, needs: Iterable[Need], type_: str, near: Presence, terms: Terms
    ) -> list[tuple[Input, list[Group]]]:
        wanted = [self.walk.restricted(need, type_) for need in needs if type_ in need.types]
        facts = (near.site.fact(need, type_, near.scope) for need in wanted)
        waits = max((fact.group.stage + 1 for fact in facts if fact is not None), default=0)
        return [self._demand(need, type_, near, terms, waits=waits) for need in wanted]

    def _demand(
        self, need: Need, type_: str, near: Presence, terms: Terms, *, waits: int = 0
    ) -> tuple[Input, list[Group]]:
        """Make sure that a field is fetched for the objects of `near`; gives it as an input, and the groups that provide it.

        Who asks `waits` until that stage anyway, for other inputs.
        """
        missing = self._missing(need, type_, near.site, near.scope)
        if missing is None and self._could_be_earlier(need, type_, near):
            missing = need
        if missing is not None:
            self._provide(missing, type_, near, terms, waits=waits)
        groups: dict[int, Group] = {}
        return self._read(need, type_, near.site, near.scope, groups), list(groups.values())

    def _missing(self, need: Need, type_: str, site: Site, scope: Scope) -> Need | None:
        """The part of a need that nobody fetches for the objects in a scope; None where there is none."""
        self.walk.count_step()
        if site.fact(need, type_, scope) is None:
            return need
        if need.is_leaf:
            return None
        below, inner = site.below_of(need, (type_,)), scope.below(site, frozenset({type_}))
        wanted = (
            (self.walk.restricted(child, member), member)
            for child in need.needs
            for member in below.standing(inner)
            if member in child.types
        )
        rest = tuple(child for child, member in wanted if self._missing(child, member, below, inner) is not None)
        return need.only(rest) if rest else None

    def _could_be_earlier(self, need: Need, type_: str, near: Presence) -> bool:
        """Whether `near` can fetch a leaf sooner than it is fetched now."""
        fact = near.site.fact(need, type_, near.scope)
        if not need.is_leaf or fact is None or near.group.stage >= fact.group.stage:
            return False
        edge = self.graph.edge(near.node, type_, need.name)
        return edge is not None and not edge.is_conditional and self._may_take(need, type_, near)

    def _may_take(self, need: Need, type_: str, at: Presence) -> bool:
        """Whether a field may be asked of a fetch: one of the part that is planned, or of a part around it for a key."""
        keys = (key.name for entry in self.graph.entries(type_) for key in entry.needs)
        return at.group.part is self.part or need.name in (TYPENAME, *keys)

    def _provide(self, need: Need, type_: str, near: Presence, terms: Terms, *, waits: int) -> None:
        """Fetch a field from the presence at the site that can do so at the least cost, that of keeping who asks waiting included."""
        offers = list(self._offers(need, type_, near, terms))
        if not offers:
            # The field may be inaccessible, and so may its type: a message for clients must not name them.
            whose = "this operation" if self.graph.type(near.site.type).inaccessible else near.site.type
            raise Unplannable(f"No way was found to fetch what fields of {whose} depend on.")
        cover, at = min(offers, key=lambda offer: offer[0].cost + fetch_cost(max(waits, _known_after(*offer))))
        self.decided.append((at.site.path, cover))
        self.follow(cover, at, terms)

    def _offers(self, need: Need, type_: str, near: Presence, terms: Terms) -> Iterator[tuple[Cover, Presence]]:
        """How the presences at a site would fetch a field, but for those that stand too late to be the cheapest."""
        least = math.inf
        for at in [near, *(other for other in near.site.present(type_, near.scope) if other is not near)]:
            if field_cost(at.group.stage) >= least:
                continue
            narrowed = self.narrowed(at, type_)
            cover = self._cover(need, type_, narrowed, terms)
            if not cover.rest:
                least = min(least, cover.cost)
                yield cover, narrowed

    def _cover(self, need: Need, type_: str, at: Presence, terms: Terms) -> Cover:
        stand = self.stand(at, terms)
        if not self._may_take(need, type_, at) and not self.graph.is_interface_object(at.node):
            cover = self.walk.leaving(stand, (need,))
            if not cover.rest:
                return cover
        return self.walk.unnamed(stand, need) or self.walk.cover(stand.node, (need,), stand.terms, stand.stage)

    @staticmethod
    def stand(at: Presence, terms: Terms = FREE) -> Stand:
        """Where a search stands that starts from a presence."""
        contexts = tuple(sorted((name, holder.node) for name, holder in at.contexts.items()))
        return Stand(at.node, terms.within(contexts), at.group.stage)

    def _read(self, need: Need, type_: str, site: Site, scope: Scope, groups: dict[int, Group]) -> Input:
        """A fetched field as an input; notes the groups that fetch it."""
        fact = site.fact(need, type_, scope)
        assert fact is not None, "what is read has been provided"
        groups[fact.group.number] = fact.group
        nullable = need.name != TYPENAME and not self.graph.type(type_).fields[need.name].type.endswith("!")
        given = Input(need.name, fact.key, nullable=nullable)
        if not need.is_leaf:
            below, inner = site.below_of(need, (type_,)), scope.below(site, frozenset({type_}))
            given.below = self._read_below(need.needs, below, inner, groups)
        return given

    def _read_below(self, needs: Iterable[Need], below: Site, scope: Scope, groups: dict[int, Group]) -> list[Input]:
        standing = below.standing(scope)
        inputs: dict[tuple[str, str, tuple[str, ...]], Input] = {}
        if len(below.types) > 1 and standing:
            add_inputs(inputs, [self._read(_TYPENAME, standing[0], below, scope, groups)])
        for child in needs:
            for member in standing:
                if member in child.types and below.fact(child, member, scope) is not None:
                    given = self._read(self.walk.restricted(child, member), member, below, scope, groups)
                    given.on = (member,) if len(below.types) > 1 else ()
                    add_inputs(inputs, [given])
        return list(inputs.values())


def _known_after(cover: Cover, at: Presence) -> int:
    """The first stage in which what a cover fetches from a presence is known."""
    return at.group.stage + cover.height + 1


_TYPENAME = Need(TYPENAME, "", frozenset(), "String")


def can_carry(group: Group, asked: tuple[str, str, list[Input]] | None) -> bool:
    if asked is None:
        return not group.is_entity
    type_, typename, inputs = asked
    if not group.is_entity or group.typenames.get(type_, typename) != typename:
        return False
    unnamed = {known for known in (*group.typenames, type_) if known not in group.site.types}
    if unnamed and {*group.typenames, type_} != unnamed:
        return False  # objects that have no name yet cannot be told from those that have one
    if any(known != type_ and named != known for known, named in group.typenames.items() if known not in unnamed):
        return (
            False  # a subgraph that knows them by an interface cannot tell them apart: each type is asked for its own
        )
    held = group.inputs.get(type_, {}).values()
    return not any(_clash(mine, theirs) for mine in held for theirs in inputs)


def _clash(one: Input, other: Input) -> bool:
    """Whether two inputs would put different values under one name of a representation."""
    if one.name != other.name or (one.on and other.on and not set(one.on) & set(other.on)):
        return False
    return one.key != other.key or any(_clash(mine, theirs) for mine in one.below for theirs in other.below)


def add_inputs(held: dict[tuple[str, str, tuple[str, ...]], Input], inputs: Iterable[Input]) -> None:
    """Put inputs among those held, one that is there already once."""
    for given in inputs:
        known = held.setdefault((given.name, given.key, given.on), given)
        if known is not given:
            known.is_key = known.is_key or given.is_key
            merged = {(inner.name, inner.key, inner.on): inner for inner in known.below}
            add_inputs(merged, given.below)
            known.below = list(merged.values())
