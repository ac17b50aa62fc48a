"""Override labels of real requests: who sets them, and that each request sees one truth."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from random import Random

import pytest

from router.app import create_app
from router.composition import Composed, SubgraphInput, compose
from router.config import RouterConfig
from router.exchange import ClientRequest
from router.pipeline import RouterState, answer
from router.supergraph import load_supergraph
from router.transport import FakeTransport, SubgraphRequest
from tests.router.serving import serving
from tests.router.test_app import post

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@override"])\n'
PORT = 'type Query { ship: Ship } type Ship @key(fields: "id") { id: ID! name: String flag: String }'
REGISTRY = """
type Ship @key(fields: "id") {
  id: ID!
  name: String @override(from: "port", label: "percent(25)")
  flag: String @override(from: "port", label: "moved")
}
"""


@pytest.fixture(scope="module")
def sdl() -> str:
    """Two subgraphs, one of which takes fields from the other."""
    outcome = compose(
        [
            SubgraphInput("port", LINK + PORT, "http://port.test"),
            SubgraphInput("registry", LINK + REGISTRY, "http://r.test"),
        ]
    )
    assert isinstance(outcome, Composed), outcome
    return outcome.sdl


def transport() -> FakeTransport:
    """Each field says who answered it."""

    def port(_: SubgraphRequest) -> dict[str, object]:
        return {"data": {"ship": {"__typename": "Ship", "id": "1", "name": "port", "flag": "port"}}}

    def registry(_: SubgraphRequest) -> dict[str, object]:
        return {"data": {"_entities": [{"name": "registry", "flag": "registry"}]}}

    return FakeTransport({"port": port, "registry": registry})


async def shown(router: RouterState, query: str, field: str) -> str:
    body = json.loads((await answer(ClientRequest(query), router)).json())
    return str(body["data"]["ship"][field])


async def test_a_percentage_is_rolled_once_per_request(sdl: str) -> None:
    """A quarter of the requests go to the new owner, all of a request's mentions to the same one; two plans serve them all."""
    router = RouterState(load_supergraph(sdl), transport(), dice=Random(1))

    answers = [await shown(router, "{ ship { name } }", "name") for _ in range(400)]

    assert 60 < answers.count("registry") < 140
    assert answers.count("registry") + answers.count("port") == 400
    assert len(router.plans) == 2


async def test_an_operation_without_labelled_fields_asks_nobody(sdl: str) -> None:
    """What does not depend on labels has one plan, and their source is not asked."""

    async def labels(_: ClientRequest) -> Collection[str]:
        raise AssertionError("nobody needs to know")

    router = RouterState(load_supergraph(sdl), transport(), labels=labels)

    assert await shown(router, "{ ship { id } }", "id") == "1"


async def test_a_source_decides_by_the_request(sdl: str) -> None:
    """The same operation goes one way for some callers and another for others."""

    async def labels(request: ClientRequest) -> Collection[str]:
        return {"moved"} if request.headers.get("x-tester") else ()

    router = RouterState(load_supergraph(sdl), transport(), labels=labels)

    assert await shown(router, "{ ship { flag } }", "flag") == "port"
    tested = await answer(ClientRequest("{ ship { flag } }", headers={"x-tester": "1"}), router)
    assert json.loads(tested.json())["data"] == {"ship": {"flag": "registry"}}


async def test_labels_can_be_configured(sdl: str, tmp_path: Path) -> None:
    """A label named in the configuration is true for every request."""
    file = tmp_path / "supergraph.graphql"
    file.write_text(sdl)
    config = RouterConfig(supergraph=file, override_labels=("moved",))

    async with serving(create_app(config, transport=transport())) as address:
        assert await post(address, "{ ship { flag } }") == {"data": {"ship": {"flag": "registry"}}}
