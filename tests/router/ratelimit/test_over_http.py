"""The rate limit as clients of a running router meet it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

import aiohttp
import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from router import pipeline
from router.app import create_app
from router.config import RouterConfig
from router.config.rate_limit import RateLimitSettings
from tests.router.blog import Blog, supergraph_file
from tests.router.security.tokens import AUDIENCE, ISSUER, KeyServer, SigningKey
from tests.router.serving import serving

KEY = SigningKey("k1")
HOURLY = {"rate": 20, "period_s": 3600}
USERS = "{ users { id } }"  # one list: 10 of them by estimate, 2 in truth
BATCHING = {"batching": {"enabled": True}}
TWO = "{ a: users { id } b: users { id } }"


class Limited:
    """A running router and a client of it."""

    def __init__(self, address: str, http: aiohttp.ClientSession, blog: Blog) -> None:
        self.address = address
        self.http = http
        self.blog = blog

    async def ask(self, body: Any, **headers: str) -> Answer:
        """Answer to a POST."""
        if isinstance(body, str):
            body = {"query": body}
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.post(f"http://{self.address}/graphql", json=body, headers=headers) as response:
            return Answer(response.status, response.headers.copy(), await response.json(content_type=None))

    async def metrics(self) -> str:
        """What Prometheus reads."""
        async with self.http.get(f"http://{self.address}/metrics") as response:
            return await response.text()


class Answer:
    """What came back."""

    def __init__(self, status: int, headers: Mapping[str, str], body: Any) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def told(self) -> dict[str, Any]:
        """`extensions.rateLimit`."""
        told: dict[str, Any] = self.body["extensions"]["rateLimit"]
        return told

    @property
    def code(self) -> str | None:
        """Of the refusal."""
        errors = self.body.get("errors")
        return errors[0]["extensions"]["code"] if errors else None


@asynccontextmanager
async def limited(folder: Path, *, config: Mapping[str, Any] | None = None, **limit: Any) -> AsyncIterator[Limited]:
    """A router with this `rate_limit`; without Redis unless `config` has one."""
    settings = {
        "supergraph": supergraph_file(folder),
        "authorization": {"anonymous_only": True},
        "rate_limit": {"plan": HOURLY, **limit},
        **(config or {}),
    }
    blog = Blog()
    app = create_app(RouterConfig.model_validate(settings), transport=blog.transport())
    async with serving(app) as address, aiohttp.ClientSession() as http:
        yield Limited(address, http, blog)


async def test_charged_by_estimate_and_settled_to_the_truth(tmp_path: Path, redis_url: str) -> None:
    """An operation of an estimated 10 that costs 2 leaves 18 of 20, and says so at once."""
    async with limited(tmp_path, config={"redis": {"url": redis_url, "timeout_s": 5}}) as router:
        first = await router.ask(USERS)
        second = await router.ask(USERS)
        third = await router.ask(TWO)
        fourth = await router.ask("{ hello }")

    assert (first.status, first.body["data"]["users"]) == (200, [{"id": "1"}, {"id": "2"}])
    assert first.told == {
        "requestRate": 2,
        "remaining": 18,
        "retryAfterMs": 0,
        "resetAfterMs": 360_000,
        "plan": "anonymous",
        "unit": "cost",
        "limit": 20,
        "local": False,
    }
    assert first.headers["ratelimit-policy"] == '"anonymous";q=20;w=3600;qu="cost"'
    assert first.headers["ratelimit"] == '"anonymous";r=18;t=360'
    assert second.told["remaining"] == 16
    assert third.code == "RATE_LIMIT_EXCEEDED"  # 20 by estimate
    assert fourth.told["remaining"] == 15  # nothing was taken for it


async def test_one_who_has_spent_it_all_is_told_when_to_come_back(tmp_path: Path) -> None:
    """429 in every media type, with the wait in seconds and milliseconds; no subgraph hears of it."""
    async with limited(tmp_path, plan={"rate": 12, "period_s": 3600}) as router:
        await router.ask(USERS)
        await router.ask(USERS)
        asked = len(router.blog.requests)
        refused = await router.ask(USERS)
        modern = await router.ask(USERS, accept="application/graphql-response+json")
        cheap = await router.ask("{ hello }")

    assert len(router.blog.requests) == asked + 1
    assert (refused.status, modern.status, refused.code) == (429, 429, "RATE_LIMIT_EXCEEDED")
    assert "data" not in refused.body
    assert refused.body["errors"][0]["message"] == (
        'The rate limit of the plan "anonymous" is reached: try again in 600 s.'
    )
    assert refused.headers["retry-after"] == "600"
    assert refused.told["remaining"] == 8
    assert 599_000 < refused.told["retryAfterMs"] <= 600_000
    assert cheap.status == 200


async def test_what_is_dearer_than_the_budget_ever_holds(tmp_path: Path) -> None:
    """It is refused at once and for good, with what to do about it, and no `retry-after` that would only mislead."""
    async with limited(tmp_path, plan={"rate": 1000, "burst": 5}) as router:
        refused = await router.ask(USERS, accept="application/graphql-response+json")

    assert (refused.status, refused.code) == (400, "RATE_LIMIT_OPERATION_TOO_EXPENSIVE")
    assert "retry-after" not in refused.headers
    assert "estimated to cost 10, more than the 5" in refused.body["errors"][0]["message"]


async def test_nobody_asks_without_end_for_what_is_refused(tmp_path: Path) -> None:
    """What is dearer than the budget ever holds costs the minimum, so that a flood of it is turned away unread."""
    async with limited(tmp_path, plan={"rate": 3, "period_s": 3600}) as router:
        codes = [(await router.ask(f"{USERS} # {number}")).code for number in range(5)]

    assert codes[:3] == ["RATE_LIMIT_OPERATION_TOO_EXPENSIVE"] * 3
    assert codes[-1] == "RATE_LIMIT_EXCEEDED"


async def test_nobody_asks_without_end_for_faults_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operation that makes the router fail costs the minimum as well."""

    def fail(*_: object) -> NoReturn:
        raise RuntimeError("no")

    monkeypatch.setattr(pipeline, "plan", fail)
    async with limited(tmp_path, plan={"rate": 3, "period_s": 3600}) as router:
        with capture_logs():  # a traceback takes longer to write than a spent budget is remembered
            codes = [(await router.ask("{ hello }")).code for _ in range(5)]

    assert codes[0] == "INTERNAL_SERVER_ERROR"
    assert codes[-1] == "RATE_LIMIT_EXCEEDED"


