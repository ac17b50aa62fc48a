"""KEY_INVALID_FIELDS_TYPE: the fields of a @key are one string."""

from __future__ import annotations

from router.composition import compose
from tests.router.composition.case import Case, check, composed, each, rejected, subgraph

CASES = (
    rejected(
        "a name",
        "KEY_INVALID_FIELDS_TYPE",
        at=["T"],
        says=["must be a string"],
        places=["a:3"],
        a="""type Query { t: T }
            type T @key(fields: id) { id: ID! }""",
    ),
    rejected(
        "a list",
        "KEY_INVALID_FIELDS_TYPE",
        a="""type Query { t: T }
            type T @key(fields: ["id", "code"]) { id: ID! code: ID! }""",
    ),
    rejected(
        "a number",
        "KEY_INVALID_FIELDS_TYPE",
        a="""type Query { t: T }
            type T @key(fields: 1) { id: ID! }""",
    ),
    composed(
        "a block string",
        a='''type Query { t: T }
            type T @key(fields: """id""") { id: ID! }''',
    ),
)


@each(CASES)
def test_key_invalid_fields_type(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("KEY_INVALID_FIELDS_TYPE", case)


def test_null_is_no_valid_graphql() -> None:
    """The argument is declared as never null, so that null is GraphQL's own affair."""
    outcome = compose([subgraph("a", "type Query { t: T } type T @key(fields: null) { id: ID! }")])

    assert {error.code.name for error in getattr(outcome, "errors", ())} == {"INVALID_GRAPHQL"}
