"""The plugins of docs/router/plugins.md, served by a router that is configured as the page shows."""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from router.app import create_app
from router.config import ConfigSource
from router.errors import SubgraphFailure
from router.transport.base import SubgraphAnswer, SubgraphRequest
from tests.router.blog import Blog, supergraph_file
from tests.router.edge.served import KEY
from tests.router.security.tokens import AUDIENCE, ISSUER, KeyServer
from tests.router.serving import serving

PAGE = (Path(__file__).parents[3] / "docs" / "router" / "plugins.md").read_text()
FILES = dict(re.findall(r"```\w+ title=(\S+)\n(.*?)```", PAGE, re.DOTALL))


class Site:
    """The running router, with a subgraph that can be cut off."""

    def __init__(self) -> None:
        self.blog = Blog()
        self._inner = self.blog.transport()
        self.down: set[str] = set()
        self.client: aiohttp.ClientSession
        self.url = ""

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        if request.subgraph in self.down:
            raise SubgraphFailure(request.subgraph, "Down.")
        return await self._inner.send(request)

    def subscribe(self, request: SubgraphRequest) -> Any:
        return self._inner.subscribe(request)

    async def close(self) -> None:
        await self._inner.close()

    async def ask(self, query: str, **headers: str) -> dict[str, Any]:
        async with self.client.post(self.url, json={"query": query}, headers=headers) as response:
            body: dict[str, Any] = await response.json()
            return {"status": response.status, **body}


@pytest.fixture
async def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    supergraph_file(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    async with KeyServer(KEY).serving() as issuer:
        with (tmp_path / "router.yaml").open("a") as config:
            accepted = f"{{issuer: '{ISSUER}', audiences: [{AUDIENCE}], jwks_url: '{issuer.url}'}}"
            config.write(f"jwt: {{issuers: [{accepted}]}}\n")
        site = Site()
        app = create_app(ConfigSource(tmp_path / "router.yaml"), transport=site)
        async with serving(app) as address, aiohttp.ClientSession() as site.client:
            site.url = f"http://{address}/graphql"
            yield site
    for name in FILES:
        sys.modules.pop(name.removesuffix(".py"), None)


async def test_in_maintenance_nothing_is_written(site: Site, tmp_path: Path) -> None:
    """Mutations are refused with the plugin's code as long as the file is there; queries are not."""
    publish = 'mutation { publish(title: "New") { id } }'
    (tmp_path / "maintenance").touch()
    refused = await site.ask(publish)
    assert (refused["status"], refused["errors"][0]["extensions"]["code"]) == (503, "IN_MAINTENANCE")
    assert (await site.ask("{ hello }"))["data"] == {"hello": "Hello you"}
    assert "New" not in site.blog.titles

    (tmp_path / "maintenance").unlink()

    assert (await site.ask(publish))["data"] == {"publish": {"id": "New"}}


async def test_subgraphs_learn_the_tenant_from_the_token(site: Site) -> None:
    """A header that the client made up does not get through; a token without a tenant is refused."""
    token = KEY.token(tenant="acme")
    await site.ask("{ hello }", authorization=f"Bearer {token}", **{"x-tenant": "evil"})
    assert site.blog.headers[-1]["x-tenant"] == "acme"

    await site.ask("{ hello }", **{"x-tenant": "evil"})
    assert "x-tenant" not in site.blog.headers[-1]

    refused = await site.ask("{ hello }", authorization=f"Bearer {KEY.token()}")
    assert (refused["status"], refused["errors"][0]["extensions"]["code"]) == (403, "NO_TENANT")


async def test_the_last_good_answer_stands_in(site: Site) -> None:
    """What was asked before is answered from memory and called stale; what was not fails as ever."""
    fresh = await site.ask("{ posts(first: 1) { title } }")
    site.down.add("posts")

    stale = await site.ask("{ posts(first: 1) { title } }")
    failed = await site.ask("{ posts(first: 2) { title } }")

    assert "extensions" not in fresh
    assert stale == {**fresh, "extensions": {"stale": True}}
    assert failed["errors"][0]["message"] == "Down."
