"""EXTENSION_WITH_NO_BASE: a type that is extended is defined in some subgraph."""

from __future__ import annotations

from tests.router.composition.case import FEDERATION_1, Case, check, composed, each, rejected

CASES = (
    rejected(
        "extended by all of federation 1",
        "EXTENSION_WITH_NO_BASE",
        at=["T"],
        says=['Type "T" is an extension (by "extend")', "no subgraph defines it"],
        places=["a:3", "b:2"],
        a=FEDERATION_1 + 'type Query { t: T }\nextend type T @key(fields: "id") { id: ID! }',
        b=FEDERATION_1 + 'extend type T @key(fields: "id") { id: ID! @external b: Int }',
    ),
    rejected(
        "@extends extends too",
        "EXTENSION_WITH_NO_BASE",
        at=["T"],
        says=['by "@extends"'],
        places=["a:3"],
        a=FEDERATION_1 + 'type Query { t: T }\ntype T @extends @key(fields: "id") { id: ID! }',
    ),
    rejected(
        "extended by all of federation 2, whatever its kind",
        "EXTENSION_WITH_NO_BASE",
        at=["T", "E", "I", "U"],
        places=["a:3", "a:4", "a:5", "a:6"],
        a="type Query { t(i: I): T }\nextend type T { e: E u: U }\nextend enum E { A }\nextend input I { i: Int }"
        "\nextend union U = T",
    ),
    rejected(
        "an enum of federation 1",
        "EXTENSION_WITH_NO_BASE",
        at=["E"],
        places=["a:3"],
        a=FEDERATION_1 + "type Query { e: E }\nextend enum E { A }",
    ),
    rejected(
        "a federation 2 extension is no base for one of federation 1",
        "EXTENSION_WITH_NO_BASE",
        at=["T"],
        places=["b:2"],
        a='type Query { t: T }\nextend type T @key(fields: "id") { id: ID! }',
        b=FEDERATION_1 + 'extend type T @key(fields: "id") { id: ID! @external b: Int }',
    ),
    composed(
        "the base may be of federation 2",
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! }',
        b=FEDERATION_1 + 'extend type T @key(fields: "id") { id: ID! @external b: Int }',
    ),
    composed(
        "roots are always there",
        a=FEDERATION_1 + "extend type Query { a: Int }\nextend type Mutation { m: Int }",
        b="extend type Query { b: Int }",
    ),
    composed(
        "a type that is defined and extended is its own base",
        a=FEDERATION_1 + "type Query { t: T }\nextend type T { y: Int }\ntype T { x: Int }",
    ),
)


@each(CASES)
def test_extension_with_no_base(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("EXTENSION_WITH_NO_BASE", case)
