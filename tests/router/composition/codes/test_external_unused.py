"""EXTERNAL_UNUSED: an external field is there for a key, a requires, a provides or an interface."""

from __future__ import annotations

from tests.router.composition.case import FEDERATION_1, Case, check, composed, each, rejected

CASES = (
    rejected(
        "nothing uses it",
        "EXTERNAL_UNUSED",
        at=["T.x"],
        says=['Field "T.x" is marked @external'],
        places=["a:4"],
        a='type Query { t: T }\ntype T @key(fields: "id") {\n  id: ID! x: Int @external }',
        b='type T @key(fields: "id") { id: ID! x: Int }',
    ),
    rejected(
        "each field of an external type counts",
        "EXTERNAL_UNUSED",
        at=["T.x", "T.y"],
        a='type Query { t: T @provides(fields: "z") }\ntype T @key(fields: "id") @external { id: ID! x: Int y: Int z: Int }',
        b='type T @key(fields: "id") { id: ID! x: Int y: Int z: Int }',
    ),
    rejected(
        "a union needs no field",
        "EXTERNAL_UNUSED",
        at=["T.x"],
        a='type Query { u: U }\nunion U = T\ntype T @key(fields: "id") { id: ID! x: Int @external }',
        b='type T @key(fields: "id") { id: ID! x: Int }',
    ),
    composed(
        "a key, a requires, a provides and an interface use it",
        a='type Query { t: T @provides(fields: "p") n: N }\ninterface N { n: Int }'
        '\ntype T implements N @key(fields: "id") @key(fields: "k") {\n'
        '  id: ID! k: ID! @external p: Int @external n: Int @external r: Int @external mine: Int @requires(fields: "r") }',
        b='type T @key(fields: "id") @key(fields: "k") { id: ID! k: ID! p: Int @shareable n: Int r: Int }',
    ),
    composed(
        "federation 1 lets it stand, and it is not part of the subgraph",
        a=FEDERATION_1 + 'type Query { t: T }\ntype T @key(fields: "id") { id: ID! x: Int @external }',
        b='type T @key(fields: "id") { id: ID! x: Int }',
    ),
)


@each(CASES)
def test_external_unused(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("EXTERNAL_UNUSED", case)
