"""Each hook sees what it is meant to see and may do what it is said to."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from router import Plugin
from router.config import RouterConfig, load_config
from router.errors import BadRequest, ConfigError, SubgraphFailure
from router.exchange import ClientRequest, ClientResponse
from router.pipeline import RouterState, answer, subscribe
from router.plan import QueryPlan
from router.plugins import Hooks, OperationFacts, load_plugins
from router.supergraph import load_supergraph
from router.transport.base import SubgraphAnswer, SubgraphRequest
from tests.router.blog import Blog, supergraph_sdl


def router_with(*plugins: Plugin, blog: Blog | None = None) -> RouterState:
    return RouterState(load_supergraph(supergraph_sdl()), (blog or Blog()).transport(), hooks=Hooks(plugins))


async def ask(router: RouterState, query: str, **parameters: Any) -> ClientResponse:
    return await answer(ClientRequest(query, **parameters), router)


class Recorder(Plugin):
    """Writes down every hook that is called, under its own name."""

    def __init__(self, name: str, told: list[str]) -> None:
        self.name = name
        self.told = told

    def say(self, hook: str) -> None:
        self.told.append(f"{self.name}.{hook}")

    async def request(self, request: ClientRequest) -> ClientRequest | ClientResponse:
        self.say("request")
        return request

    async def operation(self, operation: OperationFacts, request: ClientRequest) -> None:
        self.say(f"operation {operation.kind.value} {dict(operation.variables)}")

    async def plan(self, plan: QueryPlan, request: ClientRequest) -> None:
        self.say(f"plan of {len(plan.fetches)}")

    async def subgraph_request(
        self, asked: SubgraphRequest, request: ClientRequest
    ) -> SubgraphRequest | SubgraphAnswer:
        self.say(f"ask {asked.subgraph}")
        return asked

    async def subgraph_response(
        self, answer: SubgraphAnswer | SubgraphFailure, asked: SubgraphRequest, request: ClientRequest
    ) -> SubgraphAnswer | SubgraphFailure:
        self.say(f"answer of {asked.subgraph}")
        return answer

    async def response(self, response: ClientResponse, request: ClientRequest) -> ClientResponse:
        self.say("response")
        return response


async def test_hooks_come_in_order_on_the_way_in_and_in_reverse_on_the_way_out() -> None:
    """Two plugins around one query of two subgraphs."""
    told: list[str] = []
    router = router_with(Recorder("a", told), Recorder("b", told))

    await ask(router, "query ($n: Int = 1) { posts(first: $n) { author { name } } }")

    assert told == [
        "a.request",
        "b.request",
        "a.operation query {'n': 1}",
        "b.operation query {'n': 1}",
        "a.plan of 2",
        "b.plan of 2",
        "a.ask posts",
        "b.ask posts",
        "b.answer of posts",
        "a.answer of posts",
        "a.ask people",
        "b.ask people",
        "b.answer of people",
        "a.answer of people",
        "b.response",
        "a.response",
    ]


async def test_a_request_may_be_replaced() -> None:
    """What runs is what the hook returned, and its context reaches the other hooks."""

    class Louder(Plugin):
        async def request(self, request: ClientRequest) -> ClientRequest | ClientResponse:
            request.context["was"] = request.query
            return request.but(query='{ hello(name: "LOUD") }')

        async def response(self, response: ClientResponse, request: ClientRequest) -> ClientResponse:
            response.reply.extensions["was"] = request.context["was"]
            return response

    response = await ask(router_with(Louder()), "{ hello }")
    assert response.json() == b'{"data":{"hello":"Hello LOUD"},"extensions":{"was":"{ hello }"}}'


async def test_a_request_may_be_answered_at_once() -> None:
    """No subgraph is asked, and later plugins do not see it on the way in."""

    class Answers(Plugin):
        async def request(self, request: ClientRequest) -> ClientRequest | ClientResponse:
            return ClientResponse(b'{"hello":"me"}')

    blog, told = Blog(), list[str]()
    response = await ask(router_with(Answers(), Recorder("later", told), blog=blog), "{ hello }")
    assert (response.json(), blog.requests, told) == (b'{"data":{"hello":"me"}}', [], ["later.response"])


@pytest.mark.parametrize("hook", ["request", "operation", "plan", "response"])
async def test_a_client_error_of_a_hook_refuses(hook: str) -> None:
    """The client gets its code and its sentence."""

    async def refuse(*_: Any) -> Any:
        raise BadRequest("No.", status=418)

    plugin = type("Refuses", (Plugin,), {hook: lambda self, *rest: refuse(*rest)})()
    response = await ask(router_with(plugin), "{ hello }")
    assert response.refusal is not None
    assert (str(response.refusal), response.refusal.status) == ("No.", 418)


@pytest.mark.parametrize("hook", ["request", "operation", "plan", "response"])
async def test_a_fault_of_a_hook_is_ours(hook: str) -> None:
    """It is logged under the request's id, and the client learns nothing of it."""

    async def fail(*_: Any) -> Any:
        raise RuntimeError("a secret of the plugin")

    plugin = type("Fails", (Plugin,), {hook: lambda self, *rest: fail(*rest)})()
    with capture_logs() as logs:
        response = await ask(router_with(plugin), "{ hello }", request_id="r1")
    assert b"INTERNAL_SERVER_ERROR" in response.json()
    assert b"secret" not in response.json()
    assert [entry["request_id"] for entry in logs] == ["r1"]


