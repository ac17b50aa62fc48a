"""Traffic to subgraphs, seen from both ends of a running router: what subgraphs are sent, and what a client gets."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from router.assembly import Given, assemble
from router.config import RouterConfig
from router.config.errors import ErrorSettings
from router.config.headers import HeaderSettings
from router.config.traffic import BreakerSettings, Traffic
from router.edge.gate import Gate
from router.errors import CircuitOpen, ConfigError
from router.exchange import ClientRequest
from router.headers import RequestHeaders
from router.masking import Masking
from router.pipeline import RouterState, subscribe
from router.plugins import Plugin
from router.supergraph import load_supergraph
from router.transport import FakeTransport, SubgraphAnswer, SubgraphRequest
from tests.router.blog import supergraph_sdl
from tests.router.traffic.harbour import CRATES, TIDE, UNWELL, Said, always, harbour, supergraph, usual

BOTH = "{ tide crates { tag } }"
CHAIN = "{ crates { tag duty } }"


# ── tries and circuits ──────────────────────────────────────────────────────────────────────────────────────────────


def unwell_at_first(number: int, body: dict[str, Any]) -> Said:
    """Fails once, then recovers."""
    return UNWELL if number == 1 else usual(number, body)


async def test_a_query_is_tried_again(tmp_path: Path) -> None:
    """The client notices nothing; the metrics do."""
    async with harbour(tmp_path, "traffic: {retry: {first_s: 0.001}}", customs=unwell_at_first) as running:
        answer = await running.ask("{ tide }")

        assert (answer.status, answer.body) == (200, TIDE)
        assert len(running.customs.asked) == 2
        assert 'router_subgraph_retries_total{reason="status",subgraph="customs"} 1.0' in await running.metrics()


async def test_a_mutation_is_not(tmp_path: Path) -> None:
    """It might have taken effect."""
    async with harbour(tmp_path, "traffic: {retry: {first_s: 0.001}}", customs=unwell_at_first) as running:
        answer = await running.ask("mutation { clear }")

        assert answer.body["data"] == {"clear": None}
        assert len(running.customs.asked) == 1


async def test_by_default_nothing_is_tried_again(tmp_path: Path) -> None:
    """And a single subgraph may have settings of its own."""
    async with harbour(tmp_path, customs=unwell_at_first) as running:
        assert (await running.ask("{ tide }")).body["data"] == {"tide": None}
    one = "traffic: {retry: {first_s: 0.001}}\nsubgraphs: {customs: {retry: {attempts: 1}}}"
    async with harbour(tmp_path, one, customs=unwell_at_first) as running:
        assert (await running.ask("{ tide }")).body["data"] == {"tide": None}
    other = "subgraphs: {customs: {retry: {first_s: 0.001}}}"
    async with harbour(tmp_path, other, customs=unwell_at_first) as running:
        assert (await running.ask("{ tide }")).body == TIDE


async def test_a_retry_after_is_obeyed(tmp_path: Path) -> None:
    """A subgraph that is too busy says when it has time, and gets the request then."""
    busy = Said({}, ("Retry-After: 0",), "429 Too Many Requests")
    patient = Said({}, ("Retry-After: 120",), "429 Too Many Requests")
    settings = "traffic: {retry: {first_s: 0.001}}"
    async with harbour(tmp_path, settings, customs=lambda n, _: busy if n == 1 else Said()) as running:
        assert (await running.ask("{ tide }")).body == TIDE
    async with harbour(tmp_path, settings, customs=always(patient)) as running:
        assert (await running.ask("{ tide }")).body["data"] == {"tide": None}
        assert len(running.customs.asked) == 1


async def test_a_subgraph_that_fails_is_left_alone(tmp_path: Path) -> None:
    """Its fields are null at once, with a code; the others are answered, and it is asked again after a while."""
    well = False
    settings = "traffic: {circuit_breaker: {requests_min: 3, open_s: 0.8, probes: 1}}"
    async with harbour(tmp_path, settings, customs=lambda *_: Said() if well else UNWELL) as running:
        for _ in range(3):
            await running.ask("{ tide }")
        answer = await running.ask(BOTH)

        assert answer.body["data"] == {"tide": None, **CRATES["data"]}
        assert answer.codes == ["SUBGRAPH_CIRCUIT_BREAKER_REJECTED"]
        assert len(running.customs.asked) == 3
        assert 'router_subgraph_circuit{subgraph="customs"} 2.0' in await running.metrics()

        well = True
        await asyncio.sleep(0.8)
        assert (await running.ask(BOTH)).body["data"] == {**TIDE["data"], **CRATES["data"]}
        assert 'router_subgraph_circuit{subgraph="customs"} 0.0' in await running.metrics()


# ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_subgraph_has_a_time_of_its_own(tmp_path: Path) -> None:
    """Past it the rest is answered, and the error has a code."""
    settings = "subgraphs: {customs: {timeout_s: 0.15}}"
    async with harbour(tmp_path, settings, customs=always(Said(after_s=5))) as running:
        answer = await running.ask(BOTH)

        assert (answer.status, answer.codes) == (200, ["GATEWAY_TIMEOUT"])
        assert answer.body["data"] == {"tide": None, **CRATES["data"]}
        assert answer.body["errors"][0]["message"] == 'Subgraph "customs" did not answer within 0.15 seconds.'


async def test_what_is_late_for_the_request_is_null(tmp_path: Path) -> None:
    """The request as a whole has a time, too; what is there by then is answered, and nothing is asked after it."""
    late = Said(CRATES, after_s=5)
    settings = "timeouts: {request_s: 0.6}"
    async with harbour(tmp_path, settings, dock=always(late)) as running:
        answer = await running.ask("{ tide crates { tag duty } }")

        assert (answer.status, answer.codes) == (200, ["GATEWAY_TIMEOUT"])
        assert answer.body["data"] == {"tide": 3, "crates": None}
        assert [body["query"] for body in running.customs.asked] == ["{tide}"]


async def test_without_any_data_a_late_request_is_a_504(tmp_path: Path) -> None:
    """There is nothing to answer with."""
    async with harbour(tmp_path, "timeouts: {request_s: 0.2}", customs=always(Said(after_s=5))) as running:
        answer = await running.ask("{ level }")

        assert answer.status == 504
        assert answer.body == {
            "errors": [
                {"message": "The request could not be answered in time.", "extensions": {"code": "GATEWAY_TIMEOUT"}}
            ]
        }


class Stuck(Plugin):
    """Waits for something that never comes."""

    async def subgraph_request(self, asked: Any, request: ClientRequest) -> Any:
        """For ever."""
        await asyncio.Event().wait()


async def test_a_plugin_cannot_hold_up_a_request_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not keep to the deadline by itself is ended."""
    monkeypatch.setattr("router.edge.hangup.REQUEST_OVERTIME_S", 0.05)
    async with harbour(tmp_path, "timeouts: {request_s: 0.1}", plugins=(Stuck(),)) as running:
        assert (await running.ask("{ tide }")).status == 504


