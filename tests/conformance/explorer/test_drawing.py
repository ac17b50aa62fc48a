"""The page's own code asks a running router for plans, and draws them."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from router.app import create_app
from router.config import ExplorerSettings, RouterConfig
from router.config.authorization import AuthorizationSettings
from router.edge.explorer.assets import FOLDER
from tests.conformance.npm import NODE, ensure_installed
from tests.router.blog import Blog, supergraph_file
from tests.router.serving import serving

SOURCE = FOLDER.parent / "source"
SCRIPT = Path(__file__).parent / "draw.mjs"


@pytest.fixture
async def endpoint(tmp_path: Path) -> AsyncIterator[str]:
    """A router that shows its plans."""
    config = RouterConfig(
        supergraph=supergraph_file(tmp_path),
        authorization=AuthorizationSettings(anonymous_only=True),
        explorer=ExplorerSettings(query_plans=True),
    )
    async with serving(create_app(config, transport=Blog().transport())) as address:
        yield f"http://{address}/graphql"


async def drawn(endpoint: str, query: str, **editors: str) -> dict[str, Any]:
    """What the page shows for this operation and these variables and headers."""
    await asyncio.to_thread(ensure_installed, SOURCE)
    process = await asyncio.create_subprocess_exec(
        str(NODE),
        str(SCRIPT),
        str(SOURCE),
        endpoint,
        json.dumps({"query": query, **editors}),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    shown: dict[str, Any] = json.loads(output)
    return shown


def outline(html: str) -> str:
    """The drawing with its lists as brackets: [ ] in sequence, { } in parallel."""
    html = re.sub(r"<pre>.*?</pre>", "", html, flags=re.DOTALL)
    for pattern, sign in {
        r"<ol[^>]*>": "[",
        "</ol>": "]",
        r"<ul[^>]*>": "{",
        "</ul>": "}",
        "</li><li[^>]*>": ";",
    }.items():
        html = re.sub(pattern, f" {sign} ", html)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


async def test_sequence_and_parallel_are_drawn(endpoint: str) -> None:
    """Which subgraph is asked for what, and what that is estimated to cost."""
    shown = await drawn(endpoint, "query Page { hello posts(first: 3) { title author { name } } }")

    assert outline(shown["drawing"]) == "[ { people query hello ; posts query posts } ; people User at posts[].author ]"
    assert outline(shown["costs"]) == "Estimated cost 30 { posts 20 ; people 10 }"
    assert "query Page__posts" in shown["drawing"]


async def test_a_subscription_is_drawn(endpoint: str) -> None:
    """By what happens for each event."""
    shown = await drawn(endpoint, "subscription { published { title author { name } } }")

    assert (
        outline(shown["drawing"]) == "for each event [ posts subscription published ; people User at published.author ]"
    )


async def test_a_deferred_part_is_drawn_apart(endpoint: str) -> None:
    """What comes at once, and what comes later, under its label."""
    shown = await drawn(endpoint, '{ posts(first: 3) { title ... @defer(label: "who") { author { name } } } }')

    assert outline(shown["drawing"]).startswith("at once posts query posts later · who")
    assert "people" in outline(shown["drawing"])


async def test_what_the_router_answers_itself_says_so(endpoint: str) -> None:
    """No subgraph is asked for the schema."""
    shown = await drawn(endpoint, "{ __typename }")

    assert outline(shown["drawing"]) == "No subgraph is asked: the router answers this by itself."


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ nope }", "Cannot query field 'nope' on type 'Query'."),
        ("{ hello", "The operation does not parse yet."),
    ],
)
async def test_without_a_plan_there_is_a_message(endpoint: str, query: str, expected: str) -> None:
    """The router's own, or that the operation is not finished."""
    assert await drawn(endpoint, query) == {"message": expected}


async def test_the_editors_of_variables_and_headers_count(endpoint: str) -> None:
    """Half-written ones count as empty; a header reaches the router."""
    query = "query ($n: Int!) { posts(first: $n) { title } }"

    assert "$n" in (await drawn(endpoint, query, variables='{"n": '))["message"]
    assert "drawing" in await drawn(endpoint, query, variables='{"n": 1}')
    as_a_form = json.dumps({"content-type": "text/plain"})
    assert "could have sent this request" in (await drawn(endpoint, query, headers=as_a_form))["message"]
