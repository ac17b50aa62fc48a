"""Reading the parameters of a request, and the sentences for what they should have been."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from router.edge.parameters import Parameters, decoded, from_mapping, from_query_string
from router.errors import BadRequest


def test_a_body_gives_every_parameter() -> None:
    """All four parameters are read; other members are passed over."""
    body = b'{"query":"{a}","operationName":"A","variables":{"x":1},"extensions":{"e":true},"other":0}'
    assert from_mapping(decoded(body)) == Parameters("{a}", "A", {"x": 1}, {"e": True})


def test_a_body_may_leave_out_all_but_the_query() -> None:
    """Null and absent mean the same."""
    expected = Parameters("{a}", None, {}, {})
    assert from_mapping(decoded(b'{"query":"{a}"}')) == expected
    assert from_mapping(decoded(b'{"query":"{a}","operationName":null,"variables":null,"extensions":null}')) == expected


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"\xff", "not valid JSON"),
        (b"[" * 5000, "not valid JSON"),
        (b"[]", "is a JSON object"),
        (b'"{a}"', "is a JSON object"),
        (b"{}", '"query" is missing'),
        (b'{"query":" "}', '"query" is missing'),
        (b'{"query":{}}', '"query" is missing'),
        (b'{"query":"{a}","variables":"{}"}', '"variables" must be a JSON object'),
        (b'{"query":"{a}","variables":[]}', '"variables" must be a JSON object'),
        (b'{"query":"{a}","extensions":1}', '"extensions" must be a JSON object'),
        (b'{"query":"{a}","operationName":1}', '"operationName" must be a string'),
    ],
)
def test_a_wrong_body_says_what_is_wrong(body: bytes, message: str) -> None:
    """Each kind of wrong body has its own sentence."""
    with pytest.raises(BadRequest, match=message):
        from_mapping(decoded(body))


def test_a_query_string_gives_every_parameter() -> None:
    """Variables and extensions are JSON texts in a URL."""
    text = urlencode({"query": "{ é }", "operationName": "A", "variables": '{"x": "ü"}', "extensions": "{}"})
    assert from_query_string(text.encode()) == Parameters("{ é }", "A", {"x": "ü"}, {})
    assert from_query_string(b"query=%7Ba%7D&variables=&operationName=") == Parameters("{a}", None, {}, {})


@pytest.mark.parametrize(
    ("query_string", "message"),
    [
        (b"", '"query" is missing'),
        (b"query=%7Ba%7D&query=%7Bb%7D", '"query" more than once'),
        (b"query=%7Ba%7D&variables={", '"variables" in the URL is not valid JSON'),
        (b"query=%7Ba%7D&variables=[]", '"variables" must be a JSON object'),
        (b"query=%ff", "not percent-encoded UTF-8"),
        (b"query=\xff", "not percent-encoded UTF-8"),
    ],
)
def test_a_wrong_query_string_says_what_is_wrong(query_string: bytes, message: str) -> None:
    """Each kind of wrong URL has its own sentence."""
    with pytest.raises(BadRequest, match=message):
        from_query_string(query_string)
