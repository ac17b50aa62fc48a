"""Which override labels a plan may depend on: those of the fields asked for, and of all that may be fetched to get at them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TypeAlias

from router.graph import TYPENAME, Graph, Need, graph_of
from router.operation.model import FieldSelection, Operation, Selection
from router.supergraph.model import FieldSet, Supergraph

Coordinate: TypeAlias = tuple[str, str]
"""A type and the name of a field of it."""

SUPERGRAPHS_KEPT = 4  # as many as graphs


def labels_met(operation: Operation, supergraph: Supergraph) -> frozenset[str]:
    """Every label whose truth may change the plan of an operation. Plans under labels that agree on these are the same."""
    if not supergraph.labels:
        return frozenset()
    known = _labels_of(supergraph)
    return frozenset().union(*(known.met_by(field) for field in _coordinates(operation.selections)))


def _coordinates(selections: Iterable[Selection]) -> Iterator[Coordinate]:
    for selection in selections:
        if isinstance(selection, FieldSelection) and not selection.name.startswith("__"):
            yield (selection.parent, selection.name)
        yield from _coordinates(selection.selections)


@lru_cache(maxsize=SUPERGRAPHS_KEPT)
def _labels_of(supergraph: Supergraph) -> _Labels:
    return _Labels(supergraph)


class _Labels:
    """Follows the conditions of fields: keys of what they lead to, @requires, contexts. Each field once per supergraph."""

    def __init__(self, supergraph: Supergraph) -> None:
        self._graph: Graph = graph_of(supergraph)
        self._own: dict[Coordinate, set[str]] = {}
        for label, fields in supergraph.labels.items():
            for field in fields:
                self._own.setdefault(field, set()).add(label)
        self._met: dict[Coordinate, frozenset[str]] = {}

    def met_by(self, field: Coordinate) -> frozenset[str]:
        """The labels of a field and of everything that may be fetched for it."""
        if field not in self._met:
            self._met[field] = frozenset().union(*(self._own.get(met, ()) for met in self._closure(field)))
        return self._met[field]

    def _closure(self, start: Coordinate) -> set[Coordinate]:
        seen = {start}
        pending = [start]
        while pending:
            for field in self._behind(pending.pop()):
                if field not in seen:
                    seen.add(field)
                    pending.append(field)
        return seen

    def _behind(self, coordinate: Coordinate) -> Iterator[Coordinate]:
        """What may be fetched because a field is."""
        parent, name = coordinate
        for owner in self._owners(parent):
            field = self._graph.type(owner).fields.get(name)
            if field is None:
                continue
            yield (owner, name)
            for resolved in field.by_subgraph.values():
                if resolved.requires is not None:
                    yield from _fields(self._graph.needs(resolved.requires, owner))
                for argument in resolved.context_arguments:
                    yield from self._set_above(argument.context, argument.selection)
            yield from self._keys_of(field.target)

    def _owners(self, parent: str) -> Iterator[str]:
        """The types that may say who answers a field: a type, the types that it stands for, and what they are abstracted as."""
        possible = self._graph.type(parent).possible
        yield from sorted({parent, *possible})
        for interface in self._graph.abstracted:
            if possible & interface.possible:
                yield interface.name

    def _keys_of(self, target: str) -> Iterator[Coordinate]:
        graph = self._graph
        if graph.supergraph.is_leaf(target):
            return
        for type_ in sorted(graph.type(target).possible):
            for entry in graph.entries(type_):
                yield from _fields(entry.needs)
        for interface in graph.abstracted:
            if graph.type(target).possible & interface.possible:
                for entry in graph.naming_entries(interface.name):
                    yield from _fields(entry.needs)

    def _set_above(self, context: str, selection: FieldSet) -> Iterator[Coordinate]:
        for name in self._graph.types_setting(context):
            yield from _fields(self._graph.needs(selection, name))


def _fields(needs: Iterable[Need]) -> Iterator[Coordinate]:
    for need in needs:
        if need.name != TYPENAME:
            yield (need.parent, need.name)
        yield from _fields(need.needs)
