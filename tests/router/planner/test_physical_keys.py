"""Where fields stand in the merged tree: what plans add never meets what clients name."""

from __future__ import annotations

from tests.router.planning import asked, fixture, planned

PAYMENTS = fixture("payments")
HARBOUR = fixture("harbour")


def test_an_alias_that_takes_a_key_s_name_keeps_it() -> None:
    """The client's `id: handle` stays, and the real id that a hop needs goes under a hidden alias."""
    assert asked(PAYMENTS, "{ me { id: handle wallets { id } } }") == [
        "0 users {me{__typename id:handle _q0:id}}",
        "1<0 wallet at me User(_q0:id) {...on User{wallets{id}}}",
    ]


def test_hidden_aliases_step_aside_for_clients() -> None:
    """A client may call its fields `_q0` and `__typename`; the plan finds other names."""
    assert asked(PAYMENTS, "{ me { id: handle _q0: email __typename: displayName wallets { id } } }") == [
        "0 users {me{__typename id:handle _q0:email _q1:displayName _q2:id}}",
        "1<0 wallet at me User(_q2:id) {...on User{wallets{id}}}",
    ]
    me = planned(PAYMENTS, "{ me { __typename: displayName } }").output.by_type["Query"][0].selection
    assert me is not None
    assert [(f.key, f.name, f.source) for f in me.by_type["User"]] == [("__typename", "displayName", "_q0")]


def test_an_injected_field_uses_what_the_client_fetches_anyway() -> None:
    """The id under the client's alias serves as the key."""
    assert asked(PAYMENTS, "{ me { mine: id wallets { id } } }") == [
        "0 users {me{__typename mine:id}}",
        "1<0 wallet at me User(mine:id) {...on User{wallets{id}}}",
    ]


def test_the_client_s_own_typename_is_read_under_every_alias() -> None:
    """`__typename` is fetched once and shown as often as asked for."""
    made = planned(PAYMENTS, "{ me { kind: __typename __typename } }")
    assert made.fetches[0].operation == "{me{__typename}}"
    me = made.output.by_type["Query"][0].selection
    assert me is not None
    assert [(f.key, f.source) for f in me.by_type["User"]] == [("kind", "__typename"), ("__typename", "__typename")]


def test_an_aliased_path_is_walked_under_its_alias() -> None:
    """Paths of fetches are made of the keys that stand in the tree."""
    assert asked(PAYMENTS, "{ x: me { y: wallets { z: owner { email } } } }") == [
        "0 users {x:me{__typename id}}",
        "1<0 wallet at x User(id) {...on User{y:wallets{z:owner{__typename id}}}}",
        "2<1 users at x.y.@.z User(id) {...on User{email}}",
    ]


def test_one_key_for_two_fields_of_exclusive_types() -> None:
    """Types that cannot meet may put different fields under one key, each with its own hop behind it."""
    query = "{ sightings { ... on Vessel { x: captain { bunk } } ... on Buoy { x: keeper { bunk } } } }"
    assert asked(HARBOUR, query) == [
        "0 fleet {sightings{__typename ...on Buoy{no} ...on Vessel{x:captain{__typename id}}}}",
        "1<0 crew at sightings.@ Buoy(no) {...on Buoy{x:keeper{bunk}}}"
        " + at sightings.@|[Vessel].x Officer(id) {...on Officer{bunk}}",
    ]


def test_an_object_under_two_keys_gives_its_inputs_under_one() -> None:
    """`berth` and `r` are one berth to the data, and two places in the tree: the key parts are all read from the first."""
    query = "{ berths { quay { berth { quay { guarded } pier } guarded r: berth { rate } } } }"
    assert asked(HARBOUR, query)[0] == (
        "0 dock {berths{quay{__typename r:berth{rate} berth{pier quay{__typename berth{pier slot}} slot}}}}"
    )
