"""DISALLOWED_INACCESSIBLE: what a linked specification brings cannot be hidden, for clients of the supergraph rely on it."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

OWN = """extend schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@inaccessible", "@composeDirective"])
  @link(url: "https://house.example/house/v1.0", import: ["@room"])
  @composeDirective(name: "@room")
"""

CASES = (
    rejected(
        "a scalar of a specification in use",
        "DISALLOWED_INACCESSIBLE",
        at=["requiresScopes__Scope"],
        places=["a:3"],
        a='type Query { f: Int @requiresScopes(scopes: [["a"]]) }\nscalar requiresScopes__Scope @inaccessible',
    ),
    rejected(
        "a type that goes by a specification's name",
        "DISALLOWED_INACCESSIBLE",
        at=["tag__T"],
        says=["https://specs.apollo.dev/tag/v0.3"],
        a='type Query { f: Int @tag(name: "x") t: tag__T @inaccessible }\ntype tag__T @inaccessible { f: Int }',
    ),
    rejected(
        "a part of such a type",
        "DISALLOWED_INACCESSIBLE",
        at=["cost__T", "cost__T.g"],
        a="type Query { f: Int @cost(weight: 2) t: cost__T }\ntype cost__T { f: Int g: Int @inaccessible }",
    ),
    rejected(
        "an argument of a directive of the subgraph's own specification",
        "DISALLOWED_INACCESSIBLE",
        at=["@room", "@room(number:)"],
        a=OWN
        + "type Query { f: Int @room(number: 1) }\ndirective @room(number: Int @inaccessible) on FIELD_DEFINITION",
    ),
    rejected(
        "a scalar of it",
        "DISALLOWED_INACCESSIBLE",
        at=["house__Key"],
        a=OWN
        + """type Query { f: Int @room(number: 1) k: house__Key @inaccessible }
directive @room(number: Int) on FIELD_DEFINITION
scalar house__Key @inaccessible""",
    ),
    composed(
        "the name of a specification that nobody uses",
        a="type Query { f: Int t: policy__T @inaccessible }\ntype policy__T @inaccessible { f: Int }",
    ),
    composed(
        "an argument of a directive for operations",
        a="type Query { f: Int }\ndirective @d(a: Int @inaccessible) on FIELD",
    ),
)


@each(CASES)
def test_disallowed_inaccessible(case: Case) -> None:
    """Specifications are visible whole."""
    check("DISALLOWED_INACCESSIBLE", case)
