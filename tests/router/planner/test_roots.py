"""Plans by kind of operation: parallel queries, serial mutations, subscriptions, and what the router answers itself."""

from __future__ import annotations

from router.plan.show import show
from tests.router.planning import asked, fixture, planned, supergraph_of

PAYMENTS = fixture("payments")
HARBOUR = fixture("harbour")


def test_root_fields_of_several_subgraphs_are_fetched_at_once() -> None:
    """Nothing of a query waits that needs nothing."""
    query = '{ me { handle } campaigns { id } wallet(id: "1") { id } other: campaigns { name } }'
    assert asked(PAYMENTS, query) == [
        "0 rewards {campaigns{id} other:campaigns{name}}",
        "1 users {me{handle}}",
        '2 wallet {wallet(id:"1"){id}}',
    ]


def test_a_shared_root_field_is_asked_in_shares() -> None:
    """Two subgraphs have `port`, each with a field of its own: both are asked and the objects merge."""
    assert asked(HARBOUR, "{ port { name masters open } }") == [
        "0 dock {port{name open}}",
        "1 fleet {port{masters}}",
    ]
    assert asked(HARBOUR, "{ port { name } }") == ["0 dock {port{name}}"]


def test_mutations_run_in_order() -> None:
    """A root field waits for all fetches of the one before it; neighbours in one subgraph share a request."""
    query = """mutation M($in: TransferInput!) {
      transfer(input: $in) { ... on Transfer { to { owner { id } } } }
      logout(refreshToken: "x")
      login(input: {email: "a", password: "b"}) { ... on Session { user { wallets { id } } } }
      markAllNotificationsRead
    }"""
    variables = {
        "in": {
            "fromWalletId": "1",
            "to": {"handle": "h"},
            "amount": {"amount": 1, "currency": "EUR"},
            "idempotencyKey": "k",
        }
    }
    assert asked(PAYMENTS, query, variables) == [
        "0 transactions mutation M__transactions__0($in:TransferInput!)"
        "{transfer(input:$in){__typename ...on Transfer{to{__typename id}}}}",
        "1<0 wallet at transfer|[Transfer].to Wallet(id) {...on Wallet{owner{id}}}",
        '2<1 users mutation M__users__2{logout(refreshToken:"x") '
        'login(input:{email:"a" password:"b"}){__typename ...on Session{user{__typename id}}}}',
        "3<2 wallet at login|[Session].user User(id) {...on User{wallets{id}}}",
        "4<3 notifications mutation M__notifications__4{markAllNotificationsRead}",
    ]


def test_a_repeated_mutation_is_called_each_time() -> None:
    """Aliases of one field are calls of their own, in order, in the one request that may hold them."""
    query = """mutation {
      a: logout(refreshToken: "1") b: markAllNotificationsRead c: logout(refreshToken: "2") d: logout(refreshToken: "3")
    }"""
    assert asked(PAYMENTS, query) == [
        '0 users mutation{a:logout(refreshToken:"1")}',
        "1<0 notifications mutation{b:markAllNotificationsRead}",
        '2<1 users mutation{c:logout(refreshToken:"2") d:logout(refreshToken:"3")}',
    ]


def test_a_subscription_starts_with_its_source() -> None:
    """Everything behind the first fetch completes an event from other subgraphs."""
    query = "subscription S { notifications { title transfer { amount { formatted } } } }"
    assert asked(PAYMENTS, query) == [
        "0 notifications subscription S__notifications__0{notifications{title transfer{__typename id}}}",
        "1<0 transactions at notifications.transfer Transfer(id) {...on Transfer{amount{formatted}}}",
    ]
    assert show(planned(PAYMENTS, query)).startswith("QueryPlan {\n  Subscription {\n    Primary: {\n")


def test_the_router_answers_for_its_own_root() -> None:
    """Neither the root's type name nor introspection is fetched from anybody."""
    made = planned(
        PAYMENTS, '{ __typename t: __typename s: __schema { queryType { name } } __type(name: "User") { name } }'
    )
    assert made.fetches == ()
    assert made.introspection is not None
    assert made.introspection.operation == '{s:__schema{queryType{name}} __type(name:"User"){name}}'
    assert [(field.key, field.name, field.source) for field in made.output.by_type["Query"]] == [
        ("__typename", "__typename", "__typename"),
        ("t", "__typename", "__typename"),
        ("s", "__schema", "s"),
        ("__type", "__type", "__type"),
    ]


def test_introspection_carries_its_variables() -> None:
    """The introspection part declares the variables it uses, and the fetches do not."""
    query = "query Q($name: String!, $all: Boolean) { __type(name: $name) { fields(includeDeprecated: $all) { name } } me { id } }"
    made = planned(PAYMENTS, query, {"name": "User"})
    assert made.introspection is not None
    assert made.introspection.variables == ("all", "name")
    assert made.introspection.operation.startswith("query($all:Boolean,$name:String!){__type(name:$name)")
    assert [fetch.variables for fetch in made.fetches] == [()]


def test_an_operation_left_with_nothing_fetches_nothing() -> None:
    """Everything excluded: an empty answer, an empty plan."""
    made = planned(PAYMENTS, "{ me @skip(if: true) { id } }")
    assert made.fetches == ()
    assert made.output.by_type == {"Query": ()}
    assert show(made) == "QueryPlan {}\n"


def test_a_payload_may_lead_back_to_the_root() -> None:
    """The query root below a mutation's payload is asked of other subgraphs once the payload is there."""
    types = """
    type Query @join__type(graph: A) @join__type(graph: B) { a: Int @join__field(graph: A) b: Int @join__field(graph: B) }
    type Mutation @join__type(graph: A) { act: Payload }
    type Payload @join__type(graph: A) { ok: Boolean query: Query }
    extend schema { mutation: Mutation }
    """
    assert asked(supergraph_of("A B", types), "mutation { act { ok query { __typename a b } } }") == [
        "0 A mutation{act{ok query{__typename a}}}",
        "1<0 B at act.query {b}",
    ]
