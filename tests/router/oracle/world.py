"""The data behind the harbour: made from a seed, read by the subgraphs and by the single schema through one resolver."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_abstract_type,
)

from tests.router.oracle.schemas import MONOLITH

Node: TypeAlias = dict[str, Any]
Fault: TypeAlias = tuple[str, str]
"""The label of a node and the name of a field whose resolver raises there."""

KEYS: Final[Mapping[str, list[tuple[str, ...]]]] = {
    "Vessel": [("id",)],
    "Buoy": [("id",)],
    "Person": [("email",)],
    "Company": [("id",)],
    "Crate": [("tag",), ("serial",)],
    "Berth": [("quay", "slot")],
}
SIZES: Final = {
    "Vessel": 4, "Buoy": 2, "Person": 4, "Company": 2, "Crate": 4, "Berth": 2, "Wreck": 2,
    "Invoice": 1, "Permit": 1, "Inspection": 2, "Forecast": 2, "Reading": 2, "Storm": 1, "Dims": 2,
}  # fmt: skip
LIST_MAX: Final = 3
NULL_RATE: Final = 0.2

# Read for keys and @requires by more fetches than the client asks for: a fault there cannot match the single schema's.
NEVER_FAULTY: Final = frozenset(
    {"id", "email", "tag", "serial", "quay", "slot", "weight", "tonnage", "berth", "depth", "__typename"}
)


@dataclass
class World:
    """Every node of every type, and which resolvers fail."""

    root: Node
    nodes: Mapping[str, list[Node]]
    faults: set[Fault] = field(default_factory=set)

    def find(self, typename: str, representation: Mapping[str, Any]) -> Node | None:
        """The entity that a representation names, by whichever of its keys is there."""
        for key in KEYS[typename]:
            if all(part in representation for part in key):
                wanted = [str(representation[part]) for part in key]
                return next((n for n in self.nodes[typename] if [str(n[part]) for part in key] == wanted), None)
        raise LookupError(f"the representation {representation} has no key of {typename}")


def world_of(seed: int, *, fault_count: int = 0) -> World:
    """A small harbour that depends on the seed alone."""
    chance = random.Random(seed)
    schema = build_schema(MONOLITH)
    nodes = {name: [_blank(name, number) for number in range(size)] for name, size in SIZES.items()}
    root: Node = {"__typename": "Query", "__label": "Query"}
    for node in [root, *(each for some in nodes.values() for each in some)]:
        _fill(node, schema, nodes, chance)
    world = World(root, nodes)
    world.faults = _faults(schema, world, chance, fault_count)
    return world


def _blank(typename: str, number: int) -> Node:
    keys: dict[str, Node] = {
        "Person": {"email": f"p{number}@sea"},
        "Crate": {"tag": f"t{number}", "serial": number},
        "Berth": {"quay": "north", "slot": number},
    }
    # Ids repeat between types on purpose: an entity is named by its type and key together.
    return {"__typename": typename, "__label": f"{typename} {number}", **keys.get(typename, {"id": str(number)})}


def _fill(node: Node, schema: GraphQLSchema, nodes: Mapping[str, list[Node]], chance: random.Random) -> None:
    declared = schema.get_type(node["__typename"])
    for name, definition in declared.fields.items():  # type: ignore[union-attr]
        if name not in node:
            node[name] = _value(f"{node['__label']}.{name}", definition.type, schema, nodes, chance)


def _value(
    label: str,
    declared: GraphQLOutputType,
    schema: GraphQLSchema,
    nodes: Mapping[str, list[Node]],
    chance: random.Random,
) -> Any:
    if not isinstance(declared, GraphQLNonNull):
        if chance.random() < NULL_RATE:
            return None
    else:
        declared = declared.of_type
    if isinstance(declared, GraphQLList):
        return [_value(label, declared.of_type, schema, nodes, chance) for _ in range(chance.randint(0, LIST_MAX))]
    return _scalar_or_node(label, get_named_type(declared).name, schema, nodes, chance)


def _scalar_or_node(
    label: str, typename: str, schema: GraphQLSchema, nodes: Mapping[str, list[Node]], chance: random.Random
) -> Any:
    scalars: dict[str, Callable[[], Any]] = {
        "Int": lambda: chance.randint(0, 99),
        "Float": lambda: chance.choice([0.5, 1.5, 2.25]),
        "String": lambda: label,
        "ID": lambda: label,
        "Boolean": lambda: chance.random() < 0.5,
        "Kind": lambda: chance.choice(["SAIL", "STEAM"]),
        "Rank": lambda: chance.choice(["CAPTAIN", "MATE", "HAND"]),
    }
    if typename in scalars:
        return scalars[typename]()
    declared = schema.type_map[typename]
    possible = [each.name for each in schema.get_possible_types(declared)] if is_abstract_type(declared) else [typename]
    return chance.choice(nodes[chance.choice(possible)])


def _faults(schema: GraphQLSchema, world: World, chance: random.Random, count: int) -> set[Fault]:
    places = [
        (node["__label"], name)
        for node in [world.root, *(each for some in world.nodes.values() for each in some)]
        for name in schema.type_map[node["__typename"]].fields  # type: ignore[attr-defined]
        if name not in NEVER_FAULTY
    ]
    return set(chance.sample(places, count))
