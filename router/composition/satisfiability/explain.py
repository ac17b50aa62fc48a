"""Explains a dead end: for each subgraph that matters, what stands in the way there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from router.composition.model.obstacles import Hurdle, Obstacle, Unreachable
from router.composition.satisfiability.states import DeadEnd
from router.graph import Need, Position, Reach, Step
from router.supergraph.model import Field, SubgraphField, Type


def explain(dead_end: DeadEnd, reach: Reach) -> Unreachable:
    """What a dead end is, and why."""
    types = reach.graph.supergraph.types
    starts = sorted(dead_end.state.positions, key=lambda position: (position.node.graph, position.node.type))
    abstract = types[dead_end.state.type].kind != "OBJECT"
    explainer = _Explainer(dead_end, reach, tuple(starts))
    obstacles = explainer.unknown_type() if abstract else explainer.lost_field()
    return Unreachable(
        dead_end.coordinate,
        dead_end.trail.operation(open_ended=explainer.is_open_ended()),
        standing=tuple(dict.fromkeys(position.node.graph for position in starts)),
        obstacles=tuple(dict.fromkeys(obstacles)),
        interface=dead_end.state.type if abstract else "",
    )


class _Explainer:
    def __init__(self, dead_end: DeadEnd, reach: Reach, starts: tuple[Position, ...]) -> None:
        self._end = dead_end
        self._type = dead_end.state.type
        self._reach = reach
        self._starts = starts
        self._types = reach.graph.supergraph.types

    def is_open_ended(self) -> bool:
        """Whether the operation needs a selection behind its last step."""
        type_ = self._types[self._type]
        return type_.kind != "OBJECT" or not self._reach.graph.supergraph.is_leaf(type_.fields[self._end.name].target)

    # ── fields ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def lost_field(self) -> Iterator[Obstacle]:
        """Why nobody is there to answer a field: first where one can stand, then elsewhere."""
        reached = list(dict.fromkeys(p for start in self._starts for p in self._reach.moves(start)))
        for position in reached:
            yield self._why_not_here(position)
        known = {position.node.graph for position in reached}
        for owner in self._owners():
            for subgraph, resolved in sorted(self._said(owner).items()):
                if subgraph not in known and resolved.resolves(taken_over=self._end.taken_over):
                    yield from self._why_not_entered(owner, subgraph)

    def _owners(self) -> list[Type]:
        """The type itself, and the interfaces that have the field in some subgraph as an interface object."""
        interfaces = (t for _, t in sorted(self._types.items()) if t.interface_object_in and self._type in t.possible)
        return [self._types[self._type], *interfaces]

    def _said(self, owner: Type) -> dict[str, SubgraphField]:
        """What subgraphs say of the field; of an interface only those count that know it as an object."""
        field = owner.fields.get(self._end.name)
        said = field.by_subgraph if field is not None else {}
        return {
            subgraph: one
            for subgraph, one in said.items()
            if owner.kind == "OBJECT" or subgraph in owner.interface_object_in
        }

    def _why_not_here(self, position: Position) -> Obstacle:
        subgraph, owner = position.node.graph, position.node.type
        field = self._types[owner].fields.get(self._end.name)
        resolved = field.by_subgraph.get(subgraph) if field is not None else None
        taker = _taker(field, subgraph)
        if taker is not None and (resolved is None or not resolved.override_label):
            return Obstacle(Hurdle.OVERRIDDEN, subgraph, owner, by=taker)
        if resolved is None:
            return Obstacle(Hurdle.NO_FIELD, subgraph, owner)
        if resolved.override_label and not resolved.resolves(taken_over=self._end.taken_over):
            return Obstacle(Hurdle.LABEL, subgraph, owner, by=resolved.override_label)
        unfilled = (argument for argument in resolved.context_arguments if not self._reach.fills(position, argument))
        if (argument := next(unfilled, None)) is not None:
            return Obstacle(Hurdle.CONTEXT, subgraph, owner, by=argument.context.removeprefix(f"{subgraph}__"))
        if resolved.requires is None and resolved.context_arguments:
            return Obstacle(Hurdle.NO_RETURN, subgraph, owner)
        if resolved.requires is None:
            return Obstacle(Hurdle.EXTERNAL, subgraph, owner)
        needs = self._reach.graph.needs(resolved.requires, owner)
        missing = self._missing(needs, [position])
        hurdle = Hurdle.REQUIRES if missing else Hurdle.NO_RETURN
        return Obstacle(hurdle, subgraph, owner, _text(needs), missing, self._label(missing))

    # ── types ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def unknown_type(self) -> Iterator[Obstacle]:
        """Why nobody can tell that an object is of the type."""
        for position in self._starts:
            nameless = self._reach.graph.is_interface_object(position.node)
            hurdle = Hurdle.NAMELESS if nameless else Hurdle.NO_TYPE
            yield Obstacle(hurdle, position.node.graph, position.node.type)
        if any(self._reach.graph.is_interface_object(position.node) for position in self._starts):
            interface = self._types[self._type]
            for subgraph in sorted(interface.subgraphs - interface.interface_object_in):
                if self._end.name in interface.members.get(subgraph, ()):
                    yield from self._why_not_entered(interface, subgraph)

    # ── keys ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _why_not_entered(self, owner: Type, subgraph: str) -> Iterator[Obstacle]:
        keys = owner.keys.get(subgraph, ())
        if not keys:
            yield Obstacle(Hurdle.NO_KEY, subgraph, owner.name)
        elif not any(key.resolvable for key in keys):
            yield Obstacle(Hurdle.KEY_NOT_RESOLVABLE, subgraph, owner.name)
        for key in keys:
            if key.resolvable:
                needs = self._reach.graph.needs(key.fields, self._type)
                missing = self._missing(needs, self._starts)
                label = self._label(missing)
                yield Obstacle(Hurdle.KEY_OUT_OF_REACH, subgraph, owner.name, _text(needs), missing, label)

    def _missing(self, needs: tuple[Need, ...], positions: Iterable[Position]) -> tuple[str, ...]:
        """The coordinates of the leaves that no position leads to."""
        places = list(positions)
        steps = self._reach.steps(needs)
        lost = (step for step in steps if not any(self._reach.follows(place, step) for place in places))
        return tuple(dict.fromkeys(map(_leaf, lost)))

    def _label(self, coordinates: Iterable[str]) -> str:
        """The label on which one of these fields depends."""
        parts = (coordinate.split(".") for coordinate in coordinates)
        fields = (self._types[type_].fields.get(name) for type_, name in parts)
        said = (one for field in fields if field is not None for one in field.by_subgraph.values())
        return next((one.override_label for one in said if one.override_label is not None), "")


def _taker(field: Field | None, subgraph: str) -> str | None:
    """Who has taken a field over from the subgraph."""
    said = field.by_subgraph.values() if field is not None else ()
    return next((one.subgraph for one in said if one.override == subgraph), None)


def _text(needs: Iterable[Need]) -> str:
    return " ".join(need.name if need.is_leaf else f"{need.name} {{ {_text(need.needs)} }}" for need in needs)


def _leaf(step: Step) -> str:
    while step.next is not None:
        step = step.next
    return f"{step.need.parent}.{step.need.name}"
