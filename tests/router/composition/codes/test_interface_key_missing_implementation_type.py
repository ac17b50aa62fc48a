"""INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE: a subgraph that resolves an interface by key knows every type it may turn out to be."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

INTERFACE = """
type Query { node: Node }
interface Node @key(fields: "id") { id: ID! }
type T implements Node @key(fields: "id") { id: ID! }
"""

CASES = (
    rejected(
        "an implementation of another subgraph",
        "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE",
        at=["Node"],
        says=["Missing: U"],
        places=["a:4"],
        a=INTERFACE,
        b="""interface Node { id: ID! }
            type U implements Node @key(fields: "id") { id: ID! }""",
    ),
    rejected(
        "known, yet no implementation here",
        "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE",
        says=["Missing: U and V"],
        a="""type Query { node: Node }
            interface Node @key(fields: "id") { id: ID! }
            type T implements Node @key(fields: "id") { id: ID! }
            type U @key(fields: "id") { id: ID! }""",
        b="""interface Node { id: ID! }
            type U implements Node @key(fields: "id") { id: ID! }
            type V implements Node @key(fields: "id") { id: ID! }""",
    ),
    rejected(
        "each lacks one of the other",
        "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE",
        places=["a:4", "b:2"],
        a=INTERFACE,
        b="""interface Node @key(fields: "id") { id: ID! }
            type U implements Node @key(fields: "id") { id: ID! }""",
    ),
    composed(
        "a key that is not resolvable",
        a="""type Query { node: Node }
            interface Node @key(fields: "id", resolvable: false) { id: ID! }
            type T implements Node @key(fields: "id") { id: ID! }""",
        b="""interface Node { id: ID! }
            type U implements Node @key(fields: "id") { id: ID! }""",
    ),
    composed(
        "an interface without key",
        a=INTERFACE,
        b="""interface Node { id: ID! }
            type T implements Node @key(fields: "id") { id: ID! }""",
    ),
)


@each(CASES)
def test_interface_key_missing_implementation_type(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE", case)
