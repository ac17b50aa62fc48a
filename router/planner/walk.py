"""The search: from a node of the query graph, the cheapest way to serve a set of needs.

A recursion over (node, needs), remembered, in which every choice is local to one object position: take a field where one stands,
narrow an abstract position to its members, or hop by a key whose fields are searched for in the same way. Semantics of legal
paths follow Apollo's planner: a field on an abstract position must be served for all the types its subgraph may return there, a
type that the subgraph cannot return needs nothing, and a position without a key is completed by entering again at an ancestor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from router.errors import TooLarge
from router.graph import TYPENAME, Entry, FieldEdge, Graph, Need, Node
from router.limits import CONDITIONS_NESTED_MAX, PLANNING_STEPS_MAX
from router.planner.assign import Alternative, Choice, Placements, cheapest, opened
from router.planner.cost import fetch_cost, field_cost
from router.planner.cover import NOTHING, Cover, Hop, Narrow, Take
from router.planner.stand import Stand, Way, openings_for
from router.planner.strands import WayDown, ways_down
from router.planner.terms import FREE, Terms
from router.supergraph.model import ContextArgument

START = ""  # the graph of the node an operation starts from
_NOTHING_LEANED_ON = 1 << 30  # deeper than any question


@dataclass(slots=True)
class Walk:
    """One search, with everything it has found out so far.

    A question that comes up again while it is being answered has no answer there: a way that leads in a circle is none. What was
    found because of that holds only there, and is not remembered.
    """

    graph: Graph
    _covers: dict[tuple[Node, tuple[Need, ...], Terms, int], Cover] = field(default_factory=dict)
    _ways: dict[tuple[Node, Terms, int], tuple[Way, ...]] = field(default_factory=dict)
    _restricted: dict[tuple[Need, str], Need] = field(default_factory=dict)
    _reduced: dict[tuple[Need, tuple[Need, ...]], Need] = field(default_factory=dict)
    _narrowed: dict[tuple[Need, frozenset[str]], Need] = field(default_factory=dict)
    _open: dict[tuple[Node, tuple[Need, ...], Terms], int] = field(default_factory=dict)
    _leaned_on: int = _NOTHING_LEANED_ON
    steps: int = 0
    _placements: Placements = field(default_factory=Placements)

    def cover(self, node: Node, needs: tuple[Need, ...], terms: Terms = FREE, stage: int = 0) -> Cover:
        """The cheapest way to serve `needs` from `node`, whose fetch runs in `stage`."""
        # Even a position nothing is wanted of has to be named where its subgraph cannot name it.
        if not needs and not self.graph.is_interface_object(node):
            return NOTHING
        key = (node, needs, terms, stage)
        known = self._covers.get(key)
        if known is not None:
            return known
        question = (node, needs, terms)
        asked = self._open.get(question)
        if asked is not None or terms.nested > CONDITIONS_NESTED_MAX:
            self._leaned_on = min(self._leaned_on, asked or 0)
            return Cover(rest=needs)
        return self._answered(question, stage)

    def _answered(self, question: tuple[Node, tuple[Need, ...], Terms], stage: int) -> Cover:
        self.count_step()
        depth, outer, self._leaned_on = len(self._open), self._leaned_on, _NOTHING_LEANED_ON
        self._open[question] = depth
        found = self._search(*question, stage)
        del self._open[question]
        if self._leaned_on >= depth:
            self._covers[(*question, stage)] = found
            self._leaned_on = _NOTHING_LEANED_ON
        self._leaned_on = min(outer, self._leaned_on)
        return found

    def count_step(self) -> None:
        """Note that a step was taken, by the search or in following it: one operation may take so many in all."""
        self.steps += 1
        if self.steps > PLANNING_STEPS_MAX:
            raise TooLarge(f"The operation takes more than {PLANNING_STEPS_MAX} steps to plan.")

    def _search(self, node: Node, needs: tuple[Need, ...], terms: Terms, stage: int) -> Cover:
        if self.graph.is_interface_object(node):
            return self._interface_object(node, needs, terms, stage)
        if self.graph.is_abstract(node):
            return self._abstract(node, needs, terms, stage)
        return self._object(Stand(node, terms, stage), needs)

    def restricted(self, need: Need, type_: str) -> Need:
        """`need` for one concrete type, the same object each time it is asked for."""
        if len(need.types) == 1:
            return need
        key = (need, type_)
        if key not in self._restricted:
            self._restricted[key] = need.restricted(type_)
        return self._restricted[key]

    def reduced(self, need: Need, needs: tuple[Need, ...]) -> Need:
        """`need` with only these children, the same object each time it is asked for."""
        key = (need, needs)
        if key not in self._reduced:
            self._reduced[key] = need.only(needs)
        return self._reduced[key]

    def narrowed(self, need: Need, types: frozenset[str]) -> Need:
        """`need` where nothing is wanted below it of other types than these, the same object each time it is asked for."""
        if all(child.types <= types for child in need.needs):
            return need
        key = (need, types)
        if key not in self._narrowed:
            common = [(child, child.types & types) for child in need.needs]
            kept = (
                child if child.types <= shared else replace(child, types=shared) for child, shared in common if shared
            )
            self._narrowed[key] = need.only(tuple(kept))
        return self._narrowed[key]

    # ── abstract positions ──────────────────────────────────────────────────────────────────────────────────────────

    def _abstract(self, node: Node, needs: tuple[Need, ...], terms: Terms, stage: int) -> Cover:
        members = self.graph.members(node)
        takes: list[Take] = []
        by_type: dict[str, list[Need]] = {}
        for need in needs:
            take = self._take_for_all(Stand(node, terms, stage), need, members)
            if take is not None:
                takes.append(take)
                continue
            for member in sorted(need.types & members):
                by_type.setdefault(member, []).append(self.restricted(need, member))
        wanted = {Node(node.graph, member, node.view): tuple(of_it) for member, of_it in sorted(by_type.items())}
        covers = {each: self.cover(each, of_it, terms, stage) for each, of_it in wanted.items()}
        for each, of_it in wanted.items() if len(wanted) > 1 else ():
            covers[each] = self._beside(Stand(each, terms, stage), of_it, covers)
        return _joined(takes, [Narrow(each.type, cover) for each, cover in covers.items()], stage)

    def _beside(self, stand: Stand, needs: tuple[Need, ...], covers: Mapping[Node, Cover]) -> Cover:
        """How needs of objects of one type are served where those of the other types at their place are fetched anyway."""
        known = covers[stand.node]
        others = frozenset(visit for node, cover in covers.items() if node != stand.node for visit in _calls(cover))
        if others >= set(_calls(known)):
            return known
        self.count_step()
        found = self._object(replace(stand, open=others), needs)
        return found if found.cost < known.cost and _leaves(found.rest) <= _leaves(known.rest) else known

    def _take_for_all(self, stand: Stand, need: Need, members: frozenset[str]) -> Take | None:
        edge = self.graph.interface_edge(stand.node, need) if need.types & members else None
        if edge is None or not self._set_alike(need, members):
            return None
        take = self.take(edge, need, stand)
        return None if _rest(take) else take

    def _set_alike(self, need: Need, members: frozenset[str]) -> bool:
        """Whether what lies below a field has the same contexts whichever type the object is of."""
        if need.is_leaf or not self.graph.sets_contexts:
            return True
        return self.graph.contexts_of(need.types & members) is not None

    # ── interface objects ───────────────────────────────────────────────────────────────────────────────────────────

    def _interface_object(self, node: Node, needs: tuple[Need, ...], terms: Terms, stage: int) -> Cover:
        """Serve objects of which the subgraph knows only the interface: another one has to name their type.

        What is wanted of all of them alike is taken here; what is wanted of some waits until it is known which they are.
        """
        stand = Stand(node, terms, stage)
        takes: list[Take] = []
        others: list[Need] = []
        for need in needs:
            take = self._take_unnamed(stand, need)
            if take is not None:
                takes.append(take)
            else:
                others.append(need)
        local = _joined(takes, [], stage)
        if needs and not others and self._may_stay_nameless(node, needs):
            return local
        hop, cover = self._naming(stand, tuple(others))
        if hop is None:
            return replace(local, rest=needs)
        cost = local.cost + fetch_cost(stage + 1) + cover.cost
        return replace(local, hops=(hop,), rest=cover.rest, cost=cost, height=max(local.height, 1 + cover.height))

    def _may_stay_nameless(self, node: Node, needs: tuple[Need, ...]) -> bool:
        """What a client sees of all types alike needs no name, unless it is of a type to be kept from it; inputs are sent by type."""
        return self.graph.shown(node.type) == self.graph.members(node) and all(need.key for need in needs)

    def _take_unnamed(self, stand: Stand, need: Need) -> Take | None:
        """The field of a need, where it is had of objects of any type alike."""
        shown = self.graph.shown(stand.node.type)
        if need.name == TYPENAME or not need.types >= shown or not self._set_alike(need, shown):
            return None
        edge = self.graph.edge(stand.node, stand.node.type, need.name)
        take = self.take(edge, need, stand) if edge and not edge.is_conditional else None
        return take if take and not _rest(take) else None

    def unnamed(self, stand: Stand, need: Need) -> Cover | None:
        """How an interface object's own field is had before it is known which of the types of `need` the objects are, if it is."""
        if need.name == TYPENAME or not self.graph.is_interface_object(stand.node):
            return None
        edge = self.graph.edge(stand.node, stand.node.type, need.name)
        take = self.take(edge, need, stand) if edge and not edge.is_conditional else None
        return _joined([take], [], stand.stage) if take and not _rest(take) else None

    def _naming(self, stand: Stand, needs: tuple[Need, ...]) -> tuple[Hop | None, Cover]:
        """The hop that names the types of interface objects, and what is had behind it; None where nobody can."""
        node = stand.node
        offers: list[tuple[int, float, Hop, Cover]] = []
        for entry in self.graph.naming_entries(node.type):
            key = [self.graph.edge(node, node.type, need.name) for need in entry.needs]
            if any(edge is None or edge.is_conditional for edge in key):
                continue
            cover = self.cover(entry.target, needs, stand.terms.deeper(), stand.stage + 1)
            left = _leaves(cover.rest)
            offers.append((left, cover.cost, Hop(entry, then=cover), cover))
        if not offers:
            return None, NOTHING
        _, _, hop, cover = min(offers, key=lambda offer: offer[:2])
        return hop, cover

    def leaving(self, stand: Stand, needs: Iterable[Need]) -> Cover:
        """How needs of an object are served by other fetches alone: nothing but keys is taken where one stands."""
        pending = [(need, None) for need in needs if stand.node.type in need.types and need.name != TYPENAME]
        return self._spread(replace(stand, ways=self.ways(stand), leaves=True), [], pending)

    # ── objects ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _object(self, stand: Stand, needs: tuple[Need, ...]) -> Cover:
        takes, pending = self._in_place(stand, needs)
        if not pending:
            return _joined(takes, [], stand.stage)
        return self._spread(replace(stand, ways=self.ways(stand)), takes, pending)

    def _in_place(self, stand: Stand, needs: Iterable[Need]) -> tuple[list[Take], list[tuple[Need, Take | None]]]:
        """What is had where one stands, and the rest with what could be had of it."""
        node = stand.node
        takes: list[Take] = []
        pending: list[tuple[Need, Take | None]] = []
        for need in needs:
            if node.type not in need.types:
                continue
            edge = self.graph.edge(node, node.type, need.name) if node.graph else None
            take = self.take(edge, need, stand) if edge and not edge.is_conditional else None
            if take and (take.cover is None or not (take.cover.rest or take.cover.height)):
                takes.append(take)
            else:
                pending.append((need, take))
        return takes, pending

    def _spread(self, stand: Stand, takes: list[Take], pending: Sequence[tuple[Need, Take | None]]) -> Cover:
        """Serve what the node alone does not, each need by the node or by a hop, with as few hops as possible."""
        stand = self._foreseeing(stand, pending)
        alternatives: list[list[Alternative]] = []
        rest: list[Need] = []
        for need, local in pending:
            found, left = self._whole_or_parts(stand, need, local)
            alternatives.extend(found)
            if left is not None:
                rest.append(left)
        return self._assigned(stand, takes, alternatives, tuple(rest))

    def _foreseeing(self, stand: Stand, pending: Sequence[tuple[Need, Take | None]]) -> Stand:
        """The stand with the fetches of what it takes more than keys for, in the stages in which their inputs are there."""
        inputs: dict[tuple[int, str], Cover | None] = {}
        names = dict.fromkeys(need.name for need, _ in pending if need.name in self.graph.conditional_names)
        for name, (index, way) in product(names, enumerate(stand.ways)):
            edge = self.graph.edge(way.entry.target, stand.node.type, name)
            if edge and edge.is_conditional:
                inputs[index, name] = self._inputs(stand, edge)
        return stand.foreseeing(inputs)

    def _assigned(
        self, stand: Stand, takes: list[Take], alternatives: list[list[Alternative]], rest: tuple[Need, ...]
    ) -> Cover:
        """The cover of an object position once it is known which hop could serve which need."""
        openings = stand.openings
        picked = cheapest(alternatives, openings, self._placements)
        taken = [*takes, *(choice.take for choice in picked if choice.way is None)]
        by_way: dict[int, list[Choice]] = {}
        for choice in picked:
            if choice.way is not None:
                by_way.setdefault(stand.way_of(choice.way), []).append(choice)
        fetched = sorted(opened(picked, openings))
        hops = sum(openings[index].price for index in fetched)
        hops += sum(choice.cost for chosen in by_way.values() for choice in chosen)
        return Cover(
            takes=tuple(taken),
            hops=tuple(Hop(stand.ways[i].entry, tuple(c.take for c in chosen)) for i, chosen in sorted(by_way.items())),
            rest=rest,
            cost=sum(_cost(take, stand.stage) for take in taken) + hops,
            height=max((choice.height for choice in picked), default=0),
            visits=tuple(map(stand.visit, fetched)),
        )

    def _whole_or_parts(
        self, stand: Stand, need: Need, local: Take | None
    ) -> tuple[list[list[Alternative]], Need | None]:
        """The options that serve the whole need; where there is none, as many parts as it takes, and what is left."""
        need, local, options = self._of_common_types(stand, need, local)
        parts: list[list[Alternative]] = []
        while True:
            whole = [option for option in options if not option.left]
            if whole:
                singles: list[Alternative] = [(option,) for option in self._or_later(stand, whole)]
                return [*parts, [*singles, *self._splits(stand, need, local, options)]], None
            best = min(options, key=lambda option: (option.left, option.cost), default=None)
            if best is None or best.left >= _leaves(need.needs):
                return parts, need
            parts.append([(best,)])
            need = self.reduced(need, _rest(best.take))
            local = self.take(local.edge, need, stand) if local else None
            options = self._options(stand, need, local)

    def _of_common_types(self, stand: Stand, need: Need, local: Take | None) -> tuple[Need, Take | None, list[Choice]]:
        """A need and its options; where several subgraphs answer it, nobody goes on for types that one of them cannot return."""
        options = self._options(stand, need, local)
        targets = {option.take.edge.target for option in options}
        if need.is_leaf or len(targets) < 2 or any(self.graph.is_interface_object(target) for target in targets):
            return need, local, options
        common = self.narrowed(need, frozenset.intersection(*map(self.graph.members, targets)))
        if common is need or not any(map(_goes_on, options)):
            return need, local, options
        within = self.take(local.edge, common, stand) if local else None
        of_common = self._options(stand, common, within)
        if all(map(_goes_on, options)):
            return common, within, of_common
        return need, local, [few if _goes_on(all_) else all_ for all_, few in zip(options, of_common, strict=True)]

    def _splits(self, stand: Stand, need: Need, local: Take | None, options: Sequence[Choice]) -> Iterator[Alternative]:
        """The need in parts from several subgraphs at once, where each that serves all of it would have to go on elsewhere."""
        down = ways_down(need)
        if min(len(options), len(down)) < 2 or not all(map(_goes_on, options)):
            return
        strands = {self._along(need, [way_down]): way_down for way_down in down}
        by_strand = [[(option,) for option in self._whole(stand, strand, local)] for strand in strands]
        found: dict[tuple[tuple[int | None, Need], ...], Alternative] = {}
        for opening in openings_for(stand):
            by_way: dict[int | None, list[WayDown]] = {}
            for choice in cheapest(by_strand, opening, self._placements):
                by_way.setdefault(choice.way, []).append(strands[choice.take.need])
            parts = tuple((way, self._along(need, chosen)) for way, chosen in by_way.items())
            if len(parts) > 1 and parts not in found:
                together = [each for way, part in parts for each in self._whole(stand, part, local) if each.way == way]
                found[parts] = tuple(together) if len(together) == len(parts) else ()
        yield from filter(None, found.values())

    def _whole(self, stand: Stand, need: Need, local: Take | None) -> list[Choice]:
        """The options that leave nothing of a part of the need that `local` serves where one stands."""
        options = self._options(stand, need, self.take(local.edge, need, stand) if local else None)
        return self._or_later(stand, [option for option in options if not option.left])

    def _or_later(self, stand: Stand, options: list[Choice]) -> list[Choice]:
        """Options, and the same in later fetches of the same subgraph where they go on nowhere: so nothing waits for them."""
        if not stand.later:
            return options
        last = [(option, option.way) for option in options if option.way is not None and not _goes_on(option)]
        return [*options, *(each for option, way in last for each in self._later(stand, option, way))]

    def _later(self, stand: Stand, option: Choice, way: int) -> Iterator[Choice]:
        inputs = option.cost - _cost(option.take, stand.visit(way)[1])
        for index, stage in stand.after(way):
            take = self.take(option.take.edge, option.take.need, replace(stand, stage=stage))
            cost = inputs + _cost(take, stage)
            yield Choice(take, index, cost, height=stage - stand.stage, behind=option.behind)

    def _along(self, need: Need, ways: Sequence[WayDown]) -> Need:
        """The part of a need that these ways down lead through."""
        by_child: dict[Need, list[WayDown]] = {}
        for child, *rest in filter(None, ways):
            by_child.setdefault(child, []).append(tuple(rest))
        return self.reduced(need, tuple(self._along(*child) for child in by_child.items())) if by_child else need

    def _options(self, stand: Stand, need: Need, local: Take | None) -> list[Choice]:
        options = [Choice(local, None, _cost(local, stand.stage), _left(local), _height(local))] if local else []
        for index, way in enumerate(stand.ways):
            edge = self.graph.edge(way.entry.target, stand.node.type, need.name)
            # One's own subgraph is entered again only to hand it the inputs of a field.
            own = way.entry.graph == stand.node.graph and not stand.leaves
            if edge is None or (own and not edge.is_conditional):
                continue
            inputs = stand.inputs.get((index, need.name)) if edge.is_conditional else NOTHING
            if inputs is None:
                continue
            at = max(way.stage, stand.stage + 1 + inputs.height) if edge.is_conditional else way.stage
            take = self.take(edge, need, Stand(stand.node, stand.terms, at))
            height = at - stand.stage + _height(take)
            cost = _cost(take, at) + max(0.0, inputs.cost - stand.price(inputs.visits))
            behind = stand.indices(inputs.visits)
            options.append(Choice(take, stand.index(index, at), cost, _left(take), height, behind))
        return options

    def _inputs(self, stand: Stand, edge: FieldEdge) -> Cover | None:
        """What it takes to have the inputs of a field with conditions; None where they cannot be had."""
        if edge.condition in stand.terms.conditions:
            return None
        terms = stand.terms.solving(edge.condition)
        required = self.cover(stand.node, self._of_type(edge.requires, stand.node.type), terms, stand.stage)
        read = [self._from_above(argument, terms, stand.stage) for argument in edge.contexts]
        covers = [required, *(cover for part in read for cover in part or ())]
        if None in read or any(cover.rest for cover in covers):
            return None
        cost, height = sum(cover.cost for cover in covers), max(cover.height for cover in covers)
        return Cover(cost=cost, height=height, visits=required.visits)

    def _from_above(self, argument: ContextArgument, terms: Terms, stage: int) -> list[Cover] | None:
        """How the value of an argument is had of the nearest object above that sets its context; None where nothing does."""
        holder = dict(terms.contexts).get(argument.context)
        if holder is None:
            return None
        types = sorted(self.graph.members(holder)) if self.graph.is_abstract(holder) else [holder.type]
        nodes = [Node(holder.graph, type_, holder.view) for type_ in types]
        wanted = [self.graph.needs(argument.selection, node.type) for node in nodes]
        if not all(wanted):
            return None
        return [self.cover(node, needs, terms.within(()), stage) for node, needs in zip(nodes, wanted, strict=True)]

    def take(self, edge: FieldEdge, need: Need, stand: Stand) -> Take:
        """The field of `need` along `edge`, with the best that can be done below it."""
        if need.is_leaf:
            return Take(need, edge)
        return Take(need, edge, self.cover(edge.target, need.needs, self._below(stand, need), stand.stage))

    def _below(self, stand: Stand, need: Need) -> Terms:
        """The terms below a field: the object that it is taken of may set contexts."""
        if not self.graph.sets_contexts:
            return stand.terms
        types = need.types & self.graph.members(stand.node)
        contexts = self.graph.contexts_of(types)
        return stand.terms.under(contexts, stand.node) if contexts else stand.terms

    # ── ways into other subgraphs ───────────────────────────────────────────────────────────────────────────────────

    def ways(self, stand: Stand) -> tuple[Way, ...]:
        """For each subgraph that can be entered from an object, the entry whose key is cheapest to have."""
        key = (stand.node, stand.terms, stand.stage)
        known = self._ways.get(key)
        if known is None:
            outer, self._leaned_on = self._leaned_on, _NOTHING_LEANED_ON
            known = self._opened(stand)
            if self._leaned_on == _NOTHING_LEANED_ON:
                self._ways[key] = known
            self._leaned_on = min(outer, self._leaned_on)
        return known

    def _opened(self, stand: Stand) -> tuple[Way, ...]:
        """Ways are opened cheapest first, each by what was opened before it: Knuth's generalisation of Dijkstra's algorithm."""
        entries = self.graph.entries(stand.node.type)
        opened: dict[tuple[str, str], Way] = {}
        waiting: Sequence[Entry] = entries
        while waiting:
            so_far = Stand(stand.node, stand.terms, stand.stage, tuple(opened.values()))
            offers = [way for entry in waiting if (way := self._way(so_far, entry))]
            if not offers:
                break
            for way in _no_dearer_later(offers, stand.stage):
                known = opened.get((way.entry.graph, way.entry.typename))
                if known is None or way.cost < known.cost:
                    opened[way.entry.graph, way.entry.typename] = way
            waiting = [entry for entry in waiting if (entry.graph, entry.typename) not in opened]
        order = dict.fromkeys((entry.graph, entry.typename) for entry in entries)
        return tuple(opened[target] for target in order if target in opened)

    def _way(self, stand: Stand, entry: Entry) -> Way | None:
        if not entry.needs:
            opens = stand.stage if stand.node.graph == START else stand.stage + 1
            return Way(entry, fetch_cost(opens), opens, own=fetch_cost(opens))
        fields = self.graph.fields_in_place(stand.node, entry.needs) if stand.node.graph else None
        if fields is not None:
            opens = stand.stage + 1
            cost = fetch_cost(opens) + fields * field_cost(stand.stage)
            return Way(entry, cost, opens, own=cost)
        takes, pending = self._in_place(stand, self._of_type(entry.needs, stand.node.type))
        key = self._spread(stand, takes, pending) if pending else _joined(takes, [], stand.stage)
        if key.rest:
            return None
        opens = stand.stage + 1 + key.height
        cost = fetch_cost(opens) + key.cost
        return Way(entry, cost, opens, cost - stand.price(key.visits), key.visits)

    def _of_type(self, needs: Iterable[Need], type_: str) -> tuple[Need, ...]:
        return tuple(self.restricted(need, type_) for need in needs if type_ in need.types)


