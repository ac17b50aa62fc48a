"""OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE: what is external, required, provided or abstracted cannot change hands."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

OWNER = """
type Query { t: T }
type T @key(fields: "id") { id: ID! name: String }
"""
INTERFACE = """
type Query { node: Node }
interface Node @key(fields: "id") { id: ID! size: Int }
type T implements Node @key(fields: "id") { id: ID! size: Int }
"""

CASES = (
    rejected(
        "the overridden field has @requires",
        "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
        "INVALID_FIELD_SHARING",
        at=["T.cost"],
        says=['@requires in subgraph "a"'],
        places=["a:3", "b:2"],
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! weight: Int @external cost: Int @requires(fields: "weight") }""",
        b="""type T @key(fields: "id") { id: ID! weight: Int cost: Int @override(from: "a") }""",
    ),
    rejected(
        "the overridden field has @provides",
        "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
        says=['@provides in subgraph "a"'],
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! u: U @shareable @provides(fields: "name") }
            type U @key(fields: "id") { id: ID! name: String @external }""",
        b="""type T @key(fields: "id") { id: ID! u: U @shareable @override(from: "a") }
            type U @key(fields: "id") { id: ID! name: String @shareable }""",
    ),
    rejected(
        "the overriding field is external",
        "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
        says=["the field is @external here"],
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @external @override(from: "a") size: Int @requires(fields: "name") }""",
    ),
    rejected(
        "the overriding field is of an interface object",
        "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
        "INVALID_FIELD_SHARING",
        at=["Node.size"],
        says=["of an @interfaceObject cannot override"],
        places=["b:2"],
        a=INTERFACE,
        b="""type Node @interfaceObject @key(fields: "id") { id: ID! size: Int @override(from: "a") }""",
    ),
    rejected(
        "the overridden field is of an interface object",
        "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
        "INVALID_FIELD_SHARING",
        at=["T.size"],
        says=['through the @interfaceObject field "Node.size"'],
        places=["a:4", "b:2"],
        a="""type Query { node: Node }
            interface Node @key(fields: "id") { id: ID! }
            type T implements Node @key(fields: "id") { id: ID! size: Int @override(from: "b") }""",
        b="""type Node @interfaceObject @key(fields: "id") { id: ID! size: Int }""",
    ),
    composed(
        "the overriding field has @requires",
        "OVERRIDDEN_FIELD_CAN_BE_REMOVED",
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! weight: Int cost: Int }""",
        b="""type T @key(fields: "id") { id: ID! weight: Int @external cost: Int @override(from: "a") @requires(fields: "weight") }""",
    ),
    composed(
        "the overriding field has @provides",
        "OVERRIDDEN_FIELD_CAN_BE_REMOVED",
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! u: U }
            type U @key(fields: "id") { id: ID! name: String @shareable }""",
        b="""type T @key(fields: "id") { id: ID! u: U @override(from: "a") @provides(fields: "name") }
            type U @key(fields: "id") { id: ID! name: String @external }""",
    ),
)


@each(CASES)
def test_override_collision_with_another_directive(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE", case)
