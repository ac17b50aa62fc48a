"""PROVIDES_UNSUPPORTED_ON_INTERFACE: no @provides stands on an interface field."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

OWNER = """
type Query { t: T }
type T @key(fields: "id") { id: ID! name: String @shareable }
"""

CASES = (
    rejected(
        "an interface's field",
        "PROVIDES_UNSUPPORTED_ON_INTERFACE",
        at=["Shop.best"],
        says=["not supported on interface fields"],
        places=["b:2"],
        a=OWNER,
        b="""interface Shop { best: T @provides(fields: "name") }
            type Query implements Shop { best: T }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
    rejected(
        "beside the implementation's",
        "PROVIDES_UNSUPPORTED_ON_INTERFACE",
        places=["b:2"],
        a=OWNER,
        b="""interface Shop { best: T @provides(fields: "name") }
            type Query implements Shop { best: T @provides(fields: "name") }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
    rejected(
        "of fields that are not external",
        "PROVIDES_UNSUPPORTED_ON_INTERFACE",
        "PROVIDES_FIELDS_MISSING_EXTERNAL",
        a=OWNER,
        b="""interface Shop { best: T @provides(fields: "id") }
            type Query implements Shop { best: T }
            type T @key(fields: "id") { id: ID! }""",
    ),
    composed(
        "the implementation's field",
        a=OWNER,
        b="""interface Shop { best: T }
            type Query implements Shop { best: T @provides(fields: "name") }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
)


@each(CASES)
def test_provides_unsupported_on_interface(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("PROVIDES_UNSUPPORTED_ON_INTERFACE", case)
