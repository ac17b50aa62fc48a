"""INVALID_SHAREABLE_USAGE: @shareable stands on objects and their fields, once a declaration."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "an interface's field",
        "INVALID_SHAREABLE_USAGE",
        at=["Node.id"],
        says=["only fields of object types"],
        places=["a:3"],
        a="""type Query { node: Node }
            interface Node { id: ID! @shareable }
            type T implements Node { id: ID! }""",
    ),
    rejected(
        "twice on a field",
        "INVALID_SHAREABLE_USAGE",
        at=["T.id"],
        says=["applied twice"],
        places=["a:3"],
        a="""type Query { t: T }
            type T { id: ID! @shareable @shareable }""",
    ),
    rejected(
        "twice on a type",
        "INVALID_SHAREABLE_USAGE",
        at=["T"],
        a="""type Query { t: T }
            type T @shareable @shareable { id: ID! }""",
    ),
    rejected(
        "twice on an extension",
        "INVALID_SHAREABLE_USAGE",
        at=["T"],
        a="""type Query { t: T }
            type T @shareable { id: ID! }
            extend type T @shareable @shareable { name: String }""",
    ),
    composed(
        "once on each declaration",
        a="""type Query { t: T }
            type T @shareable { id: ID! }
            extend type T @shareable { name: String }
            extend type T @shareable { size: Int @shareable }""",
    ),
    composed(
        "on the root",
        a="type Query @shareable { a: Int }",
        b="type Query { a: Int @shareable }",
    ),
)


@each(CASES)
def test_invalid_shareable_usage(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("INVALID_SHAREABLE_USAGE", case)
