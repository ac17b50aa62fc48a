"""Fields that need inputs from elsewhere: plain, chained, circular, with arguments, in lists and fragments, hidden."""

from __future__ import annotations

from tests.router.planner.cases.graphs import federation, fetches


def test_an_input_stands_where_the_client_put_it() -> None:
    """Under its name, under the client's alias, or under a hidden one where the client gave its name to something else."""
    of = federation(
        dock="""
            type Query { vessels: [Vessel!]! }
            type Vessel @key(fields: "id") { id: ID! length: Int name: String }
        """,
        tolls="""
            type Vessel @key(fields: "id") { id: ID! length: Int @external toll: Int @requires(fields: "length") }
        """,
    )
    assert fetches(of, "{ vessels { toll } }") == [
        "0 dock {vessels{__typename length id}}",
        "1<0 tolls at vessels.@ Vessel(id length) {...on Vessel{toll}}",
    ]
    assert fetches(of, "{ vessels { length toll } }") == [
        "0 dock {vessels{__typename length id}}",
        "1<0 tolls at vessels.@ Vessel(id length) {...on Vessel{toll}}",
    ]
    assert fetches(of, "{ vessels { size: length toll } }") == [
        "0 dock {vessels{__typename size:length id}}",
        "1<0 tolls at vessels.@ Vessel(id size:length) {...on Vessel{toll}}",
    ]
    assert fetches(of, "{ vessels { length: name toll } }") == [
        "0 dock {vessels{__typename length:name _q0:length id}}",
        "1<0 tolls at vessels.@ Vessel(id _q0:length) {...on Vessel{toll}}",
    ]


def test_inputs_need_inputs_in_turn() -> None:
    """a → b → c, and back to the first subgraph for what needs c: it is asked twice, in order."""
    of = federation(
        a="""
            type Query { ts: [T!]! }
            type T @key(fields: "id") { id: ID! a: Int d: Int @requires(fields: "c") c: Int @external }
        """,
        b="""
            type T @key(fields: "id") { id: ID! a: Int @external b: Int @requires(fields: "a") }
        """,
        c="""
            type T @key(fields: "id") { id: ID! b: Int @external c: Int @requires(fields: "b") }
        """,
    )
    assert fetches(of, "{ ts { c } }") == [
        "0 a {ts{__typename a id}}",
        "1<0 b at ts.@ T(id a) {...on T{b}}",
        "2<1 c at ts.@ T(id b) {...on T{c}}",
    ]
    assert fetches(of, "{ ts { d a } }") == [
        "0 a {ts{__typename a id}}",
        "1<0 b at ts.@ T(id a) {...on T{b}}",
        "2<1 c at ts.@ T(id b) {...on T{c}}",
        "3<2 a at ts.@ T(id c) {...on T{d}}",
    ]


def test_types_may_need_each_other() -> None:
    """A Vessel's toll needs its berth's rate, which needs the berth's vessel's length: different fields, so there is an order."""
    of = federation(
        dock="""
            type Query { vessels: [Vessel!]! }
            type Vessel @key(fields: "id") { id: ID! length: Int berth: Berth }
            type Berth @key(fields: "id") { id: ID! vessel: Vessel }
        """,
        tolls="""
            type Vessel @key(fields: "id") { id: ID! berth: Berth @external toll: Int @requires(fields: "berth { rate }") }
            type Berth @key(fields: "id") { id: ID! rate: Int @external }
        """,
        rates="""
            type Berth @key(fields: "id") { id: ID! vessel: Vessel @external
              rate: Int @requires(fields: "vessel { length }") }
            type Vessel @key(fields: "id") { id: ID! length: Int @external }
        """,
    )
    assert fetches(of, "{ vessels { toll } }") == [
        "0 dock {vessels{__typename berth{__typename vessel{length} id} id}}",
        "1<0 rates at vessels.@.berth Berth(id vessel(length)) {...on Berth{rate}}",
        "2<1 tolls at vessels.@ Vessel(id berth(rate)) {...on Vessel{toll}}",
    ]
    assert fetches(of, "{ vessels { toll berth { rate } } }") == [
        "0 dock {vessels{__typename berth{__typename vessel{length} id} id}}",
        "1<0 rates at vessels.@.berth Berth(id vessel(length)) {...on Berth{rate}}",
        "2<1 tolls at vessels.@ Vessel(id berth(rate)) {...on Vessel{toll}}",
    ]


