"""Ways from subgraph to subgraph by keys of every shape, and objects that have no key of their own."""

from __future__ import annotations

from tests.router.planner.cases.graphs import federation, fetches


def test_a_key_is_translated_by_who_knows_both() -> None:
    """A Crate is known by its tag here and by its serial there: the subgraph that knows both stands between, either way."""
    of = federation(
        dock="""
            type Query { crates: [Crate!]! }
            type Crate @key(fields: "tag") { tag: ID! shelf: Int }
        """,
        customs="""
            type Query { due: [Crate!]! }
            type Crate @key(fields: "serial") { serial: ID! duty: Int }
        """,
        fleet="""
            type Crate @key(fields: "tag") @key(fields: "serial") { tag: ID! serial: ID! }
        """,
    )
    assert fetches(of, "{ crates { duty } }") == [
        "0 dock {crates{__typename tag}}",
        "1<0 fleet at crates.@ Crate(tag) {...on Crate{serial}}",
        "2<1 customs at crates.@ Crate(serial) {...on Crate{duty}}",
    ]
    assert fetches(of, "{ due { shelf duty } }") == [
        "0 customs {due{__typename duty serial}}",
        "1<0 fleet at due.@ Crate(serial) {...on Crate{tag}}",
        "2<1 dock at due.@ Crate(tag) {...on Crate{shelf}}",
    ]


def test_the_shortest_chain_of_keys_wins() -> None:
    """Of three keys over several subgraphs the one that is at hand is used; a chain is taken only where it must be."""
    of = federation(
        b="""
            type Query { ports: [Port!]! }
            type Port @key(fields: "id") { id: ID! }
        """,
        c="""
            type Port @key(fields: "id") @key(fields: "code") { id: ID! code: ID! name: String @shareable }
        """,
        d="""
            type Port @key(fields: "code") @key(fields: "id") { code: ID! id: ID! berths: Int }
        """,
        e="""
            type Port @key(fields: "code") @key(fields: "zone { no }") { code: ID! zone: Zone @shareable tide: Int }
            type Zone @shareable { no: ID! }
        """,
    )
    assert fetches(of, "{ ports { berths } }") == [
        "0 b {ports{__typename id}}",
        "1<0 d at ports.@ Port(id) {...on Port{berths}}",
    ]
    assert fetches(of, "{ ports { tide berths name } }") == [
        "0 b {ports{__typename id}}",
        "1<0 c at ports.@ Port(id) {...on Port{name code}}",
        "2<0 d at ports.@ Port(id) {...on Port{berths}}",
        "3<1 e at ports.@ Port(code) {...on Port{tide}}",
    ]


def test_keys_keep_their_shape() -> None:
    """Composite keys, keys inside objects, and keys made of a list of objects are sent as they are written."""
    of = federation(
        dock="""
            type Query { crates: [Crate!]! }
            type Crate @key(fields: "pier slot") @key(fields: "berth { quay { code } }") @key(fields: "seals { no }") {
              pier: ID! slot: ID! berth: Berth! seals: [Seal!]! }
            type Berth @shareable { quay: Quay! }
            type Quay @shareable { code: ID! }
            type Seal @shareable { no: ID! }
        """,
        a="""
            type Crate @key(fields: "pier slot") { pier: ID! slot: ID! a: Int }
        """,
        b="""
            type Crate @key(fields: "berth { quay { code } }") { berth: Berth! b: Int }
            type Berth @shareable { quay: Quay! }
            type Quay @shareable { code: ID! }
        """,
        c="""
            type Crate @key(fields: "seals { no }") { seals: [Seal!]! c: Int }
            type Seal @shareable { no: ID! }
        """,
    )
    assert fetches(of, "{ crates { a b c } }") == [
        "0 dock {crates{__typename pier slot berth{quay{code}} seals{no}}}",
        "1<0 a at crates.@ Crate(pier slot) {...on Crate{a}}",
        "2<0 b at crates.@ Crate(berth(quay(code))) {...on Crate{b}}",
        "3<0 c at crates.@ Crate(seals(no)) {...on Crate{c}}",
    ]


def test_a_key_that_lets_nobody_in_is_gone_around() -> None:
    """One subgraph can be entered by another key only; and what merely mentions an entity by such a key can still be left."""
    of = federation(
        a="""
            type Query { bs: [B!]! }
            type B @key(fields: "id") { id: ID! code: ID! @shareable }
        """,
        b="""
            type B @key(fields: "id", resolvable: false) @key(fields: "code") { id: ID! code: ID! @shareable lid: Int }
        """,
        c="""
            type Query { cs: [B!]! }
            type B @key(fields: "id", resolvable: false) { id: ID! }
        """,
    )
    assert fetches(of, "{ bs { lid } }") == [
        "0 a {bs{__typename code}}",
        "1<0 b at bs.@ B(code) {...on B{lid}}",
    ]
    assert fetches(of, "{ cs { lid } }") == [
        "0 c {cs{__typename id}}",
        "1<0 a at cs.@ B(id) {...on B{code}}",
        "2<1 b at cs.@ B(code) {...on B{lid}}",
    ]


