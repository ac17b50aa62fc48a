"""OVERRIDE_ON_INTERFACE: an @override stands on a field of an object type."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "an interface's field",
        "OVERRIDE_ON_INTERFACE",
        at=["Node.name"],
        says=["override those of the implementations"],
        places=["b:2"],
        a="""type Query { node: Node }
            interface Node { name: String }
            type T implements Node { name: String }""",
        b="""interface Node { name: String @override(from: "a") }
            type U implements Node { name: String }""",
    ),
    rejected(
        "an unknown subgraph makes no difference",
        "OVERRIDE_ON_INTERFACE",
        a="type Query { a: Int }",
        b="""interface Node { name: String @override(from: "z") }
            type U implements Node { name: String }""",
    ),
    rejected(
        "beside the implementation's",
        "OVERRIDE_ON_INTERFACE",
        at=["Node.name"],
        a="""type Query { node: Node }
            interface Node { name: String }
            type T implements Node @key(fields: "id") { id: ID! name: String }""",
        b="""interface Node { name: String @override(from: "a") }
            type T implements Node @key(fields: "id") { id: ID! name: String @override(from: "a") }""",
    ),
    composed(
        "the implementation's field",
        "OVERRIDDEN_FIELD_CAN_BE_REMOVED",
        a="""type Query { node: Node }
            interface Node { name: String }
            type T implements Node @key(fields: "id") { id: ID! name: String }""",
        b="""interface Node { name: String }
            type T implements Node @key(fields: "id") { id: ID! name: String @override(from: "a") }""",
    ),
)


@each(CASES)
def test_override_on_interface(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("OVERRIDE_ON_INTERFACE", case)
