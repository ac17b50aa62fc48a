"""EXTERNAL_ARGUMENT_DEFAULT_MISMATCH: an external field's arguments have the defaults that it is resolved with."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "another default",
        "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH",
        at=["T.x(k:)"],
        says=['with default 1 in subgraph "a" but with default 2 in subgraph "b"'],
        places=["a:3", "b:2"],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! x(k: Int = 1): Int }',
        b='type T @key(fields: "id") { id: ID! x(k: Int = 2): Int @external y: Int @requires(fields: "x") }',
    ),
    rejected(
        "no default",
        "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH",
        at=["T.x(k:)"],
        says=["without default"],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! x(k: Int = 1): Int }',
        b='type T @key(fields: "id") { id: ID! x(k: Int): Int @external y: Int @requires(fields: "x") }',
    ),
    rejected(
        "a default of its own",
        "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH",
        at=["T.x(k:)"],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! x(k: Int): Int }',
        b='type T @key(fields: "id") { id: ID! x(k: Int = null): Int @external y: Int @requires(fields: "x") }',
    ),
    composed(
        "the same default, written in another order",
        a='type Query { t: T }\ninput I { a: Int b: Int }\ntype T @key(fields: "id") { id: ID! x(k: I = {a: 1, b: 2}): Int }',
        b='input I { a: Int b: Int }\ntype T @key(fields: "id") {'
        ' id: ID! x(k: I = {b: 2, a: 1}): Int @external y: Int @requires(fields: "x") }',
    ),
)


@each(CASES)
def test_external_argument_default_mismatch(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("EXTERNAL_ARGUMENT_DEFAULT_MISMATCH", case)
