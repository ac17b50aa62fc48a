"""docs/router/authentication.md and authorization.md: their settings are read, their functions serve, what they show is answered."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from router.app import create_app
from router.composition import Composed, SubgraphInput, compose
from router.config import ConfigSource, load_config
from router.transport import FakeTransport, SubgraphRequest
from tests.router.security.tokens import SigningKey
from tests.router.serving import serving

DOCS = Path(__file__).parents[3] / "docs" / "router"
KEY = SigningKey("k1")
SHOP = """
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9", import: ["@authenticated", "@policy"]
)
type Query { products: [Product!]! }
type Product { name: String  cost: Int @authenticated  margin: Int @policy(policies: [["accounting"]]) }
"""


def blocks(page: str) -> dict[str, str]:
    return dict(re.findall(r"```\w+ title=(\S+)\n(.*?)```", (DOCS / page).read_text(), re.DOTALL))


def shop(_: SubgraphRequest) -> dict[str, Any]:
    return {"data": {"products": [{"name": "Chair", "cost": 1, "margin": 2}]}}


class Site:
    """The router of the authorization page, and who asks it."""

    def __init__(self, url: str, client: aiohttp.ClientSession) -> None:
        self.url = url
        self.client = client

    async def ask(self, query: str, **claims: Any) -> dict[str, Any]:
        """The answer; with claims, to the bearer of a token that makes them."""
        token = KEY.token(iss="accounts", sid=claims.pop("sid", "s1"), **claims) if claims else None
        headers = {"authorization": f"Bearer {token}"} if token else {}
        async with self.client.post(self.url, json={"query": query}, headers=headers) as response:
            body: dict[str, Any] = await response.json()
            return body


@asynccontextmanager
async def site(folder: Path, config: str) -> AsyncIterator[Site]:
    outcome = compose([SubgraphInput("shop", SHOP, "http://shop.test")])
    assert isinstance(outcome, Composed), outcome
    (folder / "supergraph.graphql").write_text(outcome.sdl)
    (folder / "accounts.jwks.json").write_text(json.dumps({"keys": [KEY.jwk()]}))
    (folder / "router.yaml").write_text(config)
    app = create_app(ConfigSource(folder / "router.yaml"), transport=FakeTransport({"shop": shop}))
    async with serving(app) as address, aiohttp.ClientSession() as client:
        yield Site(f"http://{address}/graphql", client)


@pytest.fixture
async def authorized(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    shown = blocks("authorization.md")
    (tmp_path / "policies.py").write_text(shown["policies.py"])
    monkeypatch.syspath_prepend(tmp_path)
    async with site(tmp_path, shown["router.yaml"]) as each:
        yield each


async def test_the_answer_is_the_one_shown(authorized: Site) -> None:
    """The page's error is what an anonymous caller gets."""
    assert await authorized.ask("{ products { name cost } }") == json.loads(blocks("authorization.md")["answer.json"])


async def test_the_pages_policy_decides(authorized: Site) -> None:
    """Who has the entitlement sees the field."""
    assert "errors" not in await authorized.ask("{ products { margin } }", entitlements=["accounting"])
    refused = await authorized.ask("{ products { margin } }", entitlements=["gardening"])
    assert refused["data"] == {"products": [{"margin": None}]}
    assert refused["errors"][0]["extensions"]["reason"] == "forbidden"


async def test_the_pages_revocation_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redis_url: str) -> None:
    """Its settings are served as they are, but for where Redis is; the session that its function names is over."""
    shown = blocks("authentication.md")
    (tmp_path / "sessions.py").write_text(shown["sessions.py"])
    monkeypatch.syspath_prepend(tmp_path)
    settings = shown["revocation.yaml"].replace("redis://127.0.0.1:6379/0", redis_url)
    assert redis_url in settings
    async with site(tmp_path, settings) as each:
        async with each.client.get(each.url.replace("graphql", "ready")):
            pass
        while (body := await each.ask("{ products { cost } }", sub="ada")) and "data" not in body:
            assert body["errors"][0]["extensions"]["code"] == "AUTHENTICATION_UNAVAILABLE"  # the list is being read
        assert body["data"] == {"products": [{"cost": 1}]}
        body = await each.ask("{ products { cost } }", sid="9f2c", sub="ada")
        assert body["errors"][0]["message"] == "The access token was revoked: sign in again."


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("authentication.md", "router.yaml"),
        ("authentication.md", "revocation.yaml"),
        ("authorization.md", "router.yaml"),
    ],
)
def test_settings_are_read(tmp_path: Path, page: str, name: str) -> None:
    """Every key that a page shows is known."""
    file = tmp_path / name
    file.write_text(blocks(page)[name])
    assert load_config(file, {}).jwt is not None


def test_the_pages_name_every_setting() -> None:
    """No key of the sections is left out."""
    from router.config.authorization import AuthorizationSettings, DenialErrors
    from router.config.jwt import Issuer, JwtSettings, Revocation, RevokedInRedis

    told = (DOCS / "authentication.md").read_text()
    for section in (Issuer, JwtSettings, Revocation, RevokedInRedis):
        assert [name for name in section.model_fields if name not in told] == []
    told = (DOCS / "authorization.md").read_text()
    for other in (AuthorizationSettings, DenialErrors):
        assert [name for name in other.model_fields if name not in told] == []
