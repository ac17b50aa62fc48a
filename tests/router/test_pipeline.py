"""The pipeline: an operation through all its stages, what each of them refuses, and what is remembered."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from typing import Any

import pytest
from structlog.testing import capture_logs

from router.config.headers import HeaderSettings
from router.exchange import ClientRequest, ClientResponse
from router.headers import RequestHeaders
from router.pipeline import RouterState, answer, subscribe
from router.security.caller import Caller
from router.supergraph import load_supergraph
from router.transport import FakeTransport
from tests.router.blog import Blog, supergraph_sdl

SIGNED_IN = Caller(authenticated=True, subject="1")


@pytest.fixture
def blog() -> Blog:
    return Blog()


@pytest.fixture
def router(blog: Blog) -> RouterState:
    return RouterState(load_supergraph(supergraph_sdl()), blog.transport())


def body_of(response: ClientResponse) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(response.json())
    return body


async def ask(router: RouterState, query: str, **request: Any) -> dict[str, Any]:
    return body_of(await answer(ClientRequest(query, **request), router))


def codes(body: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in body["errors"]]


async def test_an_operation_is_answered_across_subgraphs(router: RouterState, blog: Blog) -> None:
    """Fields of two subgraphs come back as one tree, without an errors key."""
    body = await ask(
        router, "query Q($n: Int!) { posts(first: $n) { title author { name } } hello }", variables={"n": 1}
    )

    assert body == {"data": {"posts": [{"title": "Hello", "author": {"name": "Ada"}}], "hello": "Hello you"}}
    assert sorted(blog.requests) == ["people", "people", "posts"]


async def test_mutations_run(router: RouterState, blog: Blog) -> None:
    """A mutation's payload is completed by other subgraphs."""
    body = await ask(router, 'mutation { publish(title: "New") { author { name } } }')

    assert body == {"data": {"publish": {"author": {"name": "Ada"}}}}
    assert blog.titles[-1] == "New"


async def test_a_subgraphs_errors_are_the_clients(router: RouterState) -> None:
    """An error of a subgraph comes with the path and code it had, beside the data that could be had."""
    body = await ask(router, "{ oops: broken hello }")

    assert body["data"] == {"oops": None, "hello": "Hello you"}
    assert body["errors"] == [
        {
            "message": "subgraph fault",
            "path": ["oops"],
            "extensions": {"code": "FAULT", "serviceName": "people", "service": "people"},
        }
    ]


# ── refusals ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        ("{", "GRAPHQL_PARSE_FAILED", "Expected Name, found <EOF>"),
        ("{ hello " + "a " * 20_000 + "}", "MAX_TOKENS_LIMIT", "more than 15000 tokens"),
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED", "Cannot query field 'nope' on type 'Query'"),
        ("{ hello(nam: 1) }", "GRAPHQL_VALIDATION_FAILED", "Did you mean 'name'?"),
        ("query A { hello } query B { hello }", "BAD_REQUEST", "2 operations: say which one in operationName"),
        ("subscription { count(to: 1) }", "SUBSCRIPTION_BAD_HEADER", "subscriptionSpec=1.0"),
        (
            "{ " + "".join(f"a{n}: hello " for n in range(201)) + "}",
            "MAX_ROOT_FIELDS_LIMIT",
            "201 root fields; at most 200",
        ),
    ],
)
async def test_a_bad_operation_is_refused(router: RouterState, query: str, code: str, message: str) -> None:
    """Each stage refuses with its own code, and no `data` at all."""
    body = await ask(router, query)

    assert "data" not in body
    assert codes(body) == [code]
    assert message in body["errors"][0]["message"]


async def test_validation_errors_say_where(router: RouterState) -> None:
    """Every broken rule is told with its position in the client's text."""
    body = await ask(router, "{\n  nope\n  nada\n}")
    assert [error["locations"] for error in body["errors"]] == [[{"line": 2, "column": 3}], [{"line": 3, "column": 3}]]


