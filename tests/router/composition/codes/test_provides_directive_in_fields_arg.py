"""PROVIDES_DIRECTIVE_IN_FIELDS_ARG: the fields of a @provides carry no directives."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

OWNER = """
type Query { t: T }
type T @key(fields: "id") { id: ID! name: String @shareable code(at: Int): Int @shareable }
"""

CASES = (
    rejected(
        "on a field",
        "PROVIDES_DIRECTIVE_IN_FIELDS_ARG",
        at=["Query.best"],
        says=['"@skip" cannot stand'],
        places=["b:2"],
        a=OWNER,
        b="""type Query { best: T @provides(fields: "name @skip(if: true)") }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
    rejected(
        "on a fragment",
        "PROVIDES_DIRECTIVE_IN_FIELDS_ARG",
        a=OWNER,
        b="""type Query { best: T @provides(fields: "... on T @include(if: true) { name }") }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
    rejected(
        "on a fragment without type",
        "PROVIDES_DIRECTIVE_IN_FIELDS_ARG",
        a=OWNER,
        b="""type Query { best: T @provides(fields: "... @include(if: true) { name }") }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
    composed(
        "none",
        a=OWNER,
        b="""type Query { best: T @provides(fields: "... { name }") }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
)


@each(CASES)
def test_provides_directive_in_fields_arg(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("PROVIDES_DIRECTIVE_IN_FIELDS_ARG", case)
