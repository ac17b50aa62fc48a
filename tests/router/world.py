"""An executable world for any supergraph: made-up data that every subgraph serves its share of, and an oracle that knows it all.

Every value is a function of the object's identity, the field and its arguments, so that the answer of the federated subgraphs can be
compared with what one schema over the same data answers. A subgraph checks the inputs of its @requires fields against the data.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    NameNode,
    execute_sync,
    get_named_type,
    is_required_argument,
    parse,
)
from graphql.execution.values import get_argument_values

from router.graph import Need, graph_of
from router.supergraph.model import Supergraph
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse
from router.transport.body import decode_response
from tests.router.subgraph_views import subgraph_view

ENTITIES_PER_TYPE = 3


@dataclass(frozen=True)
class Thing:
    """An object: its concrete type and its identity; `inputs` are what a representation brought along."""

    type: str
    identity: str
    inputs: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass
class World:
    """The data of a supergraph. Two worlds with one seed are the same."""

    supergraph: Supergraph
    seed: int = 0
    nulls: bool = True
    _by_leaf: dict[tuple[str, Any], Thing] = field(default_factory=dict)
    _owners: dict[tuple[str, str], Thing] = field(default_factory=dict)

    def value(self, thing: Thing, name: str, arguments: Mapping[str, Any]) -> Any:
        """What a field of an object is."""
        declared: Any = self.supergraph.full.type_map[thing.type]
        arguments = {**_defaults(declared.fields[name]), **arguments}
        nullable = not any(t.endswith("!") for t in self._types(thing.type, name))
        where = f"{thing.identity}.{name}({json.dumps(arguments, sort_keys=True, default=str)})"
        value = self._value(declared.fields[name].type, where, thing, name, nullable)
        if value == where and not arguments:  # the values of an enum are those of many objects
            self._by_leaf.setdefault((name, value), thing)
        return value

    def _types(self, type_: str, name: str) -> list[str]:
        field_ = self.supergraph.types[type_].fields[name]
        interfaces = [
            other.fields[name].type
            for other in self.supergraph.types.values()
            if other.kind == "INTERFACE" and type_ in other.possible and name in other.fields
        ]
        return [field_.type, *(resolved.type for resolved in field_.by_subgraph.values()), *interfaces]

    def _value(self, type_: GraphQLOutputType, where: str, thing: Thing, name: str, nullable: bool) -> Any:
        if isinstance(type_, GraphQLNonNull):
            return self._value(type_.of_type, where, thing, name, nullable=False)
        if nullable and self.nulls and self._dice(where + "?", 5) == 0:
            return None
        if isinstance(type_, GraphQLList):
            least = 1 if self._is_key(thing.type, name) else 0  # an empty key would stand for every object
            size = least + self._dice(where + "#", 4 - least)
            # Elements of a nullable type may be null in a subgraph that says otherwise, so none is.
            return [self._value(type_.of_type, f"{where}[{i}]", thing, name, nullable=False) for i in range(size)]
        return self._single(get_named_type(type_), where, thing, name)

    def _single(self, type_: Any, where: str, thing: Thing, name: str) -> Any:
        if isinstance(type_, GraphQLEnumType):
            shown = self.supergraph.api.type_map.get(type_.name, type_)
            values = sorted(shown.values)  # type: ignore[attr-defined]  # an enum in both schemas
            return values[self._dice(where, len(values))]
        if isinstance(type_, GraphQLScalarType):
            return self._scalar(type_.name, where)
        return self._object(type_.name, where, thing, name)

    def _scalar(self, name: str, where: str) -> Any:
        number = self._dice(where, 1000)
        known = {"Int": number, "Float": number + 0.5, "Boolean": bool(number % 2)}
        return known.get(name, where)

    def _object(self, type_: str, where: str, thing: Thing, name: str) -> Thing:
        possible = sorted(self._possible(type_, thing.type, name))
        concrete = possible[self._dice(where + "!", len(possible))]
        if self._is_key(thing.type, name):
            made = Thing(concrete, where)
            self._owners[made.type, made.identity] = thing
            return made
        if self.supergraph.types[concrete].keys:
            return Thing(concrete, f"{concrete}#{self._dice(where + '@', ENTITIES_PER_TYPE)}")
        return Thing(concrete, where)

    def _possible(self, type_: str, parent: str, name: str) -> frozenset[str]:
        """The concrete types that every subgraph which answers the field may return for it."""
        graph = graph_of(self.supergraph)
        possible = self.supergraph.types[type_].possible & self.supergraph.api.type_map.keys()
        for resolved in self.supergraph.types[parent].fields[name].by_subgraph.values():
            known = self.supergraph.types[resolved.target]
            if known.kind != "OBJECT" and resolved.subgraph not in known.interface_object_in:
                possible &= known.members[resolved.subgraph]
            else:
                possible &= known.possible
        for interface in self.supergraph.types.values():
            if interface.kind == "INTERFACE" and parent in interface.possible and name in interface.fields:
                target = interface.fields[name].target
                possible &= graph.type(target).possible
        return possible

    def _is_key(self, type_: str, name: str) -> bool:
        return name in self._keys(type_) and not self.supergraph.is_leaf(
            self.supergraph.types[type_].fields[name].target
        )

    def _dice(self, where: str, sides: int) -> int:
        return int.from_bytes(sha256(f"{self.seed}:{where}".encode()).digest()[:4], "big") % sides

    # ── references ──────────────────────────────────────────────────────────────────────────────────────────────────

    def find(self, representation: Mapping[str, Any]) -> Thing:
        """The object that a representation stands for. Inputs that are no keys may be those of any object."""
        keys = self._keys(representation["__typename"])
        found = self._find({name: value for name, value in representation.items() if name in keys})
        possible = self.supergraph.types[representation["__typename"]].possible
        assert found is not None, f"nothing is known by {representation}"
        assert found.type in possible, f"{representation} stands for a {found.type}"
        return Thing(found.type, found.identity, representation)

    def _keys(self, type_: str) -> frozenset[str]:
        sets = [key.fields for keys in self.supergraph.types[type_].keys.values() for key in keys]
        return frozenset(n.name for fields in sets for n in graph_of(self.supergraph).needs(fields, type_))

    def _find(self, values: Mapping[str, Any]) -> Thing | None:
        for name, value in values.items():
            if name == "__typename":
                continue
            value = next(iter(value), None) if isinstance(value, list) else value  # a required list may be empty
            if isinstance(value, dict):
                child = self._find(value)
                owner = self._owners.get((child.type, child.identity)) if child else None
                if owner is not None:
                    return owner
            elif isinstance(value, str) and (name, value) in self._by_leaf:
                return self._by_leaf[name, value]
        return None

    def expected(self, needs: tuple[Need, ...], thing: Thing) -> dict[str, Any]:
        """What a representation must say of an object for these needs."""
        found: dict[str, Any] = {}
        for need in needs:
            if thing.type in need.types and need.name != "__typename":
                arguments = {a.name.value: a.value.value for a in need.arguments}  # type: ignore[attr-defined]  # literals
                found[need.name] = self._shown(self.value(thing, need.name, arguments), need)
        return found

    def _shown(self, value: Any, need: Need) -> Any:
        if isinstance(value, list):
            return [self._shown(item, need) for item in value]
        return self.expected(need.needs, value) if isinstance(value, Thing) else value

    # ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def answer(self, query: str, variables: Mapping[str, Any], operation_name: str | None = None) -> ExecutionResult:
        """What one schema over all the data answers: the truth to compare with."""
        return _execute(self.supergraph.api, self, query, variables, operation_name, None)


def _defaults(field_: GraphQLField) -> dict[str, Any]:
    """What arguments are where nobody says: some are hidden from clients, and subgraphs know them all the same."""
    optional = {name: argument for name, argument in field_.args.items() if not is_required_argument(argument)}
    return get_argument_values(GraphQLField(field_.type, optional), FieldNode(name=NameNode(value="any")))


def _execute(
    schema: GraphQLSchema,
    world: World,
    query: str,
    variables: Mapping[str, Any],
    operation_name: str | None,
    subgraph: str | None,
) -> ExecutionResult:
    document = parse(query)
    kind = next(d.operation.value for d in document.definitions if hasattr(d, "operation"))
    root = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}[kind]

    def resolve(source: Thing, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        name = info.field_name
        if name == "_entities":
            return [world.find(representation) for representation in arguments["representations"]]
        if subgraph is not None:
            _check_inputs(world, subgraph, info.parent_type.name, source, name)
        return world.value(source, name, arguments)

    return execute_sync(
        schema,
        document,
        root_value=Thing(root, root),
        variable_values=dict(variables),
        operation_name=operation_name,
        field_resolver=resolve,
        type_resolver=lambda value, _info, _type: _known_as(value.type, schema, world.supergraph),
    )


def _known_as(type_: str, schema: GraphQLSchema, supergraph: Supergraph) -> str:
    """What a schema calls objects of a type: the interface's name where it has that as an object type."""
    if type_ in schema.type_map:
        return type_
    interfaces = (t for t in supergraph.types.values() if t.interface_object_in and type_ in t.possible)
    return next(interface.name for interface in interfaces if interface.name in schema.type_map)


