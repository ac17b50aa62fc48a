"""The graphql-transport-ws client against a scripted socket: what it sends, and what it makes of every message."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from router.errors import SubgraphFailure
from router.transport import SubgraphRequest, SubgraphResponse
from router.transport.body import encode_request
from router.transport.graphql_ws import SocketClosed, subscription

ACK = {"type": "connection_ack"}
REQUEST = SubgraphRequest("fleet", encode_request("subscription S { a }", "S", {"x": 1}), {"authorization": "Bearer t"})


class ScriptedSocket:
    """Gives out messages in order and records what is sent; after the last one it waits, or raises what was scripted."""

    def __init__(self, *messages: Any) -> None:
        self._messages = list(messages)
        self.sent: list[dict[str, Any]] = []

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    async def receive(self) -> Any:
        if not self._messages:
            await asyncio.Event().wait()
        message = self._messages.pop(0)
        if isinstance(message, Exception):
            raise message
        return message


async def run(socket: ScriptedSocket, request: SubgraphRequest = REQUEST) -> list[SubgraphResponse]:
    """Every event of the subscription on a scripted socket."""
    return [event async for event in subscription(socket, request, init_timeout_s=0.05)]


def event(data: Any) -> dict[str, Any]:
    """A `next` message."""
    return {"id": "1", "type": "next", "payload": {"data": data}}


COMPLETE = {"id": "1", "type": "complete"}


async def test_speaks_the_protocol_in_order() -> None:
    """It initialises with the token, subscribes with all parameters, and sends nothing more once the subgraph completes."""
    socket = ScriptedSocket(ACK, event({"a": 1}), event({"a": 2}), COMPLETE)

    events = await run(socket)

    assert [each.data for each in events] == [{"a": 1}, {"a": 2}]
    assert socket.sent == [
        {"type": "connection_init", "payload": {"authorization": "Bearer t"}},
        {
            "id": "1",
            "type": "subscribe",
            "payload": {"query": "subscription S { a }", "operationName": "S", "variables": {"x": 1}},
        },
    ]


async def test_sends_no_payload_without_a_token() -> None:
    """An anonymous caller's connection_init is bare."""
    socket = ScriptedSocket(ACK, COMPLETE)

    await run(socket, SubgraphRequest("fleet", encode_request("subscription { a }")))

    assert socket.sent[0] == {"type": "connection_init"}


async def test_answers_pings_whenever_they_come() -> None:
    """A ping is answered before and after the acknowledgement; a pong needs nothing."""
    ping, pong = {"type": "ping", "payload": {"at": 1}}, {"type": "pong"}
    socket = ScriptedSocket(ping, ACK, pong, ping, event({"a": 1}), COMPLETE)

    await run(socket)

    assert [message["type"] for message in socket.sent] == ["connection_init", "pong", "subscribe", "pong"]


async def test_closing_early_completes_the_operation() -> None:
    """A caller that has had enough tells the subgraph so."""
    socket = ScriptedSocket(ACK, event({"a": 1}), event({"a": 2}))
    events = subscription(socket, REQUEST, init_timeout_s=1)
    await anext(events)

    await events.aclose()

    assert socket.sent[-1] == COMPLETE


async def test_gives_up_waiting_for_the_acknowledgement() -> None:
    """A server that accepts the socket and then says nothing is left after the time allowed."""
    with pytest.raises(SubgraphFailure, match=r"did not answer within 0\.05 seconds"):
        await run(ScriptedSocket())


async def test_an_error_message_ends_the_subscription_with_its_errors() -> None:
    """`error` carries the errors of a refused operation and is its last message."""
    socket = ScriptedSocket(ACK, {"id": "1", "type": "error", "payload": [{"message": "no"}]})

    assert await run(socket) == [SubgraphResponse(None, ({"message": "no"},))]


async def test_a_lost_connection_is_a_failure() -> None:
    """The connection breaking is never taken for the end of the stream."""
    with pytest.raises(SubgraphFailure, match="broke off the subscription") as caught:
        await run(ScriptedSocket(ACK, event({"a": 1}), SocketClosed("close code 1006")))

    assert caught.value.detail == "close code 1006"


@pytest.mark.parametrize(
    "messages",
    [
        [None],
        [[]],
        [{"type": "bogus"}],
        [event({"a": 1})],
        [ACK, {"id": "1", "type": "next"}],
        [ACK, {"id": "1", "type": "next", "payload": {"data": 3}}],
        [ACK, {"id": "1", "type": "error", "payload": "no"}],
    ],
)
async def test_refuses_what_is_not_the_protocol(messages: list[Any]) -> None:
    """Text that is no JSON, unknown messages, messages out of order and messages without their payload are failures."""
    with pytest.raises(SubgraphFailure, match="did not answer with GraphQL"):
        await run(ScriptedSocket(*messages))
