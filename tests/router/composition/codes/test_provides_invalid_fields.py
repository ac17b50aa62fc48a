"""PROVIDES_INVALID_FIELDS: the fields of a @provides parse and exist."""

from __future__ import annotations

from router.composition import Composed, compose
from tests.router.composition.case import Case, check, composed, each, rejected, subgraph

OWNER = """
type Query { t: T }
type T @key(fields: "id") { id: ID! name: String @shareable code(at: Int): Int @shareable }
"""

CASES = (
    rejected(
        "unknown field",
        "PROVIDES_INVALID_FIELDS",
        at=["Query.best"],
        says=['cannot query field "size" on type "T"'],
        places=["b:2"],
        a=OWNER,
        b="""type Query { best: T @provides(fields: "name size") }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
    rejected(
        "alias",
        "PROVIDES_INVALID_FIELDS",
        a=OWNER,
        b="""type Query { best: T @provides(fields: "n: name") }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
    rejected(
        "empty",
        "PROVIDES_INVALID_FIELDS",
        "EXTERNAL_UNUSED",
        a=OWNER,
        b="""type Query { best: T @provides(fields: "") }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
    rejected(
        "a field of a union",
        "PROVIDES_INVALID_FIELDS",
        "EXTERNAL_UNUSED",
        says=["... on <Member> { name }"],
        a=OWNER,
        b="""type Query { best: Any @provides(fields: "name") }
            type T @key(fields: "id") { id: ID! name: String @external }
            union Any = T""",
    ),
    rejected(
        "a field that only an implementation has",
        "PROVIDES_INVALID_FIELDS",
        "EXTERNAL_UNUSED",
        a=OWNER,
        b="""type Query { best: Node @provides(fields: "name") }
            type T @key(fields: "id") { id: ID! name: String @external }
            interface Node { id: ID! }
            extend type T implements Node""",
    ),
    composed(
        "a fragment on a member of a union",
        a=OWNER,
        b="""type Query { best: Any @provides(fields: "... on T { name }") }
            type T @key(fields: "id") { id: ID! name: String @external }
            union Any = T""",
    ),
    composed(
        "a fragment on an implementation",
        a=OWNER,
        b="""type Query { best: Node @provides(fields: "... on T { name }") }
            type T @key(fields: "id") { id: ID! name: String @external }
            interface Node { id: ID! }
            extend type T implements Node""",
    ),
    composed(
        "nested lists",
        a=OWNER,
        b="""type Query { best: [[T!]] @provides(fields: "name") }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
)


@each(CASES)
def test_provides_invalid_fields(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("PROVIDES_INVALID_FIELDS", case)


def test_a_fragment_on_the_type_itself() -> None:
    """A fragment that always applies says the same as its fields."""
    user = """
        type Query { best: T @provides(fields: "... on T { name }") }
        type T @key(fields: "id") { id: ID! name: String @external }
    """

    outcome = compose([subgraph("a", OWNER), subgraph("b", user)])

    assert isinstance(outcome, Composed)
