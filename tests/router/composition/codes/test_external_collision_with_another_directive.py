"""EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE: a field that is resolved elsewhere provides nothing here."""

from __future__ import annotations

from tests.router.composition.case import FEDERATION_1, Case, check, composed, each, rejected

CASES = (
    rejected(
        "external and provides",
        "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE",
        at=["T.v"],
        says=["both @external and @provides"],
        a='type Query { t: T }\ntype T @key(fields: "id") {\n'
        '  id: ID! v: V @external @provides(fields: "x") y: Int @requires(fields: "v { x }") }\ntype V { x: Int @external }',
        b='type T @key(fields: "id") { id: ID! v: V }\ntype V { x: Int }',
    ),
    rejected(
        "by the type's @external",
        "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE",
        at=["W.v"],
        a='type Query { w: W @provides(fields: "v { x }") }\ntype W @external { v: V @provides(fields: "x") }'
        "\ntype V @external { x: Int }",
        b="type Query { b: W }\ntype W { v: V }\ntype V { x: Int }",
    ),
    rejected(
        "of federation 1",
        "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE",
        at=["T.v"],
        says=["read as federation 1"],
        a=FEDERATION_1 + 'type Query { t: T }\ntype T @key(fields: "id") {\n'
        '  id: ID! v: V @external @provides(fields: "x") y: Int @requires(fields: "v { x }") }\ntype V { x: Int @external }',
        b=FEDERATION_1 + 'type T @key(fields: "id") { id: ID! v: V }\ntype V { x: Int }',
    ),
    composed(
        "a key field of an extension is only called external",
        a='type Query { t: T }\nextend type T @key(fields: "id v { id }") {'
        ' id: ID! v: V @external @provides(fields: "x") }\ntype V @key(fields: "id") { id: ID! x: Int @external }',
        b='type T @key(fields: "id v { id }") { id: ID! v: V }\ntype V @key(fields: "id") { id: ID! x: Int @shareable }',
    ),
)


@each(CASES)
def test_external_collision_with_another_directive(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE", case)
