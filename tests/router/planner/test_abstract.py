"""Plans over interfaces, unions and interface objects."""

from __future__ import annotations

import pytest

from router.errors import Unplannable
from router.planner import plan
from tests.router.planning import asked, fixture, normalized, planned, supergraph_of

PAYMENTS = fixture("payments")
HARBOUR = fixture("harbour")
SHELVES = fixture("shelves")
PUZZLES = fixture("puzzles")


def test_members_of_a_result_carry_entities() -> None:
    """Entities inside the members of a union are reached behind a guard on the member's type."""
    query = """mutation { openWallet(currency: "USD") {
      ... on Wallet { owner { handle } } ... on WalletExists { message wallet { holds { id } } }
    } }"""
    assert asked(PAYMENTS, query) == [
        '0 wallet mutation{openWallet(currency:"USD"){__typename '
        "...on Wallet{owner{__typename id}} ...on WalletExists{message wallet{holds{id}}}}}",
        "1<0 users at openWallet|[Wallet].owner User(id) {...on User{handle}}",
    ]


def test_an_interface_of_the_subgraph_is_asked_as_such() -> None:
    """`... on Problem` stays one fragment where the subgraph knows the interface and every member has the field."""
    query = 'mutation { login(input: {email: "a", password: "b"}) { ... on Problem { message } ... on Session { expiresIn } } }'
    assert asked(PAYMENTS, query) == [
        '0 users mutation{login(input:{email:"a" password:"b"}){__typename ...on Problem{message} ...on Session{expiresIn}}}'
    ]


def test_an_interface_field_that_not_all_members_have_here_is_fetched_per_member() -> None:
    """crew knows Craft by its imo alone: each member is completed by the subgraph that owns it, in one fetch."""
    assert asked(HARBOUR, "{ officers { serves { name } } }") == [
        "0 crew {officers{serves{__typename ...on Tug{imo} ...on Vessel{imo}}}}",
        "1<0 fleet at officers.@.serves Tug(imo) Vessel(imo) {...on Tug{name} ...on Vessel{name}}",
    ]


def test_what_was_fetched_below_one_type_is_not_taken_for_another() -> None:
    """Below Tug and Vessel the same place holds berths of either, and both say their key."""
    lines = asked(HARBOUR, "{ officers { serves { name berth { rate } } } }")
    assert lines[1].endswith(
        "{...on Tug{name berth{__typename pier slot}} ...on Vessel{name berth{__typename pier slot}}}"
    )


def test_a_type_that_the_subgraph_cannot_return_needs_nothing() -> None:
    """stock knows one member of the union; with it alone the whole selection is served."""
    assert asked(SHELVES, "{ shared { ... on Person { visits } ... on Book { title } } }") == [
        "0 stock {shared{__typename ...on Person{visits}}}"
    ]


def test_type_conditions_that_never_hold_leave_the_type_alone() -> None:
    """A fragment without overlap disappears, and the position is still asked for."""
    assert asked(HARBOUR, "{ fleetOnly { ... on Sighting { ... on Mooring { __typename } } } }") == [
        "0 fleet {fleetOnly{__typename}}"
    ]


def test_every_possible_type_has_an_output() -> None:
    """A member nothing was selected of projects to an empty object, and each has its own order of keys."""
    output = planned(
        HARBOUR, "{ sightings { ... on Tug { power } ... on Craft { imo name } ... on Vessel { imo } } }"
    ).output
    sightings = output.by_type["Query"][0].selection
    assert sightings is not None
    assert {name: [f.key for f in fields] for name, fields in sightings.by_type.items()} == {
        "Buoy": [],
        "Tug": ["power", "imo", "name"],
        "Vessel": ["imo", "name"],
    }


def test_the_output_of_a_member_has_the_member_s_own_nullability() -> None:
    """An implementation may promise more than its interface: what the object type says decides."""
    output = planned(SHELVES, "{ latest { score ... on Book { title } } }").output
    latest = output.by_type["Query"][0].selection
    assert latest is not None
    assert [str(field.type) for field in latest.by_type["Book"]] == ["Float", "String!"]


def test_subgraph_shapes_that_conflict_get_an_alias() -> None:
    """The API says String for both; the subgraph promises String! for one, so they cannot share a key there."""
    types = """
    type Query @join__type(graph: A) @join__type(graph: B) { m: [M!] @join__field(graph: A) }
    union M @join__type(graph: A) @join__unionMember(graph: A, member: "X") @join__unionMember(graph: A, member: "Y") = X | Y
    type X @join__type(graph: A) @join__type(graph: B) { f: String @join__field(graph: A, type: "String!") @join__field(graph: B) }
    type Y @join__type(graph: A) { f: String }
    """
    supergraph = supergraph_of("A B", types)
    assert asked(supergraph, "{ m { ... on X { f } ... on Y { f } } }") == [
        "0 A {m{__typename ...on X{f} ...on Y{_q0:f}}}"
    ]
    members = planned(supergraph, "{ m { ... on X { f } ... on Y { f } } }").output.by_type["Query"][0].selection
    assert members is not None
    assert [(f.key, f.source) for f in members.by_type["Y"]] == [("f", "_q0")]


