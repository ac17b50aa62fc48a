"""EXTERNAL_ARGUMENT_MISSING: an external field has all the arguments that it is resolved with."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "an argument left out",
        "EXTERNAL_ARGUMENT_MISSING",
        at=["T.x(k:)"],
        says=['declared in subgraph "a" but missing in subgraph "b"'],
        places=["a:4", "b:2"],
        a='type Query { t: T }\ntype T @key(fields: "id") {\n  id: ID! x(k: Int): Int }',
        b='type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }',
    ),
    rejected(
        "one of two, in one of two",
        "EXTERNAL_ARGUMENT_MISSING",
        at=["T.x(l:)"],
        says=['declared in subgraphs "a" and "b" but missing in subgraph "c"'],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! x(k: Int l: Int): Int }',
        b='type T @key(fields: "id") { id: ID! x(k: Int l: Int): Int @external y: Int @requires(fields: "x(k: 1)") }',
        c='type T @key(fields: "id") { id: ID! x(k: Int): Int @external z: Int @requires(fields: "x(k: 1)") }',
    ),
    rejected(
        "on a provided field",
        "EXTERNAL_ARGUMENT_MISSING",
        at=["V.x(k:)"],
        a="type Query { v: V }\ntype V @shareable { x(k: Int): Int }",
        b='type Query { w: V @provides(fields: "x") }\ntype V @shareable { x: Int @external y: Int }',
    ),
    composed(
        "all of them, in any order",
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! x(k: Int l: Int): Int }',
        b='type T @key(fields: "id") { id: ID! x(l: Int k: Int): Int @external y: Int @requires(fields: "x") }',
    ),
)


@each(CASES)
def test_external_argument_missing(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("EXTERNAL_ARGUMENT_MISSING", case)
