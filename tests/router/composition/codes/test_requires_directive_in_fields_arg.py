"""REQUIRES_DIRECTIVE_IN_FIELDS_ARG: the fields of a @requires carry no directives."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

OWNER = """
type Query { t: T }
type T @key(fields: "id") { id: ID! weight: Int }
"""

CASES = (
    rejected(
        "on a field",
        "REQUIRES_DIRECTIVE_IN_FIELDS_ARG",
        at=["T.cost"],
        says=['"@skip" cannot stand'],
        places=["b:5"],
        a=OWNER,
        b="""type T @key(fields: "id") {
                id: ID!
                weight: Int @external
                cost: Int @requires(fields: "weight @skip(if: true)")
            }""",
    ),
    rejected(
        "on a fragment",
        "REQUIRES_DIRECTIVE_IN_FIELDS_ARG",
        a=OWNER,
        b="""type T @key(fields: "id") {
                id: ID!
                weight: Int @external
                cost: Int @requires(fields: "... on T @include(if: true) { weight }")
            }""",
    ),
    rejected(
        "several",
        "REQUIRES_DIRECTIVE_IN_FIELDS_ARG",
        says=['"@skip"', '"@include"'],
        a=OWNER,
        b="""type T @key(fields: "id") {
                id: ID!
                weight: Int @external
                cost: Int @requires(fields: "... @include(if: true) { weight @skip(if: true) }")
            }""",
    ),
    composed(
        "none",
        a=OWNER,
        b="""type T @key(fields: "id") {
                id: ID!
                weight: Int @external
                cost: Int @requires(fields: "... on T { weight }")
            }""",
    ),
)


@each(CASES)
def test_requires_directive_in_fields_arg(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("REQUIRES_DIRECTIVE_IN_FIELDS_ARG", case)