def test_a_subgraph_may_name_one_type_where_the_api_names_several() -> None:
    """The narrower subgraph returns X only, so nothing is asked for Y."""
    types = """
    type Query @join__type(graph: A) { m: M @join__field(graph: A, type: "X") }
    union M @join__type(graph: A) @join__unionMember(graph: A, member: "X") @join__unionMember(graph: A, member: "Y") = X | Y
    type X @join__type(graph: A) { f: String }
    type Y @join__type(graph: A) { g: String }
    """
    assert asked(supergraph_of("A", types), "{ m { ... on X { f } ... on Y { g } } }") == ["0 A {m{__typename f}}"]


def test_one_member_that_cannot_be_served_makes_the_position_unplannable() -> None:
    """The subgraph might return a Y, whose field nobody serves from there; the good half alone would be a wrong answer."""
    types = """
    type Query @join__type(graph: A) @join__type(graph: B) { m: I @join__field(graph: A) }
    interface I @join__type(graph: A) @join__type(graph: B) { f: Int @join__field(graph: B) g: Int @join__field(graph: A) }
    type X implements I @join__implements(graph: A, interface: "I") @join__implements(graph: B, interface: "I")
      @join__type(graph: A, key: "id") @join__type(graph: B, key: "id")
      { id: ID! f: Int @join__field(graph: B) g: Int @join__field(graph: A) }
    type Y implements I @join__implements(graph: A, interface: "I") @join__implements(graph: B, interface: "I")
      @join__type(graph: A) @join__type(graph: B) { f: Int @join__field(graph: B) g: Int @join__field(graph: A) }
    """
    supergraph = supergraph_of("A B", types)
    with pytest.raises(Unplannable, match=r"Y\.f"):
        plan(normalized(supergraph, "{ m { f } }"), supergraph)
    assert len(asked(supergraph, "{ m { ... on X { f } } }")) == 2


# ── interface objects ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_interface_object_is_entered_under_the_interface_s_name() -> None:
    """stock knows books as items: that is what the representation calls them."""
    assert asked(SHELVES, "{ items { title inStock } }") == [
        "0 catalog {items{__typename title ...on Book{id} ...on Film{id} ...on Map{id}}}",
        "1<0 stock at items.@ Book(id) Film(id) Map(id) {...on Item{inStock}}",
    ]
    fetch = planned(SHELVES, "{ items { inStock } }").fetches[1]
    assert {choice.typename for choice in fetch.anchors[0].representations} == {"Item"}


def test_an_interface_object_is_named_by_a_subgraph_that_knows_the_types() -> None:
    """Whoever wants to know what an item is has to ask: stock does not know."""
    assert asked(SHELVES, "{ stocked { inStock __typename } }") == [
        "0 stock {stocked{inStock id}}",
        "1<0 catalog at stocked.@ Item(id) {...on Item{__typename}}",
    ]


def test_an_interface_object_may_stay_nameless() -> None:
    """What is shown of all items alike does not depend on what they are."""
    assert asked(SHELVES, "{ stocked { inStock } }") == ["0 stock {stocked{inStock}}"]


def test_an_order_of_fields_may_tell_what_an_item_is() -> None:
    """A Map is shown with its id first, anything else with its stock: so its name is needed."""
    assert asked(SHELVES, "{ stocked { ... on Map { id } inStock id } }") == [
        "0 stock {stocked{id inStock}}",
        "1<0 catalog at stocked.@ Item(id) {...on Item{__typename}}",
    ]


def test_an_interface_object_of_which_nothing_is_wanted_is_named_all_the_same() -> None:
    """An empty object is shown for items of a known type only."""
    assert asked(SHELVES, "{ stocked { ... on Map { id @skip(if: true) } } }") == [
        "0 stock {stocked{id}}",
        "1<0 catalog at stocked.@ Item(id) {...on Item{__typename}}",
    ]


def test_fields_of_one_type_wait_until_the_type_is_known() -> None:
    """Behind an interface object a concrete type's fields are fetched once it has a name, wherever they are."""
    assert asked(SHELVES, "{ stocked { ... on Book { pages score shelf { code } } } }") == [
        "0 stock {stocked{id}}",
        "1<0 catalog at stocked.@ Item(id) {...on Item{__typename ...on Book{pages}}}",
        "2<1 reviews at stocked.@ Book(id) {...on Book{score}}",
        "3<1 stock at stocked.@ Book(id) {...on Item{shelf{code}}}",
    ]


def test_an_interface_object_with_one_implementation_may_stay_nameless() -> None:
    """There is nothing to tell apart."""
    types = """
    type Query @join__type(graph: A) @join__type(graph: B) { it: I @join__field(graph: B) }
    interface I @join__type(graph: A, key: "id") @join__type(graph: B, key: "id", isInterfaceObject: true) {
      id: ID! n: Int @join__field(graph: B) }
    type X implements I @join__type(graph: A, key: "id") @join__implements(graph: A, interface: "I") {
      id: ID! n: Int @join__field }
    """
    made = planned(supergraph_of("A B", types), "{ it { n } }")
    assert [fetch.subgraph for fetch in made.fetches] == ["B"]
    (field,) = made.output.by_type["Query"]
    assert field.selection is not None
    assert field.selection.nameless == field.selection.by_type["X"]
