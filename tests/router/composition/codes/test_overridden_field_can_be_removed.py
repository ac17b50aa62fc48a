"""OVERRIDDEN_FIELD_CAN_BE_REMOVED: another subgraph overrides the field, which can go."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

OWNER = """
type Query { t: T }
type T @key(fields: "id") { id: ID! name: String }
"""

CASES = (
    composed(
        "nothing uses it",
        "OVERRIDDEN_FIELD_CAN_BE_REMOVED",
        at=["T.name"],
        says=['subgraph "a" is never asked for it: remove it there'],
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a") }""",
    ),
    composed(
        "a key of the subgraph uses it",
        "OVERRIDDEN_FIELD_CAN_BE_REMOVED",
        says=["mark it @external there"],
        a="""type Query { t: T }
            type T @key(fields: "id") @key(fields: "name") { id: ID! name: String }""",
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a") }""",
    ),
    composed(
        "an interface of the subgraph uses it",
        "OVERRIDDEN_FIELD_CAN_BE_REMOVED",
        says=["mark it @external there"],
        a="""type Query { named: Named }
            interface Named { name: String }
            type T implements Named @key(fields: "id") { id: ID! name: String }""",
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a") }""",
    ),
    composed(
        "a root field",
        "OVERRIDDEN_FIELD_CAN_BE_REMOVED",
        at=["Query.a"],
        a="type Query { a: Int b: Int }",
        b="""type Query { a: Int @override(from: "a") }""",
    ),
    composed(
        "under a label it stays",
        "OVERRIDE_MIGRATION_IN_PROGRESS",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a", label: "half") }""",
    ),
    composed(
        "an external field is gone already",
        "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED",
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! name: String @external size: Int @requires(fields: "name") }""",
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a") }""",
    ),
)


@each(CASES)
def test_overridden_field_can_be_removed(case: Case) -> None:
    """Each case gives exactly its hints."""
    check("OVERRIDDEN_FIELD_CAN_BE_REMOVED", case)
