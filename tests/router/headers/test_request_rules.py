"""What goes along to subgraphs: each kind of rule, their order, and what no rule can send."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from router.config.headers import HeaderSettings
from router.exchange import Client, ClientRequest
from router.headers import RequestHeaders
from router.security.caller import Caller
from router.transport.headers import headers_to

SENT = {
    "authorization": "Bearer t",
    "x-request-id": "chosen by the client",
    "x-tenant": "acme",
    "x-tenant-tier": "gold",
    "cookie": "a=1",
    "host": "api.test",
    "content-length": "3",
    "connection": "keep-alive",
    "accept-encoding": "gzip",
}


def sent(rules: dict[str, Any] | None, subgraph: str = "fleet", **request: Any) -> dict[str, str]:
    """What a subgraph gets of a request with SENT."""
    settings = HeaderSettings.model_validate(rules or {})
    asked = ClientRequest("{ a }", headers=SENT, request_id="r1", **request)
    return dict(headers_to(subgraph, RequestHeaders(settings).of(asked)))


def for_all(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"all": {"request": list(rules)}}


def test_by_default_the_token_and_the_requests_id_go_along() -> None:
    """The id is the router's, which is the client's own where that is acceptable."""
    assert sent(None) == {"authorization": "Bearer t", "x-request-id": "r1"}


def test_rules_take_the_place_of_the_default() -> None:
    """Who lists rules for requests lists all of them; rules for answers leave the default as it is."""
    assert sent(for_all()) == {}
    assert sent({"all": {"response": [{"propagate": {"named": "x-a"}}]}}) == sent(None)


def test_headers_are_chosen_by_name() -> None:
    """One or several; what the client did not send is not sent, and names are found in any case."""
    assert sent(for_all({"propagate": {"named": "X-Tenant"}})) == {"x-tenant": "acme"}
    assert sent(for_all({"propagate": {"named": ["x-tenant", "x-nobody"]}})) == {"x-tenant": "acme"}


def test_a_header_can_have_another_name_and_a_default() -> None:
    """A default stands in for what the client did not send."""
    renamed = {"propagate": {"named": "x-tenant", "rename": "x-customer", "default": "none"}}
    missing = {"propagate": {"named": "x-region", "default": "eu"}}

    assert sent(for_all(renamed, missing)) == {"x-customer": "acme", "x-region": "eu"}


def test_headers_are_chosen_by_an_expression() -> None:
    """All whose name matches, but never those of the client's own connection and body."""
    assert sent(for_all({"propagate": {"matching": "^x-tenant"}})) == {"x-tenant": "acme", "x-tenant-tier": "gold"}
    assert sent(for_all({"propagate": {"matching": "."}})) == {
        "authorization": "Bearer t",
        "x-tenant": "acme",
        "x-tenant-tier": "gold",
        "cookie": "a=1",
        "x-request-id": "r1",
    }


def test_a_constant_is_inserted() -> None:
    """A later rule replaces what an earlier one set."""
    assert sent(for_all({"insert": {"name": "x-a", "value": "1"}}, {"insert": {"name": "x-a", "value": "2"}})) == {
        "x-a": "2"
    }


@pytest.mark.parametrize(
    ("claim", "header"),
    [
        ("ann", "ann"),
        (7, "7"),
        (True, "true"),
        (["a", "b"], '["a","b"]'),
        ("Zoë", "Zoë".encode().decode("latin-1")),
        ("\ud800", "?"),
        (None, None),
        ("two\r\nlines", None),
        ("nul\0", None),
    ],
)
def test_a_claim_is_inserted(claim: object, header: str | None) -> None:
    """Text as it is, anything else as JSON; what would be more than one line is not sent."""
    caller = Caller(authenticated=True, claims={"sub": claim})
    told = sent(for_all({"insert": {"name": "x-user", "from_claim": "sub"}}), caller=caller)

    assert told.get("x-user") == header


