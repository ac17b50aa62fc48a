"""OVERRIDE_MIGRATION_IN_PROGRESS: a labelled override is under way."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

OWNER = """
type Query { t: T }
type T @key(fields: "id") { id: ID! name: String }
"""

CASES = (
    composed(
        "nothing else uses it",
        "OVERRIDE_MIGRATION_IN_PROGRESS",
        at=["T.name"],
        says=['from subgraph "a" under the label "half"', "remove it there"],
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a", label: "half") }""",
    ),
    composed(
        "a key of the subgraph uses it",
        "OVERRIDE_MIGRATION_IN_PROGRESS",
        says=["mark it @external there"],
        a="""type Query { t: T }
            type T @key(fields: "id") @key(fields: "name") { id: ID! name: String }""",
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a", label: "percent(25)") }""",
    ),
    composed(
        "a root field",
        "OVERRIDE_MIGRATION_IN_PROGRESS",
        at=["Query.a"],
        a="type Query { a: Int b: Int }",
        b="""type Query { a: Int @override(from: "a", label: "half") }""",
    ),
    composed(
        "two of one",
        "OVERRIDE_MIGRATION_IN_PROGRESS",
        at=["T.name"],
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! name: String }""",
        b="""type T @key(fields: "id") { id: ID! name: String @shareable @override(from: "a", label: "half") }""",
        c="""type T @key(fields: "id") { id: ID! name: String @shareable @override(from: "a", label: "rest") }""",
    ),
    composed(
        "without label it is done",
        "OVERRIDDEN_FIELD_CAN_BE_REMOVED",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a") }""",
    ),
)


@each(CASES)
def test_override_migration_in_progress(case: Case) -> None:
    """Each case gives exactly its hints."""
    check("OVERRIDE_MIGRATION_IN_PROGRESS", case)
