"""Interfaces and unions of which every subgraph knows another part."""

from __future__ import annotations

from tests.router.planner.cases.graphs import federation, fetches


def test_members_are_those_of_whom_one_asks() -> None:
    """A field of one subgraph may return all that it knows; a field of two only what both know, so the rest is never there."""
    of = federation(
        a="""
            type Query { one: Any both: Any @shareable }
            union Any = X | Y
            type X @key(fields: "id") { id: ID! x: Int nest: Nest @shareable }
            type Y @key(fields: "id") { id: ID! y: Int @shareable }
            union Nest = X | Y
        """,
        b="""
            type Query { both: Any @shareable }
            union Any = Y | Z
            type Y @key(fields: "id") { id: ID! y: Int @shareable }
            type Z { z: Int }
            type X @key(fields: "id") { id: ID! nest: Nest @shareable }
            union Nest = X | Z
        """,
    )
    assert fetches(of, "{ one { ... on X { x } ... on Z { z } ... on Y { y } } }") == [
        "0 a {one{__typename ...on X{x} ...on Y{y}}}",
    ]
    assert fetches(of, "{ both { __typename ... on X { x } ... on Y { y } ... on Z { z } } }") == [
        "0 a {both{__typename ...on X{x} ...on Y{y}}}",
    ]
    assert fetches(of, "{ one { ... on X { nest { ... on X { x } ... on Y { y } ... on Z { z } } } } }") == [
        "0 a {one{__typename ...on X{nest{__typename ...on X{x} ...on Y{y}}}}}",
    ]
    assert fetches(of, "{ one { __typename } both { t: __typename } }") == [
        "0 a {one{__typename} both{__typename}}",
    ]
    assert fetches(of, "{ both { ... on Z { z } } }") == [
        "0 a {both{__typename}}",
    ]


def test_a_subgraph_may_return_something_narrower() -> None:
    """The union here, one of its members there: whoever is asked, the answer is that member."""
    of = federation(
        a="""
            type Query { it: Any @shareable }
            union Any = X | Y
            type X @shareable { x: Int }
            type Y @shareable { y: Int }
        """,
        b="""
            type Query { it: X @shareable other: Any }
            union Any = X | Y
            type X @shareable { x: Int }
            type Y @shareable { y: Int }
        """,
    )
    assert fetches(of, "{ it { ... on X { x } ... on Y { y } } }") == [
        "0 b {it{__typename x}}",
    ]
    assert fetches(of, "{ it { __typename } }") == [
        "0 a {it{__typename}}",
    ]
    assert fetches(of, "{ other { ... on Y { y } } }") == [
        "0 b {other{__typename ...on Y{y}}}",
    ]


def test_an_interface_field_may_be_missing_for_some() -> None:
    """External, overridden or absent for one implementation: that one is completed elsewhere, the others where they are."""
    of = federation(
        a="""
            type Query { as: [Node!]! }
            interface Node { id: ID! n: Int }
            type X implements Node @key(fields: "id") { id: ID! n: Int }
            type Y implements Node @key(fields: "id") { id: ID! n: Int @external }
        """,
        b="""
            type Query { bs: [Node!]! }
            interface Node { id: ID! n: Int }
            type Y implements Node @key(fields: "id") { id: ID! n: Int }
            type Z implements Node @key(fields: "id") { id: ID! n: Int @override(from: "c") }
        """,
        c="""
            type Query { cs: [Node!]! }
            interface Node { id: ID! }
            type Z implements Node @key(fields: "id") { id: ID! n: Int }
            type X implements Node @key(fields: "id") { id: ID! }
        """,
    )
    assert fetches(of, "{ as { n } }") == [
        "0 a {as{__typename ...on X{n} ...on Y{id}}}",
        "1<0 b at as.@ Y(id) {...on Y{n}}",
    ]
    assert fetches(of, "{ bs { n } }") == [
        "0 b {bs{__typename n}}",
    ]
    assert fetches(of, "{ cs { n } }") == [
        "0 c {cs{__typename ...on X{id} ...on Z{id}}}",
        "1<0 a at cs.@ X(id) {...on X{n}}",
        "2<0 b at cs.@ Z(id) {...on Z{n}}",
    ]


