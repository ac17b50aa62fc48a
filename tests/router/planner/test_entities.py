"""Plans that follow entities from subgraph to subgraph by their keys."""

from __future__ import annotations

import pytest

from router.errors import Unplannable
from router.planner import plan
from tests.router.planning import asked, fixture, normalized, shown, supergraph_of

PAYMENTS = fixture("payments")
HARBOUR = fixture("harbour")
PUZZLES = fixture("puzzles")


def test_one_subgraph_is_asked_once_and_for_nothing_more() -> None:
    """A selection that one subgraph serves is one fetch with exactly the client's fields."""
    assert asked(PAYMENTS, "{ campaigns { name rate cap { formatted } } }") == [
        "0 rewards {campaigns{name rate cap{formatted}}}"
    ]


def test_entities_are_walked_by_their_keys() -> None:
    """me → transfers → to → owner → handle crosses four subgraphs, each hop behind the one that names its entities."""
    assert asked(PAYMENTS, "{ me { transfers { edges { node { to { owner { handle } } } } } } }") == [
        "0 users {me{__typename id}}",
        "1<0 transactions at me User(id) {...on User{transfers{edges{node{to{__typename id}}}}}}",
        "2<1 wallet at me.transfers.edges.@.node.to Wallet(id) {...on Wallet{owner{__typename id}}}",
        "3<2 users at me.transfers.edges.@.node.to.owner User(id) {...on User{handle}}",
    ]


def test_independent_hops_run_side_by_side() -> None:
    """Notifications lead to transfers and rewards at once: neither waits for the other."""
    query = (
        "{ me { notifications { edges { node { transfer { amount { formatted } } reward { campaign { name } } } } } } }"
    )
    assert asked(PAYMENTS, query) == [
        "0 users {me{__typename id}}",
        "1<0 notifications at me User(id) "
        "{...on User{notifications{edges{node{transfer{__typename id} reward{__typename id}}}}}}",
        "2<1 transactions at me.notifications.edges.@.node.transfer Transfer(id) {...on Transfer{amount{formatted}}}",
        "3<1 rewards at me.notifications.edges.@.node.reward Reward(id) {...on Reward{campaign{name}}}",
    ]


def test_fields_of_one_entity_share_a_fetch_per_subgraph() -> None:
    """Four subgraphs extend User: each is asked once, all of them in one wave."""
    query = "{ me { email wallets { id } rewardsEarned { formatted } unreadNotificationCount } }"
    assert asked(PAYMENTS, query) == [
        "0 users {me{__typename email id}}",
        "1<0 notifications at me User(id) {...on User{unreadNotificationCount}}",
        "2<0 rewards at me User(id) {...on User{rewardsEarned{formatted}}}",
        "3<0 wallet at me User(id) {...on User{wallets{id}}}",
    ]


def test_a_stub_already_says_its_key() -> None:
    """The id of an entity that another subgraph owns is there without a fetch."""
    assert asked(PAYMENTS, '{ transfer(id: "1") { from { id } reward { transfer { id } } } }') == [
        '0 transactions {transfer(id:"1"){__typename from{id} id}}',
        "1<0 rewards at transfer Transfer(id) {...on Transfer{reward{transfer{id}}}}",
    ]


def test_two_keys_are_chained_through_the_subgraph_that_knows_both() -> None:
    """Known here by serial and there by tag: a third subgraph translates."""
    assert asked(PUZZLES, "{ serials { colour } }") == [
        "0 c {serials{__typename serial}}",
        "1<0 e at serials.@ Chip(serial) {...on Chip{tag}}",
        "2<1 d at serials.@ Chip(tag) {...on Chip{colour}}",
    ]


def test_a_key_that_is_not_resolvable_can_be_left_by() -> None:
    """Subgraph d only mentions Box by its id; a, which can enter it, gives the code that b needs."""
    assert asked(PUZZLES, "{ labels { glued { lid } } }") == [
        "0 c {labels{__typename lines{no text}}}",
        "1<0 d at labels.@ Label(lines(no text)) {...on Label{glued{__typename id}}}",
        "2<1 a at labels.@.glued Box(id) {...on Box{code}}",
        "3<2 b at labels.@.glued Box(code) {...on Box{lid}}",
    ]


def test_composite_and_nested_keys_keep_their_shape() -> None:
    """A key with an object inside is sent with an object inside."""
    assert asked(HARBOUR, "{ berths { quay { guarded } } }") == [
        "0 dock {berths{quay{__typename berth{pier slot}}}}",
        "1<0 customs at berths.@.quay Quay(berth(pier slot)) {...on Quay{guarded}}",
    ]


def test_lists_of_lists_take_a_step_per_level() -> None:
    """The path to entities in a matrix has two list steps."""
    assert asked(HARBOUR, "{ grid { berthRate } }") == [
        "0 fleet {grid{__typename imo}}",
        "1<0 customs at grid.@.@ Vessel(imo) {...on Vessel{berthRate}}",
    ]


