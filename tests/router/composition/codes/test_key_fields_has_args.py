"""KEY_FIELDS_HAS_ARGS: the fields of a @key take no arguments."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "optional argument",
        "KEY_FIELDS_HAS_ARGS",
        at=["T"],
        says=['field "T.id" takes arguments'],
        places=["a:3"],
        a="""type Query { t: T }
            type T @key(fields: "id") { id(at: Int): ID! }""",
    ),
    rejected(
        "argument given",
        "KEY_FIELDS_HAS_ARGS",
        a="""type Query { t: T }
            type T @key(fields: "id(at: 1)") { id(at: Int): ID! }""",
    ),
    rejected(
        "below",
        "KEY_FIELDS_HAS_ARGS",
        says=['field "U.id" takes arguments'],
        a="""type Query { t: T }
            type T @key(fields: "u { id }") { u: U }
            type U { id(at: Int): ID! }""",
    ),
    composed(
        "arguments beside the key",
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! code(at: Int): ID! }""",
    ),
)


@each(CASES)
def test_key_fields_has_args(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("KEY_FIELDS_HAS_ARGS", case)
