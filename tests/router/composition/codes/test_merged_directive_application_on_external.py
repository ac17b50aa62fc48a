"""MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL: a directive that reaches the supergraph stands where the field is resolved."""

from __future__ import annotations

from tests.router.composition.case import FEDERATION_1, Case, check, composed, each, rejected

CASES = (
    rejected(
        "tagged, hidden and deprecated",
        "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL",
        at=["T.x"],
        says=["@tag", "@inaccessible", "@deprecated"],
        places=["b:2"],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! x: Int @tag(name: "a") }',
        b='type T @key(fields: "id") {'
        ' id: ID! x: Int @external @tag(name: "a") @inaccessible @deprecated y: Int @requires(fields: "x") }',
    ),
    rejected(
        "guarded",
        "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL",
        at=["T.x"],
        says=["@authenticated"],
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! x: Int @authenticated }',
        b='type T @key(fields: "id") {\n id: ID! x: Int @external @authenticated y: Int @requires(fields: "x") @authenticated }',
    ),
    rejected(
        "a tag of federation 1 that nobody else has",
        "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL",
        at=["T.x"],
        places=["b:2"],
        a=FEDERATION_1 + 'type Query { t: T }\ntype T @key(fields: "id") { id: ID! x: Int @tag(name: "a") }',
        b=FEDERATION_1
        + 'extend type T @key(fields: "id") { id: ID! @external x: Int @external @tag(name: "b") y: Int @requires(fields: "x") }',
    ),
    composed(
        "a tag of federation 1 that the base has too",
        a=FEDERATION_1 + 'type Query { t: T }\ntype T @key(fields: "id") { id: ID! x: Int @tag(name: "a") }',
        b=FEDERATION_1
        + 'extend type T @key(fields: "id") { id: ID! @external x: Int @external @tag(name: "a") y: Int @requires(fields: "x") }',
    ),
    composed(
        "on an argument",
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! x(k: Int): Int }',
        b='type T @key(fields: "id") {'
        ' id: ID! x(k: Int @tag(name: "a")): Int @external y: Int @requires(fields: "x") }',
    ),
)


@each(CASES)
def test_merged_directive_application_on_external(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL", case)
