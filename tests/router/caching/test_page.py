"""docs/router/cache.md, served by a router that is configured as the page shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import aiohttp

from router.app import create_app
from router.config import load_config
from router.config.authorization import AuthorizationSettings
from router.config.cache import CachedSubgraph, CacheSettings, InvalidationSettings
from tests.router.blog import Blog, supergraph_file
from tests.router.caching import world as graph
from tests.router.serving import serving

PAGE = (Path(__file__).parents[3] / "docs" / "router" / "cache.md").read_text()
FILES = dict(re.findall(r"```\w+ title=(\S+)\n(.*?)```", PAGE, re.DOTALL))
SECRET = "a secret of operators"


async def test_what_is_shown_is_what_happens(tmp_path: Path, redis_url: str) -> None:
    """With the page's configuration answers are kept and told as it says, and both ways of invalidation work."""
    supergraph_file(tmp_path)
    text = FILES["router.yaml"].replace("timeout_s: 0.15", "timeout_s: 5")
    (tmp_path / "router.yaml").write_text(text)
    config = load_config(tmp_path / "router.yaml", {"REDIS_URL": redis_url, "CACHE_SECRET": SECRET})
    # What the tests' supergraph protects is no matter of this page.
    config = config.model_copy(update={"authorization": AuthorizationSettings(anonymous_only=True)})
    blog = Blog()
    program: dict[str, Any] = {}
    exec(FILES["subgraph.py"], program)

    async with serving(create_app(config, transport=blog.transport())) as address, aiohttp.ClientSession() as http:

        async def ask() -> str:
            async with http.post(f"http://{address}/graphql", json={"query": "{ posts { title } }"}) as response:
                assert (await response.json())["data"] == {"posts": [{"title": "Hello"}, {"title": "World"}]}
                return f"cache-control: {response.headers['cache-control']}\n"

        async def kept() -> None:
            """Wait for what is written in the background."""
            asked = len(blog.requests)
            while await ask() and len(blog.requests) > asked:
                asked = len(blog.requests)

        assert await ask() == FILES["header"]
        await kept()
        asked = len(blog.requests)
        await program["renamed"]("1", redis_url)
        await ask()
        assert len(blog.requests) == asked + 1

        await kept()
        asked = len(blog.requests)
        headers = {"authorization": SECRET, "content-type": "application/json"}
        url = f"http://{address}/cache/invalidate"
        async with http.post(url, data=FILES["body"], headers=headers) as response:
            assert (response.status, await response.json()) == (202, {"count": 4})
        await ask()
        assert len(blog.requests) == asked + 1


def test_the_schema_composes() -> None:
    """As a subgraph of federation 2.12."""
    sdl = graph.supergraph_sdl(FILES["schema"], "type Query { a: Int }")
    assert sdl.count('name: "federation__cacheTag"') == 2


def test_every_setting_is_on_the_page() -> None:
    """In the example, or in the text."""
    for settings in (CacheSettings, CachedSubgraph, InvalidationSettings):
        for name in settings.model_fields:
            assert re.search(rf"\b{name}:", FILES["router.yaml"]) or f".{name}`" in PAGE or f"`{name}: " in PAGE, name
