"""Federations and operations that are hard on a planner, made by rule, the same each time."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from graphql import GraphQLSchema

from router.composition import Composed, SubgraphInput, compose
from router.supergraph import Supergraph, load_supergraph
from tests.router.random_operations import Generator

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",'
    ' import: ["@key", "@shareable", "@external", "@requires"])\n'
)
SUBGRAPHS = 8
FIELDS_OF_AN_ORDER = 4  # in each subgraph, and one fewer of an article
RECURSION_DEPTH = 10


def supergraph_of(subgraphs: dict[str, str]) -> Supergraph:
    """The supergraph that subgraphs compose to, by name and SDL."""
    outcome = compose([SubgraphInput(name, sdl, f"http://{name}.test") for name, sdl in subgraphs.items()])
    assert isinstance(outcome, Composed), outcome
    return load_supergraph(outcome.sdl)


def random_operations(schema: GraphQLSchema, count: int, *, depth: int = 5) -> Iterator[tuple[str, dict[str, object]]]:
    """Different valid operations with their variables."""
    seen: set[str] = set()
    seed = 0
    while len(seen) < count:
        generator = Generator(schema, Random(seed), depth_max=depth)
        seed += 1
        text = generator.operation()
        if text not in seen:
            seen.add(text)
            yield text, generator.variables


def wide() -> tuple[Supergraph, str]:
    """An order and its articles, both resolved by 8 subgraphs, and a query of 60 fields from all of them."""
    subgraphs = {f"s{number}": LINK + _part_of_an_order(number) for number in range(SUBGRAPHS)}
    order = " ".join(f"o{number}_{n}" for number in range(SUBGRAPHS) for n in range(FIELDS_OF_AN_ORDER))
    article = " ".join(f"a{number}_{n}" for number in range(SUBGRAPHS) for n in range(FIELDS_OF_AN_ORDER - 1))
    return supergraph_of(subgraphs), f"{{ order(id: 1) {{ id {order} lines {{ article {{ {article} }} }} }} }}"


def _part_of_an_order(number: int) -> str:
    order = " ".join(f"o{number}_{n}: String" for n in range(FIELDS_OF_AN_ORDER))
    article = " ".join(f"a{number}_{n}: String" for n in range(FIELDS_OF_AN_ORDER - 1))
    entities = (
        f'type Article @key(fields: "sku") {{ sku: ID! {article} }} type Order @key(fields: "id") {{ id: ID! {order}'
    )
    if number > 0:
        return entities + " }"
    return entities + " lines: [Line!]! } type Line { article: Article } type Query { order(id: ID!): Order }"


def recursive() -> tuple[Supergraph, str]:
    """A tree of an interface whose three types are each known in part by three subgraphs, and a query 10 levels deep."""
    kinds = ("Folder", "Page", "Link")
    fields = ("children: [Node!]", "owner: Node", "next: Node")
    subgraphs = {}
    for number, field in enumerate(fields):
        types = " ".join(f'type {kind} implements Node @key(fields: "id") {{ id: ID! {field} }}' for kind in kinds)
        interface = f"interface Node {{ id: ID! {field} }}"
        subgraphs[f"s{number}"] = f"{LINK}{interface} {types}" + (" type Query { node: Node }" if number == 0 else "")
    selection = "{ id }"
    for level in range(RECURSION_DEPTH):
        name = fields[level % len(fields)].partition(":")[0]
        selection = f"{{ id {name} {selection} }}"
    return supergraph_of(subgraphs), f"{{ node {selection} }}"
