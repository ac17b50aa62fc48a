"""Who answers a field that several could: provided on some paths, moved, shared at the root, or far away."""

from __future__ import annotations

from tests.router.planner.cases.graphs import federation, fetches


def test_what_is_provided_is_so_on_its_path_alone() -> None:
    """Two levels deep; reached another way the same type has to be fetched, and what is not provided is fetched from there."""
    of = federation(
        dock="""
            type Query { assigned: [Crew!]! moored: [Ship!]! }
            type Crew { ship: Ship @provides(fields: "captain { rank }") }
            type Ship @key(fields: "id") { id: ID! captain: Officer @external }
            type Officer @key(fields: "id") { id: ID! rank: Int @external }
        """,
        fleet="""
            type Ship @key(fields: "id") { id: ID! captain: Officer @shareable }
            type Officer @key(fields: "id") { id: ID! rank: Int @shareable wage: Int }
        """,
    )
    assert fetches(of, "{ assigned { ship { captain { rank } } } }") == [
        "0 dock {assigned{ship{captain{rank}}}}",
    ]
    assert fetches(of, "{ moored { captain { rank } } }") == [
        "0 dock {moored{__typename id}}",
        "1<0 fleet at moored.@ Ship(id) {...on Ship{captain{rank}}}",
    ]
    assert fetches(of, "{ assigned { ship { captain { rank wage } } } }") == [
        "0 dock {assigned{ship{captain{__typename rank id}}}}",
        "1<0 fleet at assigned.@.ship.captain Officer(id) {...on Officer{wage}}",
    ]


def test_some_members_may_be_provided_with_more() -> None:
    """What is provided differs by type, of an interface and of a union; the rest is fetched for those that lack it."""
    of = federation(
        dock="""
            type Query { jobs: [Job!]! finds: [Find!]! plain: Named }
            type Job { who: Named @provides(fields: "... on Man { name age } ... on Dog { name }") }
            interface Named { name: String }
            type Man implements Named @key(fields: "id") { id: ID! name: String @external age: Int @external }
            type Dog implements Named @key(fields: "id") { id: ID! name: String @external }
            union Any = Man | Dog
            type Find { it: Any @provides(fields: "... on Man { age } ... on Dog { name }") }
        """,
        people="""
            type Man @key(fields: "id") { id: ID! name: String @shareable age: Int @shareable }
            type Dog @key(fields: "id") { id: ID! name: String @shareable breed: String }
        """,
    )
    assert fetches(of, "{ jobs { who { name } } }") == [
        "0 dock {jobs{who{__typename ...on Dog{name} ...on Man{name}}}}",
    ]
    assert fetches(of, "{ jobs { who { name ... on Man { age } ... on Dog { breed } } } }") == [
        "0 dock {jobs{who{__typename ...on Dog{name id} ...on Man{name age}}}}",
        "1<0 people at jobs.@.who Dog(id) {...on Dog{breed}}",
    ]
    assert fetches(of, "{ finds { it { ... on Man { age name } ... on Dog { name } } } }") == [
        "0 dock {finds{it{__typename ...on Dog{name} ...on Man{age id}}}}",
        "1<0 people at finds.@.it Man(id) {...on Man{name}}",
    ]
    assert fetches(of, "{ plain { name } }") == [
        "0 dock {plain{__typename ...on Dog{id} ...on Man{id}}}",
        "1<0 people at plain Dog(id) Man(id) {...on Dog{name} ...on Man{name}}",
    ]


def test_an_overridden_field_has_one_owner() -> None:
    """Of a type that implements an interface, with inputs of its own, and where nobody was overridden."""
    of = federation(
        old="""
            type Query { things: [Thing!]! }
            interface Priced { price: Int }
            type Thing implements Priced @key(fields: "id") { id: ID! price: Int name: String slug: ID! }
        """,
        new="""
            type Thing @key(fields: "id") { id: ID! price: Int @override(from: "old") weight: Int @external
              cost: Int @override(from: "nobody") @requires(fields: "weight") }
        """,
        third="""
            type Thing @key(fields: "id") { id: ID! weight: Int }
        """,
    )
    assert fetches(of, "{ things { price name } }") == [
        "0 old {things{__typename name id}}",
        "1<0 new at things.@ Thing(id) {...on Thing{price}}",
    ]
    assert fetches(of, "{ things { cost } }") == [
        "0 old {things{__typename id}}",
        "1<0 third at things.@ Thing(id) {...on Thing{weight}}",
        "2<1 new at things.@ Thing(id weight) {...on Thing{cost}}",
    ]


