"""AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE: interfaces take their requirements from their implementations."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "on an interface",
        "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE",
        at=["I"],
        says=["@authenticated"],
        places=["a:3"],
        a="type Query { i: I }\ninterface I @authenticated { f: Int }",
    ),
    rejected(
        "on a field of an interface, twice",
        "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE",
        at=["I.f"],
        says=["@requiresScopes", "@policy"],
        places=["a:3"],
        a='type Query { i: I }\ninterface I { f: Int @requiresScopes(scopes: [["a"]]) @policy(policies: [["p"]]) }',
    ),
    rejected(
        "on an interface object",
        "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE",
        at=["I"],
        places=["b:2"],
        a='type Query { i: I }\ninterface I @key(fields: "id") { id: ID! }\ntype T implements I @key(fields: "id") { id: ID! }',
        b='type I @interfaceObject @key(fields: "id") @policy(policies: []) { id: ID! f: Int }',
    ),
    rejected(
        "on an extension of an interface",
        "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE",
        places=["a:4"],
        a="type Query { i: I }\ninterface I { f: Int }\nextend interface I @authenticated",
    ),
    composed(
        "on implementations and their fields",
        a="""type Query { i: I }
interface I { f: Int }
type S implements I @authenticated { f: Int }
type T implements I { f: Int @policy(policies: [["p"]]) }""",
    ),
    composed(
        "on fields of an interface object",
        a='type Query { i: I }\ninterface I @key(fields: "id") { id: ID! }\ntype T implements I @key(fields: "id") { id: ID! }',
        b='type I @interfaceObject @key(fields: "id") { id: ID! f: Int @authenticated }',
    ),
    composed(
        "on scalars and enums",
        a="""type Query { s: S e: E }
scalar S @authenticated
enum E @requiresScopes(scopes: [["a", "b"], ["c"]]) { A }""",
    ),
)


@each(CASES)
def test_auth_requirements_applied_on_interface(case: Case) -> None:
    """Authorization is demanded where data is resolved."""
    check("AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE", case)
