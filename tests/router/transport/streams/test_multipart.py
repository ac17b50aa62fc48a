"""Multipart subscriptions, read from pieces of any size: the framings of several servers, heartbeats, ends and refusals."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.errors import SubgraphFailure
from router.transport import SubgraphResponse
from router.transport.streams.multipart import MultipartFormat

APOLLO_TYPE = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0'
STRAWBERRY_TYPE = "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json"
HEAD = b"\r\ncontent-type: application/json\r\n\r\n"

# The delimiter is sent behind a part, so that clients show it at once; the end is two hyphens to one that was sent before.
APOLLO = (
    b"\r\n--graphql" + HEAD + b"{}\r\n--graphql" + HEAD + b'{"payload":{"data":{"a":1}}}\r\n--graphql'
    + HEAD + b"{}\r\n--graphql" + HEAD + b'{"payload":{"data":{"a":2}}}\r\n--graphql--\r\n'
)  # fmt: skip
# The first delimiter is missing, and there is an empty part before the end.
STRAWBERRY = (
    b"\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}\r\n--graphql"
    b'\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 30\r\n\r\n{"payload": {"data": {"a": 1}}}\r\n--graphql'
    b'\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 30\r\n\r\n{"payload": {"data": {"a": 2}}}\r\n--graphql'
    b"\r\n--graphql--\r\n"
)
# The delimiter is sent before a part only.
BEFORE = (
    b"--graphql" + HEAD + b'{"payload":{"data":{"a":1}}}\r\n--graphql' + HEAD
    + b'{"payload":{"data":{"a":2}}}\r\n--graphql--'
)  # fmt: skip
# Line feeds alone, a preamble, no headers, no wrapping, an epilogue with delimiters of its own.
ODD = (
    b"This is a message\nin parts.\n\n--graphql\n\n"
    b'{"data":{"a":1}}\n--graphql\n\n{"data":{"a":2},"hasNext":true}\n--graphql--\nbye\n--graphql\n\n{"data":{"a":3}}\n--graphql'
)
BODIES = [(APOLLO, APOLLO_TYPE), (STRAWBERRY, STRAWBERRY_TYPE), (BEFORE, APOLLO_TYPE), (ODD, STRAWBERRY_TYPE)]
IDS = ["apollo", "strawberry", "before", "odd"]
TWO = [SubgraphResponse({"a": 1}), SubgraphResponse({"a": 2})]


def read(
    *chunks: bytes, content_type: str = APOLLO_TYPE, bytes_max: int = 1_000
) -> tuple[list[SubgraphResponse], bool]:
    """All events of a body that comes in these pieces, and whether it was complete."""
    reader = MultipartFormat("fleet", content_type, bytes_max=bytes_max)
    events: list[SubgraphResponse] = []
    for chunk in chunks:
        events.extend(reader.read(chunk))
        if reader.is_complete:
            break
    return events, reader.is_complete


@pytest.mark.parametrize(("body", "content_type"), BODIES, ids=IDS)
def test_reads_what_servers_send(body: bytes, content_type: str) -> None:
    """Events come in order; heartbeats and empty parts mean nothing; the last delimiter is the end."""
    assert read(body, content_type=content_type) == (TWO, True)


@given(st.sampled_from(BODIES), st.lists(st.integers(0, 500)))
def test_pieces_make_no_difference(body: tuple[bytes, str], cuts: list[int]) -> None:
    """However the body is cut, the events are the same."""
    content, content_type = body
    at = [0, *sorted(cut for cut in cuts if cut < len(content)), len(content)]
    pieces = [content[start:end] for start, end in pairwise(at)]

    assert read(*pieces, content_type=content_type) == (TWO, True)


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/mixed; boundary=graphql",
        'multipart/mixed;subscriptionSpec="1.0"; Boundary="graphql"',
        "multipart/mixed;subscriptionSpec=1.0;boundary=graphql;charset=utf-8",
    ],
)
def test_finds_the_boundary(content_type: str) -> None:
    """Quoted or not, in any place."""
    assert read(APOLLO, content_type=content_type) == (TWO, True)


@pytest.mark.parametrize(
    "content_type", ["multipart/mixed", "multipart/mixed;boundary=", "multipart/mixed;boundary=" + "x" * 71]
)
def test_refuses_a_type_without_a_boundary(content_type: str) -> None:
    """Without one there are no parts; RFC 2046 allows 70 characters."""
    with pytest.raises(SubgraphFailure, match="did not answer with GraphQL") as caught:
        MultipartFormat("fleet", content_type)

    assert "boundary" in caught.value.detail


def test_the_boundary_may_stand_in_an_event() -> None:
    """Only after a line break does it delimit, and JSON has none in it."""
    events, _ = read(b"--graphql" + HEAD + b'{"payload":{"data":{"a":"--graphql--"}}}\r\n--graphql')

    assert events == [SubgraphResponse({"a": "--graphql--"})]


def test_a_fatal_error_is_the_end() -> None:
    """`payload: null` with errors is the last that is said, whatever follows."""
    body = (
        b"--graphql"
        + HEAD
        + b'{"payload":null,"errors":[{"message":"sunk"}]}\r\n--graphql'
        + HEAD
        + b'{"payload":{"data":{"a":1}}}'
    )

    assert read(body) == ([SubgraphResponse(None, ({"message": "sunk"},))], True)


def test_errors_of_an_event_do_not_end_it() -> None:
    """They stand within the payload."""
    event = b'{"payload":{"data":null,"errors":[{"message":"fog"}]}}'
    body = b"--graphql" + HEAD + event + b"\r\n--graphql" + HEAD + b'{"payload":null}\r\n--graphql'

    assert read(body) == ([SubgraphResponse(None, ({"message": "fog"},))], False)


@pytest.mark.parametrize("part", [b"{", b"7", b"<html>", b'{"payload":3}', b'{"payload":{"ok":1}}'])
def test_refuses_what_is_not_graphql(part: bytes) -> None:
    """Parts that are no JSON or no response."""
    with pytest.raises(SubgraphFailure, match="did not answer with GraphQL"):
        read(b"--graphql" + HEAD + part + b"\r\n--graphql")


def test_bounds_what_it_holds() -> None:
    """A part without end."""
    with pytest.raises(SubgraphFailure, match="answered more than 1000 bytes"):
        read(b"--graphql" + HEAD, *[b"x" * 100] * 20)


def test_many_parts_may_be_more_than_one_may_be() -> None:
    """The bound is for one part."""
    events, _ = read(*[b"\r\n--graphql" + HEAD + b'{"payload":{"data":{"a":1}}}'] * 500)

    assert len(events) == 499, "the last one is not delimited yet"
