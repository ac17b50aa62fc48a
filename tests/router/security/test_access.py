"""Protected fields in whole operations: interfaces, unions, keys, mutations, subscriptions, parts, policies; nothing denied is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from contextlib import aclosing
from random import Random
from typing import Any

import pytest
from graphql import GraphQLResolveInfo, execute_sync, parse
from structlog.testing import capture_logs

from router.config import AuthorizationSettings
from router.exchange import ClientRequest
from router.limits import COMPILE_ON_RUN
from router.pipeline import RouterState, subscribe
from router.security.authorization import Authorization
from router.security.caller import ANONYMOUS, Caller
from router.security.policies import Policies
from router.transport import FakeTransport, SubgraphRequest
from tests.router.random_operations import Generator
from tests.router.security.guarded import (
    EVERYTHING,
    SIGNED_IN,
    ask,
    asked,
    holding,
    router_over,
    supergraph,
    world,
)
from tests.router.world import Thing


def denied(body: dict[str, Any]) -> list[tuple[list[str], str]]:
    """Path and coordinate of each error, all of which say that something is denied."""
    errors = body.get("errors", [])
    assert {error["extensions"]["code"] for error in errors} <= {"UNAUTHORIZED_FIELD_OR_TYPE"}
    return [(error["path"], error["extensions"]["coordinate"]) for error in errors]


# ── interfaces and unions ───────────────────────────────────────────────────────────────────────────────────────────


async def test_union_members_are_protected_one_by_one() -> None:
    """Of a union only the objects of a protected member lose their fields; their neighbours keep theirs."""
    transport = world()
    query = "{ found { __typename ... on Note { text } ... on Secret { size } ... on Person { name } } }"
    body = await ask(router_over(transport), query)

    assert [hit["__typename"] for hit in body["data"]["found"]] == ["Secret", "Note", "Person"]
    assert body["data"]["found"][0] == {"__typename": "Secret", "size": None}
    assert body["data"]["found"][1]["text"]
    assert body["data"]["found"][2]["name"]
    assert denied(body) == [(["found"], "Secret.size")]
    assert "size" not in asked(transport)


async def test_siblings_with_one_response_key_are_told_apart() -> None:
    """`x` may be a protected field in one fragment and an open one in another: each object shows its own."""
    transport = world()
    query = "{ found { ... on Secret { x: text } ... on Note { x: text } ... on Person { x: name } } }"
    body = await ask(router_over(transport), query)

    secret, note, person = body["data"]["found"]
    assert secret == {"x": None}
    assert note["x"]
    assert person["x"]
    assert denied(body) == [(["found"], "Secret.text")]
    assert (await ask(router_over(world()), query, SIGNED_IN)).keys() == {"data"}


async def test_siblings_in_one_fragment_type_are_told_apart() -> None:
    """The same with nested objects behind the shared key, of which one has a protected part."""
    query = "{ people { a: posts { title } } more: people { a: posts { draft title } } }"
    body = await ask(router_over(world()), query)

    posts = [post for person in body["data"]["people"] for post in person["a"]]
    drafts = [post for person in body["data"]["more"] for post in person["a"]]
    assert posts
    assert all(post["title"] for post in posts)
    assert drafts
    assert all(post["draft"] is None and post["title"] for post in drafts)
    assert denied(body) == [(["more"], "Post.draft")]


async def test_an_interface_field_needs_what_every_type_needs() -> None:
    """Asked of the interface, `label` could be a Secret's: denied to the anonymous; in fragments each type has its own rules."""
    body = await ask(router_over(world()), "{ nodes { __typename label } }")
    assert denied(body) == [(["nodes"], "Node.label")]
    assert [node["label"] for node in body["data"]["nodes"]] == [None] * 3

    query = "{ nodes { __typename ... on Note { label } ... on Person { label } } }"
    body = await ask(router_over(world()), query)
    assert denied(body) == []
    assert [bool(node.get("label")) for node in body["data"]["nodes"]] == [True, False, True]


async def test_field_rules_of_one_type_protect_the_interface_field() -> None:
    """Person.id wants a scope, so Node.id does, too, also of those who may see every other id."""
    body = await ask(router_over(world()), "{ nodes { id } }", SIGNED_IN)
    assert denied(body) == [(["nodes"], "Node.id")]
    assert body["data"] is None  # ids cannot be null, nor their list

    assert denied(await ask(router_over(world()), "{ nodes { id } }", holding("person:id"))) == []


async def test_only_types_of_an_interface_may_be_asked_for() -> None:
    """`__typename` and open fragments need nothing."""
    body = await ask(router_over(world()), "{ node { __typename ... on Note { text } } nodes { __typename } }")
    assert body.keys() == {"data"}


