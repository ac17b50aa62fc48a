"""REQUIRES_INVALID_FIELDS: the fields of a @requires parse and exist, and their arguments fit the supergraph too."""

from __future__ import annotations

from router.composition import Rejected, compose
from tests.router.composition.case import Case, check, composed, each, rejected, subgraph

OWNER = """
type Query { t: T }
type T @key(fields: "id") { id: ID! weight: Int }
"""
PLACES = """
    type Query { homes: [Home] }
    type Home implements Place @key(fields: "id") { id: ID! name: String @shareable near: [Place] @shareable }
    type Park implements Place { name: String @shareable }
    interface Place { name: String }
"""
HOME = """
    type Home implements Place @key(fields: "id") { id: ID! name: String @shareable near: [Home] @shareable rooms%s: Int }
    type Park implements Place { name: String @shareable }
    interface Place { name: String }
"""
CASES = (
    rejected(
        "unknown field",
        "REQUIRES_INVALID_FIELDS",
        at=["T.cost"],
        says=['cannot query field "size" on type "T"'],
        places=["b:5"],
        a=OWNER,
        b="""type T @key(fields: "id") {
                id: ID!
                weight: Int @external
                cost: Int @requires(fields: "weight size")
            }""",
    ),
    rejected(
        "alias",
        "REQUIRES_INVALID_FIELDS",
        a=OWNER,
        b="""type T @key(fields: "id") {
                id: ID!
                weight: Int @external
                cost: Int @requires(fields: "weight w: weight")
            }""",
    ),
    rejected(
        "does not parse",
        "REQUIRES_INVALID_FIELDS",
        "EXTERNAL_UNUSED",
        a=OWNER,
        b="""type T @key(fields: "id") {
                id: ID!
                weight: Int @external
                cost: Int @requires(fields: "weight {")
            }""",
    ),
    composed(
        "needless selection is not unknown",
        a=OWNER,
        b="""type T @key(fields: "id") {
                id: ID!
                weight: Int @external
                cost: Int @requires(fields: "weight weight")
            }""",
    ),
    rejected(
        "object without selection",
        "REQUIRES_INVALID_FIELDS",
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! box: Box }
            type Box @shareable { weight: Int }""",
        b="""type T @key(fields: "id") { id: ID! box: Box @external cost: Int @requires(fields: "box") }
            type Box @shareable { weight: Int }""",
    ),
    rejected(
        "unknown argument",
        "REQUIRES_INVALID_FIELDS",
        says=['has no argument "at"'],
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! weight(unit: Unit): Int }
            enum Unit { KG }""",
        b="""type T @key(fields: "id") { id: ID! weight(unit: Unit): Int @external cost: Int @requires(fields: "weight(at: 1)") }
            enum Unit { KG }""",
    ),
    rejected(
        "value that does not fit",
        "REQUIRES_INVALID_FIELDS",
        says=['LB is no "Unit"'],
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! weight(unit: Unit): Int }
            enum Unit { KG }""",
        b="""type T @key(fields: "id") { id: ID! weight(unit: Unit): Int @external cost: Int @requires(fields: "weight(unit: LB)") }
            enum Unit { KG }""",
    ),
    rejected(
        "variable",
        "REQUIRES_INVALID_FIELDS",
        says=["variable"],
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! weight(unit: Unit): Int }
            enum Unit { KG }""",
        b="""type T @key(fields: "id") { id: ID! weight(unit: Unit): Int @external cost: Int @requires(fields: "weight(unit: $unit)") }
            enum Unit { KG }""",
    ),
    rejected(
        "null for what is never null",
        "REQUIRES_INVALID_FIELDS",
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! weight(at: Int!): Int }""",
        b="""type T @key(fields: "id") { id: ID! weight(at: Int!): Int @external cost: Int @requires(fields: "weight(at: null)") }""",
    ),
    rejected(
        "required argument not given",
        "REQUIRES_INVALID_FIELDS",
        says=['"at" of "T.weight" is required'],
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! weight(at: Int!): Int }""",
        b="""type T @key(fields: "id") { id: ID! weight(at: Int!): Int @external cost: Int @requires(fields: "weight") }""",
    ),
    rejected(
        "argument that the supergraph drops",
        "REQUIRES_INVALID_FIELDS",
        says=["in the supergraph", '"weight" in subgraph "a" but "weight(at: Int)" in subgraph "b"'],
        places=["b:2"],
        a=OWNER,
        b="""type T @key(fields: "id") { id: ID! weight(at: Int): Int @external cost: Int @requires(fields: "weight(at: 1)") }""",
    ),
    rejected(
        "argument that the supergraph requires",
        "REQUIRES_INVALID_FIELDS",
        says=["in the supergraph", '"at" of "T.weight" is required'],
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! weight(at: Int!): Int }""",
        b="""type T @key(fields: "id") { id: ID! weight(at: Int): Int @external cost: Int @requires(fields: "weight") }""",
    ),
    composed(
        "arguments of all kinds",
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! weight(unit: Unit, at: [[Int!]], from: From, raw: Raw, share: Float): Int }
            enum Unit { KG }
            input From { name: String! }
            scalar Raw""",
        b="""type T @key(fields: "id") {
                id: ID!
                weight(unit: Unit, at: [[Int!]], from: From, raw: Raw, share: Float): Int @external
                cost: Int @requires(fields: "weight(unit: KG, at: [[1], [2, 3]], from: {name: \\"x\\"}, raw: {a: [1, B]}, share: 1)")
            }
            enum Unit { KG }
            input From { name: String! }
            scalar Raw""",
    ),
    composed(
        "through an interface",
        a="""type Query { t: T }
            type T @key(fields: "id") { id: ID! box: Box }
            interface Box { weight: Int }
            type Crate implements Box { weight: Int }""",
        b="""type T @key(fields: "id") { id: ID! box: Box @external cost: Int @requires(fields: "box { ... on Crate { weight } }") }
            interface Box { weight: Int }
            type Crate implements Box { weight: Int @external }""",
    ),
    composed(
        "by a type of its own that is narrower than the supergraph's",
        "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
        "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN",
        a=PLACES,
        b=HOME % "(by: Int)",
        c="""type Home @key(fields: "id") {
                id: ID!
                near: [Home] @external
                rooms(by: Int): Int @external
                crowd: Int @requires(fields: "near { rooms(by: 1) near { id rooms } }")
            }""",
    ),
    rejected(
        "by a type of its own, with an argument that another subgraph does not have",
        "REQUIRES_INVALID_FIELDS",
        says=["in the supergraph", '"Home.rooms" has no argument "by"'],
        a=PLACES,
        b=HOME % "",
        c="""type Home @key(fields: "id") {
                id: ID!
                near: [Home] @external
                rooms(by: Int): Int @external
                crowd: Int @requires(fields: "near { rooms(by: 1) }")
            }""",
    ),
)


@each(CASES)
def test_requires_invalid_fields(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("REQUIRES_INVALID_FIELDS", case)


def test_values_that_only_the_supergraph_refuses() -> None:
    """A value that merging took from its enum, and an object without a field that is required, are reported in words."""
    owner = """
        type Query {{ t: T }}
        type T @key(fields: "id") {{ id: ID! weight(u: U, o: O): Int }}
        enum U {{ {values} }} input O {{ a: Int! }}
    """
    user = """
        type T @key(fields: "id") { id: ID! weight(u: U, o: O): Int @external cost: Int @requires(fields: "%s") }
        enum U { KG LB } input O { a: Int! }
    """

    gone = compose([subgraph("a", owner.format(values="KG")), subgraph("b", user % "weight(u: LB)")])
    lacking = compose([subgraph("a", owner.format(values="KG LB")), subgraph("b", user % "weight(o: {})")])

    for outcome, words in ((gone, 'LB is no "U"'), (lacking, 'the field "O.a" is required')):
        assert isinstance(outcome, Rejected)
        assert [error.code.name for error in outcome.errors] == ["REQUIRES_INVALID_FIELDS"]
        assert words in outcome.errors[0].message