@pytest.mark.parametrize("field", ["secret", "secre", "secrets"])
async def test_what_is_inaccessible_cannot_even_be_named(router: RouterState, field: str) -> None:
    """Neither the field nor a suggestion of it is told: it does not exist for clients."""
    body = await ask(router, f"{{ users {{ {field} }} }}", caller=SIGNED_IN)

    assert codes(body) == ["GRAPHQL_VALIDATION_FAILED"]
    assert body["errors"][0]["message"] == f"Cannot query field '{field}' on type 'User'."
    shown = await ask(router, '{ __type(name: "User") { fields { name } } }')
    assert "secret" not in str(shown)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "Variable '$n' has invalid value: Expected a value of non-null type 'Int!' to be provided."),
        ({"n": "three"}, "Variable '$n' has invalid value: Int cannot represent non-integer value: 'three'"),
        ({"n": None}, "non-null type 'Int!' not to be None"),
    ],
)
async def test_variables_that_do_not_coerce_are_refused(
    router: RouterState, variables: dict[str, Any], message: str
) -> None:
    """The error names the variable and its type."""
    body = await ask(router, "query ($n: Int!) { posts(first: $n) { title } }", variables=variables)

    assert codes(body) == ["BAD_USER_INPUT"]
    assert message in body["errors"][0]["message"]


async def test_a_fault_of_ours_is_logged_and_not_told() -> None:
    """An unexpected exception reaches the log with the request's id; the client gets that id alone."""
    transport = FakeTransport({"people": lambda _: RuntimeError("password=hunter2")})
    router = RouterState(load_supergraph(supergraph_sdl()), transport)

    with capture_logs() as logs:
        body = await ask(router, "{ hello }", request_id="req-1")

    assert body == {
        "errors": [
            {
                "message": "The request could not be answered because of a fault on our side.",
                "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": "req-1"},
            }
        ]
    }
    [line] = logs
    assert (line["event"], line["log_level"], line["request_id"]) == ("request failed", "error", "req-1")
    assert "hunter2" in str(line["exc_info"])


# ── authorization ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_denied_is_never_fetched(router: RouterState, blog: Blog) -> None:
    """An anonymous caller gets null and an error that says so, and no subgraph hears of it."""
    body = await ask(router, "{ me { id } }")

    assert body == {
        "data": {"me": None},
        "errors": [
            {
                "message": "Unauthorized field or type",
                "path": ["me"],
                "extensions": {
                    "code": "UNAUTHORIZED_FIELD_OR_TYPE",
                    "coordinate": "Query.me",
                    "reason": "unauthenticated",
                },
            }
        ],
    }
    assert blog.requests == []


async def test_the_rest_of_a_partly_denied_operation_is_answered(router: RouterState) -> None:
    """A signed-in caller who lacks a scope loses that field only."""
    body = await ask(router, "{ me { name mail: email } }", caller=SIGNED_IN)

    assert body["data"] == {"me": {"name": "Ada", "mail": None}}
    assert [error["path"] for error in body["errors"]] == [["me", "mail"]]
    assert codes(body) == ["UNAUTHORIZED_FIELD_OR_TYPE"]


async def test_callers_never_share_a_plan_they_should_not(router: RouterState) -> None:
    """One operation, asked in turn by callers who may see different things, shows each what is theirs."""
    query = "{ users { email } }"
    scoped = Caller(authenticated=True, scopes=frozenset({"people:email", "irrelevant"}))
    hidden, shown = {"users": [{"email": None}] * 2}, {"users": [{"email": "a@b.test"}] * 2}

    for _ in range(2):
        assert (await ask(router, query))["data"] == hidden
        assert (await ask(router, query, caller=SIGNED_IN))["data"] == hidden
        assert (await ask(router, query, caller=scoped))["data"] == shown
    assert len(router.plans) == 3


# ── what is remembered ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_plan_is_made_once_per_condition(router: RouterState) -> None:
    """The same text with other variables reuses its plan, unless one of them decides what is selected."""
    query = "query ($n: Int!, $more: Boolean = false) { posts(first: $n) { title id @include(if: $more) } }"

    for variables in ({"n": 1}, {"n": 2}, {"n": 1, "more": False}):
        assert "id" not in str(await ask(router, query, variables=variables))
    assert len(router.plans) == 1
    assert "id" in str(await ask(router, query, variables={"n": 1, "more": True}))
    assert len(router.plans) == 2


