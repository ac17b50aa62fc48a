"""The search: every path that clients can write, followed through all subgraphs at once, shortest paths first.

A state is an API type with the positions at which its objects may stand. One is not followed where another of the same type, with
some of its positions only, has been: what fewer ways serve, more ways serve too.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace

from router.composition.satisfiability.api import Api, ApiField
from router.composition.satisfiability.runtime import compare_runtime_types
from router.composition.satisfiability.states import DeadEnd, Findings, Labels, Split, State, Visits
from router.composition.satisfiability.trail import Trail
from router.graph import Node, Position, Reach
from router.limits import SATISFIABILITY_PATHS_MAX


class TooManyPaths(Exception):
    """More positions have been followed than the bound allows."""


class Explorer:
    """One check of one supergraph."""

    def __init__(self, api: Api, reach: Reach) -> None:
        self._api = api
        self._reach = reach
        self._paths = 0

    def explore(self) -> Findings:
        """Follow every path from every root. Raises TooManyPaths past the bound."""
        found, visits = Findings(), Visits()
        split: list[tuple[ApiField, State]] = []
        self._follow([self._root(name) for name in self._api.roots], found, visits, split)
        for mutation, state in split:
            self._follow_apart(mutation, state, found, visits)
        return found

    def _root(self, name: str) -> State:
        subgraphs = self._api.joined.types[name].subgraphs
        positions = frozenset(self._reach.at(Node(subgraph, name)) for subgraph in subgraphs)
        return State(name, positions, frozenset(), Trail(name.lower()))

    def _follow_apart(self, mutation: ApiField, state: State, found: Findings, visits: Visits) -> None:
        """A mutation is called once: what one subgraph's call does not lead to cannot be had by calling another's."""
        dead_ends: dict[str, tuple[DeadEnd, ...]] = {}
        for subgraph in sorted({position.node.graph for position in state.positions}):
            apart, own = Findings(disjoint=found.disjoint, uneven=found.uneven), Visits(visits)
            only = frozenset(position for position in state.positions if position.node.graph == subgraph)
            self._follow([replace(state, positions=only)], apart, own, [])
            if not apart.dead_ends:
                return
            dead_ends[subgraph] = tuple(apart.dead_ends.values())
        found.split.append(Split(mutation.coordinate, dead_ends))

    def _follow(
        self, starts: Iterable[State], found: Findings, visits: Visits, split: list[tuple[ApiField, State]]
    ) -> None:
        queue = deque(starts)
        while queue:
            state = queue.popleft()
            if visits.cover(state):
                self._compare(state, found)
                continue
            self._count(state)
            met = found.met
            if state.type in self._api.members:
                queue.extend(self._narrowed(state, found))
            else:
                queue.extend(self._below(state, found, split))
            visits.add(state, led_on=found.met == met)

    def _below(self, state: State, found: Findings, split: list[tuple[ApiField, State]]) -> Iterator[State]:
        """The states behind the fields of a state; mutations of several subgraphs are put aside."""
        for asked, next_state in self._fields(state, found):
            subgraphs = {position.node.graph for position in next_state.positions}
            if state.is_root and state.type == "Mutation" and len(subgraphs) > 1:
                split.append((asked, next_state))
            else:
                yield next_state

    def _compare(self, state: State, found: Findings) -> None:
        """More ways serve all that fewer do, and yet may disagree on the types behind a shared field."""
        for asked in self._api.shared_abstract.get(state.type, ()):
            for _, taken_over in _choices(asked, state.labels):
                self._agree(asked, self._all_targets(state, asked, taken_over), found)

    def _all_targets(self, state: State, asked: ApiField, taken_over: bool | None) -> list[Position]:
        return [target for p in state.positions for target in self._targets(p, asked.name, taken_over, state)]

    def _count(self, state: State) -> None:
        self._paths += len(state.positions)
        if self._paths > SATISFIABILITY_PATHS_MAX:
            raise TooManyPaths

    # ── types ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _narrowed(self, state: State, found: Findings) -> Iterator[State]:
        for member in self._api.members[state.type]:
            narrowed = [self._narrow(position, member, state.type) for position in state.positions]
            if any(positions is None for positions in narrowed):
                continue  # a subgraph that may answer never returns such objects, so a plan may count on that
            positions = frozenset(position for found_at in narrowed for position in found_at or ())
            trail = state.trail.narrowed(member)
            if positions:
                yield State(member, positions, state.labels, trail)
            else:
                found.add(DeadEnd(state, member, trail, member))

    def _narrow(self, position: Position, member: str, abstract: str) -> tuple[Position, ...] | None:
        narrowed = self._reach.narrow(position, member)
        is_union = self._api.joined.types[abstract].kind == "UNION"
        return None if is_union and not narrowed else narrowed

    # ── fields ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _fields(self, state: State, found: Findings) -> Iterator[tuple[ApiField, State]]:
        """The states behind the composite fields of a type; those that lead nowhere are written down."""
        for asked in self._api.fields[state.type]:
            for labels, taken_over in _choices(asked, state.labels):
                if asked.is_leaf and any(self._is_here(p, asked.name, taken_over) for p in state.positions):
                    continue  # the usual case, told apart cheaply
                targets = [
                    target for p in state.positions for target in self._targets(p, asked.name, taken_over, state)
                ]
                positions = frozenset(targets)
                trail = state.trail.below(asked.name, has_arguments=asked.has_arguments)
                if not positions:
                    found.add(DeadEnd(state, asked.name, trail, asked.coordinate, taken_over))
                elif not asked.is_leaf and self._agree(asked, targets, found):
                    yield asked, State(asked.target, positions, labels, trail)

    def _targets(self, position: Position, name: str, taken_over: bool | None, state: State) -> tuple[Position, ...]:
        """Where a field leads. At the top every subgraph is asked anyway, so that nothing is gained by going to others."""
        if not state.is_root:
            return self._reach.targets(position, name, taken_over=taken_over)
        target = self._reach.take(position, name, entered=False, taken_over=taken_over)
        return () if target is None else (target,)

    def _is_here(self, position: Position, name: str, taken_over: bool | None) -> bool:
        """Whether the subgraph where one stands has the field, and needs nothing for it."""
        edge = self._reach.edge(position, name, taken_over)
        return edge is not None and not edge.is_conditional

    def _agree(self, asked: ApiField, targets: list[Position], found: Findings) -> bool:
        """Whether the subgraphs that share a field may return objects of a common type."""
        if not asked.is_shared or asked.target not in self._api.members:
            return True
        types = compare_runtime_types(targets, frozenset(self._api.members[asked.target]), self._reach.graph)
        if types is None:
            return True
        if not types.common:
            found.met += 1
            found.disjoint.setdefault(asked.coordinate, types)
            return False
        found.uneven.setdefault(asked.coordinate, types)
        return True


def _choices(asked: ApiField, labels: Labels) -> list[tuple[Labels, bool | None]]:
    """What the label of a field may say, given what has been assumed on the way to it."""
    if asked.label is None:
        return [(labels, None)]
    possible = (value for value in (True, False) if (asked.label, not value) not in labels)
    return [(labels | {(asked.label, value)}, value) for value in possible]
