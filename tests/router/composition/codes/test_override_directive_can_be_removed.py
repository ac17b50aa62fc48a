"""OVERRIDE_DIRECTIVE_CAN_BE_REMOVED: the overridden field is gone already; the @override can go."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

OWNER = """
type Query { t: T }
type T @key(fields: "id") { id: ID! name: String }
"""

CASES = (
    composed(
        "the other subgraph has no such field",
        "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED",
        at=["T.name"],
        says=['subgraph "a" has no such field'],
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! }""",
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a") }""",
    ),
    composed(
        "the other subgraph has no such type",
        "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED",
        a="type Query { a: Int }",
        b="""type Query { t: T }
            type T @key(fields: "id") { id: ID! name: String @override(from: "a") }""",
    ),
    composed(
        "the other subgraph marks it external",
        "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED",
        says=["marks it @external"],
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! name: String @external size: Int @requires(fields: "name") }""",
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a") }""",
    ),
    composed(
        "under a label, without field",
        "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED",
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! }""",
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a", label: "half") }""",
    ),
    composed(
        "the other subgraph resolves it",
        "OVERRIDDEN_FIELD_CAN_BE_REMOVED",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a") }""",
    ),
)


@each(CASES)
def test_override_directive_can_be_removed(case: Case) -> None:
    """Each case gives exactly its hints."""
    check("OVERRIDE_DIRECTIVE_CAN_BE_REMOVED", case)
