"""REQUIRES_FIELDS_MISSING_EXTERNAL: a @requires names fields that the subgraph does not resolve itself."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

OWNER = """
type Query { t: T }
type T @key(fields: "id") { id: ID! weight: Int }
"""

CASES = (
    rejected(
        "its own field",
        "REQUIRES_FIELDS_MISSING_EXTERNAL",
        at=["T.cost"],
        says=['"T.size" is not marked @external'],
        places=["b:2"],
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! size: Int cost: Int @requires(fields: "size") }""",
    ),
    rejected(
        "the key",
        "REQUIRES_FIELDS_MISSING_EXTERNAL",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! cost: Int @requires(fields: "id") }""",
    ),
    rejected(
        "the external key of an extension",
        "REQUIRES_FIELDS_MISSING_EXTERNAL",
        says=["key field of an extension"],
        a=OWNER,
        b="""extend type T @key(fields: "id") { id: ID! @external cost: Int @requires(fields: "id") }""",
    ),
    rejected(
        "the external key of @extends",
        "REQUIRES_FIELDS_MISSING_EXTERNAL",
        a=OWNER,
        b="""type T @extends @key(fields: "id") { id: ID! @external cost: Int @requires(fields: "id") }""",
    ),
    rejected(
        "__typename",
        "REQUIRES_FIELDS_MISSING_EXTERNAL",
        says=['"T.__typename"'],
        a=OWNER,
        b="""type T @key(fields: "id") {
                id: ID!
                weight: Int @external
                cost: Int @requires(fields: "weight __typename")
            }""",
    ),
    rejected(
        "a leaf below a field of its own",
        "REQUIRES_FIELDS_MISSING_EXTERNAL",
        says=['"Box.weight"'],
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! box: Box @shareable }
            type Box @shareable { weight: Int }""",
        b="""type T @key(fields: "id") { id: ID! box: Box @shareable cost: Int @requires(fields: "box { weight }") }
            type Box @shareable { weight: Int }""",
    ),
    rejected(
        "an interface's field, which only the implementations could mark",
        "REQUIRES_FIELDS_MISSING_EXTERNAL",
        says=['"Box.weight"'],
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! box: Box @shareable }
            interface Box { weight: Int }
            type Crate implements Box { weight: Int }""",
        b="""type T @key(fields: "id") { id: ID! box: Box @shareable cost: Int @requires(fields: "box { weight }") }
            interface Box { weight: Int }
            type Crate implements Box { weight: Int @external }""",
    ),
    composed(
        "below an external field",
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! box: Box @shareable }
            type Box @shareable { weight: Int }""",
        b="""type T @key(fields: "id") { id: ID! box: Box @external cost: Int @requires(fields: "box { __typename weight }") }
            type Box @shareable { weight: Int }""",
    ),
    composed(
        "an external leaf below a field of its own",
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! box: Box @shareable }
            type Box @key(fields: "id") { id: ID! weight: Int }""",
        b="""type T @key(fields: "id") { id: ID! box: Box @shareable cost: Int @requires(fields: "box { weight }") }
            type Box @shareable @key(fields: "id") { id: ID! weight: Int @external }""",
    ),
    composed(
        "external with its whole type",
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! box: Box @shareable }
            type Box @shareable { weight: Int }""",
        b="""type T @key(fields: "id") { id: ID! box: Box @shareable cost: Int @requires(fields: "box { weight }") }
            type Box @external { weight: Int }""",
    ),
)


@each(CASES)
def test_requires_fields_missing_external(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("REQUIRES_FIELDS_MISSING_EXTERNAL", case)
