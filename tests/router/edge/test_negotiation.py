"""Which media type a client gets, and which bodies are JSON."""

from __future__ import annotations

import pytest

from router.edge.negotiation import is_json, response_type

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        ("Application/GraphQL-Response+JSON; charset=utf-8", GRAPHQL),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{JSON};q=0.5, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL};q=0.1, {JSON}", JSON),
        (f"{JSON}, {GRAPHQL}", JSON),
        (f"{JSON};q=0, {GRAPHQL}", GRAPHQL),
        (f"text/html, {GRAPHQL};q=0.1", GRAPHQL),
        (f"{JSON};q=0, */*", None),
        (f"{JSON};q=nonsense", None),
        ("text/html", None),
        ("multipart/mixed;subscriptionSpec=1.0", None),
    ],
)
def test_the_answer_is_what_the_client_prefers(accept: str | None, expected: str | None) -> None:
    """Weights decide, then the client's order; a range that names no type gets plain JSON; nothing readable is None."""
    assert response_type(accept) == expected


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/json", True),
        ("application/json; charset=utf-8", True),
        ('APPLICATION/JSON;charset="UTF-8"', True),
        ("application/json; charset=latin-1", False),
        ("text/plain", False),
        ("application/x-www-form-urlencoded", False),
        ("multipart/form-data; boundary=x", False),
        ("", False),
        (None, False),
    ],
)
def test_only_json_in_utf8_is_json(content_type: str | None, expected: bool) -> None:
    """What a browser's form can send without asking first is never taken for a request."""
    assert is_json(content_type) is expected
