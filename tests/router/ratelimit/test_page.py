"""docs/router/rate-limit.md, served by a router that is configured as the page shows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import aiohttp

from router.app import create_app
from router.config import load_config
from router.config.authorization import AuthorizationSettings
from router.config.rate_limit import RateLimitSettings
from tests.router.blog import Blog, supergraph_file
from tests.router.serving import serving

PAGE = (Path(__file__).parents[3] / "docs" / "router" / "rate-limit.md").read_text()
FILES = dict(re.findall(r"```\w+ title=(\S+)\n(.*?)```", PAGE, re.DOTALL))


async def test_the_answer_is_the_one_shown(tmp_path: Path, redis_url: str) -> None:
    """With the page's configuration, the page's operation is answered with the page's extension and headers."""
    supergraph_file(tmp_path)
    (tmp_path / "router.yaml").write_text(FILES["router.yaml"].replace("timeout_s: 0.05", "timeout_s: 5"))
    config = load_config(tmp_path / "router.yaml", {"REDIS_URL": redis_url})
    # What the tests' supergraph protects is no matter of this page.
    config = config.model_copy(update={"authorization": AuthorizationSettings(anonymous_only=True)})

    async with serving(create_app(config, transport=Blog().transport())) as address, aiohttp.ClientSession() as http:
        body = {"query": FILES["operation"]}
        async with http.post(f"http://{address}/graphql", json=body) as response:
            answer = await response.json()

    assert answer == json.loads(FILES["answer"])
    for line in FILES["headers"].splitlines():
        name, _, value = line.partition(": ")
        assert response.headers[name] == value


def test_every_setting_is_on_the_page() -> None:
    """None is left out of the example, but those that the text explains."""
    for name in RateLimitSettings.model_fields:
        assert re.search(rf"^  {name}:", FILES["router.yaml"], re.MULTILINE) or f"`{name}: " in PAGE, name
