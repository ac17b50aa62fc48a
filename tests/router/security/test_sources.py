"""Where tokens are found: headers with and without prefixes, cookies, and what a socket says first."""

from __future__ import annotations

from typing import Any

import pytest

from router.config import Issuer, JwtSettings
from router.errors import Unauthenticated
from router.security.sources import TokenSources


def sources(*places: dict[str, Any], origins: tuple[str, ...] = (), **settings: Any) -> TokenSources:
    issuer = Issuer(issuer="i", jwks_url="https://i.test/keys")
    given = {"sources": places} if places else {}
    read = JwtSettings.model_validate({"issuers": (issuer,), **given, **settings})
    return TokenSources(read.sources, lenient=read.ignore_other_prefixes, origins=origins)


@pytest.mark.parametrize("value", ["Bearer abc", "bearer abc", "  BEARER   abc "])
def test_a_bearer_header_carries_a_token(value: str) -> None:
    """The scheme is told in any case (RFC 9110, section 11.1); spaces around the token are not part of it."""
    assert sources().find({"authorization": value}) == "abc"


def test_nothing_is_found_where_nothing_is() -> None:
    """A request without the header carries no token."""
    assert sources().find({"x-api-key": "abc"}) is None


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer ", "Basic dXNlcg==", "Bearer two words", "abc"])
def test_a_malformed_header_is_refused(value: str) -> None:
    """Anything but `Bearer <token>` is refused in words that say how it reads."""
    with pytest.raises(Unauthenticated, match="The Authorization header must read `Bearer <token>`"):
        sources().find({"authorization": value})


def test_other_prefixes_can_be_ignored() -> None:
    """With `ignore_other_prefixes`, Basic credentials are no token; a Bearer without one is still refused."""
    found = sources(ignore_other_prefixes=True)

    assert found.find({"authorization": "Basic dXNlcg=="}) is None
    with pytest.raises(Unauthenticated, match="must read"):
        found.find({"authorization": "Bearer"})


def test_places_are_searched_in_order() -> None:
    """Of several places the first that has a token counts; one with a prefix of its own, one without, one cookie."""
    found = sources(
        {"header": "X-Api-Token", "prefix": ""}, {"header": "authorization", "prefix": "Token"}, {"cookie": "session"}
    )

    cookies = "theme=dark; session=c ; other=d"
    assert found.find({"cookie": cookies}) == "c"
    assert found.find({"authorization": "Token b", "cookie": cookies}) == "b"
    assert found.find({"x-api-token": "a", "authorization": "Token b"}) == "a"
    assert found.find({"cookie": "theme=dark; session="}) is None
    with pytest.raises(Unauthenticated, match="The X-Api-Token header must read `<token>`"):
        found.find({"x-api-token": "two words"})


def test_a_cookie_that_comes_twice_is_refused() -> None:
    """A neighbouring host may have slipped in one of two cookies of a name: neither is believed."""
    found = sources({"cookie": "session"})

    assert found.find({"cookie": "session=a; session=a"}) == "a"
    with pytest.raises(Unauthenticated, match="The cookie session comes twice"):
        found.find({"cookie": "session=a; session=b"})


@pytest.mark.parametrize(
    "payload", [{"Authorization": "Bearer new"}, {"authorization": "new"}, {"AUTHORIZATION": " new "}]
)
def test_a_sockets_payload_takes_the_headers_place(payload: dict[str, Any]) -> None:
    """A member named like the header counts before the handshake's, with or without the prefix."""
    found = sources()
    headers = found.with_payload(payload, {"authorization": "Bearer old", "x-request-id": "1"})

    assert headers == {"authorization": "Bearer new", "x-request-id": "1"}
    assert found.find(headers) == "new"


def test_a_payload_without_a_token_changes_nothing() -> None:
    """Members that name no source, and a null, leave the handshake's headers as they were."""
    handshake = {"authorization": "Bearer old"}
    assert sources().with_payload({"token": "x", "authorization": None}, handshake) == handshake


@pytest.mark.parametrize("odd", [1, ["Bearer x"], {"token": "x"}, True])
def test_a_payloads_token_is_a_string(odd: Any) -> None:
    """Anything else in its place is refused."""
    with pytest.raises(Unauthenticated, match="The authorization in the connection_init payload must be a string"):
        sources().with_payload({"authorization": odd}, {})


@pytest.mark.parametrize("odd", ["x\r\nx-admin: 1", "Bearer x\nx-admin:1", "x\0y", "Bearer \x7f", "é", "\ud800"])
def test_a_payloads_token_is_what_a_header_may_hold(odd: str) -> None:
    """It goes on to subgraphs as a header, so nothing in it may begin another one."""
    with pytest.raises(Unauthenticated, match="characters that no header may have"):
        sources().with_payload({"authorization": odd}, {})


def test_a_payload_fills_headers_without_a_prefix() -> None:
    """A source whose whole value is the token takes the member as it is."""
    found = sources({"header": "x-api-token", "prefix": ""})
    assert found.find(found.with_payload({"X-Api-Token": "a"}, {})) == "a"


@pytest.mark.parametrize(
    ("origin", "found"),
    [
        (None, "c"),
        ("https://api.test", "c"),
        ("https://app.test", "c"),
        ("https://evil.test", None),
        ("https://api.test.evil.test", None),
        ("null", None),
        ("http://[", None),
    ],
)
def test_cookies_of_foreign_pages_do_not_count_on_sockets(origin: str | None, found: str | None) -> None:
    """A browser sends cookies along whichever page opens a socket: only the router's own pages and named origins may use them."""
    places = sources({"cookie": "session"}, origins=("https://app.test",))
    handshake = {"cookie": "session=c", "host": "api.test", **({} if origin is None else {"origin": origin})}

    assert places.find(places.with_payload({}, handshake)) == found


@pytest.mark.parametrize(
    ("place", "rule"),
    [
        ({}, "needs either header or cookie"),
        ({"header": "a", "cookie": "b"}, "needs either header or cookie"),
        ({"cookie": "b", "prefix": "Bearer"}, "only a header has"),
        ({"header": "two words"}, "should match pattern"),
        ({"header": "a", "prefix": "two words"}, "should match pattern"),
    ],
)
def test_a_place_is_one_place(place: dict[str, Any], rule: str) -> None:
    """Settings that name no place, or two, are refused."""
    with pytest.raises(ValueError, match=rule):
        sources(place)
