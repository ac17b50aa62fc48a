"""INVALID_FIELD_SHARING: a field that several subgraphs resolve is shareable in all of them, and no subscription."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

OWNER = """
type Query { t: T }
type T @key(fields: "id") { id: ID! name: String }
"""

CASES = (
    rejected(
        "shared by nobody",
        "INVALID_FIELD_SHARING",
        at=["T.name"],
        says=['resolved from subgraphs "a" and "b"', 'non-shareable in subgraphs "a" and "b"'],
        places=["a:4", "b:2"],
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String }""",
    ),
    rejected(
        "shared by one",
        "INVALID_FIELD_SHARING",
        says=['non-shareable in subgraph "a":'],
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @shareable }""",
    ),
    rejected(
        "a root field",
        "INVALID_FIELD_SHARING",
        at=["Query.t"],
        a=OWNER,
        b="""type Query { t: T }
            type T @key(fields: "id") { id: ID! }""",
    ),
    rejected(
        "a mutation",
        "INVALID_FIELD_SHARING",
        at=["Mutation.go"],
        a="""type Query { a: Int }
            type Mutation { go: Int }""",
        b="type Mutation { go: Int }",
    ),
    rejected(
        "a value type",
        "INVALID_FIELD_SHARING",
        at=["V.x"],
        a="""type Query { v: V }
            type V { x: Int }""",
        b="""type Query { w: V }
            type V { x: Int }""",
    ),
    rejected(
        "an extension that the @shareable of its type does not reach",
        "INVALID_FIELD_SHARING",
        at=["V.y"],
        a="""type Query { v: V }
            type V @shareable { x: Int }
            extend type V { y: Int }""",
        b="""type Query { w: V }
            type V @shareable { x: Int y: Int }""",
    ),
    rejected(
        "a field that an external declaration provides",
        "INVALID_FIELD_SHARING",
        says=['resolved from subgraphs "a" and "b"', 'non-shareable in subgraph "a"'],
        a=OWNER,
        b="""type Query { best: T @provides(fields: "name") }
            type T @key(fields: "id") { id: ID! name: String @external }""",
    ),
    rejected(
        "what is overridden elsewhere is still resolved by a third",
        "INVALID_FIELD_SHARING",
        places=["b:2", "c:2"],
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "a") }""",
        c="""type T @key(fields: "id") { id: ID! name: String }""",
    ),
    rejected(
        "an override that is misspelt",
        "INVALID_FIELD_SHARING",
        says=['@override in subgraph "b" names an unknown subgraph'],
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @override(from: "A") }""",
    ),
    rejected(
        "an interface object and an implementation",
        "INVALID_FIELD_SHARING",
        at=["T.size"],
        says=['through "Node.size", an interface object'],
        places=["a:4", "b:2"],
        a="""type Query { node: Node }
            interface Node @key(fields: "id") { id: ID! }
            type T implements Node @key(fields: "id") { id: ID! size: Int }""",
        b="""type Node @interfaceObject @key(fields: "id") { id: ID! size: Int }""",
    ),
    rejected(
        "two interface objects",
        "INVALID_FIELD_SHARING",
        at=["T.size"],
        places=["b:2", "c:2"],
        a="""type Query { node: Node }
            interface Node @key(fields: "id") { id: ID! }
            type T implements Node @key(fields: "id") { id: ID! }""",
        b="""type Node @interfaceObject @key(fields: "id") { id: ID! size: Int }""",
        c="""type Node @interfaceObject @key(fields: "id") { id: ID! size: Int }""",
    ),
    rejected(
        "two interfaces of one type",
        "INVALID_FIELD_SHARING",
        at=["T.size"],
        places=["b:2", "b:3"],
        a="""type Query { node: Node }
            interface Node @key(fields: "id") { id: ID! }
            interface Item @key(fields: "id") { id: ID! }
            type T implements Node & Item @key(fields: "id") { id: ID! }""",
        b="""type Node @interfaceObject @key(fields: "id") { id: ID! size: Int }
            type Item @interfaceObject @key(fields: "id") { id: ID! size: Int }""",
    ),
    rejected(
        "a subscription, even once",
        "INVALID_FIELD_SHARING",
        at=["Subscription.news"],
        says=["a subscription is served by one subgraph"],
        places=["a:3"],
        a="""type Query { a: Int }
            type Subscription { news: Int @shareable }""",
    ),
    composed(
        "shared by all",
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! name: String @shareable }""",
        b="""type T @key(fields: "id") @shareable { id: ID! name: String }""",
    ),
    composed(
        "key fields, nested ones too",
        a="""type Query { t: T }
            type T @key(fields: "u { id }") { u: U }
            type U { id: ID! }""",
        b="""type T @key(fields: "u { id }") { u: U size: Int }
            type U { id: ID! }""",
    ),
    composed(
        "a key field of one, shared by the other",
        "INCONSISTENT_ENTITY",
        a="""type Query { t: T }
            type T { id: ID! @shareable }""",
        b="""type Query { u: T }
            type T @key(fields: "id") { id: ID! }""",
    ),
    composed(
        "an external field",
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! name: String @external size: Int @requires(fields: "name") }""",
    ),
)


@each(CASES)
def test_invalid_field_sharing(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("INVALID_FIELD_SHARING", case)
