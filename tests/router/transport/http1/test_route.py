"""What goes onto the wire: one head for each route and set of headers, and no way to break out of it."""

from __future__ import annotations

import pytest
import yarl

from router.transport.http1.route import HeaderLines, Route, UnsendableHeader


def message(url: str, headers: dict[str, str] | None = None, *, compressed: bool = False) -> bytes:
    """A request as it is sent."""
    return Route(yarl.URL(url), compressed=compressed).message(b'{"query":"{a}"}', headers or {}, HeaderLines())


def test_a_whole_request() -> None:
    """The request line, our own headers, those forwarded, the length and the body."""
    assert message("http://fleet.test:4001/graphql?v=1", {"authorization": "Bearer t", "connection": "close"}) == (
        b"POST /graphql?v=1 HTTP/1.1\r\n"
        b"host: fleet.test:4001\r\n"
        b"accept: application/graphql-response+json, application/json\r\n"
        b"content-type: application/json\r\n"
        b"authorization: Bearer t\r\n"
        b"content-length: 15\r\n"
        b"\r\n"
        b'{"query":"{a}"}'
    )


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("http://fleet.test", b"host: fleet.test\r\n"),
        ("http://fleet.test:80/", b"host: fleet.test\r\n"),
        ("http://[::1]:9/x", b"host: [::1]:9\r\n"),
        ("http://bücher.test/", b"host: xn--bcher-kva.test\r\n"),
        ("http://fleet.test", b"POST / HTTP/1.1\r\n"),
        ("http://fleet.test/ü?q=ö#part", b"POST /%C3%BC?q=%C3%B6 HTTP/1.1\r\n"),
        ("http://ann:s3cret@fleet.test/", b"authorization: Basic YW5uOnMzY3JldA==\r\n"),
    ],
)
def test_urls_of_all_kinds(url: str, line: bytes) -> None:
    """Ports that go without saying, IPv6, names beyond ASCII, credentials."""
    assert line in message(url)


def test_the_callers_credentials_come_before_those_of_the_url() -> None:
    """Only one of them is sent."""
    sent = message("http://ann:s3cret@fleet.test/", {"authorization": "Bearer t"})

    assert sent.count(b"authorization") == 1
    assert b"authorization: Bearer t\r\n" in sent


def test_asks_for_compression_only_if_told() -> None:
    """By default the answer is to come as it is."""
    assert b"accept-encoding" not in message("http://fleet.test/")
    assert b"accept-encoding: gzip, deflate\r\n" in message("http://fleet.test/", compressed=True)


@pytest.mark.parametrize(
    "headers",
    [{"x-a": "1\r\nx-b: 2"}, {"x-a": "1\nx-b: 2"}, {"x-a\r\nx-b": "2"}, {"x-a: 1": "2"}, {"x-a": "\0"}, {"x-a": "€"}],
)
def test_no_header_breaks_out_of_its_line(headers: dict[str, str]) -> None:
    """A value with a line break would be another header, or another request."""
    with pytest.raises(UnsendableHeader):
        message("http://fleet.test/", headers)


def test_remembers_a_bounded_number_of_header_sets() -> None:
    """Sets that never come again do not pile up, and what is rendered anew is the same."""
    lines = HeaderLines(remembered_max=3)

    rendered = [lines.of({"x-request-id": str(number % 5)}) for number in range(20)]

    assert rendered == [f"x-request-id: {number % 5}\r\n".encode() for number in range(20)]
    assert len(lines._rendered) <= 3
