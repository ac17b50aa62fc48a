"""FROM_SUBGRAPH_DOES_NOT_EXIST: an @override names a subgraph that is not there."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

OWNER = """
type Query { t: T }
type T @key(fields: "id") { id: ID! name: String }
"""

CASES = (
    composed(
        "unlike any name",
        "FROM_SUBGRAPH_DOES_NOT_EXIST",
        at=["T.size"],
        says=['there is no subgraph "zebra" to override'],
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! size: Int @override(from: "zebra") }""",
    ),
    composed(
        "like a name",
        "FROM_SUBGRAPH_DOES_NOT_EXIST",
        says=["Did you mean 'accounts'"],
        subgraphs={
            "accounts": OWNER,
            "b": 'type T @key(fields: "id") { id: ID! size: Int @override(from: "acounts") }',
        },
    ),
    composed(
        "empty",
        "FROM_SUBGRAPH_DOES_NOT_EXIST",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! size: Int @override(from: "") }""",
    ),
    composed(
        "what it should override is resolved twice then",
        "FROM_SUBGRAPH_DOES_NOT_EXIST",
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! name: String @shareable }""",
        b="""type T @key(fields: "id") { id: ID! name: String @shareable @override(from: "z") }""",
    ),
    composed(
        "a subgraph without the field",
        "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! size: Int @override(from: "a") }""",
    ),
)


@each(CASES)
def test_from_subgraph_does_not_exist(case: Case) -> None:
    """Each case gives exactly its hints."""
    check("FROM_SUBGRAPH_DOES_NOT_EXIST", case)
