"""Makes field sets fit the full schema: what a subgraph selects by its own types is put on those types where the supergraph's are wider.

A subgraph may declare `near: [Home]` where the supergraph has `near: [Place]`, and then require `near { rooms }`. Of the full
schema that is `near { ... on Home { rooms } }`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from graphql import FieldNode, InlineFragmentNode, NamedTypeNode, NameNode, SelectionNode, SelectionSetNode

from router.supergraph.fieldset import canonical
from router.supergraph.model import ContextArgument, Field, FieldSet, Key, SubgraphField, Type

Composite = TypeVar("Composite", FieldNode, InlineFragmentNode)


def fitted(types: Mapping[str, Type]) -> dict[str, Type]:
    """The types with their field sets fit for the full schema."""
    fitting = _Fitting(types)
    return {name: fitting.type(type_) for name, type_ in types.items()}


@dataclass(frozen=True, slots=True)
class _Fitting:
    types: Mapping[str, Type]

    def type(self, type_: Type) -> Type:
        fields = {name: self._field(field) for name, field in type_.fields.items()}
        keys = {graph: tuple(self._key(key, type_.name, graph) for key in own) for graph, own in type_.keys.items()}
        same = keys == type_.keys and all(field is type_.fields[name] for name, field in fields.items())
        return type_ if same else replace(type_, fields=fields, keys=keys)

    def _key(self, key: Key, parent: str, graph: str) -> Key:
        return replace(key, fields=self._set(key.fields, parent, graph))

    def _field(self, field: Field) -> Field:
        by_subgraph = {graph: self._resolved(own, field.parent) for graph, own in field.by_subgraph.items()}
        same = all(own is field.by_subgraph[graph] for graph, own in by_subgraph.items())
        return field if same else replace(field, by_subgraph=by_subgraph)

    def _resolved(self, own: SubgraphField, parent: str) -> SubgraphField:
        if not (own.requires or own.provides or own.context_arguments):
            return own
        return replace(
            own,
            requires=self._set(own.requires, parent, own.subgraph) if own.requires else None,
            provides=self._set(own.provides, own.target, own.subgraph) if own.provides else None,
            context_arguments=tuple(self._argument(argument, own.subgraph) for argument in own.context_arguments),
        )

    def _argument(self, argument: ContextArgument, graph: str) -> ContextArgument:
        """Each type that sets the context may need other fragments."""
        setting = [name for name, type_ in self.types.items() if argument.context in type_.contexts]
        sets = {name: self._set(argument.selection, name, graph) for name in setting}
        if all(each is argument.selection for each in sets.values()):
            return argument
        parts = tuple(_on(name, *each.selections.selections) for name, each in sets.items())
        return replace(argument, selection=_field_set(SelectionSetNode(selections=parts)))

    def _set(self, field_set: FieldSet, parent: str, graph: str) -> FieldSet:
        selections = self._selections(field_set.selections, parent, parent, graph)
        return field_set if selections is field_set.selections else _field_set(selections)

    def _selections(self, selections: SelectionSetNode, wide: str, own: str, graph: str) -> SelectionSetNode:
        """The selections of objects that are of type `wide` in the supergraph and of type `own` in the subgraph."""
        made = tuple(self._selection(node, wide, own, graph) for node in selections.selections)
        same = all(new is old for new, old in zip(made, selections.selections, strict=True))
        return selections if same else SelectionSetNode(selections=made)

    def _selection(self, node: SelectionNode, wide: str, own: str, graph: str) -> SelectionNode:
        match node:
            case InlineFragmentNode(type_condition=None):
                return _with(node, self._selections(node.selection_set, wide, own, graph))
            case InlineFragmentNode(type_condition=NamedTypeNode(name=name)):
                return _with(node, self._selections(node.selection_set, name.value, name.value, graph))
            case FieldNode(name=name) if name.value in self._fields(wide):
                return self._below(node, self._fields(wide)[name.value], graph)
            case FieldNode(name=name) if name.value in self._fields(own):
                return _on(own, self._below(node, self._fields(own)[name.value], graph))
        return node

    def _fields(self, name: str) -> Mapping[str, Field]:
        return self.types[name].fields if name in self.types else {}

    def _below(self, node: FieldNode, field: Field, graph: str) -> FieldNode:
        if node.selection_set is None:
            return node
        known = field.by_subgraph.get(graph)
        own = known.target if known else field.target
        return _with(node, self._selections(node.selection_set, field.target, own, graph))


def _with(node: Composite, selections: SelectionSetNode) -> Composite:
    return node if selections is node.selection_set else replace(node, selection_set=selections)


def _on(type_: str, *selections: SelectionNode) -> InlineFragmentNode:
    condition = NamedTypeNode(name=NameNode(value=type_))
    return InlineFragmentNode(type_condition=condition, selection_set=SelectionSetNode(selections=selections))


def _field_set(selections: SelectionSetNode) -> FieldSet:
    return FieldSet(canonical(selections), selections)
