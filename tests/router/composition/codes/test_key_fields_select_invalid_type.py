"""KEY_FIELDS_SELECT_INVALID_TYPE: the fields of a @key are of scalar, enum or object type."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "an interface",
        "KEY_FIELDS_SELECT_INVALID_TYPE",
        at=["T"],
        says=['field "T.owner" is of type "Owner"', "interface or union"],
        places=["a:3"],
        a="""type Query { t: T }
            type T @key(fields: "owner { id }") { owner: Owner }
            interface Owner { id: ID! }
            type U implements Owner { id: ID! }""",
    ),
    rejected(
        "a list of interfaces",
        "KEY_FIELDS_SELECT_INVALID_TYPE",
        a="""type Query { t: T }
            type T @key(fields: "owners { id }") { owners: [[Owner!]!]! }
            interface Owner { id: ID! }
            type U implements Owner { id: ID! }""",
    ),
    rejected(
        "a union",
        "KEY_FIELDS_SELECT_INVALID_TYPE",
        says=['of type "Owner!"'],
        a="""type Query { t: T }
            type T @key(fields: "owner { ... on U { id } }") { owner: Owner! }
            union Owner = U
            type U { id: ID! }""",
    ),
    rejected(
        "without selection",
        "KEY_FIELDS_SELECT_INVALID_TYPE",
        a="""type Query { t: T }
            type T @key(fields: "owner") { owner: Owner! }
            union Owner = U
            type U { id: ID! }""",
    ),
    rejected(
        "below",
        "KEY_FIELDS_SELECT_INVALID_TYPE",
        says=['field "U.owner"'],
        a="""type Query { t: T }
            type T @key(fields: "u { owner { id } }") { u: U }
            interface Owner { id: ID! }
            type U implements Owner { id: ID! owner: Owner }""",
    ),
    composed(
        "lists, enums and objects",
        a="""type Query { t: T }
            type T @key(fields: "ids kind us { id }") { ids: [ID!]! kind: Kind! us: [[U!]!]! }
            enum Kind { ONE }
            type U { id: ID! }""",
    ),
)


@each(CASES)
def test_key_fields_select_invalid_type(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("KEY_FIELDS_SELECT_INVALID_TYPE", case)