@pytest.mark.parametrize(
    "wrong",
    [
        {"plan": {"rate": 10, "burst": 0.5}},
        {"plan": {"rate": 10}, "minimum": 20},
        {"plan": {"rate": 10}, "unit": "operation", "anonymous": {"rate": 0.5}},
        {"plan": {"rate": 10}, "scopes": [{"scope": "a", "rate": 10, "burst": 0.1}]},
        {"plan": {"rate": 10}, "api_keys": {"verified_upstream": True, "plan": {"rate": 0.1}}},
    ],
)
def test_a_plan_that_lets_nothing_run_is_a_mistake(wrong: dict[str, Any]) -> None:
    """It is told at the start, with the plan and the way out, and not to every client."""
    with pytest.raises(ValidationError, match=r"lets nothing run: any operation costs .* set its burst"):
        RateLimitSettings.model_validate(wrong)


async def test_aliases_fragments_batches_and_hashes_are_no_way_round(tmp_path: Path) -> None:
    """Two users cost two, however they are asked for, and twice two if they are asked for twice."""
    fragments = "{ ...A ...B } fragment A on Query { a: users { id } } fragment B on Query { ... { b: users { id } } }"
    persisted = {"version": 1, "sha256Hash": sha256(TWO.encode()).hexdigest()}
    async with limited(tmp_path, plan={"rate": 1000, "period_s": 3600}, config=BATCHING) as router:
        by_alias = await router.ask(TWO)
        by_fragment = await router.ask(fragments)
        await router.ask({"query": TWO, "extensions": {"persistedQuery": persisted}})
        by_hash = await router.ask({"extensions": {"persistedQuery": persisted}})
        batch = await router.ask([{"query": USERS}] * 3)
        after = await router.ask("{ hello }")

    assert [answer.told["requestRate"] for answer in (by_alias, by_fragment, by_hash)] == [4, 4, 4]
    assert [answer["extensions"]["rateLimit"]["requestRate"] for answer in batch.body] == [2, 2, 2]
    assert after.told["remaining"] == 1000 - 4 * 4 - 3 * 2 - 1