def _no_dearer_later(offers: list[Way], stage: int) -> list[Way]:
    """The ways that no other way can make cheaper: those whose keys are had in place, or else the cheapest one."""
    in_place = [way for way in offers if way.stage <= stage + 1]
    return in_place or [min(offers, key=lambda way: way.cost)]


def _joined(takes: list[Take], narrows: list[Narrow], stage: int) -> Cover:
    return Cover(
        takes=tuple(takes),
        narrows=tuple(narrows),
        rest=tuple(need for narrow in narrows for need in narrow.cover.rest),
        cost=sum(_cost(take, stage) for take in takes) + sum(narrow.cover.cost for narrow in narrows),
        height=max([_height(take) for take in takes] + [narrow.cover.height for narrow in narrows], default=0),
    )


def _calls(cover: Cover) -> Iterator[tuple[str, int]]:
    """The subgraphs that a cover's hops enter, with the stages: one fetch serves objects of several types."""
    return ((subgraph, stage) for (subgraph, _), stage in cover.visits)


def _rest(take: Take) -> tuple[Need, ...]:
    return take.cover.rest if take.cover else ()


def _left(take: Take) -> int:
    return _leaves(_rest(take))


def _leaves(needs: Iterable[Need]) -> int:
    return sum(need.leaves() for need in needs)


def _height(take: Take) -> int:
    return take.cover.height if take.cover else 0


def _goes_on(choice: Choice) -> bool:
    """Whether what is below the field takes more than the subgraph that answers it."""
    return bool(choice.left or _height(choice.take))


def _cost(take: Take, stage: int) -> float:
    return field_cost(stage) + (take.cover.cost if take.cover else 0.0)
