"""What random federations have found, each as small as it got."""

from __future__ import annotations

import pytest

from router.composition import SubgraphInput
from tests.router.federations.case import Case, outcome
from tests.router.federations.federation import federation_of

LINK = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [
  "@key", "@shareable", "@external", "@requires", "@provides", "@interfaceObject", "@override", "@inaccessible",
  "@context", "@fromContext"
])
"""
HOMES = {
    "b": """
    type Query { homes: [Home] }
    type Home implements Face @key(fields: "id") { id: ID! near: [Face] @shareable face: Int @shareable }
    type Thing implements Face { face: Int @shareable }
    interface Face { face: Int }
    """,
    "c": """
    type Home implements Face @key(fields: "id") {
      id: ID! near: [Home] @shareable face: Int @shareable rooms: Int @shareable beds(by: Int): Int
    }
    type Thing implements Face { face: Int @shareable }
    interface Face { face: Int }
    """,
}
FOUND = {
    "a union with one member": (
        {"a": "type Query { some: Any } union Any = Value type Value { text: String! }"},
        "{ some { ... on Value { text } } }",
    ),
    "a field of an interface that is nullable in some members only": (
        {
            "a": """type Thing implements Face @key(fields: "id") { id: ID! label: String! } interface Face { label: String }""",
            "b": """
            type Query { any: [Any!]! faces: [Face!]! }
            union Any = Thing | Other | Value
            interface Face { label: String }
            type Thing @key(fields: "id") { id: ID! }
            type Other implements Face { label: String }
            type Value implements Face { label: String! }
            """,
        },
        "{ any { ... on Face { label } } faces { label } }",
    ),
    "a composite field of an interface that is nullable in some members only": (
        {
            "a": """
            type Query { faces: [Face] }
            interface Face { next: [Thing] }
            type Thing implements Face @key(fields: "id") { id: ID! next: [Thing] }
            type Home implements Face { next: [Thing]! }
            """,
            "b": """type Thing @key(fields: "id") { id: ID! name: String }""",
        },
        "{ faces { next { name id } } }",
    ),
    "types that an interface object's subgraph cannot tell apart, of which one needs inputs": (
        {
            "a": """
            type Query { media: [Media]! }
            interface Media @key(fields: "id") { id: ID! title: String }
            type Film implements Media @key(fields: "id") { id: ID! title: String }
            type Song implements Media @key(fields: "id") { id: ID! title: String }
            """,
            "b": """
            type Media @interfaceObject @key(fields: "id") {
              id: ID! title: String @external rating: [ID]! long: String @requires(fields: "title")
            }
            """,
        },
        "{ media { ... on Song { long } ... on Film { rating } } }",
    ),
    "a subgraph that returns one member where others may return any": (
        {
            "a": """
            type Query { things: [Thing!] }
            type Thing @key(fields: "id") { id: ID! some: [[Thing]] @shareable }
            """,
            "b": """
            type Thing @key(fields: "id") { id: ID! some: [[Any]] @shareable }
            union Any = Thing | Value
            type Value { text: String }
            """,
        },
        "{ things { some { ... on Thing { some { __typename } } ... on Value { text } } } }",
    ),
    "objects of an interface whose only other implementation is hidden, brought by who cannot tell them apart": (
        {
            "a": """
            type Query { some: Int }
            interface Media @key(fields: "id") { id: ID! }
            type Film implements Media @key(fields: "id") @inaccessible { id: ID! }
            type Song implements Media @key(fields: "id") { id: ID! }
            """,
            "b": """
            type Query { best: Media! }
            type Media @interfaceObject @key(fields: "id") { id: ID! near: [Home!] }
            type Home @key(fields: "id") { id: ID! }
            """,
            "c": """type Home @key(fields: "id") { id: ID! name: String }""",
        },
        "{ best { ... on Song { near { name } } } }",
    ),
    "inputs by the subgraph's own type, which is narrower than the supergraph's": (
        {
            "a": """
            type Home @key(fields: "id") {
              id: ID! near: [Home] @external beds(by: Int): Int @external
              crowd: Int @requires(fields: "near { beds(by: 1) near { id beds } }")
            }
            """,
            **HOMES,
        },
        "{ homes { crowd near { face ... on Home { crowd beds other: beds(by: 1) } } } }",
    ),
    "fields provided by the subgraph's own type, which is narrower than the supergraph's": (
        {
            "a": """
            type Query { best: Home @provides(fields: "near { rooms }") }
            type Home @key(fields: "id") { id: ID! near: [Home] @external rooms: Int @external }
            """,
            **HOMES,
        },
        "{ best { near { face ... on Home { rooms } } } }",
    ),
    "an argument from a context by the subgraph's own type, which is narrower than the supergraph's": (
        {
            "a": """
            type Home @key(fields: "id") @context(name: "home") { id: ID! next: Home @shareable leaf: Leaf rooms: Int @shareable }
            type Shed @key(fields: "id") @context(name: "home") { id: ID! next: Home rooms: Int leaf: Leaf }
            type Leaf @key(fields: "id") { id: ID! told(by: Int @fromContext(field: "$home { next { rooms } }")): Int }
            type Query { shed: Shed }
            """,
            **HOMES,
            "d": """
            type Home implements Face @key(fields: "id") { id: ID! next: Face @shareable face: Int @shareable }
            type Thing implements Face { face: Int @shareable }
            interface Face { face: Int }
            type Leaf @key(fields: "id") { id: ID! }
            """,
        },
        "{ homes { leaf { told } } shed { leaf { told } } }",
    ),
    "a payload that leads back to the query root, before the next mutation": (
        {
            "a": "type Query { one: Int } type Mutation { first: Payload! third: Int } type Payload { query: Query! }",
            "b": "type Query { two: Int } type Mutation { second: Int }",
        },
        "mutation { first { query { one two } } second third again: second }",
    ),
    "an object of which nothing is wanted but its being, behind one that another subgraph has too": (
        {
            "a": """
            type Query { thing: Thing }
            type Thing @key(fields: "id") { id: ID! next: Value @shareable }
            type Value @shareable { f1: Int! }
            """,
            "c": """
            type Thing @key(fields: "id") { id: ID! next: Value @shareable }
            type Value @shareable { f1: Int! next: Value! }
            """,
        },
        "{ thing { next { next { f1 @skip(if: true) } } } }",
    ),
    "objects told apart by their keys, on a way that two subgraphs bring a part of": (
        {
            "a": """type Thing @key(fields: "id") { id: ID! some: Int }""",
            "c": """
            type Home { id: ID! @shareable near: [Home] }
            type Value @key(fields: "home { id }") { home: Home! @shareable }
            """,
            "f": """
            type Query { values: [Value!] }
            type Home @key(fields: "id") { id: ID! @shareable thing: Thing }
            type Thing { id: ID! @shareable }
            type Value @key(fields: "home { id }") { home: Home! @shareable }
            """,
        },
        "{ values { home { near { thing { some } } } } }",
    ),
    "an input that is swallowed by the error of its neighbour": (
        {
            "b": """
            type Query { home: Home }
            type Home @key(fields: "id") { id: ID! near: [Value] @external told: [Int]! @requires(fields: "near { f0 }") }
            type Value @shareable { f0: Int! }
            """,
            "d": """
            type Home @key(fields: "id") { id: ID! near: [Value] }
            type Value @shareable { f0: Int! f1: Int! @shareable }
            """,
        },
        "{ home { near { f1 } told } }",
    ),
}


@pytest.mark.parametrize("name", FOUND)
@pytest.mark.parametrize("faults", [False, True])
def test_what_was_found_stays_mended(name: str, faults: bool) -> None:
    """The router answers as one server does, whatever the data."""
    sdls, operation = FOUND[name]
    subgraphs = (SubgraphInput(each, LINK + sdl, f"http://{each}.test") for each, sdl in sdls.items())
    federation = federation_of(tuple(subgraphs))
    assert federation is not None
    for seed in range(16):
        came = outcome(federation, Case(operation, {}, seed, faults))
        assert came.difference is None, came.difference.text()