def test_arguments_make_another_field_of_an_input() -> None:
    """Two fields need it with different arguments, the client wants a third: two representations in one request."""
    of = federation(
        dock="""
            type Query { vessels: [Vessel!]! }
            type Vessel @key(fields: "id") { id: ID! length(unit: String): Int name: String }
        """,
        tolls=r"""
            type Vessel @key(fields: "id") { id: ID! length(unit: String): Int @external
              toll: Int @requires(fields: "length(unit: \"m\")") draught: Int @requires(fields: "length(unit: \"ft\")") }
        """,
    )
    assert fetches(of, '{ vessels { toll draught length(unit: "km") } }') == [
        '0 dock {vessels{__typename length(unit:"km") _q0:length(unit:"m") id _q1:length(unit:"ft")}}',
        "1<0 tolls at vessels.@ Vessel(id _q0:length) {...on Vessel{toll}} + at vessels.@ Vessel(id _q1:length) {...on "
        "Vessel{draught}}",
    ]
    assert fetches(of, '{ vessels { toll length(unit: "m") } }') == [
        '0 dock {vessels{__typename length(unit:"m") id}}',
        "1<0 tolls at vessels.@ Vessel(id length) {...on Vessel{toll}}",
    ]


def test_inputs_reach_into_lists() -> None:
    """Through a list with nulls in it, with an argument on the way."""
    of = federation(
        dock="""
            type Query { ships: [Ship!]! }
            type Ship @key(fields: "id") { id: ID! holds: [Hold] }
            type Hold { crates(first: Int): [Crate] }
            type Crate { weight: Int }
        """,
        tolls="""
            type Ship @key(fields: "id") { id: ID! holds: [Hold] @external
              load: Int @requires(fields: "holds { crates(first: 2) { weight } }") }
            type Hold { crates(first: Int): [Crate] @external }
            type Crate { weight: Int @external }
        """,
    )
    assert fetches(of, "{ ships { load } }") == [
        "0 dock {ships{__typename holds{_q0:crates(first:2){weight}} id}}",
        "1<0 tolls at ships.@ Ship(id holds(_q0:crates(weight))) {...on Ship{load}}",
    ]
    assert fetches(of, "{ ships { load holds { crates(first: 3) { weight } } } }") == [
        "0 dock {ships{__typename holds{crates(first:3){weight} _q0:crates(first:2){weight}} id}}",
        "1<0 tolls at ships.@ Ship(id holds(_q0:crates(weight))) {...on Ship{load}}",
    ]


def test_inputs_may_be_fragments() -> None:
    """On a union and on an interface: each type sends what is listed for it, and one that is not listed its name alone."""
    of = federation(
        dock="""
            type Query { ships: [Ship!]! }
            type Ship @key(fields: "id") { id: ID! cargo: [Cargo!]! lead: Named }
            union Cargo = Grain | Oil | Mail
            type Grain { kind: String }
            type Oil { litres: Int }
            type Mail @shareable { bags: Int }
            interface Named { name: String }
            type Man implements Named { name: String age: Int }
            type Dog implements Named { name: String breed: String }
            type Cat implements Named @shareable { name: String }
        """,
        tolls="""
            type Ship @key(fields: "id") { id: ID! cargo: [Cargo!]! @external lead: Named @external
              duty: Int @requires(fields: "cargo { ... on Grain { kind } ... on Oil { litres } }")
              fee: Int @requires(fields: "lead { name ... on Man { age } ... on Dog { breed } }") }
            union Cargo = Grain | Oil | Mail
            type Grain { kind: String @external }
            type Oil { litres: Int @external }
            type Mail @shareable { bags: Int }
            interface Named { name: String }
            type Man implements Named { name: String @external age: Int @external }
            type Dog implements Named { name: String @external breed: String @external }
            type Cat implements Named @shareable { name: String }
        """,
    )
    assert fetches(of, "{ ships { duty } }") == [
        "0 dock {ships{__typename cargo{__typename ...on Grain{kind} ...on Oil{litres}} id}}",
        "1<0 tolls at ships.@ Ship(id cargo(__typename kind litres)) {...on Ship{duty}}",
    ]
    assert fetches(of, "{ ships { fee duty lead { name } } }") == [
        "0 dock {ships{__typename lead{__typename name ...on Dog{breed} ...on Man{age}} id cargo{__typename ...on "
        "Grain{kind} ...on Oil{litres}}}}",
        "1<0 tolls at ships.@ Ship(id lead(__typename name age breed) cargo(__typename kind litres)) {...on Ship{fee "
        "duty}}",
    ]


