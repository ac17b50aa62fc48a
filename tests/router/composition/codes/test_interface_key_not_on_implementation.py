"""INTERFACE_KEY_NOT_ON_IMPLEMENTATION: the key of an interface is a key of each implementation in its subgraph."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "no key",
        "INTERFACE_KEY_NOT_ON_IMPLEMENTATION",
        at=["Node", "T"],
        says=['Key @key(fields: "id") of interface "Node" is missing on T'],
        places=["a:3", "a:4"],
        a="""type Query { node: Node }
            interface Node @key(fields: "id") { id: ID! }
            type T implements Node { id: ID! }""",
    ),
    rejected(
        "another key",
        "INTERFACE_KEY_NOT_ON_IMPLEMENTATION",
        a="""type Query { node: Node }
            interface Node @key(fields: "id") { id: ID! }
            type T implements Node @key(fields: "id code") { id: ID! code: ID! }""",
    ),
    rejected(
        "one of two keys, on one of two implementations",
        "INTERFACE_KEY_NOT_ON_IMPLEMENTATION",
        at=["U"],
        says=['fields: "code"', "missing on U"],
        a="""type Query { node: Node }
            interface Node @key(fields: "id") @key(fields: "code") { id: ID! code: ID! }
            type T implements Node @key(fields: "code") @key(fields: "id") { id: ID! code: ID! }
            type U implements Node @key(fields: "id") { id: ID! code: ID! }""",
    ),
    rejected(
        "the same words nested otherwise",
        "INTERFACE_KEY_NOT_ON_IMPLEMENTATION",
        a="""type Query { node: Node }
            interface Node @key(fields: "x { a b } y { c }") { x: X y: X }
            type X { a: Int b: Int c: Int }
            type T implements Node @key(fields: "x { a } y { b c }") { x: X y: X }""",
    ),
    rejected(
        "a key that is not resolvable",
        "INTERFACE_KEY_NOT_ON_IMPLEMENTATION",
        says=["must be resolvable on T"],
        a="""type Query { node: Node }
            interface Node @key(fields: "id") { id: ID! }
            type T implements Node @key(fields: "id", resolvable: false) { id: ID! }""",
    ),
    composed(
        "the same key in another order",
        a="""type Query { node: Node }
            interface Node @key(fields: "id x { a b }") { id: ID! x: X }
            type X { a: Int b: Int }
            type T implements Node @key(fields: "{ x { b a } id }") { id: ID! x: X }""",
    ),
    composed(
        "neither is resolvable",
        a="""type Query { node: Node }
            interface Node @key(fields: "id", resolvable: false) { id: ID! }
            type T implements Node @key(fields: "id", resolvable: false) { id: ID! }""",
    ),
    composed(
        "an interface without implementations",
        a="""type Query { a: Int }
            interface Node @key(fields: "id") { id: ID! }""",
    ),
)


@each(CASES)
def test_interface_key_not_on_implementation(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("INTERFACE_KEY_NOT_ON_IMPLEMENTATION", case)
