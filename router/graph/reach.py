"""Reachability: where one can get to from a position of the query graph, by fields, by keys, and by learning an object's type.

Conditions (keys, @requires) are followed leaf by leaf, each leaf over whatever subgraphs lead to it. They may depend on each other in
circles; what holds is the least that follows, so a condition never counts as met because of itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from router.graph.graph import Graph
from router.graph.model import Entry, FieldEdge, Node
from router.graph.needs import TYPENAME, Need
from router.graph.steps import Step, steps_of
from router.limits import CONDITIONS_NESTED_MAX
from router.supergraph.model import ContextArgument

T = TypeVar("T")
Moves: TypeAlias = "tuple[Position, ...]"
Contexts: TypeAlias = "tuple[tuple[str, Position], ...]"
_NOTHING_LEANED_ON = CONDITIONS_NESTED_MAX + 1


@dataclass(frozen=True, slots=True, eq=False)
class Position:
    """Objects of `type` at a node. `type` is the node's own, or what is known of objects at an interface object.

    `contexts` are those set on the way here, each with the nearest position that sets it. Handed out by `Reach.at`, one for each
    such triple, and compared by identity.
    """

    node: Node
    type: str
    contexts: Contexts = ()
    _edges: dict[str, FieldEdge | None] = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class _Answer:
    """What is known of a question, and the depth of the outermost open question that this leans on (its own while it is open)."""

    answer: object
    depth: int


class Reach:
    """Answers what can be reached, each question once."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._positions: dict[tuple[Node, str, Contexts], Position] = {}
        self._steps: dict[tuple[Need, ...], tuple[Step, ...]] = {}
        self._targets: dict[tuple[Position, str, bool | None], Moves] = {}
        self._narrowed: dict[Position, dict[str, Moves | None]] = {}
        self._known: dict[object, object] = {}
        self._open: dict[object, _Answer] = {}
        self._provisional: dict[object, _Answer] = {}
        self._leaned_on = _NOTHING_LEANED_ON

    # ── positions ───────────────────────────────────────────────────────────────────────────────────────────────────

    def at(self, node: Node, type_: str | None = None, contexts: Contexts = ()) -> Position:
        """The position of objects of a type at a node."""
        key = (node, type_ or node.type, contexts)
        if key not in self._positions:
            self._positions[key] = Position(*key)
        return self._positions[key]

    def _bare(self, position: Position) -> Position:
        """The position as one that is begun from: conditions are looked for in the objects alone."""
        return self.at(position.node, position.type) if position.contexts else position

    def _within(self, positions: Iterable[Position], contexts: Contexts) -> Moves:
        """The same positions, under the contexts."""
        return tuple(self.at(position.node, position.type, contexts) for position in positions)

    def steps(self, needs: tuple[Need, ...]) -> tuple[Step, ...]:
        """Needs as chains, the same objects each time."""
        if needs not in self._steps:
            self._steps[needs] = steps_of(needs)
        return self._steps[needs]

    # ── fields ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def edge(self, position: Position, name: str, taken_over: bool | None = None) -> FieldEdge | None:
        """The edge of a field at a position. An interface object cannot say which type its objects are of."""
        if name == TYPENAME and self.graph.is_interface_object(position.node):
            return None
        if taken_over is not None:
            return self.graph.edge_if(position.node, position.type, name, taken_over=taken_over)
        edges = position._edges
        if name not in edges:
            edges[name] = self.graph.edge_if(position.node, position.type, name, taken_over=None)
        return edges[name]

    def take(self, position: Position, name: str, *, entered: bool, taken_over: bool | None = None) -> Position | None:
        """Where a field leads from here in this subgraph, or None where it cannot be had.

        A field with @requires is asked for in an entity fetch: one is in it having `entered` here by a key, or enters again.
        A field with arguments from contexts is asked for in one of its own.
        """
        edge = self.edge(position, name, taken_over)
        if edge is None or (edge.requires and not self.meets(position, edge.requires)):
            return None
        if edge.contexts and not all(self.fills(position, argument) for argument in edge.contexts):
            return None
        if (edge.contexts or (edge.requires and not entered)) and not self.reenters(position):
            return None
        return self.at(edge.target, contexts=self._passed_on(position))

    def _passed_on(self, position: Position) -> Contexts:
        own = self.graph.contexts(position.type)
        if not own:
            return position.contexts
        return tuple(sorted((dict(position.contexts) | dict.fromkeys(own, self._bare(position))).items()))

    def fills(self, position: Position, argument: ContextArgument) -> bool:
        """Whether something above sets the context, and has what is taken from it."""
        holder = dict(position.contexts).get(argument.context)
        return holder is not None and self.meets(holder, self.graph.needs(argument.selection, holder.type))

    def targets(self, position: Position, name: str, *, taken_over: bool | None = None) -> Moves:
        """Everywhere that a field leads, in this subgraph and in those that can be entered from here."""
        key = (position, name, taken_over)
        if key not in self._targets:
            ways = (
                self.take(there, name, entered=there is not position, taken_over=taken_over)
                for there in self.moves(position)
            )
            self._targets[key] = tuple(target for target in ways if target is not None)
        return self._targets[key]

    def meets(self, position: Position, needs: tuple[Need, ...]) -> bool:
        """Whether everything needed can be had from here."""
        return all(self.follows(position, step) for step in self.steps(needs))

    def reenters(self, position: Position) -> bool:
        """Whether an object can be handed back to its subgraph: by a key that is known there, through one that lets in."""
        node = position.node
        known = any(not self._names_external(key, node) for key in self.graph.keys(node))
        entries = self.graph.entries(position.type) if known else ()
        own = (entry for entry in entries if entry.graph == node.graph and entry.typename == node.type)
        return any(self.meets(position, entry.needs) for entry in own)

    def _names_external(self, needs: Iterable[Need], node: Node) -> bool:
        return any(self.graph.is_external(need, node.graph) or self._names_external(need.needs, node) for need in needs)

    # ── types ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def narrow(self, position: Position, type_: str) -> Moves | None:
        """Everywhere that objects of a concrete type are found, once what stands here is known to be one.

        Empty where nobody can tell; None where no object of that type can ever be here, so that there is nothing to serve.
        """
        if position not in self._narrowed:
            self._narrowed[position] = {}
        narrowed = self._narrowed[position]
        if type_ not in narrowed:
            found = self._narrow(self._bare(position), type_)
            narrowed[type_] = self._within(found, position.contexts) if found else found
        return narrowed[type_]

    def _narrow(self, position: Position, type_: str) -> Moves | None:
        graph, node = self.graph, position.node
        if graph.is_abstract(node):
            if type_ not in graph.members(node):
                return None
            return (self._member(node, type_), *self._named(self.moves(position)[1:], type_))
        if not graph.is_interface_object(node):
            return (position,) if node.type == type_ else ()
        named = tuple(self._named(self.moves(position), type_))
        return (self.at(node, type_), *named) if named else ()

    def _member(self, node: Node, type_: str) -> Position:
        return self.at(Node(node.graph, type_, node.view))

    def _named(self, positions: Iterable[Position], type_: str) -> Iterator[Position]:
        for position in positions:
            if self.graph.is_abstract(position.node) and type_ in self.graph.members(position.node):
                yield self._member(position.node, type_)

    # ── keys ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def moves(self, position: Position) -> Moves:
        """The position itself, and everywhere that keys lead from it, over as many subgraphs as it takes."""
        if position.contexts:
            return self._within(self.moves(self._bare(position)), position.contexts)
        known = self._known.get(position)
        if known is not None:
            return known  # type: ignore[return-value]  # a position is the key of its moves alone
        if not self.graph.is_interface_object(position.node) or position.type == position.node.type:
            return self._answer(position, (position,), lambda so_far: self._enter_more(position, so_far))
        return self._answer(position, (position,), lambda _: self._moves_of_named(position))

    def _moves_of_named(self, position: Position) -> Moves:
        """From an interface object one gets to other subgraphs by the interface's keys, whatever the object's type."""
        nameless = self.moves(self.at(position.node))
        others = (self.at(p.node, position.type) for p in nameless[1:] if self.graph.is_interface_object(p.node))
        return (position, *others, *self._named(nameless, position.type))

    def _enter_more(self, position: Position, reached: Moves) -> Moves:
        found = list(reached)
        waiting = [entry for entry in self.entries(position) if self._target(entry, position) not in found]
        while True:
            opened = [entry for entry in waiting if self._opens(entry, position, found)]
            if not opened:
                return tuple(found)
            found.extend(dict.fromkeys(self._target(entry, position) for entry in opened))
            waiting = [entry for entry in waiting if self._target(entry, position) not in found]

    def entries(self, position: Position) -> tuple[Entry, ...]:
        """The keys of the type known here."""
        if self.graph.type(position.type).kind == "OBJECT":
            return self.graph.entries(position.type)
        return self.graph.interface_entries(position.type)

    def _target(self, entry: Entry, position: Position) -> Position:
        """An object entered as one of an interface object keeps its own type."""
        return self.at(entry.target, position.type if entry.typename != entry.type else None)

    def _opens(self, entry: Entry, position: Position, reached: Iterable[Position]) -> bool:
        if entry.graph == position.node.graph and entry.typename == position.node.type:
            return False
        return all(self._follows_from(position, reached, step) for step in self.steps(entry.needs))

    # ── conditions ──────────────────────────────────────────────────────────────────────────────────────────────────

    def follows(self, position: Position, step: Step) -> bool:
        """Whether a chain of fields can be followed from here to its leaf."""
        return bool(self._follows(self._bare(position), step))

    def _follows(self, position: Position, step: Step) -> bool | None:
        """None where no object here is of a type that the chain speaks of."""
        least: bool | None = False
        return self._answer((position, step), least, lambda _: self._try(position, step))

    def _try(self, position: Position, step: Step) -> bool | None:
        if self.graph.is_abstract(position.node):
            return self._of_members(position, step)
        if position.type == position.node.type and self.graph.is_interface_object(position.node):
            types = step.need.types & self.graph.type(position.type).possible
            if types < self.graph.type(position.type).possible:
                return self._of_each((self.narrow(position, type_) or () for type_ in sorted(types)), step)
        elif position.type not in step.need.types:
            return None
        return self._follows_from(position, self.moves(position), step)

    def _of_members(self, position: Position, step: Step) -> bool | None:
        wanted = self.graph.members(position.node) & step.need.types
        edge = self.graph.interface_edge(position.node, step.need) if wanted else None
        if edge is not None and (step.next is None or self._follows(self.at(edge.target), step.next)):
            return True
        return self._of_each(([self._member(position.node, member)] for member in sorted(wanted)), step)

    def _of_each(self, alternatives: Iterable[Iterable[Position]], step: Step) -> bool | None:
        """Each type has to be served, by one of its positions; types that cannot occur need nothing."""
        answers = [self._of_any(positions, step) for positions in alternatives]
        served = [answer for answer in answers if answer is not None]
        return all(served) if served else None

    def _of_any(self, positions: Iterable[Position], step: Step) -> bool | None:
        answers = [self._follows(position, step) for position in positions]
        return True if True in answers else None if answers and False not in answers else False

    def _follows_from(self, start: Position, reached: Iterable[Position], step: Step) -> bool:
        for position in reached:
            if self.graph.is_abstract(position.node):
                if self._of_members(position, step):
                    return True
                continue
            target = self.take(position, step.need.name, entered=position is not start)
            if target is not None and (step.next is None or self._follows(target, step.next)):
                return True
        return False

    # ── questions that depend on each other ─────────────────────────────────────────────────────────────────────────

    def _answer(self, question: object, least: T, improve: Callable[[T], T]) -> T:
        """The least answer that `improve` does not change, worked out once.

        A question met again while it is being answered gives its answer so far. What leaned on that holds until the answer grows,
        and for good once the question is closed with it. Past the bound on depth the least answer stands.
        """
        known = self._remembered(question)
        if known is not None:
            return known.answer  # type: ignore[return-value]  # what this very question was answered
        depth, outer, mark = len(self._open), self._leaned_on, len(self._provisional)
        if depth > CONDITIONS_NESTED_MAX:
            return least
        self._leaned_on = _NOTHING_LEANED_ON
        answer = self._settle(question, least, improve, mark)
        self._close(question, answer, depth, mark)
        self._leaned_on = min(outer, self._leaned_on)
        return answer

    def _remembered(self, question: object) -> _Answer | None:
        """The answer of a question that has one, be it for now."""
        if question in self._known:
            return _Answer(self._known[question], _NOTHING_LEANED_ON)
        found = self._open.get(question) or self._provisional.get(question)
        if found is not None:
            self._leaned_on = min(self._leaned_on, found.depth)
        return found

    def _settle(self, question: object, least: T, improve: Callable[[T], T], mark: int) -> T:
        opened = self._open[question] = _Answer(least, len(self._open))
        answer, before = improve(least), least
        while answer != before and self._leaned_on <= opened.depth:
            opened.answer, before = answer, answer
            while len(self._provisional) > mark:
                self._provisional.popitem()
            answer = improve(answer)
        del self._open[question]
        return answer

    def _close(self, question: object, answer: object, depth: int, mark: int) -> None:
        """Remember an answer, and what leaned on it: for good, or as long as what it leans on in turn is open."""
        leaning = [self._provisional.popitem() for _ in range(len(self._provisional) - mark)]
        leaning.append((question, _Answer(answer, depth)))
        for other, found in reversed(leaning):
            found.depth = self._leaned_on if found.depth >= depth else found.depth
            if found.depth >= depth:
                self._known[other] = found.answer
            else:
                self._provisional[other] = found
        if self._leaned_on >= depth:
            self._leaned_on = _NOTHING_LEANED_ON