async def test_subgraphs_are_told_how_long_they_have(tmp_path: Path) -> None:
    """What is left of the client's request: a later fetch has less of it."""
    settings = "timeouts: {request_s: 2, subgraph_s: 60}"
    async with harbour(tmp_path, settings, dock=always(Said(CRATES, after_s=0.1))) as running:
        await running.ask(CHAIN)
        (first,), (second,) = running.dock.heads, running.customs.heads

        assert 1_000 < int(first["x-request-timeout-ms"]) <= 2_000
        assert int(second["x-request-timeout-ms"]) <= int(first["x-request-timeout-ms"]) - 100

    for settings, name in [("{subgraph_header: x-budget}", "x-budget"), ("{subgraph_header: null}", None)]:
        async with harbour(tmp_path, f"timeouts: {settings}") as running:
            await running.ask("{ tide }")
            (head,) = running.customs.heads
            assert "x-request-timeout-ms" not in head
            assert name is None or name in head


# ── headers there ───────────────────────────────────────────────────────────────────────────────────────────────────

RULES = """
headers:
  all:
    request:
      - propagate: { named: [authorization, x-request-id] }
      - propagate: { matching: ^x-tenant }
      - insert: { name: x-region, value: eu }
  subgraphs:
    customs:
      request:
        - remove: { named: authorization }
        - insert: { name: x-seen, from_context: seen }
"""


class Seen(Plugin):
    """Leaves a word for the rules."""

    async def request(self, request: ClientRequest) -> ClientRequest:
        """It was here."""
        request.context["seen"] = "yes"
        return request