async def test_a_batch_is_charged_for_each_of_its_operations(tmp_path: Path) -> None:
    """Those that still fit run, the others are refused in their place."""
    async with limited(tmp_path, unit="operation", plan={"rate": 2}, config=BATCHING) as router:
        batch = await router.ask([{"query": "{ hello }"}] * 4)

    codes = [each.get("errors", [{}])[0].get("extensions", {}).get("code") for each in batch.body]
    assert sorted(codes, key=str) == [None, None, "RATE_LIMIT_EXCEEDED", "RATE_LIMIT_EXCEEDED"]


async def test_operations_of_no_cost_are_not_free(tmp_path: Path) -> None:
    """`minimum` is charged for each, or a flood of the cheapest would never be stopped."""
    async with limited(tmp_path, plan={"rate": 3, "period_s": 3600}) as router:
        answers = [await router.ask("{ __typename }") for _ in range(4)]

    assert [answer.status for answer in answers] == [200, 200, 200, 429]


async def test_measuring_refuses_nobody(tmp_path: Path) -> None:
    """It counts and tells what would have happened."""
    async with limited(tmp_path, mode="measure", unit="operation", plan={"rate": 1, "period_s": 3600}) as router:
        first, second = [await router.ask("{ hello }") for _ in range(2)]
        metrics = await router.metrics()

    assert (first.status, second.status) == (200, 200)
    assert first.told["retryAfterMs"] == 0
    assert second.told["retryAfterMs"] > 3_000_000
    assert "retry-after" not in second.headers  # it was not refused
    assert 'router_rate_limit_total{decision="allowed"} 1.0' in metrics
    assert 'router_rate_limit_total{decision="measured"} 1.0' in metrics


async def test_subjects_have_a_budget_each_and_their_scopes_a_plan(tmp_path: Path) -> None:
    """Tokens of one subject share a budget wherever they were issued; a scope gives another plan."""
    async with KeyServer(KEY).serving() as issuer:
        jwt = {"issuers": [{"issuer": ISSUER, "audiences": [AUDIENCE], "jwks_url": issuer.url}]}
        scopes = [{"scope": "partner", "rate": 3, "period_s": 3600}]
        plans: dict[str, Any] = {"plan": {"rate": 1, "period_s": 3600}, "scopes": scopes}
        async with limited(tmp_path, unit="operation", config={"jwt": jwt}, **plans) as router:

            async def ask(**claims: Any) -> int:
                answer = await router.ask("{ hello }", authorization=f"Bearer {KEY.token(**claims)}")
                return answer.status

            assert await ask(sub="ada") == 200
            assert await ask(sub="ada", jti="another") == 429
            assert await ask(sub="bo") == 200
            assert [await ask(sub="ada", scope="partner") for _ in range(4)] == [200, 200, 200, 429]
            assert (await router.ask("{ hello }")).status == 200  # somebody at this address


async def test_api_keys_that_are_known_have_a_budget_each(tmp_path: Path) -> None:
    """One that nobody gave out is none: who makes keys up stays who it is by address."""
    known = [sha256(key.encode()).hexdigest() for key in ("alpha", "beta")]
    plans: dict[str, Any] = {"plan": {"rate": 1, "period_s": 3600}, "api_keys": {"header": "X-Key", "sha256": known}}
    async with limited(tmp_path, unit="operation", **plans) as router:
        statuses = [(await router.ask("{ hello }", x_key=key)).status for key in ("alpha", "beta", "alpha", "x", "y")]

    assert statuses == [200, 200, 429, 200, 429]


