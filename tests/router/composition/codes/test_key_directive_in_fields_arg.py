"""KEY_DIRECTIVE_IN_FIELDS_ARG: the fields of a @key carry no directives."""

from __future__ import annotations

from router.composition import compose
from tests.router.composition.case import Case, check, composed, each, rejected, subgraph

CASES = (
    rejected(
        "on a field",
        "KEY_DIRECTIVE_IN_FIELDS_ARG",
        at=["T"],
        says=['"@skip" cannot stand in a field set'],
        places=["a:3"],
        a="""type Query { t: T }
            type T @key(fields: "id @skip(if: true)") { id: ID! }""",
    ),
    rejected(
        "on a field below",
        "KEY_DIRECTIVE_IN_FIELDS_ARG",
        a="""type Query { t: T }
            type T @key(fields: "u { id @include(if: true) }") { u: U }
            type U { id: ID! }""",
    ),
    rejected(
        "on a fragment",
        "KEY_DIRECTIVE_IN_FIELDS_ARG",
        a="""type Query { t: T }
            type T @key(fields: "... @include(if: true) { id }") { id: ID! }""",
    ),
    rejected(
        "on __typename",
        "KEY_DIRECTIVE_IN_FIELDS_ARG",
        a="""type Query { t: T }
            type T @key(fields: "id __typename @skip(if: true)") { id: ID! }""",
    ),
    rejected(
        "of the subgraph's own",
        "KEY_DIRECTIVE_IN_FIELDS_ARG",
        says=['"@own"'],
        a="""directive @own on FIELD
            type Query { t: T }
            type T @key(fields: "id @own") { id: ID! }""",
    ),
    composed(
        "on the field's definition",
        a="""directive @own on FIELD_DEFINITION
            type Query { t: T }
            type T @key(fields: "id") { id: ID! @own }""",
    ),
)


@each(CASES)
def test_key_directive_in_fields_arg(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("KEY_DIRECTIVE_IN_FIELDS_ARG", case)


def test_unknown_directives() -> None:
    """A directive that nobody defines stands in the set as wrongly as any other."""
    outcome = compose([subgraph("a", 'type Query { t: T } type T @key(fields: "id @nobody") { id: ID! }')])

    assert {error.code.name for error in getattr(outcome, "errors", ())} == {"KEY_DIRECTIVE_IN_FIELDS_ARG"}