def test_a_value_type_without_key_is_completed_by_entering_again_above_it() -> None:
    """Half of Dims is elsewhere: its owner Vessel is entered there, and the halves meet at the same place."""
    assert asked(HARBOUR, "{ vessels { dims { h w } } }") == [
        "0 fleet {vessels{__typename dims{h} imo}}",
        "1<0 dock at vessels.@ Vessel(imo) {...on Vessel{dims{w}}}",
    ]


def test_an_overridden_field_is_asked_of_its_new_owner() -> None:
    """Officer.bunk moved from dock to crew, so dock is never asked for it, not even at home."""
    assert asked(HARBOUR, "{ berths { manager { bunk } } }") == [
        "0 dock {berths{manager{__typename id}}}",
        "1<0 crew at berths.@.manager Officer(id) {...on Officer{bunk}}",
    ]


def test_provided_fields_need_no_fetch_on_that_path_only() -> None:
    """`assigned` provides the captain's rank two levels down; a moored vessel's has to be fetched."""
    assert asked(HARBOUR, "{ assigned { name captain { rank } } }") == ["0 dock {assigned{name captain{rank}}}"]
    assert asked(HARBOUR, "{ moored { ... on Vessel { captain { rank } } } }") == [
        "0 dock {moored{__typename ...on Vessel{imo}}}",
        "1<0 fleet at moored.@ Vessel(imo) {...on Vessel{captain{rank}}}",
    ]


def test_the_plan_reads_as_text() -> None:
    """A whole plan in the notation that people and other routers use."""
    query = '{ userByHandle(handle: "ann") { displayName wallet(currency: "EUR") { owner { email } } } }'
    assert (
        shown(PAYMENTS, query)
        == """\
QueryPlan {
  Sequence {
    Fetch(service: "users") {
      userByHandle(handle: "ann") {
        __typename
        displayName
        id
      }
    },
    Flatten(path: "userByHandle") {
      Fetch(service: "wallet") {
        {
          ... on User {
            __typename
            id
          }
        } =>
        {
          ... on User {
            wallet(currency: "EUR") {
              owner {
                __typename
                id
              }
            }
          }
        }
      },
    },
    Flatten(path: "userByHandle.wallet.owner") {
      Fetch(service: "users") {
        {
          ... on User {
            __typename
            id
          }
        } =>
        {
          ... on User {
            email
          }
        }
      },
    },
  },
}
"""
    )


def test_the_cheapest_key_wins() -> None:
    """Of two keys of the target the one that is at hand is used, whichever is written first."""
    types = """
    type Query @join__type(graph: A) @join__type(graph: B) { t: T @join__field(graph: A) }
    type T @join__type(graph: A, key: "x") @join__type(graph: B, key: "y") @join__type(graph: B, key: "x")
    { x: ID! y: ID! @join__field(graph: B) b: Int @join__field(graph: B) }
    """
    assert asked(supergraph_of("A B", types), "{ t { b } }") == [
        "0 A {t{__typename x}}",
        "1<0 B at t T(x) {...on T{b}}",
    ]


def test_an_external_key_field_can_be_entered_by_and_not_read() -> None:
    """B takes `id` as a key and does not resolve it, so it is asked of A even where B returns the entity."""
    types = """
    type Query @join__type(graph: A) @join__type(graph: B) { u: T @join__field(graph: B) }
    type T @join__type(graph: A, key: "id") @join__type(graph: A, key: "no")
      @join__type(graph: B, key: "id") @join__type(graph: B, key: "no")
    { id: ID! @join__field(graph: A) @join__field(graph: B, external: true) no: ID! b: Int @join__field(graph: B) }
    """
    assert asked(supergraph_of("A B", types), "{ u { id b } }") == [
        "0 B {u{__typename b no}}",
        "1<0 A at u T(no) {...on T{id}}",
    ]


def test_what_no_subgraph_can_reach_is_refused() -> None:
    """Without a key that B can be entered by, a field of B is unplannable, and the message says which."""
    types = """
    type Query @join__type(graph: A) @join__type(graph: B) { t: T @join__field(graph: A) }
    type T @join__type(graph: A, key: "x") @join__type(graph: B, key: "x", resolvable: false)
    { x: ID! b: Int @join__field(graph: B) }
    """
    supergraph = supergraph_of("A B", types)
    with pytest.raises(Unplannable, match=r"No way through the subgraphs serves T\.b \(under Query\.t\)\."):
        plan(normalized(supergraph, "{ t { x b } }"), supergraph)


def test_keys_that_need_each_other_are_no_way() -> None:
    """Each of two subgraphs can only be entered by what the other one knows: the search ends and says so."""
    types = """
    type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) { t: T @join__field(graph: A) }
    type T @join__type(graph: A) @join__type(graph: B, key: "c") @join__type(graph: C, key: "b")
    { a: ID @join__field(graph: A) b: ID @join__field(graph: B) @join__field(graph: C) c: ID @join__field(graph: C) @join__field(graph: B) }
    """
    supergraph = supergraph_of("A B C", types)
    with pytest.raises(Unplannable):
        plan(normalized(supergraph, "{ t { a b c } }"), supergraph)
