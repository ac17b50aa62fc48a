"""PROVIDES_FIELDS_HAS_ARGS: the fields of a @provides take no arguments."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

OWNER = """
type Query { t: T }
type T @key(fields: "id") { id: ID! name: String @shareable code(at: Int): Int @shareable }
"""

CASES = (
    rejected(
        "optional argument",
        "PROVIDES_FIELDS_HAS_ARGS",
        at=["Query.best"],
        says=['field "T.code" takes arguments'],
        places=["b:2"],
        a=OWNER,
        b="""type Query { best: T @provides(fields: "code") }
            type T @key(fields: "id") { id: ID! code(at: Int): Int @external }""",
    ),
    rejected(
        "argument given",
        "PROVIDES_FIELDS_HAS_ARGS",
        a=OWNER,
        b="""type Query { best: T @provides(fields: "code(at: 1)") }
            type T @key(fields: "id") { id: ID! code(at: Int): Int @external }""",
    ),
    rejected(
        "within a fragment",
        "PROVIDES_FIELDS_HAS_ARGS",
        a=OWNER,
        b="""type Query { best: Any @provides(fields: "... on T { code }") }
            type T @key(fields: "id") { id: ID! code(at: Int): Int @external }
            union Any = T""",
    ),
    composed(
        "arguments of the providing field",
        a=OWNER,
        b="""type Query { best(of: Int): T @provides(fields: "name") }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
)


@each(CASES)
def test_provides_fields_has_args(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("PROVIDES_FIELDS_HAS_ARGS", case)
