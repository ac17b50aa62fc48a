"""Server-sent events, read from pieces of any size: what counts as an event, and what is refused."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.errors import SubgraphFailure
from router.transport import SubgraphResponse
from router.transport.streams.sse import EventStreamFormat

STRAWBERRY = (
    b'event: next\r\ndata: {"data": {"a": 1}}\r\n\r\n: ping\r\n\r\n'
    b'event: next\r\ndata: {"data": {"a": 2}}\r\n\r\nevent: complete\r\ndata: \r\n\r\n'
)
GRAPHQL_SSE = b':\n\nevent: next\ndata: {"data":{"a":1}}\n\nevent: next\ndata: {"data":{"a":2}}\n\nevent: complete\n\n'
BARE_RETURNS = STRAWBERRY.replace(b"\r\n", b"\r")
WITH_A_MARK = b"\xef\xbb\xbf" + GRAPHQL_SSE.removeprefix(b":\n\n")
MANY_LINES = b'event:next\ndata:{"data":\ndata: {"a":1}}\nid: 7\nretry: 10\n\ndata: {"data":{"a":2}}\n\nevent: complete\ndata\n\n'
STREAMS = [STRAWBERRY, GRAPHQL_SSE, BARE_RETURNS, WITH_A_MARK, MANY_LINES]


def read(*chunks: bytes, bytes_max: int = 1_000) -> tuple[list[SubgraphResponse], bool]:
    """All events of a body that comes in these pieces, and whether it was complete."""
    reader = EventStreamFormat("fleet", bytes_max=bytes_max)
    return [event for chunk in chunks for event in reader.read(chunk)], reader.is_complete


@pytest.mark.parametrize("stream", STREAMS, ids=["strawberry", "graphql-sse", "returns", "mark", "lines"])
def test_reads_what_servers_send(stream: bytes) -> None:
    """Line ends of all three kinds, comments, a byte order mark, data of several lines, `complete` with and without data."""
    assert read(stream) == ([SubgraphResponse({"a": 1}), SubgraphResponse({"a": 2})], True)


@given(st.sampled_from(STREAMS), st.lists(st.integers(0, 200)))
def test_pieces_make_no_difference(stream: bytes, cuts: list[int]) -> None:
    """However the body is cut, the events are the same."""
    at = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    pieces = [stream[start:end] for start, end in pairwise(at)]

    assert read(*pieces) == ([SubgraphResponse({"a": 1}), SubgraphResponse({"a": 2})], True)


def test_an_event_is_told_as_soon_as_it_ends() -> None:
    """Nothing waits for the piece after it."""
    reader = EventStreamFormat("fleet")

    assert list(reader.read(b'event: next\r\ndata: {"data":{"a":1}}\r\n\r')) == [SubgraphResponse({"a": 1})]
    assert list(reader.read(b'\nevent: next\r\ndata: {"data":{"a":2}}\r\n\r\n')) == [SubgraphResponse({"a": 2})]


def test_events_of_other_names_mean_nothing() -> None:
    """Nor do events without data."""
    assert read(b'event: keepalive\ndata: {"data":{"a":1}}\n\nevent: next\n\n\n\n') == ([], False)


def test_a_body_that_just_stops_is_not_complete() -> None:
    """An unfinished event is never told."""
    assert read(b'event: next\ndata: {"data":{"a":1}}\n') == ([], False)


def test_errors_are_events() -> None:
    """A refused operation comes as an event with errors."""
    events, _ = read(b'event: next\ndata: {"errors":[{"message":"no"}]}\n\n')

    assert events == [SubgraphResponse(None, ({"message": "no"},))]


@pytest.mark.parametrize("data", [b"{", b"7", b"\xff\xfe", b'{"data": 3}', b'{"ok": 1}', b"[]", b'"text"'])
def test_refuses_what_is_not_graphql(data: bytes) -> None:
    """Data that is no JSON, no UTF-8, or no response."""
    with pytest.raises(SubgraphFailure, match="did not answer with GraphQL"):
        read(b"event: next\ndata: " + data + b"\n\n")


@pytest.mark.parametrize("flood", [b"data: " + b"x" * 2_000, b"data: x\n" * 2_000, b"data\n" * 2_000, b"x" * 2_000])
def test_bounds_what_it_holds(flood: bytes) -> None:
    """An endless line, and endless lines of one event."""
    with pytest.raises(SubgraphFailure, match="answered more than 1000 bytes"):
        read(*[flood[at : at + 100] for at in range(0, len(flood), 100)])


def test_many_events_may_be_more_than_one_may_be() -> None:
    """The bound is for one event."""
    events, _ = read(b'event: next\ndata: {"data":{"a":1}}\n\n' * 500)

    assert len(events) == 500
