"""PROVIDES_ON_NON_OBJECT_FIELD: a @provides stands on a field that has fields below it."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "a scalar",
        "PROVIDES_ON_NON_OBJECT_FIELD",
        at=["Query.size"],
        says=['of type "Int!"', "no fields to provide"],
        places=["a:2"],
        a='type Query { size: Int! @provides(fields: "id") }',
    ),
    rejected(
        "a list of enums",
        "PROVIDES_ON_NON_OBJECT_FIELD",
        a="""type Query { kinds: [Kind!]! @provides(fields: "id") }
            enum Kind { ONE }""",
    ),
    rejected(
        "an interface's field",
        "PROVIDES_ON_NON_OBJECT_FIELD",
        at=["Shop.size"],
        a="""interface Shop { size: Int @provides(fields: "id") }
            type Query implements Shop { size: Int }""",
    ),
    composed(
        "a list of objects",
        a='type Query { t: T } type T @key(fields: "id") { id: ID! name: String @shareable }',
        b="""type Query { best: [T!]! @provides(fields: "name") }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
)


@each(CASES)
def test_provides_on_non_object_field(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("PROVIDES_ON_NON_OBJECT_FIELD", case)
