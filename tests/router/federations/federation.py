"""A federation ready to be run: its subgraphs as their own SDL describes them, and the supergraph that they compose to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from graphql import FieldNode, GraphQLObjectType, InlineFragmentNode, SelectionSetNode, get_named_type

from router.composition import Composed, Rejected, SubgraphInput, compose
from router.supergraph import Supergraph, load_supergraph
from tests.router.federations.served import Served, context_of, served

Subgraphs = tuple[SubgraphInput, ...]
FieldName = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Federation:
    """Subgraphs that compose."""

    subgraphs: Subgraphs
    supergraph: Supergraph
    served: Mapping[str, Served]

    @cached_property
    def keyed(self) -> frozenset[FieldName]:
        """The fields that keys are made of, at any depth, by concrete type."""
        keys = [
            field
            for subgraph in self.served.values()
            for type_, sets in subgraph.all_keys.items()
            for selections in sets
            for field in self._named(subgraph, selections, type_)
        ]
        return frozenset(keys)

    @cached_property
    def needed(self) -> frozenset[FieldName]:
        """The fields that other fields or ways depend on: of keys, of @requires, and of contexts."""
        required = [
            field
            for subgraph in self.served.values()
            for (type_, _), said in subgraph.fields.items()
            if said.requires is not None
            for field in self._named(subgraph, said.requires, type_)
        ]
        return self.keyed | frozenset(required) | frozenset(self._taken())

    def _taken(self) -> Iterator[FieldName]:
        """The fields that arguments take from contexts."""
        for subgraph in self.served.values():
            for said in subgraph.fields.values():
                for context, selection in map(context_of, dict(said.contextual).values()):
                    for type_, names in subgraph.contexts.items():
                        if context in names:
                            yield from self._named(subgraph, selection, type_)

    @cached_property
    def entities(self) -> frozenset[str]:
        """The object types that some subgraph gives a key."""
        keyed = {name for subgraph in self.served.values() for name, keys in subgraph.all_keys.items() if keys}
        return frozenset(object_ for name in keyed for object_ in self.possible(name))

    def possible(self, name: str) -> frozenset[str]:
        """The object types of a type, whoever knows them."""
        return self.supergraph.types[name].possible

    def _named(self, subgraph: Served, selections: SelectionSetNode, type_: str) -> Iterator[FieldName]:
        """The fields of a field set on a type of a subgraph, for each concrete type they are wanted of."""
        for node in selections.selections:
            if isinstance(node, InlineFragmentNode):
                condition = node.type_condition.name.value if node.type_condition else type_
                yield from self._named(subgraph, node.selection_set, condition)
            elif isinstance(node, FieldNode) and node.name.value != "__typename":
                for object_ in self.possible(subgraph.roots.get(type_, type_)):
                    yield object_, node.name.value
                declared = subgraph.schema.type_map[type_].fields[node.name.value]  # type: ignore[attr-defined]
                if node.selection_set:
                    yield from self._named(subgraph, node.selection_set, get_named_type(declared.type).name)

    def root_of(self, kind: str) -> str | None:
        """The name of the root type of an operation that clients can send, if there is one."""
        name = kind.capitalize()
        declared = self.supergraph.api.type_map.get(name)
        return name if isinstance(declared, GraphQLObjectType) and declared.fields else None


def federation_of(subgraphs: Subgraphs) -> Federation | None:
    """The federation, if the subgraphs compose."""
    outcome = compose(subgraphs)
    if isinstance(outcome, Rejected):
        return None
    assert isinstance(outcome, Composed)
    each = {subgraph.name: served(subgraph.name, subgraph.sdl) for subgraph in subgraphs}
    return Federation(subgraphs, load_supergraph(outcome.sdl), each)
