"""Which pages of other origins may call the router from a browser."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError

from router.config import Cors, CorsPolicy, RouterConfig
from router.edge.cors import CorsGuard
from router.security.origins import Origins
from tests.router.edge.served import Served

APP = "https://app.test"


async def preflight(served: Served, origin: str, **headers: str) -> tuple[int, dict[str, str]]:
    """Status and headers of what a browser asks first."""
    asked = {"origin": origin, "access-control-request-method": "POST", **headers}
    async with served.client.options(served.url, headers=asked) as response:
        return response.status, {name.lower(): value for name, value in response.headers.items()}


async def call(served: Served, origin: str | None) -> dict[str, str]:
    """Headers of an operation's answer to a page."""
    headers = {} if origin is None else {"origin": origin}
    async with served.client.post(served.url, json={"query": "{ hello }"}, headers=headers) as response:
        assert await response.json() == {"data": {"hello": "Hello you"}}
        return {name.lower(): ", ".join(response.headers.getall(name)) for name in response.headers}


def with_cors(config: RouterConfig, **settings: Any) -> RouterConfig:
    """The configuration with a `cors` section."""
    return config.model_copy(update={"cors": Cors(**settings)})


async def test_without_the_section_nothing_is_allowed(served: Served) -> None:
    """No header of CORS appears, so a browser keeps the answer from the page."""
    status, headers = await preflight(served, APP)

    assert status == 204
    assert not any(name.startswith("access-control") for name in {**headers, **await call(served, APP)})


class TestOneOrigin:
    """`cors: {origins: [https://app.test]}`."""

    @pytest.fixture
    def config(self, config: RouterConfig) -> RouterConfig:
        return with_cors(config, origins=(APP,))

    async def test_its_pages_may_call(self, served: Served) -> None:
        """They may set the headers that they ask for, and read the request's id."""
        status, asked = await preflight(served, APP, **{"access-control-request-headers": "content-type,authorization"})
        answered = await call(served, APP)

        assert status == 204
        assert asked["access-control-allow-origin"] == answered["access-control-allow-origin"] == APP
        assert asked["access-control-allow-methods"] == "GET, POST"
        assert asked["access-control-allow-headers"] == "content-type,authorization"
        assert asked["access-control-max-age"] == "600"
        assert "x-request-id" in answered["access-control-expose-headers"]
        assert "access-control-allow-credentials" not in {**asked, **answered}

    async def test_pages_of_others_may_not(self, served: Served) -> None:
        """Not even nearly the same origin; and a cache must not hand an answer of one to another."""
        for origin in ("https://evil.test", "http://app.test", "https://app.test.evil.test", "null"):
            _, asked = await preflight(served, origin)
            answered = await call(served, origin)
            assert not any(name.startswith("access-control") for name in {**asked, **answered})
            assert "origin" in asked["vary"]
            assert "origin" in answered["vary"]

    async def test_what_no_browser_sends_is_answered_as_ever(self, served: Served) -> None:
        """Without an origin there is nothing to allow."""
        headers = await call(served, None)

        assert "access-control-allow-origin" not in headers
        assert "origin" in headers["vary"]

    async def test_refusals_can_be_read_too(self, served: Served) -> None:
        """A page that sees no more than a failed request could not tell its user why."""
        async with served.client.post(served.url, data=b"{", headers={"origin": APP}) as response:
            assert response.status == 415
            assert response.headers["access-control-allow-origin"] == APP


class TestEveryOrigin:
    """`cors: {origins: ["*"]}`."""

    @pytest.fixture
    def config(self, config: RouterConfig) -> RouterConfig:
        return with_cors(config, origins=("*",), max_age_s=5, headers=("content-type",), expose_headers=())

    async def test_any_page_may_call_without_credentials(self, served: Served) -> None:
        """The star itself is sent; only what is named may be set and read."""
        _, asked = await preflight(served, "https://anybody.test", **{"access-control-request-headers": "x-other"})
        answered = await call(served, "null")

        assert asked["access-control-allow-origin"] == answered["access-control-allow-origin"] == "*"
        assert asked["access-control-allow-headers"] == "content-type"
        assert asked["access-control-max-age"] == "5"
        assert "access-control-expose-headers" not in answered