async def test_a_protected_type_closes_every_way_to_it() -> None:
    """Fields that return it, in lists or not, are denied as a whole, and their paths end at the field."""
    body = await ask(router_over(world()), "{ safe { gold } all: grid { gold } hello }", SIGNED_IN)

    assert body["data"]["safe"] is None
    assert body["data"]["all"] is None
    assert body["data"]["hello"]
    assert denied(body) == [(["safe"], "Query.safe"), (["all"], "Query.grid")]


# ── across subgraphs ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_protected_key_is_fetched_and_not_shown() -> None:
    """The router asks for a person's id to find its posts, on behalf of a caller who may not see it."""
    transport = world()
    body = await ask(router_over(transport), "{ people { posts { title } } }")
    assert body.keys() == {"data"}
    assert "id" in asked(transport)
    assert all("id" not in person for person in body["data"]["people"])

    shown = await ask(router_over(world()), "{ people { id posts { title } } }")
    assert denied(shown) == [(["people"], "Person.id")]
    assert shown["data"] is None


async def test_a_protected_key_under_an_alias_stays_hidden() -> None:
    """An alias that is the name of the key gets the field that was asked for."""
    body = await ask(router_over(world()), "{ people { id: name posts { title } } }")
    assert denied(body) == []
    assert all("name" in person["id"] for person in body["data"]["people"])


@pytest.mark.parametrize(
    ("scopes", "passes"),
    [
        ("a c", True),
        ("a d", True),
        ("b c", True),
        ("b d", True),
        ("a b", False),
        ("c d", False),
        ("a", False),
        ("", False),
    ],
)
async def test_the_rules_of_several_subgraphs_must_all_hold(scopes: str, passes: bool) -> None:
    """One says a or b, the other c or d: together they say one of each."""
    body = await ask(router_over(world()), "{ people { mood } }", holding(*scopes.split()))
    assert denied(body) == ([] if passes else [(["people"], "Person.mood")])


async def test_what_a_subgraph_answers_unasked_is_not_shown() -> None:
    """A subgraph that ignores what was selected and answers whole objects fills no denied field, nor one under its own key."""

    def chatty(_: SubgraphRequest) -> dict[str, Any]:
        person = {"__typename": "Person", "id": "1", "name": "Ada", "email": "ada@x.test", "mail": "ada@x.test"}
        return {"data": {"people": [person], "me": person, "node": person}}

    router = RouterState(supergraph(), FakeTransport({"people": chatty}))
    for _ in range(COMPILE_ON_RUN + 2):  # interpreted and compiled
        for query, key in (
            ("{ people { name email } }", "email"),
            ("{ people { name mail: email } me { name } }", "mail"),
        ):
            body = await ask(router, query)
            assert body["data"]["people"] == [{"name": "Ada", key: None}]
            assert body["data"].get("me") is None


# ── mutations, subscriptions, parts ─────────────────────────────────────────────────────────────────────────────────


async def test_a_denied_mutation_is_never_sent() -> None:
    """Nor is one whose policy nobody granted; what stands beside it runs."""
    transport = world()
    body = await ask(router_over(transport), "mutation { erase fire greet }", SIGNED_IN)
    assert denied(body) == [(["fire"], "Mutation.fire")]
    assert re.findall(r"erase|fire|greet", asked(transport)) == ["erase", "greet"]

    transport = world()
    body = await ask(router_over(transport), "mutation { erase }")
    assert body["data"] == {"erase": None}
    assert transport.requests == []


async def test_a_denied_subscription_is_not_opened() -> None:
    """Its one answer says why; the fields of events that are allowed are protected like any."""
    transport = world()
    request = ClientRequest("subscription { whispered }")
    async with aclosing(subscribe(request, router_over(transport))) as got:
        assert [event.errors[0]["extensions"]["coordinate"] async for event in got] == ["Subscription.whispered"]
    assert transport.requests == []

    request = ClientRequest("subscription { changed { name email } }", caller=SIGNED_IN)
    async with aclosing(subscribe(request, router_over(transport))) as got:
        [event] = [event async for event in got]
    assert [error["path"] for error in event.errors] == [["changed", "email"]]
    assert "email" not in asked(transport)


async def test_deferred_parts_are_protected_too() -> None:
    """A denied field of a part that comes later is told with the first piece and never asked for."""
    transport = world()
    query = "{ hello people { name ... @defer { email posts { draft title } } } }"
    request = ClientRequest(query, caller=ANONYMOUS, incremental=True)
    async with aclosing(subscribe(request, router_over(transport))) as got:
        pieces = [piece async for piece in got]

    assert len(pieces) > 1
    told = b"".join(piece.json() for piece in pieces)
    assert told.count(b"Person.email") == told.count(b"Post.draft") == 1
    assert b'"draft":null' in told
    assert b'"title":"' in told
    assert not re.search(r"email|draft", asked(transport))


