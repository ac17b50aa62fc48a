"""Arguments from a @context: their values are read further up and sent as variables of a later request."""

from __future__ import annotations

import pytest

from router.errors import Unplannable
from router.plan import Anchor, ContextRead, Fetch
from router.plan.paths import path_items
from router.planner import plan
from router.supergraph import load_supergraph
from tests.router.planning import asked, fixture, normalized, planned

PLACES = fixture("places")

SHARED = load_supergraph("""
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/context/v0.1", for: SECURITY) { query: Query }
directive @context(name: String!) repeatable on OBJECT
scalar context__ContextFieldValue
enum join__Graph { A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }
type Query @join__type(graph: A) @join__type(graph: B) {
  user: User @join__field(graph: A)
  home: Home @join__field(graph: A)
}
type Home @join__type(graph: A) @context(name: "a__ctx") { user: User rate: Int }
type User @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
  id: ID!
  price: Int @join__field(graph: A, contextArguments: [{name: "rate", type: "Int", context: "a__ctx", selection: "{ rate }"}])
  share: Int
    @join__field(graph: A, contextArguments: [{name: "rate", type: "Int", context: "a__ctx", selection: "{ rate }"}])
    @join__field(graph: B)
}
""")


def reads(fetch: Fetch) -> list[tuple[ContextRead, ...]]:
    """What each anchor of a fetch reads further up."""
    return [anchor.contexts for anchor in fetch.anchors]


def test_the_value_is_fetched_above_and_sent_later() -> None:
    """Shop sets the context; its rate comes with the first request, and the price is asked in a second one of the same subgraph."""
    assert asked(PLACES, "{ shop { items { price } } }") == [
        "0 a {shop{items{__typename id} rate}}",
        "1<0 a at shop.items.@ Item(id) {...on Item{price(rate:$contextualArgument_a_0)}}",
    ]


def test_a_request_declares_what_it_is_sent() -> None:
    """The variable has the type of the argument, and the plan says where its value stands."""
    _, fetch = planned(PLACES, "query Q($of: Int) { things { gear { ratio(of: $of) } } }").fetches
    assert fetch.operation == (
        "query Q__a__1($representations:[_Any!]!,$contextualArgument_a_0:Int,$of:Int)"
        "{_entities(representations:$representations){...on Gear{ratio(of:$of,code:$contextualArgument_a_0)}}}"
    )
    assert fetch.variables == ("of",)
    assert reads(fetch) == [(ContextRead("contextualArgument_a_0", 2, (("Big", ("code",)), ("Small", ("code",)))),)]


def test_the_nearest_object_that_sets_the_context_gives_the_value() -> None:
    """Below a Depot or Shop it is theirs; a Kiosk sets nothing, so it is that of the Street."""
    made = planned(PLACES, "{ street { stands { items { price } } } }")
    found = {
        (path_text(anchor), read.at, *read.keys)
        for f in made.fetches
        for anchor in f.anchors
        for read in anchor.contexts
    }
    assert found == {
        ("street.stands.@|[Depot].items.@", 3, ("Depot", ("tax",))),
        ("street.stands.@|[Shop].items.@", 3, ("Shop", ("rate",))),
        ("street.stands.@|[Kiosk].items.@", 1, ("Street", ("rate",))),
    }


def test_a_value_from_another_subgraph_is_waited_for() -> None:
    """The rate of a Street is b's: it is fetched by the Street's key before the price is asked for."""
    assert asked(PLACES, "{ street { owner { items { price } } } }") == [
        "0 a {street{__typename owner{items{__typename id}} id}}",
        "1<0 b at street Street(id) {...on Street{rate}}",
        "2<1 a at street.owner.items.@ Item(id) {...on Item{price(rate:$contextualArgument_a_0)}}",
    ]


def test_required_inputs_and_contexts_go_together() -> None:
    """A field may take an argument from above and an input from another subgraph; fields under several keys share the variable."""
    assert asked(PLACES, "{ shop { best { p: price q: price freight } } }") == [
        "0 a {shop{best{__typename id} rate}}",
        "1<0 b at shop.best Item(id) {...on Item{weight}}",
        "2<1 a at shop.best Item(id weight) {...on Item{freight(rate:$contextualArgument_a_0) "
        "p:price(rate:$contextualArgument_a_0) q:price(rate:$contextualArgument_a_0)}}",
    ]


def test_the_setter_may_be_left_for_another_subgraph() -> None:
    """b names the featured item of a Shop, and a is entered for its price with what the Shop says."""
    lines = asked(PLACES, "{ shop { featured { price } } }")
    assert lines[1:] == [
        "1<0 b at shop Shop(id) {...on Shop{featured{__typename id}}}",
        "2<1 a at shop.featured Item(id) {...on Item{price(rate:$contextualArgument_a_0)}}",
    ]


def test_lists_of_lists_stand_between() -> None:
    """The value of one object above serves everything below it, however deep."""
    _, fetch = planned(PLACES, "{ shop { parts { price } } }").fetches
    assert path_text(fetch.anchors[0]) == "shop.parts.@.@"
    assert [read.at for read in fetch.anchors[0].contexts] == [1]


def test_names_of_the_client_are_left_alone() -> None:
    """A client may call a variable what the plan would have called its own."""
    query = "query($contextualArgument_a_0: Int) { things { gear { ratio(of: $contextualArgument_a_0) } } }"
    _, fetch = planned(PLACES, query).fetches
    assert fetch.variables == ("contextualArgument_a_0",)
    assert [read.variable for read in fetch.anchors[0].contexts] == ["contextualArgument_a_1"]


def test_without_anything_above_that_sets_the_context_a_field_is_refused() -> None:
    """The client learns which field cannot be served."""
    with pytest.raises(Unplannable, match=r"serves User\.price \(under Query\.user\)\."):
        plan(normalized(SHARED, "{ user { id price } }"), SHARED)


def test_a_subgraph_that_needs_no_context_is_asked_instead() -> None:
    """What one subgraph resolves from a context, another may resolve without."""
    assert asked(SHARED, "{ user { share } }") == [
        "0 a {user{__typename id}}",
        "1<0 b at user User(id) {...on User{share}}",
    ]


def path_text(anchor: Anchor) -> str:
    """The path of an anchor in the notation of plans."""
    return ".".join(path_items(anchor.path))