class TestPolicies:
    """A policy for some origins, and one for the rest."""

    @pytest.fixture
    def config(self, config: RouterConfig) -> RouterConfig:
        inside = CorsPolicy(
            match_origins=(r"https://[a-z]+\.inside\.test",), credentials=True, private_network=True, methods=("POST",)
        )
        return with_cors(config, origins=("*",), policies=(inside,))

    async def test_the_first_that_admits_an_origin_counts(self, served: Served) -> None:
        """With credentials the origin is named, never the star."""
        wants = {"access-control-request-private-network": "true"}
        _, inside = await preflight(served, "https://app.inside.test", **wants)
        _, outside = await preflight(served, "https://app.outside.test", **wants)

        assert inside["access-control-allow-origin"] == "https://app.inside.test"
        assert inside["access-control-allow-credentials"] == "true"
        assert inside["access-control-allow-private-network"] == "true"
        assert inside["access-control-allow-methods"] == "POST"
        assert outside["access-control-allow-origin"] == "*"
        assert not {"access-control-allow-credentials", "access-control-allow-private-network"} & outside.keys()
        assert (await call(served, "https://app.inside.test"))["access-control-allow-credentials"] == "true"


def test_an_expression_has_to_match_the_whole_origin() -> None:
    """One that forgets its anchors lets in no more for that."""
    rules = Origins(Cors(match_origins=(r"https://app\.test",)))

    assert rules.policy_of("https://app.test") is not None
    assert rules.policy_of("https://app.test.evil.test") is None
    assert rules.policy_of("https://evil.test/?https://app.test") is None


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "admits nobody"),
        ({"origins": ["https://app.test/"]}, "without a path"),
        ({"origins": ["app.test"]}, "scheme, host and port"),
        ({"match_origins": ["("]}, "no regular expression"),
        ({"origins": ["*"], "credentials": True}, "cannot let every origin send credentials"),
        ({"policies": [{"origins": ["*"], "credentials": True}]}, "cannot let every origin send credentials"),
        ({"origins": ["null"], "credentials": True}, "any page can take on"),
        ({"match_origins": [".*"], "credentials": True}, "admits any origin by"),
        ({"match_origins": ["https?://.+"], "credentials": True}, "admits any origin by"),
        ({"match_origins": [r"https://app\.test|null"], "credentials": True}, "admits any origin by"),
    ],
)
def test_a_wrong_section_says_what_is_wrong(settings: dict[str, Any], message: str) -> None:
    """Each with its sentence, at start."""
    with pytest.raises(ValidationError, match=message):
        Cors.model_validate(settings)


def test_cookies_belong_to_origins_that_may_use_them() -> None:
    """What a socket asks, whose handshake no preflight goes before."""
    origins = Origins(
        Cors(origins=("https://app.test",), policies=(CorsPolicy(origins=("https://in.test",), credentials=True),))
    )

    assert "https://in.test" in origins
    assert "https://app.test" not in origins
    assert "https://evil.test" not in origins


async def test_a_reload_changes_who_may_call() -> None:
    """The settings of the gate that serves now are the ones that count."""
    gate = SimpleNamespace(config=RouterConfig(cors=Cors(origins=(APP,))))
    serving = SimpleNamespace(gate=gate)
    said: list[Any] = []

    async def answering(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def hear(message: Any) -> None:
        said.append(dict(message["headers"]))

    guard = CorsGuard(answering, serving)  # type: ignore[arg-type]  # all that it looks at
    scope = {"type": "http", "method": "POST", "headers": [(b"origin", APP.encode())]}
    await guard(scope, None, hear)  # type: ignore[arg-type]  # nothing is received
    serving.gate = SimpleNamespace(config=RouterConfig(cors=Cors(origins=("https://new.test",))))
    await guard(scope, None, hear)  # type: ignore[arg-type]  # as above
    serving.gate = SimpleNamespace(config=RouterConfig())
    await guard(scope, None, hear)  # type: ignore[arg-type]  # as above

    allowed = b"access-control-allow-origin"
    assert [headers.get(allowed) for headers in said] == [APP.encode(), None, None]
