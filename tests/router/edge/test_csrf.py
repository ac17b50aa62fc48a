"""Which requests a page of another site could have sent, and that the router refuses those before anything runs."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from router.config import CsrfSettings, RouterConfig
from router.edge.csrf import needs_preflight, refuse_forgeries
from router.errors import CsrfSuspected
from tests.router.edge.served import Served

REQUIRED = CsrfSettings().required_headers
PUBLISH = {"query": 'mutation { publish(title: "x") { id } }'}


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        (None, False),
        ("", False),
        ("text/plain", False),
        ("TEXT/PLAIN; charset=utf-8", False),
        ("application/x-www-form-urlencoded", False),
        ("multipart/form-data; boundary=x", False),
        ("text/plain;application/json", False),
        ("json", False),
        ("application/json", True),
        ("application/graphql-response+json; charset=utf-8", True),
    ],
)
def test_content_types_of_forms_need_no_preflight(content_type: str | None, expected: bool) -> None:
    """Those, and what a browser takes for no media type at all."""
    assert needs_preflight(content_type) is expected


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"apollo-require-preflight": ""},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.test", "cookie": "session=1"},
    ],
)
def test_what_any_page_can_send_is_refused(method: str, headers: dict[str, str]) -> None:
    """The refusal names the way out."""
    with pytest.raises(CsrfSuspected, match="content-type: application/json, or the header apollo-require-preflight"):
        refuse_forgeries(method, headers, REQUIRED)


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"apollo-require-preflight": "1"}),
        ("GET", {"x-apollo-operation-name": "Hello"}),
        ("GET", {"content-type": "application/json"}),
        ("GET", {"sec-fetch-site": "same-origin"}),
        ("GET", {"sec-fetch-site": "none"}),
        ("POST", {"content-type": "application/json"}),
        ("POST", {"content-type": "text/plain", "apollo-require-preflight": "true"}),
        ("PUT", {}),
        ("DELETE", {}),
    ],
)
def test_what_only_an_admitted_page_can_send_passes(method: str, headers: dict[str, str]) -> None:
    """A header that needs a preflight, a method that does, or the browser's own word that no other site is at work."""
    refuse_forgeries(method, headers, REQUIRED)


@pytest.mark.parametrize(
    "request_",
    [
        {"method": "GET", "params": {"query": "{ hello }"}},
        {"method": "POST", "data": PUBLISH},
        {
            "method": "POST",
            "data": '{"query": "mutation { publish(title: 1) }"}',
            "headers": {"content-type": "text/plain"},
        },
    ],
)
async def test_the_router_refuses_forgeries(served: Served, request_: dict[str, Any]) -> None:
    """A link, a form and a form that pretends to be JSON: 400, and no subgraph hears of it."""
    async with served.client.request(url=served.url, **request_) as response:
        body = await response.json()

    assert response.status == 400
    assert body["errors"][0]["extensions"]["code"] == "CSRF_PREVENTION_FAILED"
    assert served.blog.requests == []


class TestOff:
    """Where no browser reaches the router."""

    @pytest.fixture
    def config(self, config: RouterConfig) -> RouterConfig:
        return config.model_copy(update={"csrf": CsrfSettings(enabled=False)})

    async def test_a_bare_get_is_answered(self, served: Served) -> None:
        """Nothing has to be shown then."""
        async with served.client.get(served.url, params={"query": "{ hello }"}) as response:
            assert await response.json() == {"data": {"hello": "Hello you"}}


class TestOtherHeaders:
    """Headers that an operator names."""

    @pytest.fixture
    def config(self, config: RouterConfig) -> RouterConfig:
        return config.model_copy(update={"csrf": CsrfSettings(required_headers=("X-Ours",))})

    async def test_they_take_the_place_of_the_defaults(self, served: Served) -> None:
        """Their case does not matter."""
        for header, status in {"x-ours": 200, "apollo-require-preflight": 400}.items():
            async with served.client.get(served.url, params={"query": "{ hello }"}, headers={header: "1"}) as response:
                assert response.status == status


@pytest.mark.parametrize("name", ["Accept", "content-type", "cookie", "Origin", "sec-fetch-mode", "authorization"])
def test_a_header_that_any_page_sends_shows_nothing(name: str) -> None:
    """To require one would let every forgery pass, so it is refused at the start."""
    with pytest.raises(ValidationError, match=f'names "{name.lower()}", which browsers send for any page'):
        CsrfSettings(required_headers=("x-csrf", name))
