"""EXTERNAL_ON_INTERFACE: nobody resolves an interface field, so nobody can do it elsewhere."""

from __future__ import annotations

from tests.router.composition.case import FEDERATION_1, Case, check, composed, each, rejected

CASES = (
    rejected(
        "nothing uses the field either",
        "EXTERNAL_ON_INTERFACE",
        "EXTERNAL_UNUSED",
        at=["N.x"],
        says=['Interface field "N.x" cannot be @external'],
        places=["a:4"],
        a="type Query { n: N }\ninterface N {\n  x: Int @external }\ntype T implements N { x: Int }",
    ),
    rejected(
        "used by a key",
        "EXTERNAL_ON_INTERFACE",
        at=["N.id"],
        places=["a:3"],
        a='type Query { n: N }\ninterface N @key(fields: "id") { id: ID! @external }'
        '\ntype T implements N @key(fields: "id") { id: ID! }',
    ),
    rejected(
        "used by a provides",
        "EXTERNAL_ON_INTERFACE",
        at=["N.x"],
        a='type Query { n: N @provides(fields: "x") }\ninterface N { x: Int @external }\ntype T implements N { x: Int }',
    ),
    composed(
        "the implementation's field may be",
        a='type Query { n: N }\ninterface N { x: Int }\ntype T implements N @key(fields: "id") { id: ID! x: Int @external }',
        b='type T @key(fields: "id") { id: ID! x: Int }',
    ),
    composed(
        "federation 1 never looked at it",
        a=FEDERATION_1 + "type Query { n: N }\ninterface N { x: Int @external }\ntype T implements N { x: Int }",
    ),
)


@each(CASES)
def test_external_on_interface(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("EXTERNAL_ON_INTERFACE", case)
