"""TYPE_WITH_ONLY_UNUSED_EXTERNAL: a federation 1 type that others refer to keeps a field."""

from __future__ import annotations

from tests.router.composition.case import FEDERATION_1, Case, check, composed, each, rejected

CASES = (
    rejected(
        "a field is of the type",
        "TYPE_WITH_ONLY_UNUSED_EXTERNAL",
        at=["T"],
        says=['Type "T" has @external fields only'],
        places=["a:3", "a:4"],
        a=FEDERATION_1 + "type Query { t: T }\ntype T {\n  x: Int @external }",
    ),
    rejected(
        "a union and a key refer to types",
        "TYPE_WITH_ONLY_UNUSED_EXTERNAL",
        at=["T", "V"],
        a=FEDERATION_1 + "type Query { a: Int }\nunion U = T\ntype T { x: Int @external }"
        '\ntype V @key(fields: "id") { x: Int @external }',
    ),
    rejected(
        "so does the schema",
        "TYPE_WITH_ONLY_UNUSED_EXTERNAL",
        at=["Mutation"],
        places=["a:3"],
        a=FEDERATION_1 + "type Query { a: Int }\ntype Mutation { m: Int @external }",
    ),
    composed(
        "a type that nothing refers to just goes",
        a=FEDERATION_1 + "type Query { a: Int }\ntype T { x: Int @external }",
    ),
    composed(
        "an interface needs the field",
        a=FEDERATION_1
        + 'type Query { n: N }\ninterface N { id: ID! }\nextend type T implements N @key(fields: "id") { id: ID! @external }',
        b=FEDERATION_1 + 'type T @key(fields: "id") { id: ID! }',
    ),
)


@each(CASES)
def test_type_with_only_unused_external(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("TYPE_WITH_ONLY_UNUSED_EXTERNAL", case)