# ── policies ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Ministry:
    """Grants some policies, and remembers what it was asked."""

    def __init__(self, *granted: str) -> None:
        self.granted = set(granted)
        self.questions: list[tuple[str | None, frozenset[str]]] = []

    async def __call__(self, caller: Caller, names: Collection[str]) -> Mapping[str, bool]:
        self.questions.append((caller.subject, frozenset(names)))
        return {name: name in self.granted for name in names}


PAYROLL = frozenset({"payroll", "hr", "audit"})


@pytest.mark.parametrize(
    ("granted", "passes"),
    [(["payroll"], True), (["hr", "audit"], True), (["hr"], False), (["audit"], False), ([], False)],
)
async def test_policies_are_alternatives_of_sets(granted: list[str], passes: bool) -> None:
    """[["payroll"], ["hr", "audit"]] lets through whom payroll grants, or both others; a token is for the policy to want."""
    ministry = Ministry(*granted)
    body = await ask(router_over(world(), policies=Policies(ministry)), "{ people { salary } }")

    assert denied(body) == ([] if passes else [(["people"], "Person.salary")])
    assert ministry.questions == [(None, PAYROLL)]


async def test_policies_are_asked_for_once_a_request_and_only_where_some_are_met() -> None:
    """All of an operation's at once, whatever it mentions twice; of one without any, nobody is asked."""
    ministry = Ministry("payroll")
    router = router_over(world(), policies=Policies(ministry))

    await ask(router, "{ hello people { name } }")
    assert ministry.questions == []
    for _ in range(2):
        await ask(router, "mutation { fire greet }", SIGNED_IN)
        await ask(router, "{ people { salary again: salary } more: people { salary } }", SIGNED_IN)
    assert ministry.questions == [("u1", {"hr"}), ("u1", PAYROLL)] * 2


async def test_conditions_decide_which_policies_are_met() -> None:
    """A field that is left out needs no policy."""
    ministry = Ministry("payroll")
    router = router_over(world(), policies=Policies(ministry))
    query = "query ($pay: Boolean!) { people { name salary @include(if: $pay) } }"

    assert denied(await ask(router, query, variables={"pay": False})) == []
    assert ministry.questions == []
    assert denied(await ask(router, query, variables={"pay": True})) == []
    assert ministry.questions == [(None, PAYROLL)]


async def test_callers_with_other_policies_have_other_plans() -> None:
    """One operation, asked in turn by who is granted a policy and who is not, shows each what is theirs."""
    ministry = Ministry()
    router = router_over(world(), policies=Policies(ministry))
    for granted in ((), ("payroll",), (), ("hr", "audit"), ("payroll", "unheard-of")):
        ministry.granted = set(granted)
        body = await ask(router, "{ people { salary } }")
        assert bool(denied(body)) is (granted == ())
        assert all((person["salary"] is None) is (granted == ()) for person in body["data"]["people"])
    assert len(router.plans) == 3


# ── how it is told ──────────────────────────────────────────────────────────────────────────────────────────────────

MIXED = "{ who: me { name } crowd: people { mail: email posts { d: draft } } found { ... on Secret { text } } }"


async def test_paths_are_those_of_the_response() -> None:
    """By aliases, up to the first list: the path that a client finds in its data."""
    body = await ask(router_over(world()), MIXED)
    assert denied(body) == [
        (["who"], "Query.me"),
        (["crowd"], "Person.email"),
        (["crowd"], "Post.draft"),
        (["found"], "Secret.text"),
    ]


async def test_paths_can_be_those_of_apollos_router() -> None:
    """By field names, with "@" for lists, also behind a denied field that is one, and the fragment where its type is denied."""
    settings = AuthorizationSettings.model_validate({"errors": {"compat": "apollo"}})
    router = router_over(world(), authorizing=settings)
    body = await ask(router, MIXED)
    assert [path for path, _ in denied(body)] == [
        ["me"],
        ["people", "@", "email"],
        ["people", "@", "posts", "@", "draft"],
        ["found", "@", "... on Secret"],
    ]
    body = await ask(router, "{ grid { gold } nodes { ... on Note { draft } } }")
    assert [path for path, _ in denied(body)] == [["grid", "@", "@"], ["nodes", "@", "... on Note", "draft"]]


async def test_denials_can_be_told_in_extensions_or_not_at_all() -> None:
    """`errors.response` moves them out of the errors; the data is the same."""
    plain = await ask(router_over(world()), MIXED)

    def told(response: str) -> AuthorizationSettings:
        return AuthorizationSettings.model_validate({"errors": {"response": response}})

    moved = await ask(router_over(world(), authorizing=told("extensions")), MIXED)
    assert moved == {"data": plain["data"], "extensions": {"authorizationErrors": plain["errors"]}}
    silent = await ask(router_over(world(), authorizing=told("disabled")), MIXED)
    assert silent == {"data": plain["data"]}