def test_nobody_can_pretend_a_claim() -> None:
    """A caller without the claim cannot send the header in its place, even where another rule lets it through."""
    rules = for_all({"propagate": {"matching": "^x-"}}, {"insert": {"name": "x-tenant", "from_claim": "tenant"}})

    assert "x-tenant" not in sent(rules)


def test_what_a_plugin_left_is_inserted() -> None:
    """By its key in the request's context; where there is nothing, nothing is sent."""
    rules = for_all({"insert": {"name": "x-flag", "from_context": "flag"}})

    assert sent(rules, context={"flag": "on"}) == {"x-flag": "on"}
    assert sent(rules) == {}


def test_where_the_client_calls_from_is_inserted() -> None:
    """The address that the router knows, whatever the client sends by that name; where it knows none, nothing is sent."""
    rules = for_all({"propagate": {"matching": "^x-"}}, {"insert": {"name": "x-tenant", "from_client": "address"}})

    assert sent(rules, client=Client("203.0.113.7"))["x-tenant"] == "203.0.113.7"
    assert "x-tenant" not in sent(rules)


def test_headers_are_removed() -> None:
    """By name or expression, of what the rules before have set."""
    everything = {"propagate": {"matching": "."}}

    assert sent(for_all(everything, {"remove": {"matching": "tenant|request"}})) == {
        "authorization": "Bearer t",
        "cookie": "a=1",
    }
    assert sent(for_all({"remove": {"named": "x-tenant"}}, {"propagate": {"named": "x-tenant"}})) == {
        "x-tenant": "acme"
    }


def test_a_subgraph_has_rules_of_its_own() -> None:
    """They come after those for all; other subgraphs know nothing of them."""
    rules = {
        "all": {"request": [{"propagate": {"named": ["authorization", "x-tenant"]}}]},
        "subgraphs": {"fleet": {"request": [{"remove": {"named": "authorization"}}]}},
    }

    assert sent(rules) == {"x-tenant": "acme"}
    assert sent(rules, "port") == {"authorization": "Bearer t", "x-tenant": "acme"}


def test_what_differs_between_subgraphs_is_worked_out_once() -> None:
    """Each subgraph's headers are made when it is first asked, and are the same object afterwards."""
    settings = HeaderSettings.model_validate(
        {"subgraphs": {"fleet": {"request": [{"insert": {"name": "x-a", "value": "1"}}]}}}
    )
    headers = RequestHeaders(settings).of(ClientRequest("{ a }", headers=SENT))

    assert headers_to("fleet", headers) is headers_to("fleet", headers)


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"propagate": {}},
        {"propagate": {"named": "a", "matching": "b"}},
        {"propagate": {"named": "a"}, "remove": {"named": "a"}},
        {"propagate": {"named": ["a", "b"], "rename": "c"}},
        {"propagate": {"matching": "a", "default": "c"}},
        {"propagate": {"named": "Content-Length"}},
        {"propagate": {"named": "sec-websocket-key"}},
        {"propagate": {"named": "a", "rename": "host"}},
        {"propagate": {"named": "a b"}},
        {"propagate": {"matching": "("}},
        {"insert": {"name": "a"}},
        {"insert": {"name": "a", "value": "1", "from_claim": "sub"}},
        {"insert": {"name": "a", "from_client": "name"}},
        {"insert": {"name": "a", "from_claim": "sub", "from_client": "address"}},
        {"insert": {"name": "a", "value": "1\r\nx: y"}},
        {"insert": {"name": "a", "value": "日本"}},
        {"insert": {"name": "transfer-encoding", "value": "chunked"}},
    ],
)
def test_rules_that_mean_nothing_are_refused(rule: dict[str, Any]) -> None:
    """When the configuration is read, not when the first request comes."""
    with pytest.raises(ValidationError):
        HeaderSettings.model_validate(for_all(rule))