def test_external_keys_let_in_and_say_nothing() -> None:
    """A key field that is external is asked of somebody else where the type is not an extension, and read on the spot where it is."""
    of = federation(
        a="""
            type Query { ts: [T!]! }
            type T @key(fields: "id") @key(fields: "no") { id: ID! no: ID! }
        """,
        b="""
            type Query { us: [T!]! }
            type T @key(fields: "id") @key(fields: "no") { id: ID! @external no: ID! b: Int }
        """,
        c="""
            type Query { es: [T!]! }
            extend
            type T @key(fields: "id") { id: ID! @external c: Int }
        """,
    )
    assert fetches(of, "{ us { id b } }") == [
        "0 b {us{__typename b no}}",
        "1<0 a at us.@ T(no) {...on T{id}}",
    ]
    assert fetches(of, "{ es { id c b } }") == [
        "0 c {es{__typename id c}}",
        "1<0 b at es.@ T(id) {...on T{b}}",
    ]
    assert fetches(of, "{ ts { b c } }") == [
        "0 a {ts{__typename id}}",
        "1<0 b at ts.@ T(id) {...on T{b}}",
        "2<0 c at ts.@ T(id) {...on T{c}}",
    ]


def test_a_subgraph_with_nothing_but_the_key_is_never_asked() -> None:
    """It could tell nothing new."""
    of = federation(
        a="""
            type Query { ts: [T!]! }
            type T @key(fields: "id") { id: ID! x: Int }
        """,
        b="""
            type T @key(fields: "id") { id: ID! }
        """,
        c="""
            type Query { o: Int }
            type T @key(fields: "id") { id: ID! y: Int }
        """,
    )
    assert fetches(of, "{ ts { id x y } }") == [
        "0 a {ts{__typename id x}}",
        "1<0 c at ts.@ T(id) {...on T{y}}",
    ]


def test_a_value_type_is_completed_through_its_owner() -> None:
    """Each of three subgraphs has a field of Size, which has no key: the Crate above is entered twice, and the parts meet in one object."""
    of = federation(
        dock="""
            type Query { crates: [Crate!]! }
            type Crate @key(fields: "id") { id: ID! size: Size @shareable }
            type Size { h: Int }
        """,
        customs="""
            type Crate @key(fields: "id") { id: ID! size: Size @shareable }
            type Size { w: Int }
        """,
        fleet="""
            type Crate @key(fields: "id") { id: ID! size: Size @shareable }
            type Size { d: Int }
        """,
    )
    assert fetches(of, "{ crates { size { h w d } } }") == [
        "0 dock {crates{__typename size{h} id}}",
        "1<0 customs at crates.@ Crate(id) {...on Crate{size{w}}}",
        "2<0 fleet at crates.@ Crate(id) {...on Crate{size{d}}}",
    ]


def test_a_value_type_is_completed_inside_lists() -> None:
    """The owner is two levels up, and the lists between are merged item by item."""
    of = federation(
        dock="""
            type Query { crates: [Crate!]! }
            type Crate @key(fields: "id") { id: ID! lots: [Lot!]! @shareable }
            type Lot @shareable { size: Size }
            type Size { h: Int }
        """,
        fleet="""
            type Crate @key(fields: "id") { id: ID! lots: [Lot!]! @shareable }
            type Lot @shareable { size: Size }
            type Size { d: Int }
        """,
    )
    assert fetches(of, "{ crates { lots { size { h d } } } }") == [
        "0 dock {crates{__typename lots{size{h}} id}}",
        "1<0 fleet at crates.@ Crate(id) {...on Crate{lots{size{d}}}}",
    ]


def test_keys_may_be_numbers_and_truths() -> None:
    """They are sent as what they are."""
    of = federation(
        a="""
            type Query { ts: [T!]! }
            type T @key(fields: "no flag") { no: Int! flag: Boolean! x: Int }
        """,
        b="""
            type T @key(fields: "no flag") { no: Int! flag: Boolean! y: Int }
        """,
    )
    assert fetches(of, "{ ts { y } }") == [
        "0 a {ts{__typename no flag}}",
        "1<0 b at ts.@ T(no flag) {...on T{y}}",
    ]
