"""Plans for fields that need inputs from other subgraphs (@requires)."""

from __future__ import annotations

from router.planner import plan
from tests.router.planning import asked, assert_same_answer, fixture, normalized, planned, supergraph_of
from tests.router.world import World

HARBOUR = fixture("harbour")
PUZZLES = fixture("puzzles")


def test_a_chain_of_requirements_returns_to_where_it_began() -> None:
    """risk needs toll needs berthRate, and customs is asked twice: before and behind dock."""
    assert asked(HARBOUR, "{ vessels { risk } }") == [
        "0 fleet {vessels{__typename length imo}}",
        "1<0 customs at vessels.@ Vessel(imo) {...on Vessel{berthRate}}",
        "2<1 dock at vessels.@ Vessel(imo length berthRate) {...on Vessel{toll}}",
        "3<2 customs at vessels.@ Vessel(imo toll) {...on Vessel{risk}}",
    ]


def test_inputs_are_read_from_where_the_client_put_them() -> None:
    """A required field under the client's alias is not fetched twice; with other arguments it is another field."""
    assert asked(HARBOUR, '{ vessels { flagged f: flag(code: "x") flag(code: "y") } }') == [
        '0 fleet {vessels{__typename f:flag(code:"x") flag(code:"y") imo}}',
        "1<0 dock at vessels.@ Vessel(imo f:flag) {...on Vessel{flagged}}",
    ]


def test_two_applications_of_one_field_take_two_representations() -> None:
    """cm and inch want `size` in different units, and a representation has room for one of that name: one request asks twice."""
    assert asked(PUZZLES, "{ thing(id: 1) { cm inch } }") == [
        "0 a {thing(id:1){__typename _q0:size(unit:CM) id _q1:size(unit:INCH)}}",
        "1<0 b at thing Thing(id _q0:size) {...on Thing{cm}} + at thing Thing(id _q1:size) {...on Thing{inch}}",
    ]


def test_requirements_reach_into_lists_and_other_entities() -> None:
    """Nested inputs keep lists and objects, across an entity that is itself looked up."""
    assert asked(PUZZLES, "{ thing(id: 1) { load nextTax } }") == [
        "0 a {thing(id:1){__typename parts{no _q0:weight(unit:CM)} id next{_q0:size(unit:CM) next{rank}}}}",
        "1<0 b at thing Thing(id parts(no _q0:weight) next(_q0:size next(rank))) {...on Thing{load nextTax}}",
    ]


def test_inputs_of_abstract_fields_are_sent_by_type() -> None:
    """Only a Square sends its side; every shape sends its area and its type."""
    made = plan(normalized(PUZZLES, "{ thing(id: 1) { shapeNote } }"), PUZZLES)
    shape = next(field for field in made.fetches[1].anchors[0].representations[0].fields if field.name == "shape")
    assert {(field.name, field.on) for field in shape.fields} == {
        ("__typename", ()),
        ("area", ("Circle", "Square")),
        ("radius", ("Circle",)),
        ("side", ("Square",)),
        ("color", ("Square",)),
    }


def test_inaccessible_fields_serve_as_inputs() -> None:
    """`rank` is hidden from clients, and fetched all the same where a field requires it."""
    assert asked(PUZZLES, "{ thing(id: 1) { both } }") == [
        "0 a {thing(id:1){__typename _q0:size(unit:CM) rank id}}",
        "1<0 b at thing Thing(id _q0:size rank) {...on Thing{both}}",
    ]


def test_a_requirement_from_a_third_subgraph_delays_only_its_own_field() -> None:
    """rating needs debts from c first; the owner's boxes come along with it, for nothing waits for them."""
    assert asked(PUZZLES, "{ boxes { owner { rating boxes { lid } } } }") == [
        "0 a {boxes{owner{__typename id}}}",
        "1<0 c at boxes.@.owner Owner(id) {...on Owner{debts{sum}}}",
        "2<1 b at boxes.@.owner Owner(id debts(sum)) {...on Owner{rating boxes{lid}}}",
    ]


def test_an_excluded_field_drags_no_inputs_along() -> None:
    """A skipped field with @requires leaves no trace in the plan."""
    query = "query($no: Boolean!) { vessels { name toll @include(if: $no) } }"
    assert asked(HARBOUR, query, {"no": False}) == ["0 fleet {vessels{name}}"]
    assert len(asked(HARBOUR, query, {"no": True})) == 3


def test_requirements_that_need_each_other_across_types_are_met() -> None:
    """A.f needs B.g of its child and B.g needs A.h of its parent: the sets differ, so there is a way."""
    types = """
    type Query @join__type(graph: A) @join__type(graph: B) { a: A @join__field(graph: A) }
    type A @join__type(graph: A, key: "id") @join__type(graph: B, key: "id")
    { id: ID! h: Int @join__field(graph: A) b: B @join__field(graph: A) @join__field(graph: B, external: true)
      f: Int @join__field(graph: B, requires: "b { g }") }
    type B @join__type(graph: A, key: "id") @join__type(graph: B, key: "id")
    { id: ID! a: A @join__field(graph: A) @join__field(graph: B, external: true)
      g: Int @join__field(graph: B, requires: "a { h }") }
    """
    assert asked(supergraph_of("A B", types), "{ a { f } }") == [
        "0 A {a{__typename b{__typename a{h} id} id}}",
        "1<0 B at a.b B(id a(h)) {...on B{g}}",
        "2<1 B at a A(id b(g)) {...on A{f}}",
    ]


async def test_inputs_by_a_narrower_type_of_the_subgraph_are_had_of_objects_of_that_type() -> None:
    """To A whatever is near is a home, and only homes have rooms: they are fetched of homes, and sent of homes."""
    supergraph = supergraph_of(
        "A B C",
        """
        type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) { home: Home @join__field(graph: B) }
        type Home implements Place
          @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__type(graph: C, key: "id")
          @join__implements(graph: B, interface: "Place") {
          id: ID!
          name: String @join__field(graph: B)
          rooms: Int @join__field(graph: A, external: true) @join__field(graph: C)
          near: [Place] @join__field(graph: A, type: "[Home]", external: true) @join__field(graph: B)
          crowd: Int @join__field(graph: A, requires: "near { rooms }")
        }
        type Park implements Place @join__type(graph: B) @join__implements(graph: B, interface: "Place") { name: String }
        interface Place @join__type(graph: B) { name: String }
        """,
    )

    made = planned(supergraph, "{ home { crowd } }")

    assert asked(supergraph, "{ home { crowd } }") == [
        "0 B {home{__typename near{__typename ...on Home{id}} id}}",
        "1<0 C at home.near.@ Home(id) {...on Home{rooms}}",
        "2<1 A at home Home(id near(__typename rooms)) {...on Home{crowd}}",
    ]
    (near,) = (field for field in made.fetches[2].anchors[0].representations[0].fields if field.name == "near")
    assert {(field.name, field.on) for field in near.fields} == {("__typename", ()), ("rooms", ("Home",))}
    for seed in range(5):
        await assert_same_answer(World(supergraph, seed), "{ home { crowd } }")
