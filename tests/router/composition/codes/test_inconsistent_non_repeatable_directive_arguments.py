"""INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS: a directive's arguments differ; the most frequent are used."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CODE = "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS"

CASES = (
    composed(
        "reasons of deprecation",
        CODE,
        at=["Query.f"],
        says=['uses @deprecated(reason: "new")'],
        a='type Query { f: Int @shareable @deprecated(reason: "old") }',
        b='type Query { f: Int @shareable @deprecated(reason: "new") }',
        c='type Query { f: Int @shareable @deprecated(reason: "new") }',
    ),
    composed(
        "of two the first",
        CODE,
        says=['uses @deprecated(reason: "old")'],
        a='type Query { f: Int @shareable @deprecated(reason: "old") }',
        b="type Query { f: Int @shareable @deprecated }",
    ),
    composed(
        "what specifies a scalar",
        CODE,
        at=["S"],
        a='type Query { s: S }\nscalar S @specifiedBy(url: "https://one.example")',
        b='type Query { t: S }\nscalar S @specifiedBy(url: "https://other.example")',
    ),
    composed(
        "an argument and an enum value",
        CODE,
        at=["Query.f(a:)", "E.A"],
        a='type Query { f(a: Int @deprecated(reason: "x")): E @shareable }\nenum E { A @deprecated(reason: "x") }',
        b='type Query { f(a: Int @deprecated(reason: "y")): E @shareable }\nenum E { A @deprecated(reason: "y") }',
    ),
    composed(
        "a directive of the subgraphs' own specification",
        CODE,
        at=["Query.f"],
        subgraphs={
            name: f"""extend schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@shareable", "@composeDirective"])
  @link(url: "https://house.example/house/v1.0", import: ["@room"])
  @composeDirective(name: "@room")
directive @room(number: Int) on FIELD_DEFINITION
type Query {{ f: Int @shareable @room(number: {number}) }}"""
            for name, number in (("a", 1), ("b", 2))
        },
    ),
    composed(
        "the default reason, written or not",
        a="type Query { f: Int @shareable @deprecated }",
        b='type Query { f: Int @shareable @deprecated(reason: "No longer supported") }',
    ),
    composed(
        "in one subgraph only",
        a='type Query { f: Int @shareable @deprecated(reason: "old") }',
        b="type Query { f: Int @shareable }",
    ),
)


@each(CASES)
def test_inconsistent_non_repeatable_directive_arguments(case: Case) -> None:
    """Where arguments cannot be combined, the majority decides."""
    check(CODE, case)
