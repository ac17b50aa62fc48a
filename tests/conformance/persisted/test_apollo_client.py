"""Apollo Client's own link for persisted operations before a running router: by hash, and by the ids of a generated manifest."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from router.app import create_app
from router.config import RouterConfig
from tests.conformance.npm import NODE, ensure_installed
from tests.router.blog import Blog, supergraph_file
from tests.router.serving import serving

FOLDER = Path(__file__).parent
USERS = [{"__typename": "User", "id": key, "name": name} for key, name in (("1", "Ada"), ("2", "Bo"))]
DATA = [{"hello": "Hello you"}, {"hello": "Hello me"}, {"users": USERS}]


@asynccontextmanager
async def router(folder: Path, **persisted: Any) -> AsyncIterator[str]:
    """The URL of a router with these settings."""
    settings = {
        "supergraph": supergraph_file(folder),
        "authorization": {"anonymous_only": True},
        "persisted_operations": persisted,
    }
    app = create_app(RouterConfig.model_validate(settings), transport=Blog().transport())
    async with serving(app) as address:
        yield f"http://{address}/graphql"


async def run(url: str, *arguments: str) -> dict[str, Any]:
    """What the client got, and what it sent."""
    await asyncio.to_thread(ensure_installed, FOLDER)
    process = await asyncio.create_subprocess_exec(
        str(NODE), "client.mjs", url, *arguments, cwd=FOLDER, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    told: dict[str, Any] = json.loads(output)
    return told


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_automatic_persisted_queries(tmp_path: Path, method: str) -> None:
    """It sends the hash alone, understands that it is not known, sends the text along once, and never again."""
    async with router(tmp_path) as url:
        first = await run(url, "hash", method)
        second = await run(url, "hash", method)

    assert first["results"] == second["results"] == DATA
    sent = [(request["method"], request["query"]) for request in first["requests"]]
    assert sent == [(method, False), ("POST", True), (method, False), (method, False), ("POST", True)]
    assert [(request["method"], request["query"]) for request in second["requests"]] == [(method, False)] * 3


async def test_it_stops_to_send_hashes_where_they_are_not_supported(tmp_path: Path) -> None:
    """Told so once, it sends texts for the rest of its session."""
    async with router(tmp_path, automatic={"enabled": False}) as url:
        told = await run(url, "hash", "POST")

    assert told["results"] == DATA
    assert [(request["query"], request["id"] is None) for request in told["requests"]] == [
        (False, False),
        (True, True),
        (True, True),
        (True, True),
    ]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_manifest_of_the_real_generator(tmp_path: Path, method: str) -> None:
    """`manifest.json` was written by @apollo/generate-persisted-query-manifest 1.4.0 from operations/: its ids are all that is sent."""
    manifest = FOLDER / "manifest.json"
    async with router(tmp_path, manifests=[manifest], safelist="required", require_id=True) as url:
        told = await run(url, "id", method)

    ids = {operation["name"]: operation["id"] for operation in json.loads(manifest.read_text())["operations"]}
    assert told["results"] == DATA
    assert told["requests"] == [
        {"method": method, "query": False, "id": ids[name]} for name in ("Hello", "Hello", "Users")
    ]