def test_hidden_fields_types_and_values_serve_as_inputs() -> None:
    """What no client may see can be required: a field, a type on the way, an enum value in an argument."""
    of = federation(
        dock="""
            type Query { ships: [Ship!]! }
            type Ship @key(fields: "id") { id: ID! secret: Int @inaccessible depth: Depth @inaccessible
              plan(mode: Mode): Int }
            type Depth @inaccessible { m: Int }
            enum Mode { OPEN HIDDEN @inaccessible }
        """,
        tolls="""
            type Ship @key(fields: "id") { id: ID! secret: Int @external depth: Depth @external
              plan(mode: Mode): Int @external a: Int @requires(fields: "secret depth { m }")
              b: Int @requires(fields: "plan(mode: HIDDEN)") }
            type Depth { m: Int @external }
            enum Mode { OPEN HIDDEN }
        """,
    )
    assert fetches(of, "{ ships { a b } }") == [
        "0 dock {ships{__typename secret depth{m} id _q0:plan(mode:HIDDEN)}}",
        "1<0 tolls at ships.@ Ship(id secret depth(m) _q0:plan) {...on Ship{a b}}",
    ]


def test_what_is_excluded_needs_nothing() -> None:
    """A condition is decided before planning, be it by a literal or by the default of a variable."""
    of = federation(
        dock="""
            type Query { vessels: [Vessel!]! }
            type Vessel @key(fields: "id") { id: ID! length: Int name: String }
        """,
        tolls="""
            type Vessel @key(fields: "id") { id: ID! length: Int @external toll: Int @requires(fields: "length") }
        """,
    )
    assert fetches(of, "{ vessels { name toll @skip(if: true) } }") == [
        "0 dock {vessels{name}}",
    ]
    assert fetches(of, "query($t: Boolean = true) { vessels { name toll @include(if: $t) } }") == [
        "0 dock {vessels{__typename name length id}}",
        "1<0 tolls at vessels.@ Vessel(id length) {...on Vessel{toll}}",
    ]
    assert fetches(of, "query($t: Boolean = false) { vessels { name ... @include(if: $t) { toll } } }") == [
        "0 dock {vessels{name}}",
    ]


def test_one_implementation_may_need_inputs() -> None:
    """Whether it is asked of the interface or of each implementation, only the one that needs something waits."""
    of = federation(
        dock="""
            type Query { all: [Craft!]! }
            interface Craft { id: ID! length: Int toll: Int }
            type Tug implements Craft @key(fields: "id") { id: ID! length: Int toll: Int @external }
            type Yacht implements Craft @key(fields: "id") { id: ID! length: Int toll: Int }
        """,
        tolls="""
            type Tug @key(fields: "id") { id: ID! length: Int @external toll: Int @requires(fields: "length") }
        """,
    )
    assert fetches(of, "{ all { toll } }") == [
        "0 dock {all{__typename ...on Tug{length id} ...on Yacht{toll}}}",
        "1<0 tolls at all.@ Tug(id length) {...on Tug{toll}}",
    ]
    assert fetches(of, "{ all { ... on Tug { toll } ... on Yacht { toll } } }") == [
        "0 dock {all{__typename ...on Tug{length id} ...on Yacht{toll}}}",
        "1<0 tolls at all.@ Tug(id length) {...on Tug{toll}}",
    ]


def test_an_input_may_have_moved() -> None:
    """Its new owner is asked, not the subgraph that had it."""
    of = federation(
        dock="""
            type Query { vessels: [V!]! }
            type V @key(fields: "id") { id: ID! length: Int }
        """,
        surveys="""
            type V @key(fields: "id") { id: ID! length: Int @override(from: "dock") }
        """,
        tolls="""
            type V @key(fields: "id") { id: ID! length: Int @external toll: Int @requires(fields: "length") }
        """,
    )
    assert fetches(of, "{ vessels { toll } }") == [
        "0 dock {vessels{__typename id}}",
        "1<0 surveys at vessels.@ V(id) {...on V{length}}",
        "2<1 tolls at vessels.@ V(id length) {...on V{toll}}",
    ]
