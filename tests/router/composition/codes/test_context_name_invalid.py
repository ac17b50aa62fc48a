"""CONTEXT_NAME_INVALID: a context is named by letters and digits, so that the supergraph can put its subgraph's name before it."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "underscore",
        "CONTEXT_NAME_INVALID",
        at=["T"],
        says=['"my_ctx"', '"myctx"'],
        places=["a:4"],
        a='type Query { t: T }\ntype T @key(fields: "id")\n  @context(name: "my_ctx") { id: ID! }',
    ),
    rejected(
        "leading digit, hyphen, nothing, a letter of another alphabet",
        "CONTEXT_NAME_INVALID",
        at=["T", "I", "U", "Query"],
        places=["a:2", "a:3", "a:4", "a:5"],
        a="""type Query @context(name: "é") { t: T }
type T @context(name: "1st") { id: ID! }
interface I @context(name: "my-ctx") { id: ID! }
union U @context(name: "") = T""",
    ),
    rejected(
        "the name is wrong wherever it is set",
        "CONTEXT_NAME_INVALID",
        at=["S", "T"],
        says=['"a_b"'],
        places=["a:3", "a:4"],
        a="""type Query { t: T s: S }
type T @context(name: "a_b") @context(name: "ok") { id: ID! }
type S @context(name: "a_b") { id: ID! }""",
    ),
    composed(
        "letters and digits, several on a type",
        a='type Query { t: T }\ntype T @context(name: "ctx1") @context(name: "Another") { id: ID! }',
        b='type Query { s: S }\ntype S @context(name: "ctx1") { id: ID! }',
    ),
    composed(
        "set twice on a type is set",
        a='type Query { t: T }\ntype T @context(name: "ctx") @context(name: "ctx") { id: ID! }',
    ),
)


@each(CASES)
def test_context_name_invalid(case: Case) -> None:
    """Names of contexts are checked wherever they are set, whether used or not."""
    check("CONTEXT_NAME_INVALID", case)
