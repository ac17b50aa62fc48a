"""INTERFACE_OBJECT_USAGE_ERROR: an interface object has a key, stands apart from the implementations, and has an interface."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

INTERFACE = """
type Query { node: Node }
interface Node @key(fields: "id") { id: ID! }
type T implements Node @key(fields: "id") { id: ID! }
"""

CASES = (
    rejected(
        "no key",
        "INTERFACE_OBJECT_USAGE_ERROR",
        at=["Node"],
        says=["has no @key here"],
        places=["b:2"],
        a=INTERFACE,
        b="type Node @interfaceObject { id: ID! size: Int }",
    ),
    rejected(
        "an implementation beside it",
        "INTERFACE_OBJECT_USAGE_ERROR",
        at=["Node", "T"],
        says=["define none of its implementations", "it defines T"],
        places=["b:2", "b:3"],
        a=INTERFACE,
        b="""type Node @interfaceObject @key(fields: "id") { id: ID! size: Int }
            type T @key(fields: "id") { id: ID! name: String }""",
    ),
    rejected(
        "an implementation of another subgraph beside it",
        "INTERFACE_OBJECT_USAGE_ERROR",
        "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE",
        at=["Node", "U"],
        a=INTERFACE,
        b="""type Node @interfaceObject @key(fields: "id") { id: ID! size: Int }
            type U @key(fields: "id") { id: ID! name: String }""",
        c="""interface Node { id: ID! }
            type U implements Node @key(fields: "id") { id: ID! }""",
    ),
    rejected(
        "no interface anywhere",
        "INTERFACE_OBJECT_USAGE_ERROR",
        at=["Node"],
        says=['in every subgraph that has it (subgraphs "a" and "b")'],
        places=["a:3", "b:2"],
        a="""type Query { node: Node }
            type Node @interfaceObject @key(fields: "id") { id: ID! name: String }""",
        b="""type Node @interfaceObject @key(fields: "id") { id: ID! size: Int }""",
    ),
    composed(
        "apart from the implementations",
        a=INTERFACE,
        b="""type Node @interfaceObject @key(fields: "id") { id: ID! size: Int }""",
    ),
    composed(
        "in two subgraphs",
        a=INTERFACE,
        b="""type Node @interfaceObject @key(fields: "id") { id: ID! size: Int }""",
        c="""type Node @interfaceObject @key(fields: "id") { id: ID! name: String }""",
    ),
)


@each(CASES)
def test_interface_object_usage_error(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("INTERFACE_OBJECT_USAGE_ERROR", case)
