"""INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD: a field of a keyless interface is in some subgraphs only."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CASES = (
    composed(
        "in one of two",
        "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD",
        at=["I.g"],
        says=['in subgraph "a" but not in subgraph "b"'],
        a="type Query { a: I }\ninterface I { f: Int g: Int }\ntype T implements I @shareable { f: Int g: Int }",
        b="type Query { b: I }\ninterface I { f: Int }\ntype T implements I @shareable { f: Int g: Int }",
    ),
    composed(
        "implementations are entities, the interface is not",
        "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD",
        a='type Query { a: I }\ninterface I { f: ID! g: Int }\ntype T implements I @key(fields: "f") { f: ID! g: Int }',
        b='type Query { b: I }\ninterface I { f: ID! }\ntype T implements I @key(fields: "f") { f: ID! }',
    ),
    composed(
        "an interface with a key",
        a='type Query { a: I }\ninterface I @key(fields: "f") { f: ID! g: Int }\n'
        'type T implements I @key(fields: "f") { f: ID! g: Int }',
        b='type Query { b: I }\ninterface I { f: ID! }\ntype T implements I @key(fields: "f") { f: ID! }',
    ),
    composed(
        "a field that an interface object adds",
        a='type Query { a: I }\ninterface I @key(fields: "id") { id: ID! }\n'
        'type T implements I @key(fields: "id") { id: ID! }',
        b='type I @key(fields: "id") @interfaceObject { id: ID! g: Int }',
    ),
    composed(
        "the same fields everywhere",
        a="type Query { a: I }\ninterface I { f: Int g: Int }\ntype T implements I @shareable { f: Int g: Int }",
        b="type Query { b: I }\ninterface I { g: Int f: Int }\ntype T implements I @shareable { f: Int g: Int }",
    ),
)


@each(CASES)
def test_inconsistent_interface_value_type_field(case: Case) -> None:
    """Each case gives exactly its codes."""
    check("INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD", case)
