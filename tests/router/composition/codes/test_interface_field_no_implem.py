"""INTERFACE_FIELD_NO_IMPLEM: a type that implements an interface anywhere has all fields that the interface has anywhere."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "a field of the interface elsewhere",
        "INTERFACE_FIELD_NO_IMPLEM",
        at=["I.g", "T"],
        says=['"I.g" is declared in subgraph "b"', 'implements "I" in subgraph "a"'],
        places=["a:4", "b:3"],
        a="type Query { a: I }\ninterface I { f: Int }\ntype T implements I { f: Int }",
        b="type Query { b: I }\ninterface I { f: Int g: Int }\ntype U implements I { f: Int g: Int }",
    ),
    rejected(
        "an implementation in each subgraph lacks what the other declares",
        "INTERFACE_FIELD_NO_IMPLEM",
        at=["I.f", "I.g", "T", "U"],
        a="type Query { a: I }\ninterface I { f: Int }\ntype T implements I { f: Int }",
        b="type Query { b: I }\ninterface I { g: Int }\ntype U implements I { g: Int }",
    ),
    rejected(
        "an interface that implements another",
        "INTERFACE_FIELD_NO_IMPLEM",
        at=["I.g", "J"],
        a="type Query { a: I }\ninterface I { f: Int }\ninterface J implements I { f: Int }",
        b="type Query { b: I }\ninterface I { f: Int g: Int }",
    ),
    composed(
        "another subgraph adds the field to the implementation",
        "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD",
        a='type Query { a: I }\ninterface I { f: Int }\ntype T implements I @key(fields: "f") { f: Int }',
        b='interface I { f: Int g: Int }\ntype T implements I @key(fields: "f") { f: Int g: Int }',
    ),
    composed(
        "an interface object gives the field to all",
        a='type Query { a: I }\ninterface I @key(fields: "id") { id: ID! }\n'
        'type T implements I @key(fields: "id") { id: ID! }',
        b='type I @key(fields: "id") @interfaceObject { id: ID! g: Int }',
    ),
)


@each(CASES)
def test_interface_field_no_implem(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("INTERFACE_FIELD_NO_IMPLEM", case)
