"""INCONSISTENT_DESCRIPTION: descriptions differ; the most frequent is used."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CASES = (
    composed(
        "two of a type",
        "INCONSISTENT_DESCRIPTION",
        at=["T"],
        says=['that of subgraph "a" is used'],
        a='type Query { t: T }\n"one"\ntype T @shareable { f: Int }',
        b='"two"\ntype T @shareable { f: Int }',
    ),
    composed(
        "the most frequent",
        "INCONSISTENT_DESCRIPTION",
        at=["T.f"],
        says=['that of subgraphs "b" and "c" is used'],
        a='type Query { t: T }\ntype T @shareable { "one" f: Int }',
        b='type T @shareable { "two" f: Int }',
        c='type T @shareable { "two" f: Int }',
    ),
    composed(
        "of everything that has one",
        "INCONSISTENT_DESCRIPTION",
        at=["schema", "E", "E.A", "I.f", "Query.t(x:)", "S", "U", "F", "@d", "@d(x:)"],
        a='extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@shareable"])\n'
        '"1" schema { query: Query }\ntype Query { t("1" x: I): U @shareable e: E @shareable s: S @shareable }\n'
        '"1" enum E { "1" A }\ninput I { "1" f: Int }\n"1" scalar S\n"1" union U = T\n'
        '"1" interface F { f: Int }\ntype T implements F @shareable { f: Int }\n"1" directive @d("1" x: Int) on FIELD',
        b='extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@shareable"])\n'
        '"2" schema { query: Query }\ntype Query { t("2" x: I): U @shareable e: E @shareable s: S @shareable }\n'
        '"2" enum E { "2" A }\ninput I { "2" f: Int }\n"2" scalar S\n"2" union U = T\n'
        '"2" interface F { f: Int }\ntype T implements F @shareable { f: Int }\n"2" directive @d("2" x: Int) on FIELD',
    ),
    composed(
        "an empty one says nothing, however frequent",
        a='type Query { t: T }\n"one"\ntype T @shareable { f: Int }',
        b='""\ntype T @shareable { f: Int }',
        c='""\ntype T @shareable { f: Int }',
        d="type T @shareable { f: Int }",
    ),
    composed(
        "a blank counts as one",
        "INCONSISTENT_DESCRIPTION",
        a='type Query { t: T }\n"one"\ntype T @shareable { f: Int }',
        b='" "\ntype T @shareable { f: Int }',
    ),
    composed(
        "indentation of a block string does not",
        a='type Query { t: T }\n"one"\ntype T @shareable { f: Int }',
        b='"""\n   one\n"""\ntype T @shareable { f: Int }',
    ),
    composed(
        "the description of an external field is not merged",
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! "one" f: Int }',
        b='type T @key(fields: "id") { id: ID! "two" f: Int @external g: Int @requires(fields: "f") }',
    ),
)


@each(CASES)
def test_inconsistent_description(case: Case) -> None:
    """Each case gives exactly its codes."""
    check("INCONSISTENT_DESCRIPTION", case)