def _check_inputs(world: World, subgraph: str, parent: str, source: Thing, name: str) -> None:
    declared = world.supergraph.types[parent].fields.get(name)
    resolved = declared.by_subgraph.get(subgraph) if declared else None
    if resolved is not None and resolved.requires is not None:
        wanted = world.expected(graph_of(world.supergraph).needs(resolved.requires, parent), source)
        given = {key: _plain(source.inputs.get(key)) for key in wanted}
        assert given == wanted, f"{subgraph} needs {wanted} for {parent}.{name} and was given {given}"


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if key != "__typename"}
    return value


@dataclass
class WorldTransport:
    """The subgraphs of a world, in this process."""

    world: World
    requests: list[SubgraphRequest] = field(default_factory=list)

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        """Execute a request against the subgraph's own view of the data."""
        self.requests.append(request)
        view = subgraph_view(self.world.supergraph, request.subgraph)
        asked = request.payload
        variables = asked.get("variables", {})
        result = _execute(view, self.world, asked["query"], variables, asked.get("operationName"), request.subgraph)
        return SubgraphAnswer(200, json.dumps(result.formatted).encode())

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """One event: the state of the data."""
        yield decode_response(request.subgraph, await self.send(request))

    async def close(self) -> None:
        """Nothing is open."""
