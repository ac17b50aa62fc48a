"""The whole application: wired from its configuration, over real HTTP to real subgraphs, and what it tells operators."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest

import router
from router.app import create_app
from router.config import (
    AuthorizationSettings,
    Cors,
    Issuer,
    JwtSettings,
    RouterConfig,
    SubgraphSettings,
    Timeouts,
    Traffic,
)
from router.errors import ConfigError
from tests.router.blog import Blog, supergraph_file
from tests.router.serving import serving
from tests.router.transport.subgraphs import certified, served

ANONYMOUS_ONLY = AuthorizationSettings(anonymous_only=True)


@pytest.fixture
def config(tmp_path: Path) -> RouterConfig:
    return RouterConfig(supergraph=supergraph_file(tmp_path), authorization=ANONYMOUS_ONLY)


async def get(url: str) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as client, client.get(url) as response:
        is_json = response.content_type == "application/json"
        return response.status, await (response.json() if is_json else response.text())


async def post(address: str, query: str, **options: Any) -> dict[str, Any]:
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"http://{address}/graphql", json={"query": query}, **options) as response,
    ):
        body: dict[str, Any] = await response.json()
        return body


async def test_subgraphs_are_reached_at_the_configured_urls(config: RouterConfig) -> None:
    """The configuration's URLs take the place of the supergraph's, and one query joins two servers."""
    async with served(Blog().apps()) as urls:
        overridden = {name: SubgraphSettings(url=url) for name, url in urls.items()}
        async with serving(create_app(config.model_copy(update={"subgraphs": overridden}))) as address:
            body = await post(address, "{ posts(first: 1) { title author { name } } }")

    assert body == {"data": {"posts": [{"title": "Hello", "author": {"name": "Ada"}}]}}


async def test_a_subgraph_that_is_down_fails_its_fields_alone(config: RouterConfig) -> None:
    """Nobody listens at the supergraph's own URLs here: the error names the subgraph, not the address."""
    blog = Blog()
    async with served(blog.apps()) as urls:
        overridden = {
            "posts": SubgraphSettings(url=urls["posts"]),
            "people": SubgraphSettings(url="http://127.0.0.1:9/"),
        }
        async with serving(create_app(config.model_copy(update={"subgraphs": overridden}))) as address:
            body = await post(address, "{ posts(first: 1) { title } broken }")

    assert body["data"] == {"posts": [{"title": "Hello"}], "broken": None}
    [error] = body["errors"]
    assert error["extensions"]["code"] == "DOWNSTREAM_SERVICE_ERROR"
    assert "people" in error["message"]
    assert "127.0.0.1" not in str(error)


async def test_without_an_issuer_protected_fields_stay_closed(config: RouterConfig) -> None:
    """A router without token settings denies what is protected, whatever token is sent."""
    async with serving(create_app(config, transport=Blog().transport())) as address:
        body = await post(address, "{ me { id } hello }", headers={"authorization": "Bearer anything"})

    assert body["data"] == {"me": None, "hello": "Hello you"}
    assert body["errors"][0]["extensions"]["code"] == "UNAUTHORIZED_FIELD_OR_TYPE"


async def test_operators_are_answered(config: RouterConfig) -> None:
    """/health and /ready say 200, /metrics speaks Prometheus."""
    async with serving(create_app(config, transport=Blog().transport())) as address:
        alive, health = await get(f"http://{address}/health")
        serves, ready = await get(f"http://{address}/ready")
        await post(address, "{ hello }")
        status, text = await get(f"http://{address}/metrics")

    assert (alive, health["status"]) == (200, "ok")
    assert (serves, ready["status"]) == (200, "ready")
    assert status == 200
    assert 'router_requests_total{outcome="ok"} 1.0' in text


async def test_the_transport_is_closed_with_the_application(config: RouterConfig) -> None:
    """Stopping the application closes its connections, also of a transport that it was given."""
    transport = router.transport.FakeTransport()
    async with serving(create_app(config, transport=transport)):
        assert not transport.closed
    assert transport.closed


async def test_browsers_of_configured_origins_may_call(config: RouterConfig) -> None:
    """A preflight of an allowed origin passes; another's does not, nor any without the setting."""

    async def allowed(config: RouterConfig, origin: str) -> str | None:
        headers = {"origin": origin, "access-control-request-method": "POST"}
        async with (
            serving(create_app(config, transport=Blog().transport())) as address,
            aiohttp.ClientSession() as client,
            client.options(f"http://{address}/graphql", headers=headers) as response,
        ):
            return response.headers.get("access-control-allow-origin")

    with_cors = config.model_copy(update={"cors": Cors(origins=("https://app.test",))})
    assert await allowed(with_cors, "https://app.test") == "https://app.test"
    assert await allowed(with_cors, "https://evil.test") is None
    assert await allowed(config, "https://app.test") is None