async def test_each_subgraph_gets_what_its_rules_say(tmp_path: Path) -> None:
    """Headers of the client, of the router and of a plugin; those of the client's connection stay behind."""
    sent = {"authorization": "Bearer t", "x-request-id": "r1", "x-tenant-id": "acme", "x-other": "1"}
    async with harbour(tmp_path, RULES, plugins=(Seen(),)) as running:
        await running.ask(BOTH, headers=sent)

        (dock,), (customs,) = running.dock.heads, running.customs.heads
        common = {"x-request-id": "r1", "x-tenant-id": "acme", "x-region": "eu"}
        own = {"accept", "content-length", "content-type", "host", "x-request-timeout-ms"}
        assert {name: value for name, value in dock.items() if name not in own} == {
            **common,
            "authorization": "bearer t",
        }
        assert {name: value for name, value in customs.items() if name not in own} == {**common, "x-seen": "yes"}


@pytest.mark.parametrize("section", ["headers", "errors"])
async def test_rules_for_nobody_are_refused(tmp_path: Path, section: str) -> None:
    """A subgraph that the supergraph lacks is a misspelling."""
    rule = "true" if section == "errors" else "{}"
    with pytest.raises(ConfigError, match=rf'{section}.subgraphs names the subgraph "custom".*did you mean "customs"'):
        async with harbour(tmp_path, f"{section}: {{subgraphs: {{custom: {rule}}}}}"):
            pass


# ── and back ────────────────────────────────────────────────────────────────────────────────────────────────────────

BACK = """
headers:
  all:
    response:
      - propagate: { named: set-cookie }
      - propagate: { named: x-crane, algorithm: append }
      - propagate: { named: x-last }
      - propagate: { named: cache-control, algorithm: most_restrictive }
"""
# The plan has customs before dock.
FIRST = ("Set-Cookie: crew=ann", "X-Crane: 1", "X-Last: customs", "Cache-Control: public, max-age=60")
SECOND = ("Set-Cookie: crew=bob; Path=/", "X-Crane: 2", "X-Last: dock", "Cache-Control: private, max-age=5")


@pytest.mark.parametrize(("first_s", "second_s"), [(0.0, 0.1), (0.1, 0.0)])
async def test_headers_of_answers_reach_the_client(tmp_path: Path, first_s: float, second_s: float) -> None:
    """Merged in the order of the plan, whichever answer comes first, and every cookie by itself."""
    customs, dock = always(Said(TIDE, FIRST, after_s=first_s)), always(Said(CRATES, SECOND, after_s=second_s))
    async with harbour(tmp_path, BACK, dock=dock, customs=customs) as running:
        answer = await running.ask("{ crates { tag } tide }")

        assert answer.body == {"data": {**CRATES["data"], **TIDE["data"]}}
        assert answer.headers.getall("set-cookie") == ["crew=ann", "crew=bob; Path=/"]
        assert (answer.headers["x-crane"], answer.headers["x-last"]) == ("1, 2", "dock")
        assert answer.headers.getall("cache-control") == ["private, max-age=5"]


async def test_an_answer_with_errors_is_stored_by_nobody(tmp_path: Path) -> None:
    """Whatever the subgraphs allow."""
    wrong = {"data": {"tide": None}, "errors": [{"message": "ebb", "path": ["tide"]}]}
    async with harbour(tmp_path, BACK, customs=always(Said(wrong, SECOND))) as running:
        assert (await running.ask("{ tide }")).headers["cache-control"] == "no-store"


async def test_an_answer_as_a_stream_has_headers_and_cookies_too(tmp_path: Path) -> None:
    """A query may be answered over server-sent events."""
    async with harbour(tmp_path, BACK, customs=always(Said(TIDE, FIRST))) as running:
        url, sse = f"http://{running.address}/graphql", {"accept": "text/event-stream"}
        async with running.client.post(url, json={"query": "{ tide }"}, headers=sse) as response:
            assert response.headers.getall("set-cookie") == ["crew=ann"]
            assert response.headers["x-last"] == "customs"


async def test_by_default_nothing_of_an_answer_but_its_body_comes_back(tmp_path: Path) -> None:
    """Neither headers nor status nor extensions."""
    said = Said({**TIDE, "extensions": {"trace": 1}}, SECOND, "401 Unauthorized")
    async with harbour(tmp_path, customs=always(said)) as running:
        answer = await running.ask("{ tide }")

        assert (answer.status, answer.body) == (200, TIDE)
        assert answer.headers["cache-control"] == "no-store"
        assert not {"set-cookie", "x-crane", "x-last"} & {name.lower() for name in answer.headers}


