"""CONTEXT_NOT_SET: an argument is taken from a context where some type sets it, on a field that can have such arguments."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "no type sets the context",
        "CONTEXT_NOT_SET",
        at=["U.f(a:)"],
        says=['"ctx"', 'it knows "other"'],
        places=["a:4"],
        a="""type Query { t: T }
type T @context(name: "other") { u: U p: String }
type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$ctx { p }")): Int }""",
    ),
    rejected(
        "another subgraph's context is none here",
        "CONTEXT_NOT_SET",
        says=["it sets none"],
        a='type Query { u: U }\ntype U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$ctx { p }")): Int }',
        b='type Query { t: T }\ntype T @context(name: "ctx") { u: U p: String }\ntype U @key(fields: "id") { id: ID! }',
    ),
    rejected(
        "on an interface field",
        "CONTEXT_NOT_SET",
        at=["I.f(a:)"],
        a="""type Query { t: T }
type T @context(name: "ctx") { i: I p: String }
interface I { f(a: String @fromContext(field: "$ctx { p }")): Int }""",
    ),
    rejected(
        "on a field that implements an interface's",
        "CONTEXT_NOT_SET",
        at=["U.f(a:)"],
        says=['"I.f"'],
        a="""type Query { t: T }
type T @context(name: "ctx") { u: U p: String }
interface I { f: Int }
type U implements I @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$ctx { p }")): Int }""",
    ),
    rejected(
        "with a default",
        "CONTEXT_NOT_SET",
        says=["default"],
        a="""type Query { t: T }
type T @context(name: "ctx") { u: U p: String }
type U @key(fields: "id") { id: ID! f(a: String = "x" @fromContext(field: "$ctx { p }")): Int }""",
    ),
    rejected(
        "on the argument of a directive",
        "CONTEXT_NOT_SET",
        at=["@d(a:)"],
        a="""type Query { t: T }
directive @d(a: String @fromContext(field: "$ctx { p }")) on FIELD
type T @context(name: "ctx") { p: String }""",
    ),
    rejected(
        "every problem of an argument is reported",
        "CONTEXT_NOT_SET",
        "CONTEXT_NO_RESOLVABLE_KEY",
        at=["U.f(a:)"],
        a="""type Query { u: U }
interface I { f: Int }
type U implements I { id: ID! f(a: String = null @fromContext(field: "$ctx { p }")): Int }""",
    ),
    composed(
        "a type that implements an interface without the field",
        a="""type Query { t: T }
type T @context(name: "ctx") { u: U p: String }
interface I { id: ID! }
type U implements I @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$ctx { p }")): Int }""",
    ),
    composed(
        "set by the query root",
        a="""type Query @context(name: "ctx") { u: U p: String }
type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$ctx { p }"), b: Int = 3): Int }""",
    ),
)


@each(CASES)
def test_context_not_set(case: Case) -> None:
    """An argument has a context to come from, or it is refused."""
    check("CONTEXT_NOT_SET", case)
