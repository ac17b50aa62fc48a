"""Demand control as clients of a running router meet it, and what its configuration may say."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest

from router.app import create_app
from router.assembly import Given, assemble
from router.config import RouterConfig, load_config
from router.errors import ConfigError
from router.transport import FakeTransport
from tests.router.blog import Blog, supergraph_file
from tests.router.cost.costed import supergraph_of
from tests.router.cost.test_demand_control import SHOP
from tests.router.serving import serving

USERS: Final = "{ users { id } }"  # ten by estimate, two in truth
PARTS: Final = "{ hello posts(first: 2) { title ... @defer { author { name } } } }"
DEEP: Final = "multipart/mixed;deferSpec=20220824"


@asynccontextmanager
async def blog(folder: Path, **config: Any) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    """A client, and the address of a router of the blog."""
    settings = {"supergraph": supergraph_file(folder), "authorization": {"anonymous_only": True}, **config}
    app = create_app(RouterConfig.model_validate(settings), transport=Blog().transport())
    async with serving(app) as address, aiohttp.ClientSession() as client:
        yield client, f"http://{address}"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> Any:
        """The text as JSON."""
        return json.loads(self.text)


async def post(folder: Path, query: Any, accept: str = "application/json", **config: Any) -> Answer:
    """The answer of a router of the blog to one request."""
    body = {"query": query} if isinstance(query, str) else query
    async with blog(folder, **config) as (client, url):
        response = await client.post(f"{url}/graphql", json=body, headers={"accept": accept})
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, headers, await response.text())


async def test_costs_are_headers_of_http(tmp_path: Path) -> None:
    """Estimated, actual, and the maximum."""
    answer = await post(tmp_path, USERS, cost={"max": 50})
    told = {name: value for name, value in answer.headers.items() if name.startswith("x-cost")}

    assert told == {"x-cost-estimated": "10", "x-cost-actual": "2", "x-cost-max": "50"}
    assert answer.body["extensions"]["cost"]["result"] == "COST_OK"


@pytest.mark.parametrize(("accept", "status"), [("application/json", 200), ("application/graphql-response+json", 400)])
async def test_a_refusal_has_the_status_that_graphql_over_http_wants(accept: str, status: int, tmp_path: Path) -> None:
    """It is no fault of HTTP to who accepts plain JSON; either way there is no data."""
    answer = await post(tmp_path, USERS, accept, cost={"mode": "enforce", "max": 9})

    assert answer.status == status
    assert answer.headers["x-cost-estimated"] == "10"
    assert answer.body.keys() == {"errors", "extensions"}
    assert answer.body["errors"][0]["extensions"]["code"] == "COST_ESTIMATED_TOO_EXPENSIVE"


async def test_aliases_fragments_and_batches_do_not_get_round_it(tmp_path: Path) -> None:
    """Whatever way a list is asked for twice, it is billed twice; each operation of a batch has its own bill."""
    twice = "{ a: users { id } ...More } fragment More on Query { b: users { id } }"
    settings: dict[str, Any] = {"cost": {"mode": "enforce", "max": 19}, "batching": {"enabled": True}}
    answer = await post(tmp_path, [{"query": twice}, {"query": USERS}], **settings)
    refused, answered = answer.body

    assert refused["errors"][0]["extensions"]["cost.estimated"] == 20.0
    assert len(answered["data"]["users"]) == 2


async def test_an_answer_in_parts_is_estimated_as_a_whole(tmp_path: Path) -> None:
    """The first piece tells; what all pieces cost is in the metrics when the last is out."""
    async with blog(tmp_path, cost={"max": 100}) as (client, url):
        async with client.post(f"{url}/graphql", json={"query": PARTS}, headers={"accept": DEEP}) as response:
            text = await response.text()
            estimated = response.headers["X-Cost-Estimated"]
        async with client.get(f"{url}/metrics") as response:
            metrics = await response.text()

    assert '"hasNext":true' in text
    assert f'"estimated":{float(estimated)}' in text
    assert 'cost_actual_count{result="COST_OK"} 1' in metrics
    assert 'cost_actual_sum{result="COST_OK"} 7' in metrics  # two posts, again with the key of their author, one author


async def test_an_operation_that_is_refused_for_its_cost_is_charged_the_least(tmp_path: Path) -> None:
    """To ask for too much is no way to ask without end."""
    limit = {"plan": {"rate": 3, "period_s": 3600}, "minimum": 1}
    settings = {"cost": {"mode": "enforce", "max": 9}, "rate_limit": limit}
    codes = []
    async with blog(tmp_path, **settings) as (client, url):
        for _ in range(5):
            async with client.post(f"{url}/graphql", json={"query": USERS}) as response:
                codes.append((await response.json())["errors"][0]["extensions"]["code"])

    assert codes[0] == "COST_ESTIMATED_TOO_EXPENSIVE"
    assert codes[-1] == "RATE_LIMIT_EXCEEDED"


def _costing(**config: Any) -> Any:
    gate = assemble(
        RouterConfig.model_validate(config),
        supergraph_of(*SHOP),
        given=Given(FakeTransport()),
    )
    return gate.router.costing


def test_costs_are_worked_out_for_who_minds_them() -> None:
    """Demand control, or a rate limit that is paid in costs; then clients are told by the rate limit alone."""
    plan = {"rate": 10}
    charged = _costing(rate_limit={"plan": plan})

    assert _costing() is None
    assert _costing(rate_limit={"plan": plan, "unit": "operation"}) is None
    assert charged.must_know
    assert not charged.settings.expose_headers
    assert not _costing(cost={}).must_know
    assert _costing(cost={"mode": "enforce", "max": 3}).must_know


def test_a_budget_for_an_unknown_subgraph_is_refused() -> None:
    """A misspelt one would limit nothing."""
    with pytest.raises(
        ConfigError, match=r'names the subgraph "bb", which the supergraph lacks \(did you mean "b"\?\)'
    ):
        _costing(cost={"subgraph": {"subgraphs": {"bb": {"max": 3}}}})


@pytest.mark.parametrize(
    ("section", "reason"),
    [
        ("{ mode: enforce }", "mode `enforce` needs a `max`, of operations or of subgraphs"),
        ("{ mode: strict }", 'the key "cost.mode" is wrong'),
        ("{ maximum: 3 }", 'unknown key "cost.maximum"'),
        ("{ max: -1 }", 'the key "cost.max" is wrong'),
        ("{ subgraph: { a: { max: 1 } } }", 'unknown key "cost.subgraph.a"'),
    ],
)
def test_a_section_that_says_nothing_useful_is_one_sentence(section: str, reason: str, tmp_path: Path) -> None:
    """With the key that is wrong."""
    file = tmp_path / "router.yaml"
    file.write_text(f"cost: {section}")

    with pytest.raises(ConfigError) as caught:
        load_config(file)

    assert reason in str(caught.value)
