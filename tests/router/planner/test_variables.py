"""The variables and names of subgraph operations."""

from __future__ import annotations

from tests.router.planning import fixture, planned

PAYMENTS = fixture("payments")


def test_each_fetch_declares_what_it_uses() -> None:
    """Definitions are the client's own, defaults included, and go only where they are used."""
    query = """query Q($n: Int = 5, $handle: String!, $unread: Boolean) {
      userByHandle(handle: $handle) { transfers(first: $n) { edges { cursor } } notifications(unreadOnly: $unread) { edges { cursor } } }
    }"""
    made = planned(PAYMENTS, query, {"handle": "ann"})
    assert [(fetch.subgraph, fetch.variables, fetch.operation.partition("{")[0]) for fetch in made.fetches] == [
        ("users", ("handle",), "query Q__users__0($handle:String!)"),
        ("notifications", ("unread",), "query Q__notifications__1($representations:[_Any!]!,$unread:Boolean)"),
        ("transactions", ("n",), "query Q__transactions__2($representations:[_Any!]!,$n:Int=5)"),
    ]


def test_variables_inside_lists_and_objects_are_found() -> None:
    """A variable deep in an argument is declared too."""
    query = """mutation($amount: MinorUnits!, $key: String!) {
      deposit(input: {walletId: "1", amount: {amount: $amount, currency: "EUR"}, idempotencyKey: $key}) { __typename }
    }"""
    made = planned(PAYMENTS, query, {"amount": 1, "key": "k"})
    assert made.fetches[0].variables == ("amount", "key")


def test_a_client_s_variable_may_be_called_representations() -> None:
    """The reserved variable takes another name on a clash."""
    made = planned(
        PAYMENTS, "query($representations: Int) { me { transfers(first: $representations) { edges { cursor } } } }"
    )
    assert made.fetches[1].entities[0].variable == "representations_1"
    assert made.fetches[1].operation.startswith("query($representations_1:[_Any!]!,$representations:Int)")
    assert made.fetches[1].variables == ("representations",)


def test_anonymous_operations_stay_anonymous() -> None:
    """Without a client's name there is nothing to call a fetch by."""
    assert [fetch.operation_name for fetch in planned(PAYMENTS, "{ me { wallets { id } } }").fetches] == [None, None]


def test_arguments_keep_apart_what_they_tell_apart() -> None:
    """One field twice with different arguments is two fields, and each has its own place below."""
    query = '{ me { a: wallet(currency: "EUR") { owner { email } } b: wallet(currency: "USD") { owner { email } } } }'
    fetches = planned(PAYMENTS, query).fetches
    paths = [[getattr(step, "key", "@") for anchor in fetch.anchors for step in anchor.path] for fetch in fetches]
    assert paths == [[], ["me"], ["me", "a", "owner", "me", "b", "owner"]]
