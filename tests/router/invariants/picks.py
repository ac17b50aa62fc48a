"""Every field that the requests of a plan select: of which objects, under which key, and where in the merged tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from router.graph import TYPENAME
from router.graph.needs import text_of
from router.plan import Anchor, Fetch, Path, PathKey, Representation
from router.supergraph.model import SubgraphField, Supergraph
from tests.router.parsed import operation_in

Step: TypeAlias = tuple[frozenset[str] | None, str]
"""A key of the merged tree, and the types of the objects that are stepped down from; None for all that there are."""


@dataclass(frozen=True)
class Pick:
    """A field asked of objects of `types` at `steps`, under `key`. `parent` is the type that the subgraph is asked for it on.

    `standing` are the types of what it may lead to, `common` those that all subgraphs know which resolve it. `provided` says
    what the way here provides; `inputs` are what the request's representations bring, for a field of the entities themselves.
    """

    fetch: Fetch
    steps: tuple[Step, ...]
    parent: str
    types: frozenset[str]
    key: str
    name: str
    arguments: str
    standing: frozenset[str]
    common: frozenset[str]
    provided: tuple[FieldNode, ...] = ()
    inputs: tuple[Representation, ...] | None = None

    def is_at(self, steps: tuple[Step, ...]) -> bool:
        """Whether it is asked of some objects at these steps."""
        return len(steps) == len(self.steps) and all(
            mine[1] == its[1] and (mine[0] is None or its[0] is None or bool(mine[0] & its[0]))
            for mine, its in zip(self.steps, steps, strict=True)
        )


def steps_of(path: Path) -> tuple[Step, ...]:
    """The steps of a plan's path, levels of lists left out."""
    return tuple((frozenset(step.on) or None, step.key) for step in path if isinstance(step, PathKey))


def standing_of(resolved: SubgraphField, supergraph: Supergraph) -> frozenset[str]:
    """The types of object that a subgraph may return for a field."""
    target = supergraph.types[resolved.target]
    if target.kind == "OBJECT" or resolved.subgraph in target.interface_object_in:
        return target.possible
    return target.members.get(resolved.subgraph, frozenset())


def picks_of(fetch: Fetch, supergraph: Supergraph) -> list[Pick]:
    """All that one request selects."""
    walker = _Walker(fetch, supergraph)
    definition = operation_in(fetch.operation)
    selections = definition.selection_set
    if not fetch.entities:
        root = {"query": supergraph.query, "mutation": supergraph.mutation, "subscription": supergraph.subscription}
        type_ = root[definition.operation.value]
        assert type_ is not None
        return list(walker.walk(selections, steps_of(fetch.path), type_, frozenset({type_})))
    found: list[Pick] = []
    for asked, node in zip(fetch.entities, selections.selections, strict=True):
        assert isinstance(node, FieldNode)
        assert asked.key == (node.alias or node.name).value
        for anchor in asked.anchors:
            found += walker.entities(node, anchor)
    return found


@dataclass(frozen=True)
class _Walker:
    fetch: Fetch
    supergraph: Supergraph

    def entities(self, node: FieldNode, anchor: Anchor) -> Iterator[Pick]:
        assert node.selection_set is not None
        for fragment in node.selection_set.selections:
            assert isinstance(fragment, InlineFragmentNode)
            assert fragment.type_condition is not None
            named = fragment.type_condition.name.value
            inputs = tuple(each for each in anchor.representations if each.typename == named)
            types = frozenset(type_ for each in inputs for type_ in self.supergraph.types[each.on].possible)
            yield from self.walk(fragment.selection_set, steps_of(anchor.path), named, types, inputs=inputs)

    def walk(
        self,
        selections: SelectionSetNode,
        steps: tuple[Step, ...],
        parent: str,
        types: frozenset[str],
        provided: tuple[FieldNode, ...] = (),
        inputs: tuple[Representation, ...] | None = None,
    ) -> Iterator[Pick]:
        for node in selections.selections:
            if isinstance(node, InlineFragmentNode):
                assert node.type_condition is not None
                on = node.type_condition.name.value
                yield from self.walk(
                    node.selection_set, steps, on, types & self.supergraph.types[on].possible, provided, inputs
                )
            else:
                assert isinstance(node, FieldNode), "requests spread no named fragments"
                yield from self._field(node, steps, parent, types, provided, inputs)

    def _field(
        self,
        node: FieldNode,
        steps: tuple[Step, ...],
        parent: str,
        types: frozenset[str],
        provided: tuple[FieldNode, ...],
        inputs: tuple[Representation, ...] | None,
    ) -> Iterator[Pick]:
        name, key = node.name.value, (node.alias or node.name).value
        resolved = None if name == TYPENAME else self._resolved(parent, name)
        standing = standing_of(resolved, self.supergraph) if resolved and node.selection_set else frozenset()
        arguments = text_of(node.arguments or ())
        common = self._common(types, name) if standing else standing
        yield Pick(self.fetch, steps, parent, types, key, name, arguments, standing, common, provided, inputs)
        if resolved is not None and node.selection_set is not None:
            below = tuple(self._below(resolved, name, types, provided))
            yield from self.walk(node.selection_set, (*steps, (types, key)), resolved.target, standing, below)

    def _resolved(self, parent: str, name: str) -> SubgraphField:
        return self.supergraph.types[parent].fields[name].by_subgraph[self.fetch.subgraph]

    def _common(self, types: Iterable[str], name: str) -> frozenset[str]:
        found: set[str] = set()
        for type_ in types:
            field = self.supergraph.types[type_].fields[name]
            resolving = [one for one in field.by_subgraph.values() if not (one.external or one.overridden)]
            known = (standing_of(one, self.supergraph) for one in resolving)
            found |= self.supergraph.types[field.target].possible.intersection(*known)
        return frozenset(found)

    def _below(
        self, resolved: SubgraphField, name: str, types: frozenset[str], provided: tuple[FieldNode, ...]
    ) -> Iterator[FieldNode]:
        """What is provided of the objects that a field leads to, type conditions folded into the fields' directives."""
        sets = [node.selection_set for node in provided if node.name.value == name and node.selection_set]
        if resolved.provides is not None:
            sets.append(resolved.provides.selections)
        for selections in sets:
            yield from _fields(selections.selections)


def _fields(selections: Iterable[object]) -> Iterator[FieldNode]:
    for node in selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            yield from _fields(node.selection_set.selections)
