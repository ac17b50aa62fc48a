"""OVERRIDE_FROM_SELF_ERROR: a subgraph takes a field over from another."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

OWNER = """
type Query { t: T }
type T @key(fields: "id") { id: ID! name: String }
"""

CASES = (
    rejected(
        "itself",
        "OVERRIDE_FROM_SELF_ERROR",
        at=["T.name"],
        says=["cannot override itself"],
        places=["a:3"],
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! name: String @override(from: "a") }""",
    ),
    rejected(
        "under a label",
        "OVERRIDE_FROM_SELF_ERROR",
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! name: String @override(from: "a", label: "percent(5)") }""",
    ),
    rejected(
        "beside another that resolves it",
        "OVERRIDE_FROM_SELF_ERROR",
        "INVALID_FIELD_SHARING",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "b") }""",
    ),
    composed(
        "another",
        "OVERRIDDEN_FIELD_CAN_BE_REMOVED",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a") }""",
    ),
)


@each(CASES)
def test_override_from_self_error(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("OVERRIDE_FROM_SELF_ERROR", case)