async def test_an_operation_may_have_to_run_whole() -> None:
    """`reject_unauthorized` runs nothing of it: data is null beside the errors; one that is allowed runs."""
    transport = world()
    router = router_over(transport, authorizing=AuthorizationSettings(reject_unauthorized=True))
    body = await ask(router, MIXED)

    assert body["data"] is None
    assert len(denied(body)) == 4
    assert transport.requests == []
    assert (await ask(router, "{ hello }")).keys() == {"data"}


async def test_a_dry_run_tells_and_denies_nothing() -> None:
    """The errors are those of a real run, the data is everything; `reject_unauthorized` waits, too."""
    transport = world()
    trying = AuthorizationSettings(dry_run=True, reject_unauthorized=True)
    body = await ask(router_over(transport, authorizing=trying), MIXED)

    assert denied(body) == denied(await ask(router_over(world()), MIXED))
    assert all(person["mail"] for person in body["data"]["crowd"])
    assert "email" in asked(transport)


async def test_denials_are_logged_once_without_what_was_sent() -> None:
    """The log names coordinates and the request, neither variables nor tokens, and can be silenced."""
    query = "query Pay($with: Boolean = true) { people { email @include(if: $with) salary } }"
    with capture_logs() as logs:
        await ask(router_over(world()), query, request_id="r1", operation_name="Pay")
    assert [line for line in logs if line["event"] == "fields denied"] == [
        {
            "event": "fields denied",
            "log_level": "info",
            "request_id": "r1",
            "operation": "Pay",
            "coordinates": ["Person.email", "Person.salary"],
            "dry_run": False,
        }
    ]

    settings = AuthorizationSettings.model_validate({"errors": {"log": False}})
    with capture_logs() as logs:
        await ask(router_over(world(), authorizing=settings), query)
    assert logs == []


# ── whatever is asked ───────────────────────────────────────────────────────────────────────────────────────────────

CALLERS = [ANONYMOUS, SIGNED_IN, holding("email", "safe"), holding("person:id", "a", "c"), EVERYTHING]
CLOSED_TO_ALL = re.compile(r"\b(me|email|salary|mood|gold|draft|safe|grid|whispered|erase|fire)\b")


@pytest.mark.parametrize("kind", ["query", "mutation", "subscription"])
async def test_random_operations_show_nobody_too_much(kind: str) -> None:
    """Every object's protected field is null or gone, every other value is the true one, and nothing denied is ever sent."""
    rules = Authorization(supergraph().full)
    for seed in range(60):
        generator = Generator(supergraph().api, Random(seed))
        query, caller = generator.operation(kind), CALLERS[seed % len(CALLERS)]
        transport = world()
        request = ClientRequest(query, variables=generator.variables, caller=caller)
        async with aclosing(subscribe(request, router_over(transport))) as got:
            [response] = [response async for response in got]

        truth, owners = _truth(transport, query, generator.variables)
        _compare(json.loads(response.data), truth, (), owners, rules, caller)
        if caller is ANONYMOUS:
            assert not CLOSED_TO_ALL.search(asked(transport)), query


def _truth(transport: Any, query: str, variables: dict[str, Any]) -> tuple[Any, dict[tuple[Any, ...], tuple[str, str]]]:
    """What one schema over all the data answers, and whose field stands at each path of it."""
    owners: dict[tuple[Any, ...], tuple[str, str]] = {}
    root = next(d for d in parse(query).definitions if hasattr(d, "operation")).operation.value.title()

    def resolve(source: Thing, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        owners[tuple(info.path.as_list())] = (info.parent_type.name, info.field_name)
        return transport.world.value(source, info.field_name, arguments)

    result = execute_sync(
        supergraph().api,
        parse(query),
        root_value=Thing(root, root),
        variable_values=variables,
        field_resolver=resolve,
        type_resolver=lambda value, _info, _type: value.type,
    )
    assert not result.errors
    return result.data, owners


def _compare(shown: Any, truth: Any, path: tuple[Any, ...], owners: Any, rules: Authorization, caller: Caller) -> None:
    if shown is None:
        return
    if path in owners:
        type_name, field_name = owners[path]
        assert rules.allows(type_name, field_name, rules.view(caller)), (path, type_name, field_name, shown)
    if isinstance(shown, dict):
        assert shown.keys() <= truth.keys()
        for key, value in shown.items():
            _compare(value, truth[key], (*path, key), owners, rules, caller)
    elif isinstance(shown, list):
        for index, (value, true) in enumerate(zip(shown, truth, strict=True)):
            _compare(value, true, (*path, index), owners, rules, caller)
    else:
        assert shown == truth, path
