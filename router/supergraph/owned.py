"""Completes what join v0.1 leaves unsaid: which subgraph knows which fields of which types.

The composition of federation 1 names subgraphs for entities and root fields alone. Value types, interfaces and unions carry no word of
where they are known, and nothing is marked external. So that follows from what each subgraph returns and mentions.
Source: the join specification v0.1, https://specs.apollo.dev/join/v0.1/; in federation 1 a type shared by value is the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from router.supergraph.model import LEAF_KINDS, SubgraphField, Type


def completed(types: Mapping[str, Type], subgraphs: frozenset[str], query: str) -> dict[str, Type]:
    """The types with every subgraph that knows them, given those of which a subgraph is named."""
    knowledge = _Knowledge(types)
    for type_ in types.values():
        knowledge.learn_stated(type_)
    for type_ in types.values():
        knowledge.learn_mentioned(type_)
    knowledge.follow_returns()
    knowledge.place_the_rest()
    everywhere = {name for name, type_ in types.items() if name == query or type_.kind in (*LEAF_KINDS, "INPUT_OBJECT")}
    return {
        name: knowledge.completed(type_, subgraphs if name in everywhere else frozenset(knowledge.known_in[name]))
        for name, type_ in types.items()
    }


@dataclass(slots=True)
class _Knowledge:
    """What each subgraph knows, by type and field, as it becomes clear."""

    types: Mapping[str, Type]
    fields: dict[tuple[str, str], dict[str, SubgraphField]] = field(default_factory=dict)
    known_in: dict[str, set[str]] = field(default_factory=dict)

    def learn_stated(self, type_: Type) -> None:
        """The subgraphs that the document names."""
        self.known_in[type_.name] = set(type_.keys)
        for each in type_.fields.values():
            self.fields[type_.name, each.name] = dict(each.by_subgraph)
            self.known_in[type_.name].update(each.by_subgraph)

    def learn_mentioned(self, type_: Type) -> None:
        """A subgraph resolves the fields of its keys, and knows those that it requires or provides as external."""
        for subgraph, keys in type_.keys.items():
            for key in keys:
                self._mention(type_.name, key.fields.selections, subgraph, external=False)
        for each in type_.fields.values():
            for subgraph, resolved in each.by_subgraph.items():
                if resolved.requires is not None:
                    self._mention(type_.name, resolved.requires.selections, subgraph, external=True)
                if resolved.provides is not None:
                    self._mention(each.target, resolved.provides.selections, subgraph, external=True)

    def _mention(self, parent: str, selections: SelectionSetNode, subgraph: str, *, external: bool) -> None:
        for node in selections.selections:
            if isinstance(node, InlineFragmentNode):
                condition = node.type_condition.name.value if node.type_condition else parent
                self._mention(condition, node.selection_set, subgraph, external=external)
            elif isinstance(node, FieldNode) and node.name.value in self.types[parent].fields:
                if self._is_value(parent):
                    self._place(parent, subgraph)
                else:
                    self._learn(parent, node.name.value, subgraph, external=external)
                if node.selection_set:
                    target = self.types[parent].fields[node.name.value].target
                    self._mention(target, node.selection_set, subgraph, external=external)

    def _learn(self, parent: str, name: str, subgraph: str, *, external: bool = False) -> None:
        self.known_in[parent].add(subgraph)
        given = SubgraphField(subgraph, self.types[parent].fields[name].type, external=external)
        self.fields[parent, name].setdefault(subgraph, given)

    def _is_value(self, name: str) -> bool:
        """Whether the document names no subgraph for the type: then all that know it know all of it."""
        type_ = self.types[name]
        return not type_.keys and not any(each.by_subgraph for each in type_.fields.values())

    # ── what a subgraph returns it knows ────────────────────────────────────────────────────────────────────────────

    def follow_returns(self) -> None:
        """What a subgraph's fields lead to is known there, and so on from there."""
        self._follow((name, subgraph) for name, known in self.known_in.items() for subgraph in sorted(known))

    def _follow(self, start: Iterable[tuple[str, str]]) -> None:
        pending = list(start)
        while pending:
            name, subgraph = pending.pop()
            for target in self._targets(name, subgraph):
                if subgraph not in self.known_in[target] and self._is_value(target):
                    pending.append((target, subgraph))
                    self._place(target, subgraph)

    def _targets(self, name: str, subgraph: str) -> list[str]:
        type_ = self.types[name]
        returned = [each.target for each in type_.fields.values() if subgraph in self.fields[name, each.name]]
        members = sorted(type_.possible) if type_.kind == "UNION" else []
        return [target for target in (*returned, *members) if target in self.types and self._is_composite(target)]

    def _is_composite(self, name: str) -> bool:
        return self.types[name].kind in ("OBJECT", "INTERFACE", "UNION")

    def _place(self, name: str, subgraph: str) -> None:
        self.known_in[name].add(subgraph)
        for each in self.types[name].fields:
            self._learn(name, each, subgraph)

    def place_the_rest(self) -> None:
        """Value types that nothing returns but by their interfaces are known where those are."""
        for name in sorted(self.types):
            if self.types[name].kind != "INTERFACE":
                continue
            for member in sorted(self.types[name].possible):
                if not self.known_in[member] and self._is_value(member):
                    for subgraph in sorted(self.known_in[name]):
                        self._place(member, subgraph)
                    self._follow((member, subgraph) for subgraph in sorted(self.known_in[member]))

    # ── the outcome ─────────────────────────────────────────────────────────────────────────────────────────────────

    def completed(self, type_: Type, subgraphs: frozenset[str]) -> Type:
        """The type with what has been learnt."""
        fields = {
            name: replace(each, by_subgraph=dict(sorted(self.fields[type_.name, name].items())))
            for name, each in type_.fields.items()
        }
        members = {} if type_.kind == "OBJECT" else {subgraph: self._members(type_, subgraph) for subgraph in subgraphs}
        return replace(type_, subgraphs=subgraphs, fields=fields, members=members if type_.possible else {})

    def _members(self, type_: Type, subgraph: str) -> frozenset[str]:
        """The object types that a subgraph may return: it knows them, and with all the fields that an interface asks for."""
        return frozenset(
            member
            for member in type_.possible
            if subgraph in self.known_in[member] and all(subgraph in self.fields[member, name] for name in type_.fields)
        )