async def test_a_status_is_passed_on(tmp_path: Path) -> None:
    """The first of those that are configured; the body is what it would be anyway."""
    refused = Said({"errors": [{"message": "who are you?"}]}, status="401 Unauthorized")
    forbidden = Said({"errors": [{"message": "not you"}]}, status="403 Forbidden")
    settings = "pass_through: {statuses: [401, 403]}"
    async with harbour(tmp_path, settings, dock=always(forbidden), customs=always(refused)) as running:
        both, one = await running.ask(BOTH), await running.ask("{ crates { tag } }")

        assert (both.status, both.body["data"]) == (401, {"tide": None, "crates": None})
        assert one.status == 403
    async with harbour(tmp_path, settings) as running:
        assert (await running.ask("{ tide }")).status == 200


@pytest.mark.parametrize(
    ("merging", "merged"),
    [
        ("first", {"a": {"x": 1, "y": 1}, "customs": 1, "dock": 2}),
        ("last", {"a": {"x": 2, "z": 2}, "customs": 1, "dock": 2}),
        ("merge", {"a": {"x": 2, "y": 1, "z": 2}, "customs": 1, "dock": 2}),
    ],
)
async def test_extensions_are_passed_on(tmp_path: Path, merging: str, merged: dict[str, Any]) -> None:
    """Those of several answers are merged in the order of the plan."""
    customs = Said({**TIDE, "extensions": {"a": {"x": 1, "y": 1}, "customs": 1}}, after_s=0.05)
    dock = Said({**CRATES, "extensions": {"a": {"x": 2, "z": 2}, "dock": 2}})
    settings = f"pass_through: {{extensions: {merging}}}"
    async with harbour(tmp_path, settings, dock=always(dock), customs=always(customs)) as running:
        answer = await running.ask("{ crates { tag } tide }")

        assert answer.body["extensions"] == merged


# ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_errors_are_masked(tmp_path: Path) -> None:
    """By subgraph; the metrics still count them by code."""
    wrong = {"data": None, "errors": [{"message": "at line 7 of tide.sql", "extensions": {"code": "SQL", "line": 7}}]}
    settings = "errors: {all: false, subgraphs: {dock: true}}"
    async with harbour(tmp_path, settings, dock=always(Said(wrong)), customs=always(Said(wrong))) as running:
        errors = {tuple(error["path"]): error for error in (await running.ask(BOTH)).body["errors"]}

        assert errors[("tide",)] == {"message": "Subgraph errors redacted", "path": ["tide"]}
        assert errors[("crates",)]["message"] == "at line 7 of tide.sql"
        assert (
            errors[("crates",)]["extensions"]["serviceName"] == errors[("crates",)]["extensions"]["service"] == "dock"
        )
        assert 'router_errors_total{code="SQL"} 2.0' in await running.metrics()


# ── sharing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

SHARING = """
traffic: { dedupe_client_requests: true }
headers:
  all:
    request: [{ propagate: { named: x-request-id } }]
    response: [{ propagate: { named: x-crane } }]
  subgraphs: { customs: { request: [{ propagate: { named: x-tenant } }] } }
"""


async def test_who_shares_an_answer_gets_its_headers_too(tmp_path: Path) -> None:
    """Equal queries run once; each client has the header, and the metrics tell who asked and who joined."""
    async with harbour(tmp_path, SHARING, customs=always(Said(headers=("X-Crane: 1",), after_s=0.3))) as running:
        answers = await asyncio.gather(*(running.ask("{ tide }", {"x-tenant": "a"}) for _ in range(4)))

        assert [answer.body for answer in answers] == [TIDE] * 4
        assert [answer.headers["x-crane"] for answer in answers] == ["1"] * 4
        assert len(running.customs.asked) == 1
        metrics = await running.metrics()
        assert 'router_shared_queries_total{level="clients",role="leader"} 1.0' in metrics
        assert 'router_shared_queries_total{level="clients",role="joiner"} 3.0' in metrics