async def test_metrics_tell_hits_stages_and_codes(router: RouterState) -> None:
    """Every answer is counted, with the stages that had work to do, its plan's origin and its errors' codes."""
    await ask(router, "{ hello }")
    await ask(router, "{ hello }")
    await ask(router, "{ me { id } }")
    await ask(router, "{")

    text = router.telemetry.render().decode()
    for line in (
        'router_requests_total{outcome="ok"} 2.0',
        'router_requests_total{outcome="errors"} 1.0',
        'router_requests_total{outcome="refused"} 1.0',
        'router_plan_cache_total{result="hit"} 1.0',
        'router_plan_cache_total{result="miss"} 2.0',
        'router_errors_total{code="UNAUTHORIZED_FIELD_OR_TYPE"} 1.0',
        'router_errors_total{code="GRAPHQL_PARSE_FAILED"} 1.0',
        'router_stage_seconds_count{stage="parse"} 3.0',
        'router_stage_seconds_count{stage="plan"} 2.0',
        'router_stage_seconds_count{stage="execute"} 3.0',
    ):
        assert line in text


# ── subscriptions ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_every_event_is_completed(router: RouterState, blog: Blog) -> None:
    """An event of one subgraph carries fields of another; closing the stream closes it at its source."""
    async with aclosing(
        subscribe(ClientRequest("subscription { published { title author { name } } }"), router)
    ) as got:
        for title in ("One", "Two"):
            blog.published.put_nowait(title)
            event = await anext(got)
            assert body_of(event) == {"data": {"published": {"title": title, "author": {"name": "Ada"}}}}
    await blog.closed.wait()


async def test_a_subscription_that_is_denied_says_so_and_ends(router: RouterState, blog: Blog) -> None:
    """Nothing is listened to on behalf of a caller who may not hear it."""
    got = [body_of(response) async for response in subscribe(ClientRequest("subscription { whispered }"), router)]

    assert [codes(body) for body in got] == [["UNAUTHORIZED_FIELD_OR_TYPE"]]
    assert got[0]["data"] is None
    assert blog.requests == []


async def test_a_query_may_be_subscribed_to(router: RouterState) -> None:
    """A query or a mutation yields its one answer; a bad operation its refusal."""
    assert [body_of(r) async for r in subscribe(ClientRequest("{ hello }"), router)] == [
        {"data": {"hello": "Hello you"}}
    ]
    refused = [r async for r in subscribe(ClientRequest("{ nope }"), router)]
    assert [r.refusal is not None for r in refused] == [True]


# ── sharing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_equal_queries_under_way_together_run_once(blog: Blog) -> None:
    """Where it is on, queries that differ in no variable and no header that goes along share one run; all others have their own."""
    rules = RequestHeaders(HeaderSettings.model_validate({"all": {"request": [{"propagate": {"matching": "."}}]}}))
    router = RouterState(
        load_supergraph(supergraph_sdl()), blog.transport(), shares_queries=True, request_headers=rules
    )
    text = "query ($n: Int!) { posts(first: $n) { title } }"

    def asked(n: int, **headers: str) -> ClientRequest:
        return ClientRequest(text, variables={"n": n}, headers=headers)

    alike = [asked(1, tenant="a", **{"x-request-id": str(number)}) for number in range(5)]
    answers = await asyncio.gather(*(answer(request, router) for request in alike))
    assert len({response.json() for response in answers}) == 1
    assert blog.requests == ["posts"]

    await asyncio.gather(*(answer(request, router) for request in (asked(1, tenant="a"), asked(2, tenant="a"))))
    await asyncio.gather(*(answer(request, router) for request in (asked(1, tenant="a"), asked(1, tenant="b"))))
    assert blog.requests == ["posts"] * 5


async def test_mutations_are_never_shared(blog: Blog) -> None:
    """Two equal mutations are two."""
    router = RouterState(load_supergraph(supergraph_sdl()), blog.transport(), shares_queries=True)
    mutation = ClientRequest('mutation { publish(title: "New") { title } }')

    await asyncio.gather(answer(mutation, router), answer(mutation, router))

    assert blog.titles[-2:] == ["New", "New"]


async def test_who_asks_for_the_times_of_its_fetches_shares_nothing(blog: Blog) -> None:
    """Each of two such queries has fetches of its own to tell of; the plan alone would be no reason."""
    router = RouterState(load_supergraph(supergraph_sdl()), blog.transport(), shares_queries=True)

    def asked() -> ClientRequest:
        return ClientRequest("{ hello }", query_plan="beside the data")

    answers = await asyncio.gather(answer(asked(), router), answer(asked(), router))

    assert [len(response.reply.extensions["queryPlan"]["fetches"]) for response in answers] == [1, 1]
    assert blog.requests == ["people", "people"]
