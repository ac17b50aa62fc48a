"""The page for people: where it is, what it may load, and the query plans that it draws."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from router.config import ExplorerSettings, RouterConfig
from router.edge.explorer.assets import FOLDER, MEDIA_TYPES
from tests.router.edge.served import Served

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
LOADS = re.compile(r'(?:src|href)="([^"]*)"')
PAGE = "query Page { hello posts(first: 3) { title author { name } } }"


async def page(served: Served, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    """Status, text and headers of a page."""
    async with served.client.get(f"http://{served.address}{path}", headers={**BROWSER, **headers}) as response:
        headers = {name.lower(): value for name, value in response.headers.items()}
        return response.status, await response.text(), headers


# ── the page ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", ["/", "/graphql", "/graphql?query=%7Bhello%7D"])
async def test_a_browser_gets_the_page(served: Served, path: str) -> None:
    """At the root and at the endpoint itself."""
    status, text, headers = await page(served, path)

    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert '<div id="explorer" data-endpoint="graphql"></div>' in text


@pytest.mark.parametrize("accept", ["application/json", "text/html, application/graphql-response+json"])
async def test_who_reads_json_gets_json(served: Served, accept: str) -> None:
    """The page stands in no client's way."""
    headers = {"accept": accept, "x-apollo-operation-name": "Test"}
    async with served.client.get(served.url, params={"query": "{ hello }"}, headers=headers) as response:
        assert await response.json(content_type=None) == {"data": {"hello": "Hello you"}}


async def test_the_page_loads_nothing_from_anywhere_else(served: Served) -> None:
    """Its policy forbids it, and what it names is beside it; no other origin may frame it, and no script stands in it."""
    _, text, headers = await page(served, "/")
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))

    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["frame-ancestors"] == "'self'"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert [load.partition("?")[0] for load in LOADS.findall(text)] == [
        "data:,",
        "explorer/explorer.css",
        "explorer/explorer.js",
    ]
    assert re.findall(r"<script[^>]*>", text) == re.findall(r'<script src="[^"]*" defer>', text)


async def test_its_files_come_with_it(served: Served) -> None:
    """For good, as their address changes with them; compressed for those who can."""
    _, text, _ = await page(served, "/")
    for load in LOADS.findall(text)[1:]:
        async with served.client.get(f"http://{served.address}/{load}") as response:
            name = load.partition("?")[0].removeprefix("explorer/")
            assert await response.read() == (FOLDER / name).read_bytes()
            assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert response.headers["content-encoding"] == "gzip"
            assert response.headers["content-type"] == MEDIA_TYPES[name]


def test_the_files_load_nothing_from_anywhere_else() -> None:
    """No style imports another, and every font and image is a part of it."""
    style = (FOLDER / "explorer.css").read_text()

    assert "@import" not in style
    assert {load[:5] for load in re.findall(r"url\(['\"]?([^'\")]*)", style)} <= {"data:"}


def test_the_licences_of_what_is_bundled_are_there() -> None:
    """Their terms are to be passed on."""
    licences = (FOLDER / "licences.txt").read_text()

    assert all(f"\n{name} " in licences for name in ("graphiql", "react", "graphql", "graphql-ws", "codemirror"))
    assert "Permission is hereby granted" in licences


class TestOff:
    """`explorer: {enabled: false}`."""

    @pytest.fixture
    def config(self, config: RouterConfig) -> RouterConfig:
        return config.model_copy(update={"explorer": ExplorerSettings(enabled=False)})

    async def test_there_is_no_page(self, served: Served) -> None:
        """Neither it nor its files; a browser at the endpoint is a client like any other."""
        for path in ("/", "/explorer/explorer.js"):
            status, text, _ = await page(served, path)
            assert status == 404
            assert "NOT_FOUND" in text
        assert (await page(served, "/graphql?query=%7Bhello%7D"))[0] == 400  # CSRF: a page of any site can send that


# ── query plans ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def ask(served: Served, shown: str, query: str = PAGE, **parameters: Any) -> dict[str, Any]:
    """An answer where the plan was asked for."""
    return await served.post(query, headers={"router-expose-query-plan": shown}, **parameters)


async def test_plans_are_not_shown_by_default(served: Served) -> None:
    """They name the subgraphs, which is nobody's business."""
    answer = await ask(served, "dry-run")

    assert "extensions" not in answer
    assert answer["data"]["hello"] == "Hello you"