async def test_a_slow_subgraph_is_given_up_on(config: RouterConfig) -> None:
    """The configured timeout bounds each subgraph request."""

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    async with served({"people": slow}) as urls:
        impatient = {
            "subgraphs": {"people": SubgraphSettings(url=urls["people"])},
            "timeouts": Timeouts(subgraph_s=0.1),
        }
        async with serving(create_app(config.model_copy(update=impatient))) as address:
            body = await post(address, "{ broken }")

    assert body["data"] == {"broken": None}
    assert body["errors"][0]["extensions"]["code"] == "GATEWAY_TIMEOUT"


async def test_subgraphs_by_https_are_reached(config: RouterConfig, tmp_path: Path) -> None:
    """An authority of one's own vouches for them, if the configuration names its file; otherwise they are strangers."""
    (tmp_path / "ca.pem").write_bytes(certified().ca)
    async with served(Blog().apps(), http2=True) as urls:
        secure = config.model_copy(
            update={"subgraphs": {name: SubgraphSettings(url=url) for name, url in urls.items()}}
        )
        trusting = secure.model_copy(update={"traffic": Traffic(ca_file=tmp_path / "ca.pem", compressed_answers=True)})
        async with serving(create_app(trusting)) as address:
            assert await post(address, "{ posts { title } }") == {
                "data": {"posts": [{"title": "Hello"}, {"title": "World"}]}
            }
        async with serving(create_app(secure)) as address:
            body = await post(address, "{ posts { title } }")

    assert body["errors"][0]["extensions"]["code"] == "DOWNSTREAM_SERVICE_ERROR"


# ── what cannot be served ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_a_file_of_certificates_must_hold_some(config: RouterConfig, tmp_path: Path, content: bytes | None) -> None:
    """Told at start: otherwise every subgraph by https would seem to be away."""
    if content is not None:
        (tmp_path / "ca.pem").write_bytes(content)
    with pytest.raises(ConfigError, match=r"ca\.pem cannot be used"):
        create_app(config.model_copy(update={"traffic": Traffic(ca_file=tmp_path / "ca.pem")}))


def test_a_supergraph_must_be_set() -> None:
    """The sentence says where."""
    with pytest.raises(ConfigError, match="give one with --supergraph or the key `supergraph`"):
        create_app(RouterConfig())


def test_a_missing_supergraph_is_named(tmp_path: Path) -> None:
    """The sentence holds the path and what to do."""
    with pytest.raises(ConfigError, match=r"nowhere\.graphql does not exist: compose it first"):
        create_app(RouterConfig(supergraph=tmp_path / "nowhere.graphql"))


def test_a_schema_that_is_no_supergraph_is_named(tmp_path: Path) -> None:
    """The sentence holds the file and the reason."""
    file = tmp_path / "plain.graphql"
    file.write_text("type Query { a: Int }")
    with pytest.raises(ConfigError, match=r"plain\.graphql cannot be served: .*not a supergraph"):
        create_app(RouterConfig(supergraph=file))


def test_an_unknown_subgraph_is_named(config: RouterConfig) -> None:
    """A misspelt override would else be without effect."""
    override = {"subgraphs": {"peopel": SubgraphSettings(url="http://a.test")}}
    with pytest.raises(ConfigError, match=r'the subgraph "peopel".*did you mean "people".*it has people, posts'):
        create_app(config.model_copy(update=override))


def test_a_missing_key_file_is_named(config: RouterConfig, tmp_path: Path) -> None:
    """Better at start than at the first token."""
    jwt = JwtSettings(issuers=(Issuer(issuer="me", jwks_file=tmp_path / "keys.json"),))
    with pytest.raises(ConfigError, match=r"keys\.json of the issuer me does not exist"):
        create_app(config.model_copy(update={"jwt": jwt}))


# ── the public index ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_index_holds_what_it_names() -> None:
    """Every public name can be had from the package itself."""
    for name in router.__all__:
        assert callable(getattr(router, name)), name
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        router.nothing  # noqa: B018 - the look-up is the test
