"""OVERRIDE_LABEL_INVALID: the label of an @override is a name or a share of the requests."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

OWNER = """
type Query { t: T }
type T @key(fields: "id") { id: ID! name: String }
"""

CASES = (
    rejected(
        "begins with a digit",
        "OVERRIDE_LABEL_INVALID",
        at=["T.name"],
        says=['the label "1st"', "percent(x)"],
        places=["b:2"],
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a", label: "1st") }""",
    ),
    rejected(
        "a space",
        "OVERRIDE_LABEL_INVALID",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a", label: "one two") }""",
    ),
    rejected(
        "a letter of no English word",
        "OVERRIDE_LABEL_INVALID",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a", label: "é") }""",
    ),
    rejected(
        "more than all",
        "OVERRIDE_LABEL_INVALID",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a", label: "percent(101)") }""",
    ),
    rejected(
        "all, with decimals",
        "OVERRIDE_LABEL_INVALID",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a", label: "percent(100.0)") }""",
    ),
    rejected(
        "nine decimals",
        "OVERRIDE_LABEL_INVALID",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a", label: "percent(0.123456789)") }""",
    ),
    rejected(
        "no number",
        "OVERRIDE_LABEL_INVALID",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a", label: "percent()") }""",
    ),
    rejected(
        "less than nothing",
        "OVERRIDE_LABEL_INVALID",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a", label: "percent(-1)") }""",
    ),
    composed(
        "a name",
        "OVERRIDE_MIGRATION_IN_PROGRESS",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a", label: "Ab-1_c:d./") }""",
    ),
    composed(
        "nothing",
        "OVERRIDE_MIGRATION_IN_PROGRESS",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a", label: "percent(0)") }""",
    ),
    composed(
        "all",
        "OVERRIDE_MIGRATION_IN_PROGRESS",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a", label: "percent(100)") }""",
    ),
    composed(
        "eight decimals",
        "OVERRIDE_MIGRATION_IN_PROGRESS",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a", label: "percent(99.99999999)") }""",
    ),
    composed(
        "an empty label is none",
        "OVERRIDDEN_FIELD_CAN_BE_REMOVED",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a", label: "") }""",
    ),
    composed(
        "the label of an override without effect",
        "FROM_SUBGRAPH_DOES_NOT_EXIST",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! size: Int @override(from: "z", label: "1st") }""",
    ),
)


@each(CASES)
def test_override_label_invalid(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("OVERRIDE_LABEL_INVALID", case)
