"""CONTEXT_NO_RESOLVABLE_KEY: objects with contextual arguments are fetched by a key, once what stands above them is known."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "no key",
        "CONTEXT_NO_RESOLVABLE_KEY",
        at=["U", "U.f(a:)", "U.g(b:)"],
        places=["a:4", "a:5", "a:6"],
        a="""type Query { t: T }
type T @context(name: "ctx") { u: U p: String }
type U {
  f(a: String @fromContext(field: "$ctx { p }")): Int
  g(b: String @fromContext(field: "$ctx { p }")): Int
}""",
    ),
    rejected(
        "a key that cannot be resolved",
        "CONTEXT_NO_RESOLVABLE_KEY",
        a="""type Query { t: T }
type T @context(name: "ctx") { u: U p: String }
type U @key(fields: "id", resolvable: false) { id: ID! f(a: String @fromContext(field: "$ctx { p }")): Int }""",
    ),
    rejected(
        "a root",
        "CONTEXT_NO_RESOLVABLE_KEY",
        at=["Query"],
        a="""type Query { t: T f(a: String @fromContext(field: "$ctx { p }")): Int }
type T @context(name: "ctx") { p: String }""",
    ),
    rejected(
        "another subgraph's key does not help",
        "CONTEXT_NO_RESOLVABLE_KEY",
        a="""type Query { t: T }
type T @context(name: "ctx") { u: U p: String }
type U { id: ID! @shareable f(a: String @fromContext(field: "$ctx { p }")): Int }""",
        b='type Query { u: U }\ntype U @key(fields: "id") { id: ID! @shareable }',
    ),
    composed(
        "one resolvable key of two",
        a="""type Query { t: T }
type T @context(name: "ctx") { u: U p: String }
type U @key(fields: "id", resolvable: false) @key(fields: "code") {
  id: ID! code: Int! f(a: String @fromContext(field: "$ctx { p }")): Int
}""",
    ),
    composed(
        "the type that sets the context needs no key",
        a="""type Query { t: T }
type T @context(name: "ctx") { u: U p: String }
type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$ctx { p }")): Int }""",
    ),
)


@each(CASES)
def test_context_no_resolvable_key(case: Case) -> None:
    """A type with contextual arguments can be entered by a key of its own subgraph."""
    check("CONTEXT_NO_RESOLVABLE_KEY", case)
