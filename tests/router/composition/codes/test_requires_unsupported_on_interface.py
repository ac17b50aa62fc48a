"""REQUIRES_UNSUPPORTED_ON_INTERFACE: no @requires stands on an interface field."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "an interface's field",
        "REQUIRES_UNSUPPORTED_ON_INTERFACE",
        "REQUIRES_FIELDS_MISSING_EXTERNAL",
        at=["Box.cost"],
        says=["not supported on interface fields", "each implementation"],
        places=["a:3"],
        a="""type Query { box: Box }
            interface Box { weight: Int cost: Int @requires(fields: "weight") }
            type Crate implements Box { weight: Int cost: Int }""",
    ),
    rejected(
        "the implementation's @requires does not save it",
        "REQUIRES_UNSUPPORTED_ON_INTERFACE",
        "REQUIRES_FIELDS_MISSING_EXTERNAL",
        places=["a:3"],
        a="""type Query { box: Box }
            interface Box { weight: Int cost: Int @requires(fields: "weight") }
            type Crate implements Box @key(fields: "id") {
                id: ID!
                weight: Int @external
                cost: Int @requires(fields: "weight")
            }""",
        b='type Crate @key(fields: "id") { id: ID! weight: Int }',
    ),
    rejected(
        "below a field of the interface",
        "REQUIRES_UNSUPPORTED_ON_INTERFACE",
        a="""type Query { box: Box }
            interface Box { lid: Lid cost: Int @requires(fields: "lid { weight }") }
            type Crate implements Box { lid: Lid cost: Int }
            type Lid @key(fields: "id") { id: ID! weight: Int @external }""",
        b='type Lid @key(fields: "id") { id: ID! weight: Int }',
    ),
    composed(
        "the implementation's field",
        a="""type Query { box: Box }
            interface Box { weight: Int cost: Int }
            type Crate implements Box @key(fields: "id") {
                id: ID!
                weight: Int @external
                cost: Int @requires(fields: "weight")
            }""",
        b='type Crate @key(fields: "id") { id: ID! weight: Int }',
    ),
)


@each(CASES)
def test_requires_unsupported_on_interface(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("REQUIRES_UNSUPPORTED_ON_INTERFACE", case)
