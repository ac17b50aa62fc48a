"""OVERRIDE_SOURCE_HAS_OVERRIDE: of two subgraphs only one takes a field over from the other."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

OWNER = """
type Query { t: T }
type T @key(fields: "id") { id: ID! name: String }
"""

CASES = (
    rejected(
        "each from the other",
        "OVERRIDE_SOURCE_HAS_OVERRIDE",
        "INVALID_FIELD_SHARING",
        at=["T.name"],
        says=["remove one of the two @override"],
        places=["a:3", "b:2"],
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! name: String @override(from: "b") }""",
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a") }""",
    ),
    rejected(
        "a chain",
        "OVERRIDE_SOURCE_HAS_OVERRIDE",
        "INVALID_FIELD_SHARING",
        places=["b:2", "c:2"],
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a") }""",
        c="""type T @key(fields: "id") { id: ID! name: String @override(from: "b") }""",
    ),
    rejected(
        "under labels",
        "OVERRIDE_SOURCE_HAS_OVERRIDE",
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! name: String @shareable @override(from: "b", label: "one") }""",
        b="""type T @key(fields: "id") { id: ID! name: String @shareable @override(from: "a", label: "two") }""",
    ),
    composed(
        "two from a third",
        "OVERRIDDEN_FIELD_CAN_BE_REMOVED",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @shareable @override(from: "a") }""",
        c="""type T @key(fields: "id") { id: ID! name: String @shareable @override(from: "a") }""",
    ),
)


@each(CASES)
def test_override_source_has_override(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("OVERRIDE_SOURCE_HAS_OVERRIDE", case)
