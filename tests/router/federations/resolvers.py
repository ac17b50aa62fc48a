"""Resolvers over a world: for the oracle, which is one schema over all the data, and for each subgraph.

A subgraph answers only what its SDL says it can: it refuses fields that are external or overridden unless the way to the object
provides them, and fields whose @requires were not all sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLResolveInfo,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    execute_sync,
)

from tests.router.federations.contexts import context_values
from tests.router.federations.served import Said, Served
from tests.router.federations.world import Fault, Thing, World, holds


class Refusal(Exception):
    """A subgraph was asked what no router may ask of it."""


def answer_as_one(
    world: World, document: DocumentNode, variables: Mapping[str, Any], called: list[str] | None = None
) -> ExecutionResult:
    """What one server over all the data answers. Notes the mutations it is `called` for."""

    def resolve(source: Thing, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        if source.type == "Mutation" and called is not None:
            called.append(f"{info.field_name}{sorted(arguments.items())}")
        contextual = context_values(world, source, info.field_name)
        return _below(source, world.value(source, info.field_name, {**arguments, **contextual}))

    return _execute(world, world.federation.supergraph.api, document, variables, resolve)


@dataclass(eq=False)
class Desk:
    """A subgraph at work. It notes the mutations it is `called` for, and the fields whose inputs were `lost` to an error elsewhere."""

    world: World
    subgraph: Served
    labels: frozenset[str] = frozenset()
    called: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def answer(self, document: DocumentNode, variables: Mapping[str, Any], name: str | None = None) -> ExecutionResult:
        """Its answer to a request."""
        return _execute(self.world, self.subgraph.schema, document, variables, self._resolve, name)

    def _resolve(self, source: Thing, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        name, parent = info.field_name, info.parent_type.name
        if name == "_entities":
            return [self.world.find(self.subgraph.name, each) for each in arguments["representations"]]
        if source.type == "Mutation":
            self.called.append(f"{name}{sorted(arguments.items())}")
        said = self.subgraph.fields[parent, name]
        provided = self._provided(source, name)
        if not provided:
            self._check(source, parent, name, said)
        below = _joined([node.selection_set for node in provided] + [said.provides])
        return _carrying(self.world.value(source, name, arguments), below)

    def _provided(self, source: Thing, name: str) -> list[FieldNode]:
        return [node for node in self._applying(source.provided, source.type) if node.name.value == name]

    def _applying(self, selections: SelectionSetNode | None, type_: str) -> list[FieldNode]:
        """The fields of a field set that are meant for objects of a type."""
        found: list[FieldNode] = []
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                found.append(node)
            elif isinstance(node, InlineFragmentNode) and (
                node.type_condition is None or type_ in self.world.federation.possible(node.type_condition.name.value)
            ):
                found += self._applying(node.selection_set, type_)
        return found

    def _check(self, source: Thing, parent: str, name: str, said: Said) -> None:
        where = f"{self.subgraph.name} is asked for {parent}.{name}"
        if said.external:
            raise Refusal(f"{where}, which is external")
        taken_by = self._taken_over(parent, name)
        if taken_by is not None:
            raise Refusal(f"{where}, which {taken_by} has taken over")
        if said.label is not None and said.label not in self.labels and self._has_old_owner(parent, name, said):
            raise Refusal(f"{where}, which it has not taken over for {said.label}")
        if said.requires is not None:
            expected = self.world.shown(source, said.requires)
            if not holds(source.inputs, expected):
                if self.world.faults:  # what an object lost to an error cannot be sent along
                    self.lost.append(where)
                    raise Fault(f"fault at {where}: inputs got lost")
                raise Refusal(f"{where}, which needs {expected}, and is given {dict(source.inputs)}")

    def _has_old_owner(self, parent: str, name: str, said: Said) -> bool:
        """Whether there is anybody to answer the field while it has not moved."""
        former = self.world.federation.served.get(said.override or "")
        return former is not None and (parent, name) in former.fields

    def _taken_over(self, parent: str, name: str) -> str | None:
        """The subgraph to which the field has moved."""
        common = self.subgraph.roots.get(parent, parent)
        for other in self.world.federation.served.values():
            own = next((own for own, its in other.roots.items() if its == common), common)
            said = other.fields.get((own, name))
            if said and said.override == self.subgraph.name and (said.label is None or said.label in self.labels):
                return other.name
        return None


def _execute(
    world: World,
    schema: Any,
    document: DocumentNode,
    variables: Mapping[str, Any],
    resolve: Any,
    name: str | None = None,
) -> ExecutionResult:
    kind = next(each.operation.value for each in document.definitions if isinstance(each, OperationDefinitionNode))
    root = kind.capitalize()
    return execute_sync(
        schema,
        # A subscription's event is answered by the same fields as a query would be.
        document,
        root_value=Thing(root, root),
        variable_values=dict(variables),
        operation_name=name,
        field_resolver=resolve,
        type_resolver=lambda thing, _info, abstract: _known_as(world, schema, thing, abstract.name),
    )


def _known_as(world: World, schema: Any, thing: Thing, abstract: str) -> str:
    """What a schema calls an object: an interface where it knows the type as nothing else."""
    if thing.type in schema.type_map:
        return thing.type
    types = world.federation.supergraph.types.values()
    stand_ins = (each.name for each in types if each.interface_object_in and thing.type in each.possible)
    return next((name for name in stand_ins if name in schema.type_map), abstract)


def _below(source: Thing, value: Any) -> Any:
    if isinstance(value, list):
        return [_below(source, item) for item in value]
    return replace(value, above=source) if isinstance(value, Thing) else value


def _carrying(value: Any, provided: SelectionSetNode | None) -> Any:
    if isinstance(value, list):
        return [_carrying(item, provided) for item in value]
    return replace(value, provided=provided) if isinstance(value, Thing) and provided else value


def _joined(sets: list[SelectionSetNode | None]) -> SelectionSetNode | None:
    nodes = tuple(node for each in sets if each for node in each.selections)
    return SelectionSetNode(selections=nodes) if nodes else None