def test_labels_decide_between_owners() -> None:
    """Off by default, on where somebody says so; two labels in one operation are two decisions."""
    of = federation(
        old="""
            type Query { things: [Thing!]! }
            type Thing @key(fields: "id") { id: ID! price: Int stock: Int }
        """,
        new="""
            type Query { fresh: [Thing!]! }
            type Thing @key(fields: "id") { id: ID! price: Int @override(from: "old", label: "beta")
              stock: Int @override(from: "old", label: "percent(40)") }
        """,
    )
    assert fetches(of, "{ things { price stock } }") == [
        "0 old {things{price stock}}",
    ]
    assert fetches(of, "{ fresh { price stock } }") == [
        "0 new {fresh{__typename id}}",
        "1<0 old at fresh.@ Thing(id) {...on Thing{price stock}}",
    ]
    assert fetches(of, "{ things { price stock } }", labels=["beta"]) == [
        "0 old {things{__typename stock id}}",
        "1<0 new at things.@ Thing(id) {...on Thing{price}}",
    ]
    assert fetches(of, "{ fresh { price stock } }", labels=["beta"]) == [
        "0 new {fresh{__typename price id}}",
        "1<0 old at fresh.@ Thing(id) {...on Thing{stock}}",
    ]
    assert fetches(of, "{ things { price stock } }", labels=["beta", "percent(40)"]) == [
        "0 old {things{__typename id}}",
        "1<0 new at things.@ Thing(id) {...on Thing{price stock}}",
    ]


def test_shared_roots_are_asked_for_their_parts() -> None:
    """An object, a list and an interface, each answered in part by two subgraphs and merged in place."""
    of = federation(
        a="""
            type Query { me: Me @shareable list: [Me!]! @shareable any: Node @shareable }
            type Me { a: Int both: Int @shareable }
            interface Node { n: Int }
            type X implements Node @shareable { n: Int x: Int }
            type Y implements Node @key(fields: "id") { id: ID! n: Int @shareable ya: Int }
        """,
        b="""
            type Query { me: Me @shareable list: [Me!]! @shareable any: Node @shareable }
            type Me { b: Int both: Int @shareable }
            interface Node { n: Int }
            type X implements Node @shareable { n: Int x: Int }
            type Y implements Node @key(fields: "id") { id: ID! n: Int @shareable yb: Int }
        """,
    )
    assert fetches(of, "{ me { a b both } }") == [
        "0 a {me{a both}}",
        "1 b {me{b}}",
    ]
    assert fetches(of, "{ list { a b } }") == [
        "0 a {list{a}}",
        "1 b {list{b}}",
    ]
    assert fetches(of, "{ any { n ... on X { x } ... on Y { ya yb } } }") == [
        "0 a {any{__typename n ...on X{x} ...on Y{ya}}}",
        "1 b {any{__typename ...on Y{yb}}}",
    ]


def test_a_member_that_one_root_cannot_complete_is_left_to_the_other() -> None:
    """What only a has of Y is asked of a; X is completed by both."""
    of = federation(
        a="""
            type Query { any: Node @shareable }
            interface Node { n: Int }
            type X implements Node @key(fields: "id") { id: ID! n: Int @shareable x: Int }
            type Y implements Node { n: Int @shareable y: Int }
        """,
        b="""
            type Query { any: Node @shareable }
            interface Node { n: Int }
            type X implements Node @key(fields: "id") { id: ID! n: Int @shareable xx: Int }
            type Y implements Node { n: Int @shareable }
        """,
    )
    assert fetches(of, "{ any { ... on X { x xx } ... on Y { y } } }") == [
        "0 a {any{__typename ...on X{x} ...on Y{y}}}",
        "1 b {any{__typename ...on X{xx}}}",
    ]
    assert fetches(of, "{ any { n ... on X { x xx } } }") == [
        "0 a {any{__typename n ...on X{x}}}",
        "1 b {any{__typename ...on X{xx}}}",
    ]


def test_the_only_owner_may_be_far_away() -> None:
    """One subgraph has the field and lets in by a key that only a third one knows; an input is fetched on that way, too."""
    of = federation(
        a="""
            type Query { ts: [T!]! }
            type T @key(fields: "id") { id: ID! }
        """,
        b="""
            type T @key(fields: "id") @key(fields: "box { code }") { id: ID! box: Box @shareable }
            type Box @shareable { code: ID! }
        """,
        c="""
            type T @key(fields: "box { code }") { box: Box @shareable rare: Int }
            type Box @shareable { code: ID! }
        """,
        d="""
            type T @key(fields: "id") { id: ID! rare: Int @external need: Int @requires(fields: "rare") }
        """,
    )
    assert fetches(of, "{ ts { rare } }") == [
        "0 a {ts{__typename id}}",
        "1<0 b at ts.@ T(id) {...on T{box{code}}}",
        "2<1 c at ts.@ T(box(code)) {...on T{rare}}",
    ]
    assert fetches(of, "{ ts { need } }") == [
        "0 a {ts{__typename id}}",
        "1<0 b at ts.@ T(id) {...on T{box{code}}}",
        "2<1 c at ts.@ T(box(code)) {...on T{rare}}",
        "3<2 d at ts.@ T(id rare) {...on T{need}}",
    ]