def test_fragments_nest_as_they_like() -> None:
    """Interface in union, object in interface, twice over and disjoint, spread by name or not."""
    of = federation(
        a="""
            type Query { all: [Any!]! nodes: [Node!]! }
            union Any = X | Y | Z
            interface Node { id: ID! }
            interface Named implements Node { id: ID! name: String }
            type X implements Node & Named @key(fields: "id") { id: ID! name: String x: Int }
            type Y implements Node @key(fields: "id") { id: ID! y: Int }
            type Z implements Named & Node @key(fields: "id") { id: ID! name: String }
        """,
        b="""
            type X @key(fields: "id") { id: ID! far: Int }
            type Z @key(fields: "id") { id: ID! far: Int }
        """,
    )
    query = (
        "{ all { ... on Named { ... on Node { ... on X { x ... on Named { name } } id } } ... on Y { ... on "
        "Node { id } } } }"
    )
    assert fetches(of, query) == [
        "0 a {all{__typename ...on Named{id} ...on X{x name} ...on Y{id}}}",
    ]
    query = (
        "query { nodes { ...N } } fragment N on Node { ... on Named { ...D name } ... on X { ... on Named { "
        "id } far } } fragment D on Named { ... on Z { far } }"
    )
    assert fetches(of, query) == [
        "0 a {nodes{__typename ...on Named{name} ...on X{id} ...on Z{id}}}",
        "1<0 b at nodes.@ X(id) Z(id) {...on X{far} ...on Z{far}}",
    ]
    assert fetches(of, "{ nodes { ... on Named { ... on X { far } ... on Z { far } } } }") == [
        "0 a {nodes{__typename ...on X{id} ...on Z{id}}}",
        "1<0 b at nodes.@ X(id) Z(id) {...on X{far} ...on Z{far}}",
    ]


def test_one_key_may_stand_for_different_fields() -> None:
    """On types that exclude each other: with other arguments, from other subgraphs, and beside an input of the same name."""
    of = federation(
        a="""
            type Query { all: [Any!]! rest: [Rest!]! }
            union Any = X | Y | Z
            type X { w(n: Int): Int }
            type Y { w(n: Int): Int }
            type Z { w(n: Int): Int }
            union Rest = P | Q | R
            type P { a: Int }
            type Q @key(fields: "id") { id: ID! }
            type R @key(fields: "id") { id: ID! w: Int }
        """,
        b="""
            type R @key(fields: "id") { id: ID! w: Int @external need: Int @requires(fields: "w") }
        """,
        c="""
            type Q @key(fields: "id") { id: ID! v: Int w: Int }
        """,
    )
    assert fetches(of, "{ all { ... on X { v: w(n: 1) } ... on Y { v: w(n: 2) } ... on Z { v: w(n: 3) } } }") == [
        "0 a {all{__typename ...on X{v:w(n:1)} ...on Y{v:w(n:2)} ...on Z{v:w(n:3)}}}",
    ]
    assert fetches(of, "{ rest { ... on P { w: a } ... on Q { w: v } ... on R { need } } }") == [
        "0 a {rest{__typename ...on P{w:a} ...on Q{id} ...on R{w id}}}",
        "1<0 c at rest.@ Q(id) {...on Q{w:v}}",
        "2<0 b at rest.@ R(id w) {...on R{need}}",
    ]


def test_implementations_may_narrow_a_field() -> None:
    """What is selected on the narrower type holds for it alone, beside what is selected on the interface."""
    of = federation(
        a="""
            type Query { all: [Node!]! }
            interface Node { kid: Node list: [Int] }
            type X implements Node { kid: X list: [Int!]! x: Int }
            type Y implements Node { kid: Node list: [Int!] }
        """,
    )
    assert fetches(of, "{ all { kid { kid { list } } ... on X { kid { x list } } } }") == [
        "0 a {all{__typename ...on X{kid{__typename kid{__typename list} x list}} ...on Y{kid{__typename kid{__typename "
        "...on X{list} ...on Y{_q0:list}}}}}}",
    ]
    assert fetches(of, "{ all { ... on X { kid { x } } kid { ... on Y { list } } } }") == [
        "0 a {all{__typename ...on X{kid{x}} ...on Y{kid{__typename ...on Y{list}}}}}",
    ]


def test_what_refers_to_itself_is_followed_to_the_end() -> None:
    """Levels of one interface with different fragments; what is asked of the same type at several depths is asked once."""
    of = federation(
        a="""
            type Query { root: Part }
            interface Part { id: ID! parent: Part }
            type Big implements Part @key(fields: "id") { id: ID! parent: Part }
            type Small implements Part @key(fields: "id") { id: ID! parent: Part }
        """,
        b="""
            type Big @key(fields: "id") { id: ID! mass: Int }
            type Small @key(fields: "id") { id: ID! mass: Int }
        """,
    )
    assert fetches(
        of,
        "{ root { parent { ... on Big { mass } parent { ... on Small { mass } parent { ... on Big { mass } } } } } }",
    ) == [
        "0 a {root{__typename parent{__typename parent{__typename parent{__typename ...on Big{id}} ...on Small{id}} "
        "...on Big{id}}}}",
        "1<0 b at root.parent.parent.parent Big(id) & root.parent Big(id) {...on Big{mass}} + at root.parent.parent "
        "Small(id) {...on Small{mass}}",
    ]
