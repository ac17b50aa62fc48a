"""INPUT_FIELD_DEFAULT_MISMATCH: all subgraphs that give an input field a default give it the same."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "two defaults",
        "INPUT_FIELD_DEFAULT_MISMATCH",
        at=["I.f"],
        says=['default "x" in subgraph "a" but default "y" in subgraph "b"'],
        places=["a:3", "b:3"],
        a='type Query { a(i: I): Int }\ninput I { f: String = "x" }',
        b='type Query { b(i: I): Int }\ninput I { f: String = "y" }',
    ),
    rejected(
        "two against one, and one without",
        "INPUT_FIELD_DEFAULT_MISMATCH",
        says=['default 1 in subgraphs "a" and "c"', 'no default in subgraph "d"'],
        places=["a:3", "b:3", "c:3", "d:3"],
        a="type Query { a(i: I): Int }\ninput I { f: Int = 1 }",
        b="type Query { b(i: I): Int }\ninput I { f: Int = 2 }",
        c="type Query { c(i: I): Int }\ninput I { f: Int = 1 }",
        d="type Query { d(i: I): Int }\ninput I { f: Int }",
    ),
    rejected(
        "enum and list values",
        "INPUT_FIELD_DEFAULT_MISMATCH",
        at=["I.e", "I.l"],
        a="type Query { a(i: I): Int }\ninput I { e: E = A l: [E!] = [A, B] }\nenum E { A B }",
        b="type Query { b(i: I): Int }\ninput I { e: E = B l: [E!] = [B, A] }\nenum E { A B }",
    ),
    rejected(
        "of a field that is dropped anyway",
        "INPUT_FIELD_DEFAULT_MISMATCH",
        a="type Query { a(i: I): Int }\ninput I { f: Int = 1 g: Int }",
        b="type Query { b(i: I): Int }\ninput I { f: Int = 2 g: Int }",
        c="type Query { c(i: I): Int }\ninput I { g: Int }",
    ),
    composed(
        "the same value, written differently",
        a="type Query { a(i: I): Int }\ninput I { f: Float = 0.50 n: N = {m: [1, 2], f: 1} }\ninput N { f: Float m: [Int] }",
        b="type Query { b(i: I): Int }\ninput I { f: Float = 5e-1 n: N = {f: 1.0, m: [1 2]} }\ninput N { f: Float m: [Int] }",
    ),
    composed(
        "a default in one subgraph only",
        "INCONSISTENT_DEFAULT_VALUE_PRESENCE",
        a="type Query { a(i: I): Int }\ninput I { f: Int = 1 }",
        b="type Query { b(i: I): Int }\ninput I { f: Int }",
    ),
)


@each(CASES)
def test_input_field_default_mismatch(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("INPUT_FIELD_DEFAULT_MISMATCH", case)
