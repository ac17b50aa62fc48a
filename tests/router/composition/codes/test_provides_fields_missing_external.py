"""PROVIDES_FIELDS_MISSING_EXTERNAL: a @provides names fields that the subgraph otherwise does not resolve."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

OWNER = """
type Query { t: T }
type T @key(fields: "id") { id: ID! name: String @shareable code(at: Int): Int @shareable }
"""

CASES = (
    rejected(
        "its own field",
        "PROVIDES_FIELDS_MISSING_EXTERNAL",
        at=["Query.best"],
        says=['"T.name" is not marked @external'],
        places=["b:2"],
        a=OWNER,
        b="""type Query { best: T @provides(fields: "name") }
            type T @key(fields: "id") { id: ID! name: String @shareable }""",
    ),
    rejected(
        "the key",
        "PROVIDES_FIELDS_MISSING_EXTERNAL",
        a=OWNER,
        b="""type Query { best: T @provides(fields: "id") }
            type T @key(fields: "id") { id: ID! }""",
    ),
    rejected(
        "the external key of an extension",
        "PROVIDES_FIELDS_MISSING_EXTERNAL",
        a=OWNER,
        b="""type Query { best: T @provides(fields: "id") }
            extend type T @key(fields: "id") { id: ID! @external }""",
    ),
    rejected(
        "__typename",
        "PROVIDES_FIELDS_MISSING_EXTERNAL",
        says=['"T.__typename"'],
        a=OWNER,
        b="""type Query { best: T @provides(fields: "name __typename") }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
    rejected(
        "an interface's field, which only the implementations could mark",
        "PROVIDES_FIELDS_MISSING_EXTERNAL",
        says=['"Node.name"'],
        a=OWNER,
        b="""type Query { best: Node @provides(fields: "name") }
            type T @key(fields: "id") { id: ID! name: String @external }
            interface Node { name: String }
            extend type T implements Node""",
    ),
    composed(
        "external",
        a=OWNER,
        b="""type Query { best: T @provides(fields: "name") }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
    composed(
        "an external key",
        a=OWNER,
        b="""type Query { best: T @provides(fields: "id") }
            type T @key(fields: "id") { id: ID! @external }""",
    ),
    composed(
        "a leaf below an external field",
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! box: Box @shareable }
            type Box @shareable { weight: Int }""",
        b="""type Query { best: T @provides(fields: "box { weight }") }
            type T @key(fields: "id") { id: ID! box: Box @external }
            type Box @shareable { weight: Int }""",
    ),
)


@each(CASES)
def test_provides_fields_missing_external(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("PROVIDES_FIELDS_MISSING_EXTERNAL", case)
