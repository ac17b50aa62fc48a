"""docs/router/persisted-operations.md, served by a router that is configured as the page shows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp

from router import errors
from router.app import create_app
from router.config import load_config
from router.config.authorization import AuthorizationSettings
from router.config.persisted import PersistedSettings
from tests.router.blog import Blog, supergraph_file
from tests.router.serving import serving

PAGE = (Path(__file__).parents[3] / "docs" / "router" / "persisted-operations.md").read_text()
FILES: Mapping[str, str] = dict(re.findall(r"```\w+ title=(\S+)\n(.*?)```", PAGE, re.DOTALL))


async def test_the_conversation_is_the_one_shown(tmp_path: Path) -> None:
    """The hash is not known at first, then it is; the id of the page's manifest is from the beginning."""
    for name in ("router.yaml", "manifest.json"):
        (tmp_path / name).write_text(FILES[name])
    supergraph_file(tmp_path)
    config = load_config(tmp_path / "router.yaml", {})
    # What the tests' supergraph protects is no matter of this page.
    config = config.model_copy(update={"authorization": AuthorizationSettings(anonymous_only=True)})
    by_hash, by_id = json.loads(FILES["by-hash"]), json.loads(FILES["by-id"])

    async with serving(create_app(config, transport=Blog().transport())) as address, aiohttp.ClientSession() as http:

        async def ask(body: dict[str, Any]) -> Any:
            async with http.post(f"http://{address}/graphql", json=body) as response:
                return await response.json()

        assert await ask(by_hash) == json.loads(FILES["not-found"])
        await ask({"query": "query Hello { hello }", **by_hash})
        assert await ask(by_hash) == await ask(by_id) == {"data": {"hello": "Hello you"}}


def test_every_setting_and_code_is_on_the_page() -> None:
    """None is left out."""
    for name in PersistedSettings.model_fields:
        assert re.search(rf"^  {name}:", FILES["router.yaml"], re.MULTILINE), name
    tree = errors.__doc__ or ""
    codes = re.findall(r"\b(?:PERSISTED_QUERY|QUERY_NOT_IN|CANNOT_SEND_PQ)\w+", tree)
    assert len(codes) == 7
    for code in codes:
        assert f"`{code}`" in PAGE, code
