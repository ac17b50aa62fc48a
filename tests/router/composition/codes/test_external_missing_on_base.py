"""EXTERNAL_MISSING_ON_BASE: a field that is external somewhere is resolved somewhere else."""

from __future__ import annotations

from tests.router.composition.case import FEDERATION_1, Case, check, composed, each, rejected

CASES = (
    rejected(
        "in one subgraph",
        "EXTERNAL_MISSING_ON_BASE",
        at=["T.x"],
        says=['in every subgraph that lists it (subgraph "b")'],
        places=["b:2"],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! }',
        b='type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }',
    ),
    rejected(
        "in several, each hoping for another",
        "EXTERNAL_MISSING_ON_BASE",
        at=["T.x"],
        says=['subgraphs "a" and "b"'],
        places=["a:3", "b:2"],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! x: Int @external a: Int @requires(fields: "x") }',
        b='type T @key(fields: "id") { id: ID! x: Int @external b: Int @requires(fields: "x") }',
    ),
    rejected(
        "an external type",
        "EXTERNAL_MISSING_ON_BASE",
        at=["V.x", "V.y"],
        a='type Query { v: V @provides(fields: "x y") }\ntype V @external { x: Int y: Int }',
    ),
    rejected(
        "a provided field of federation 1",
        "EXTERNAL_MISSING_ON_BASE",
        at=["V.x"],
        a=FEDERATION_1 + 'type Query { v: V @provides(fields: "x") }\ntype V { x: Int @external y: Int }',
    ),
    composed(
        "resolved for all implementations by an interface object",
        a='type Query { t: T }\ninterface N @key(fields: "id") { id: ID! }'
        '\ntype T implements N @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }',
        b='type N @interfaceObject @key(fields: "id") { id: ID! x: Int }',
    ),
    composed(
        "a key field of an extension is not external",
        a=FEDERATION_1 + 'type Query { t: T }\ntype T @key(fields: "id") @extends { id: ID! @external }',
        b=FEDERATION_1 + 'type T @key(fields: "id") @extends { id: ID! @external b: Int }',
    ),
)


@each(CASES)
def test_external_missing_on_base(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("EXTERNAL_MISSING_ON_BASE", case)