class TestPlans:
    """`explorer: {query_plans: true}`."""

    @pytest.fixture
    def config(self, config: RouterConfig) -> RouterConfig:
        return config.model_copy(update={"explorer": ExplorerSettings(query_plans=True)})

    async def test_a_plan_comes_beside_the_data(self, served: Served) -> None:
        """As JSON that tools read, as text, and with what it is estimated to cost in which subgraph."""
        answer = await ask(served, "true")
        shown = answer["extensions"]["queryPlan"]

        assert answer["data"]["hello"] == "Hello you"
        assert shown["object"]["kind"] == "QueryPlan"
        assert [node["kind"] for node in shown["object"]["node"]["nodes"]] == ["Parallel", "Flatten"]
        assert shown["text"].startswith("QueryPlan {\n  Sequence {\n    Parallel {\n")
        assert shown["cost"] == {"estimated": 30.0, "bySubgraph": {"people": 10.0, "posts": 20.0}}

    async def test_the_times_of_its_fetches_come_with_it(self, served: Served) -> None:
        """By the ids of the plan: when each was asked, how long it took, about how many objects, and how much came back."""
        shown = (await ask(served, "true"))["extensions"]["queryPlan"]
        [hello, posts], authors = (
            shown["object"]["node"]["nodes"][0]["nodes"],
            shown["object"]["node"]["nodes"][1]["node"],
        )
        told = {fetch["id"]: fetch for fetch in shown["fetches"]}

        assert set(told) == {hello["id"], posts["id"], authors["id"]}
        assert all(fetch["status"] == 200 and fetch["sentBytes"] and fetch["receivedBytes"] for fetch in told.values())
        assert [told[node["id"]]["representations"] for node in (hello, posts, authors)] == [
            0,
            0,
            1,
        ]  # both posts are one author's
        before, last = told[posts["id"]], told[authors["id"]]
        assert 0 <= before["startMs"] <= before["startMs"] + before["durationMs"] <= last["startMs"]
        assert last["serviceName"] == "people"

    async def test_an_answer_in_parts_tells_what_its_first_piece_waited_for(self, served: Served) -> None:
        """What comes later is no part of it."""
        query = '{ posts(first: 3) { title ... @defer(label: "who") { author { name } } } }'
        accept = "multipart/mixed;deferSpec=20220824, application/json"
        headers = {"router-expose-query-plan": "true", "accept": accept}
        async with served.client.post(served.url, json={"query": query}, headers=headers) as response:
            first = json.loads((await response.text()).split("\r\n\r\n")[1].split("\r\n--")[0])

        assert [fetch["serviceName"] for fetch in first["extensions"]["queryPlan"]["fetches"]] == ["posts"]

    async def test_a_dry_run_asks_nobody(self, served: Served) -> None:
        """The plan comes in place of data, of mutations and subscriptions, too."""
        for query in (PAGE, 'mutation { publish(title: "x") { id } }', "subscription { count(to: 1) }"):
            answer = await ask(served, "dry-run", query)
            assert answer["data"] is None
            assert answer["extensions"]["queryPlan"]["object"]["node"]
            assert "fetches" not in answer["extensions"]["queryPlan"]
        assert served.blog.requests == []
        assert served.blog.titles == ["Hello", "World"]

    async def test_the_cost_follows_the_variables(self, served: Served) -> None:
        """Where it does; where none follows there is none."""
        query = "query ($n: Int!) { posts(first: $n) { title } }"
        assert (await ask(served, "dry-run", query, variables={"n": 1}))["extensions"]["queryPlan"]["cost"]["estimated"]

    async def test_what_is_refused_has_no_plan(self, served: Served) -> None:
        """An operation that is not valid is not planned."""
        answer = await ask(served, "dry-run", "{ nope }")

        assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        assert "extensions" not in answer

    async def test_nobody_asked_nothing_shown(self, served: Served) -> None:
        """Nor for a value that means nothing."""
        assert "extensions" not in await served.post(PAGE)
        assert "extensions" not in await ask(served, "false")

    async def test_the_page_draws_them(self, served: Served) -> None:
        """It is told that it may ask."""
        _, text, _ = await page(served, "/")

        assert '<div id="explorer" data-endpoint="graphql" data-query-plans=""></div>' in text