async def test_addresses_behind_a_trusted_proxy_have_a_budget_each(tmp_path: Path) -> None:
    """What the proxy reports counts; what its client claims does not."""
    config = {"listen": {"trusted_proxies": ["127.0.0.0/8"]}}
    async with limited(tmp_path, unit="operation", plan={"rate": 1, "period_s": 3600}, config=config) as router:
        chains = ("192.0.2.1", "192.0.2.2", "198.51.100.1, 192.0.2.1", "2001:db8::1", "2001:db8::2")
        statuses = [(await router.ask("{ hello }", x_forwarded_for=chain)).status for chain in chains]
    async with limited(tmp_path, unit="operation", plan={"rate": 1, "period_s": 3600}) as router:
        untrusted = [(await router.ask("{ hello }", x_forwarded_for=chain)).status for chain in chains[:2]]

    assert statuses == [200, 200, 429, 200, 429]
    assert untrusted == [200, 429]


async def test_operations_of_a_socket_are_charged(tmp_path: Path) -> None:
    """Queries over a WebSocket, and to subscribe; the refusal ends the operation and not the socket."""
    async with limited(tmp_path, unit="operation", plan={"rate": 2, "period_s": 3600}) as router:
        messages = await _conversation(router, ["{ hello }", "subscription { count(to: 3) }", "{ hello }"])

    assert [message["type"] for message in messages["0"]] == ["next", "complete"]
    events = messages["1"]
    assert [message["type"] for message in events] == ["next", "next", "next", "complete"]
    assert all("extensions" not in message["payload"] for message in events[:3])  # it would soon be untrue
    assert messages["2"][0]["payload"][0]["extensions"]["code"] == "RATE_LIMIT_EXCEEDED"


async def test_events_are_charged_where_that_is_wanted(tmp_path: Path) -> None:
    """A subscription ends with the refusal once its client has spent its budget on events."""
    plan = {"rate": 3, "period_s": 3600}
    async with limited(tmp_path, unit="operation", plan=plan, subscription_events="charged") as router:
        messages = await _conversation(router, ["subscription { count(to: 5) }"])

    assert [message["type"] for message in messages["0"]] == ["next", "next", "error"]
    assert messages["0"][1]["payload"]["extensions"]["rateLimit"]["remaining"] == 0
    assert messages["0"][2]["payload"][0]["extensions"]["code"] == "RATE_LIMIT_EXCEEDED"


async def test_answers_in_parts_are_charged_and_settled(tmp_path: Path, redis_url: str) -> None:
    """@defer moves work to later, not out of the budget."""
    deferred = "{ hello ... @defer { users { id } } }"
    config = {"redis": {"url": redis_url, "timeout_s": 5}}
    async with limited(tmp_path, config=config) as router:
        headers = {"accept": "multipart/mixed;deferSpec=20220824, application/json"}
        async with router.http.post(
            f"http://{router.address}/graphql", json={"query": deferred}, headers=headers
        ) as response:
            parts = await response.text()
        after = await router.ask("{ hello }")

    assert '"rateLimit":{"requestRate":10,"remaining":10' in parts
    assert after.told["remaining"] == 17  # 2 for the users, 1 for saying hello again


async def test_nothing_is_told_where_that_is_not_wanted(tmp_path: Path) -> None:
    """Headers and extensions can be left out, each by itself; a refusal still says when to come back."""
    quiet: dict[str, Any] = {"tell_headers": False, "tell_extensions": False}
    async with limited(tmp_path, plan={"rate": 1, "period_s": 3600}, **quiet) as router:
        answer, refused = [await router.ask("{ hello }") for _ in range(2)]

    assert "ratelimit" not in answer.headers
    assert answer.body == {"data": {"hello": "Hello you"}}
    assert (refused.headers["retry-after"], refused.body.keys()) == ("3600", {"errors"})


async def _conversation(router: Limited, operations: list[str]) -> dict[str, list[dict[str, Any]]]:
    """The messages to each operation, sent one after the other over one socket."""
    messages: dict[str, list[dict[str, Any]]] = {}
    async with (
        router.http.ws_connect(f"ws://{router.address}/graphql", protocols=["graphql-transport-ws"]) as socket,
        asyncio.timeout(20),
    ):
        await socket.send_json({"type": "connection_init"})
        await socket.receive_json()
        for number, query in enumerate(operations):
            name = str(number)
            messages[name] = []
            await socket.send_json({"type": "subscribe", "id": name, "payload": {"query": query}})
            while not messages[name] or messages[name][-1]["type"] not in ("complete", "error"):
                messages[name].append(json.loads(await socket.receive_str()))
    return messages
