"""The bytes of server-sent events and of multipart answers, and the JSON of the pieces of a deferred answer."""

from __future__ import annotations

import json

import pytest

from router.config import Heartbeats
from router.edge.streams import multipart, sse
from router.edge.streams.framing import framing
from router.errors import StreamEnded
from router.exchange import ClientResponse, DeferredPart, IncrementalResponse

HEARTBEATS = Heartbeats()
HELLO = ClientResponse(b'{"hello":"you"}')
GONE = ClientResponse(refusal=StreamEnded("Gone.", "SUBSCRIPTION_SCHEMA_RELOAD"))


def test_an_event_is_lines_with_an_empty_one_behind() -> None:
    """`event` and `data`, and `data` also where there is none: browsers pass over an event without it."""
    assert sse.next_event(b'{"data":{}}') == b'event: next\ndata: {"data":{}}\n\n'
    assert sse.COMPLETE == b"event: complete\ndata:\n\n"


def test_an_event_of_many_operations_names_its_own() -> None:
    """On a single connection each event says which operation it is of."""
    assert sse.next_event_of('a"b', b"{}") == b'event: next\ndata: {"id":"a\\"b","payload":{}}\n\n'
    assert sse.complete_event_of("1") == b'event: complete\ndata: {"id":"1"}\n\n'


@pytest.mark.parametrize("line_break", [b"\n", b"\r\n", b"\r"])
def test_json_of_several_lines_stays_one_event(line_break: bytes) -> None:
    """A subgraph may pretty-print what the router passes through; a line of its own would begin another field."""
    event = sse.next_event(line_break.join((b'{"data":', b'{"a":1}}')))
    lines = event.split(b"\n")
    assert lines == [b"event: next", b'data: {"data":', b'data: {"a":1}}', b"", b""]


def test_a_multipart_subscription_byte_by_byte() -> None:
    """A boundary behind each part, the first heartbeat in the first write, and two dashes that make the last boundary final."""
    way = framing("subscription_parts", HEARTBEATS)
    assert way.content_type == b'multipart/mixed;boundary="graphql";subscriptionSpec=1.0'
    assert way.opening == b"\r\n--graphql\r\ncontent-type: application/json\r\n\r\n{}\r\n--graphql"
    assert way.result(HELLO) == (
        b'\r\ncontent-type: application/json\r\n\r\n{"payload":{"data":{"hello":"you"}}}\r\n--graphql'
    )
    assert way.heartbeat == b"\r\ncontent-type: application/json\r\n\r\n{}\r\n--graphql"
    assert way.closing == b"--\r\n"


def test_a_fatal_error_stands_beside_an_empty_payload() -> None:
    """What ends the stream is no error of an event: the payload is null, and the errors are beside it."""
    part = multipart.event(GONE)
    body = json.loads(part.removeprefix(b"\r\ncontent-type: application/json\r\n\r\n").removesuffix(b"\r\n--graphql"))
    assert body == {
        "payload": None,
        "errors": [{"message": "Gone.", "extensions": {"code": "SUBSCRIPTION_SCHEMA_RELOAD"}}],
    }


def test_a_deferred_answer_byte_by_byte() -> None:
    """The pieces are not wrapped, and there is no heartbeat."""
    way = framing("deferred_parts", HEARTBEATS)
    assert way.content_type == b'multipart/mixed;boundary="graphql";deferSpec=20220824'
    first = way.opening + way.result(IncrementalResponse(b'{"a":1}', has_next=True))
    assert first == (
        b'\r\n--graphql\r\ncontent-type: application/json\r\n\r\n{"data":{"a":1},"hasNext":true}\r\n--graphql'
    )
    assert (way.heartbeat_s, way.closing) == (None, b"--\r\n")


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        (
            IncrementalResponse(b'{"a":null}', ({"message": "no a"},), has_next=True),
            {"data": {"a": None}, "errors": [{"message": "no a"}], "hasNext": True},
        ),
        (
            IncrementalResponse(
                parts=(
                    DeferredPart(b'{"b":1}', ("list", 0), "B"),
                    DeferredPart(b"null", (), errors=({"message": "x"},)),
                )
            ),
            {
                "incremental": [
                    {"data": {"b": 1}, "path": ["list", 0], "label": "B"},
                    {"data": None, "path": [], "errors": [{"message": "x"}]},
                ],
                "hasNext": False,
            },
        ),
        (IncrementalResponse(parts=()), {"hasNext": False}),
        (
            IncrementalResponse(refusal=StreamEnded("Late.", "DEFERRED_RESPONSE_JWT_EXPIRED")),
            {
                "errors": [{"message": "Late.", "extensions": {"code": "DEFERRED_RESPONSE_JWT_EXPIRED"}}],
                "hasNext": False,
            },
        ),
    ],
)
def test_the_json_of_a_piece(piece: IncrementalResponse, expected: object) -> None:
    """First the data, then parts; the last one says that there is no next."""
    assert json.loads(piece.json()) == expected
