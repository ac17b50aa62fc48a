"""TYPE_KIND_MISMATCH: a type is of one kind in all subgraphs; an interface object counts as the interface."""

from __future__ import annotations

from router.composition import Rejected, compose
from tests.router.composition.case import Case, check, composed, each, rejected, subgraph

CASES = (
    rejected(
        "object and enum",
        "TYPE_KIND_MISMATCH",
        at=["T"],
        says=['is an object type in subgraph "a" but an enum in subgraph "b"'],
        places=["a:3", "b:3"],
        a="type Query { a: T }\ntype T { f: Int }",
        b="type Query { b: T }\nenum T { A }",
    ),
    rejected(
        "three kinds",
        "TYPE_KIND_MISMATCH",
        at=["T"],
        says=["a scalar", "a union", "an interface"],
        places=["a:3", "b:3", "c:3"],
        a="type Query { a: T }\nscalar T",
        b="type Query { b: T }\nunion T = U\ntype U { f: Int }",
        c="type Query { c: T }\ninterface T { f: Int }",
    ),
    rejected(
        "input object and object",
        "TYPE_KIND_MISMATCH",
        at=["T"],
        says=['an input object in subgraphs "b" and "c"'],
        a="type Query { a: T }\ntype T { f: Int }",
        b="type Query { b(t: T): Int }\ninput T { f: Int }",
        c="type Query { c(t: T): Int }\ninput T { f: Int }",
    ),
    rejected(
        "interface object and union",
        "TYPE_KIND_MISMATCH",
        says=["an interface object"],
        a='type Query { a: T }\nunion T = U\ntype U @key(fields: "id") { id: ID! }',
        b='type T @key(fields: "id") @interfaceObject { id: ID! more: Int }',
    ),
    rejected(
        "the fields of one kind are merged nevertheless",
        "TYPE_KIND_MISMATCH",
        "FIELD_TYPE_MISMATCH",
        a="type Query { a: T }\ntype T @shareable { f: Int }",
        b="type Query { b: T }\ntype T @shareable { f: String }",
        c="type Query { c: T }\nscalar T",
    ),
    composed(
        "an interface object stands for the interface",
        a='type Query { a: T }\ninterface T @key(fields: "id") { id: ID! }\n'
        'type U implements T @key(fields: "id") { id: ID! }',
        b='type T @key(fields: "id") @interfaceObject { id: ID! more: Int }',
    ),
    composed(
        "an extension is of the kind of what it extends",
        a="type Query { a: T }\ntype T { f: Int @shareable }",
        b="type Query { b: T }\nextend type T { f: Int @shareable }",
    ),
)


@each(CASES)
def test_type_kind_mismatch(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("TYPE_KIND_MISMATCH", case)


def test_no_error_follows_from_the_mismatch() -> None:
    """An input object is not called empty because a type of another kind has its name."""
    outcome = compose(
        [
            subgraph("a", "type Query { a(t: T): Int }\ninput T { f: Int! }"),
            subgraph("b", "type Query { b(t: T): Int }\nenum T { A }"),
        ]
    )

    assert isinstance(outcome, Rejected)
    assert [error.code.name for error in outcome.errors] == ["TYPE_KIND_MISMATCH"]