async def test_a_subgraph_may_be_spared_the_question() -> None:
    """An answer of the hook takes the place of the subgraph's, and passes the hooks on the way out."""

    class Knows(Plugin):
        async def subgraph_request(
            self, asked: SubgraphRequest, request: ClientRequest
        ) -> SubgraphRequest | SubgraphAnswer:
            return SubgraphAnswer(200, b'{"data":{"hello":"known"}}')

    blog = Blog()
    response = await ask(router_with(Knows(), blog=blog), "{ hello }")
    assert (response.json(), blog.requests) == (b'{"data":{"hello":"known"}}', [])


async def test_an_answer_may_stand_in_for_a_failure_and_the_other_way_round() -> None:
    """What the hook returns is what came of it."""

    class Turns(Plugin):
        async def subgraph_response(
            self, answer: SubgraphAnswer | SubgraphFailure, asked: SubgraphRequest, request: ClientRequest
        ) -> SubgraphAnswer | SubgraphFailure:
            if isinstance(answer, SubgraphFailure):
                return SubgraphAnswer(200, b'{"data":{"hello":"in its place"}}')
            return SubgraphFailure(asked.subgraph, "Turned off.")

    response = await ask(router_with(Turns()), "{ posts { id } }")
    assert response.errors[0]["message"] == "Turned off."

    class Down(Plugin):
        async def subgraph_response(
            self, answer: SubgraphAnswer | SubgraphFailure, asked: SubgraphRequest, request: ClientRequest
        ) -> SubgraphAnswer | SubgraphFailure:
            return SubgraphFailure(asked.subgraph, "Down.")

    response = await ask(router_with(Turns(), Down()), "{ hello }")
    assert response.json() == b'{"data":{"hello":"in its place"}}'


async def test_events_may_be_changed_or_kept_back() -> None:
    """Of one to four, only the even ones arrive, each with what the hook adds."""

    class Even(Plugin):
        async def event(self, response: ClientResponse, request: ClientRequest) -> ClientResponse | None:
            return None if response.data in (b'{"count":1}', b'{"count":3}') else response.but(errors=({"n": 1},))

    responses = subscribe(ClientRequest("subscription { count(to: 4) }"), router_with(Even()))
    async with aclosing(responses), asyncio.timeout(10):
        told = [response.json() async for response in responses]
    assert told == [
        b'{"data":{"count":2},"errors":[{"n":1}]}',
        b'{"data":{"count":4},"errors":[{"n":1}]}',
    ]


def test_what_nobody_overrides_is_not_called() -> None:
    """A plugin without hooks leaves every path as it is."""
    hooks = Hooks([Plugin()])
    assert not (hooks.on_requests)
    assert not (hooks.on_operations)
    assert not (hooks.on_plans)
    assert not (hooks.on_subgraphs)
    assert not (hooks.on_events)


# ── plugins by name ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "plugin_of_a_test.py").write_text(
        "from router import Plugin\n"
        "class Greets(Plugin):\n    def __init__(self, name='you'): self.name = name\n"
        "def fails(): raise ValueError('no key')\nthing = dict\n"
    )
    return tmp_path


def configured(folder: Path, plugins: str) -> RouterConfig:
    (folder / "router.yaml").write_text(f"plugins: {plugins}\n")
    return load_config(folder / "router.yaml", {})


def test_plugins_are_made_from_names_and_arguments(folder: Path) -> None:
    """In their order, with the keyword arguments given."""
    config = configured(folder, "['plugin_of_a_test:Greets', {use: 'plugin_of_a_test:Greets', with: {name: Ada}}]")
    assert [vars(plugin)["name"] for plugin in load_plugins(config.plugins)] == ["you", "Ada"]


@pytest.mark.parametrize(
    ("plugins", "said"),
    [
        ("['nowhere.at.all:X']", "plugins.0: the module nowhere.at.all cannot be imported: "),
        ("['plugin_of_a_test:Missing']", "plugins.0: the module plugin_of_a_test has no Missing."),
        ("['plugin_of_a_test:fails']", "plugins.0: plugin_of_a_test:fails could not be made: no key."),
        ("['plugin_of_a_test:thing']", "plugins.0: plugin_of_a_test:thing makes a dict, not a router.Plugin."),
        (
            "['plugin_of_a_test:Greets', {use: 'plugin_of_a_test:Greets', with: {nam: x}}]",
            "plugins.1: plugin_of_a_test:Greets could not be made: ",
        ),
    ],
)
def test_a_plugin_that_cannot_be_made_is_told(folder: Path, plugins: str, said: str) -> None:
    """The sentence names its place in the list, and what is wrong."""
    with pytest.raises(ConfigError) as refusal:
        load_plugins(configured(folder, plugins).plugins)
    assert str(refusal.value).startswith(said)
