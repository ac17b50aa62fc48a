"""Answers that a subgraph might give to a request: of the right shape, with values out of a hat, and now and then something odd.

Nothing is consistent from one answer to the next. That is no matter where two engines are given the same ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    is_leaf_type,
    parse,
)

from router.transport.base import SubgraphAnswer

STRINGS = ('"a"', '"b"', '"1"', '"\\u00e9\\n\\"x\\""', '"é😀\\/"', '""', '"true"')
INTS = ("0", "1", "7", "-3", "2147483647")
FLOATS = ("0", "1", "1.0", "1.10", "-2.5", "1e2", "1E-3", "0.1")
BOOLEANS = ("true", "false")
ANYTHING = (*STRINGS, *INTS, *FLOATS, *BOOLEANS, "12345678901234567890123", '{"a":[1.50,null]}', "[]", "[null,1]", "{}")
ODD = (*ANYTHING, "null", "2147483648", "1e400", '"NOT_IN_ANY_ENUM"', "[[]]", '{"__typename":"Nobody"}')
NULL_ONE_IN = 6
LIST_MAX = 3


@dataclass(frozen=True)
class Inventor:
    """Invents the answers of one run. Each position of an answer is odd with the chance `oddity`."""

    schemas: Mapping[str, GraphQLSchema]
    rng: Random
    oddity: float = 0.0

    def answer(self, subgraph: str, body: bytes) -> SubgraphAnswer:
        """What the subgraph answers to the body of a request."""
        request = json.loads(body)
        schema = self.schemas[subgraph]
        (operation,) = parse(request["query"]).definitions
        assert isinstance(operation, OperationDefinitionNode)
        root = schema.get_root_type(operation.operation)
        assert root is not None
        data = _Answer(schema, self.rng, self.oddity, request.get("variables") or {}).object(
            root, operation.selection_set
        )
        text = f'{{"data":{data}{self._more()}}}'
        return SubgraphAnswer(500 if self._odd(0.1) else 200, text.encode())

    def _more(self) -> str:
        """Members of the response besides its data."""
        if self._odd(0.3):
            return ',"errors":[{"message":"no","path":["nowhere"]}]'
        return ',"extensions":{"traced":true}' if self.rng.random() < 0.2 else ""

    def _odd(self, share: float) -> bool:
        return self.rng.random() < self.oddity * share


@dataclass(frozen=True)
class _Answer:
    schema: GraphQLSchema
    rng: Random
    oddity: float
    variables: Mapping[str, Any]

    def object(self, type_: GraphQLObjectType, selections: SelectionSetNode) -> str:
        """An object as JSON text."""
        members: dict[str, str] = {}
        merged: dict[str, list[FieldNode]] = {}
        for node in self._nodes(type_, selections):
            merged.setdefault((node.alias or node.name).value, []).append(node)
        for key, nodes in merged.items():
            if self._odd():
                continue  # the key is missing
            members[key] = self._field(type_, nodes)
        if self._odd():
            members[self.rng.choice(("id", "name", "unasked"))] = self.rng.choice(ODD)
        return "{" + ", ".join(f"{json.dumps(key)}:{value}" for key, value in members.items()) + "}"

    def _nodes(self, type_: GraphQLObjectType, selections: SelectionSetNode) -> Iterator[FieldNode]:
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode) and self._applies(node, type_):
                yield from self._nodes(type_, node.selection_set)

    def _applies(self, node: InlineFragmentNode, type_: GraphQLObjectType) -> bool:
        if node.type_condition is None or node.type_condition.name.value == type_.name:
            return True
        on = self.schema.type_map[node.type_condition.name.value]
        return isinstance(on, GraphQLInterfaceType | GraphQLUnionType) and self.schema.is_sub_type(on, type_)

    def _field(self, parent: GraphQLObjectType, nodes: list[FieldNode]) -> str:
        name = nodes[0].name.value
        if self._odd():
            return self.rng.choice(ODD)
        if name == "__typename":
            return json.dumps(parent.name)
        below = [node.selection_set for node in nodes if node.selection_set is not None]
        whole = SelectionSetNode(selections=tuple(inner for each in below for inner in each.selections))
        if name == "_entities":
            return self._entities(nodes[0], whole)
        return self._value(parent.fields[name].type, whole)

    def _entities(self, node: FieldNode, selections: SelectionSetNode) -> str:
        assert node.arguments
        variable: Any = node.arguments[0].value
        types = [representation["__typename"] for representation in self.variables[variable.name.value]]
        if self._odd():
            types = types[1:] or [*types, *types]
        return "[" + ",".join(self._entity(name, selections) for name in types) + "]"

    def _entity(self, name: str, selections: SelectionSetNode) -> str:
        if self.rng.randrange(4 * NULL_ONE_IN) == 0 or self._odd():
            return "null"
        return self._composite(self.schema.type_map[name], selections)

    def _value(self, type_: GraphQLOutputType, selections: SelectionSetNode) -> str:
        if isinstance(type_, GraphQLNonNull):
            return "null" if self._odd() else self._present(type_.of_type, selections)
        return "null" if self.rng.randrange(NULL_ONE_IN) == 0 else self._present(type_, selections)

    def _present(self, type_: Any, selections: SelectionSetNode) -> str:
        if isinstance(type_, GraphQLList):
            elements = [self._value(type_.of_type, selections) for _ in range(self.rng.randint(0, LIST_MAX))]
            return "[" + ",".join(elements) + "]"
        return self._leaf(type_) if is_leaf_type(type_) else self._composite(type_, selections)

    def _composite(self, type_: Any, selections: SelectionSetNode) -> str:
        possible = [type_] if isinstance(type_, GraphQLObjectType) else self.schema.get_possible_types(type_)
        return self.object(self.rng.choice(possible), selections) if possible else "null"

    def _leaf(self, type_: Any) -> str:
        if isinstance(type_, GraphQLEnumType):
            return json.dumps(self.rng.choice(sorted(type_.values)))
        known = {"Int": INTS, "Float": FLOATS, "Boolean": BOOLEANS, "String": STRINGS, "ID": STRINGS}
        return self.rng.choice(known.get(type_.name, ANYTHING))

    def _odd(self) -> bool:
        return self.rng.random() < self.oddity
