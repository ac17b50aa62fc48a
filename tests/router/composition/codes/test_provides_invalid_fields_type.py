"""PROVIDES_INVALID_FIELDS_TYPE: the fields of a @provides are one string."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

OWNER = """
type Query { t: T }
type T @key(fields: "id") { id: ID! name: String @shareable code(at: Int): Int @shareable }
"""

CASES = (
    rejected(
        "a name",
        "PROVIDES_INVALID_FIELDS_TYPE",
        "EXTERNAL_UNUSED",
        at=["Query.best"],
        says=["must be a string"],
        places=["b:2"],
        a=OWNER,
        b="""type Query { best: T @provides(fields: name) }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
    rejected(
        "a list",
        "PROVIDES_INVALID_FIELDS_TYPE",
        "EXTERNAL_UNUSED",
        a=OWNER,
        b="""type Query { best: T @provides(fields: ["name"]) }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
    rejected(
        "an object",
        "PROVIDES_INVALID_FIELDS_TYPE",
        "EXTERNAL_UNUSED",
        a=OWNER,
        b="""type Query { best: T @provides(fields: {name: true}) }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
    composed(
        "a string",
        a=OWNER,
        b="""type Query { best: T @provides(fields: "name") }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
)


@each(CASES)
def test_provides_invalid_fields_type(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("PROVIDES_INVALID_FIELDS_TYPE", case)
