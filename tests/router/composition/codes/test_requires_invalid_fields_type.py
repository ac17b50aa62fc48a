"""REQUIRES_INVALID_FIELDS_TYPE: the fields of a @requires are one string."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

OWNER = """
type Query { t: T }
type T @key(fields: "id") { id: ID! weight: Int }
"""

CASES = (
    rejected(
        "a name",
        "REQUIRES_INVALID_FIELDS_TYPE",
        "EXTERNAL_UNUSED",
        at=["T.cost"],
        says=["must be a string"],
        places=["b:5"],
        a=OWNER,
        b="""type T @key(fields: "id") {
                id: ID!
                weight: Int @external
                cost: Int @requires(fields: weight)
            }""",
    ),
    rejected(
        "a list",
        "REQUIRES_INVALID_FIELDS_TYPE",
        "EXTERNAL_UNUSED",
        a=OWNER,
        b="""type T @key(fields: "id") {
                id: ID!
                weight: Int @external
                cost: Int @requires(fields: ["weight"])
            }""",
    ),
    rejected(
        "a boolean",
        "REQUIRES_INVALID_FIELDS_TYPE",
        "EXTERNAL_UNUSED",
        a=OWNER,
        b="""type T @key(fields: "id") {
                id: ID!
                weight: Int @external
                cost: Int @requires(fields: true)
            }""",
    ),
    composed(
        "a string",
        a=OWNER,
        b="""type T @key(fields: "id") {
                id: ID!
                weight: Int @external
                cost: Int @requires(fields: "weight")
            }""",
    ),
)


@each(CASES)
def test_requires_invalid_fields_type(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("REQUIRES_INVALID_FIELDS_TYPE", case)