async def test_who_is_sent_other_headers_shares_nothing(tmp_path: Path) -> None:
    """Also where it is one subgraph of the plan alone that gets them; a header that no subgraph gets makes no difference."""
    async with harbour(tmp_path, SHARING, customs=always(Said(after_s=0.3))) as running:
        sent = ({"x-tenant": "a"}, {"x-tenant": "b"}, {"x-tenant": "b", "authorization": "Bearer t"})
        await asyncio.gather(*(running.ask("{ tide }", headers) for headers in sent))

        assert sorted(head["x-tenant"] for head in running.customs.heads) == ["a", "b"]


class Tenants(Plugin):
    """Tells subgraphs who asks."""

    async def subgraph_request(self, asked: Any, request: ClientRequest) -> Any:
        """By a header that no rule knows."""
        return asked._replace(headers={**asked.headers, "x-who": request.headers["x-who"]})


async def test_plugins_that_see_requests_keep_them_apart(tmp_path: Path) -> None:
    """They may ask by who the client is, so that nobody gets what was asked for another."""
    plugins = (Tenants(),)
    async with harbour(tmp_path, SHARING, customs=always(Said(after_s=0.2)), plugins=plugins) as running:
        await asyncio.gather(*(running.ask("{ tide }", {"x-who": who}) for who in "ab"))

        assert sorted(head["x-who"] for head in running.customs.heads) == ["a", "b"]


async def test_circuits_outlive_a_reload() -> None:
    """Whose settings did not change: a subgraph that failed a moment ago has not become well by that."""
    unwell = FakeTransport({"customs": lambda _: SubgraphAnswer(503, b"")})

    def gate(before: Gate | None = None, *, open_s: float = 5.0) -> Gate:
        config = RouterConfig(traffic=Traffic(circuit_breaker=BreakerSettings(requests_min=1, open_s=open_s)))
        return assemble(config, load_supergraph(supergraph()), given=Given(unwell), before=before)

    async def is_asked(gate: Gate) -> bool:
        before = len(unwell.requests)
        with suppress(CircuitOpen):
            await gate.router.transport.send(SubgraphRequest("customs", b"{}"))
        return len(unwell.requests) > before

    first = gate()
    assert [await is_asked(first), await is_asked(first)] == [True, False]
    assert not await is_asked(gate(first))
    assert await is_asked(gate(first, open_s=6.0))


# ── subscriptions and answers in parts ──────────────────────────────────────────────────────────────────────────────


async def test_subscriptions_get_what_their_rules_say() -> None:
    """The source by its subgraph's rules, and so does each fetch that completes an event."""
    rules = HeaderSettings.model_validate(
        {
            "all": {"request": [{"propagate": {"named": "x-tenant"}}]},
            "subgraphs": {"people": {"request": [{"insert": {"name": "x-people", "value": "1"}}]}},
        }
    )
    events = {"posts": [{"data": {"published": {"title": "New", "author": {"__typename": "User", "id": "1"}}}}]}
    people = {"people": [{"data": {"_entities": [{"name": "Ada"}]}}]}
    transport = FakeTransport(people, events)
    router = RouterState(load_supergraph(supergraph_sdl()), transport, request_headers=RequestHeaders(rules))
    request = ClientRequest("subscription { published { title author { name } } }", headers={"x-tenant": "a"})

    (response,) = [response async for response in subscribe(request, router)]

    assert json.loads(response.json())["data"] == {"published": {"title": "New", "author": {"name": "Ada"}}}
    assert transport.subscriptions[0].headers == {"x-tenant": "a"}
    assert transport.requests[0].headers == {"x-tenant": "a", "x-people": "1"}


async def test_errors_of_deferred_parts_are_masked() -> None:
    """As those of the rest."""
    fault = {"data": {"_entities": [None]}, "errors": [{"message": "at line 7", "path": ["_entities", 0]}]}
    posts = {"data": {"posts": [{"title": "Hello", "author": {"__typename": "User", "id": "1"}}]}}
    router = RouterState(
        load_supergraph(supergraph_sdl()),
        FakeTransport({"posts": lambda _: posts, "people": lambda _: fault}),
        masking=Masking(ErrorSettings(all=False)),
    )
    query = "{ posts(first: 1) { title ... @defer { author { name } } } }"

    pieces = [response.json() async for response in subscribe(ClientRequest(query, incremental=True), router)]

    assert len(pieces) > 1
    assert b"Subgraph errors redacted" in b"".join(pieces)
    assert b"at line 7" not in b"".join(pieces)
