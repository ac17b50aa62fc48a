"""The requests of graphql-sse's single connection mode: reserve a stream, open it, begin and end operations on it.

Source: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md#single-connection-mode
"""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from starlette.types import Send

from router import limits
from router.edge.arrived import Arrived
from router.edge.gate import REQUEST_ID
from router.edge.streams import sse
from router.edge.streams.accepted import accepted
from router.edge.streams.open import OpenStreams
from router.edge.streams.reserved import Reservation, Reservations
from router.edge.streams.writing import Brief, response_start
from router.errors import BadRequest, ClientError
from router.exchange import ClientRequest, ClientResponse
from router.pipeline import begin, refuse
from router.security.caller import Caller

HEADER: Final = "x-graphql-event-stream-token"


def token_of(arrived: Arrived) -> str | None:
    """The token of the stream that a request is about, if it is about one. Where this mode is off, none is."""
    if not arrived.gate.config.subscriptions.single_connection.enabled:
        return None
    if (token := arrived.headers.get(HEADER)) is not None:
        return token
    return _parameter(arrived, "token") if b"token=" in arrived.scope["query_string"] else None


class SingleConnections:
    """The streams of one process that are reserved or open."""

    def __init__(self, streams: OpenStreams) -> None:
        self._streams = streams
        self._reservations = Reservations()

    def takes(self, arrived: Arrived) -> bool:
        """Whether a request is about a stream itself. One that begins an operation on it is like any other request."""
        method = arrived.scope["method"]
        if method == "POST" or not arrived.gate.config.subscriptions.single_connection.enabled:
            return False
        return method in ("PUT", "DELETE") or (method == "GET" and token_of(arrived) is not None and _opens(arrived))

    async def take(self, arrived: Arrived) -> Brief | EventStream:
        """Reserve a stream, open it, or end an operation. Raises ClientError."""
        caller = await arrived.gate.authenticate(arrived.headers)
        holder = _holder(caller)
        if arrived.scope["method"] == "PUT":
            made = self._reservations.make(holder, arrived.gate.config.subscriptions.single_connection)
            return Brief(201, made.token.encode(), _told(arrived))
        token = token_of(arrived)
        if token is None:
            raise BadRequest(f"Which stream? Send its token as {HEADER}, or as the parameter token of the URL.")
        if arrived.scope["method"] == "DELETE":
            self._end(self._reservations.find(token, (holder,)), _parameter(arrived, "operationId"))
            return Brief(200, b"", _told(arrived))
        # An EventSource can send no header, and so nobody's token of access: who has the stream's has reserved it.
        reservation = self._reservations.find(token, (holder,) if caller.authenticated else _Anybody())
        reservation.take()
        return EventStream(reservation, self, arrived.gate.config.subscriptions.heartbeats.sse_s, _told(arrived))

    async def begin(self, request: ClientRequest, token: str, arrived: Arrived) -> ClientResponse | Brief:
        """Begin an operation on a stream: accepted, or refused as over HTTP."""
        try:
            reservation = self._reservations.find(token, (_holder(request.caller),))
            operation_id = request.extensions.get("operationId")
            if not isinstance(operation_id, str) or not operation_id:
                raise BadRequest("Which operation is this? Send a string of your choice as extensions.operationId.")
            reservation.check(operation_id)
            begun = await begin(request.but(incremental=True), arrived.gate.router)
            if isinstance(begun, ClientResponse):
                if begun.refusal is not None:
                    return begun
                reservation.begin(operation_id, begun)
            else:
                reservation.check(operation_id)  # others may have begun meanwhile
                reservation.begin(operation_id, self._streams.open(begun, arrived.gate))
        except ClientError as error:
            return refuse(error, request, arrived.gate.router)
        return Brief(202, b"", _told(arrived))

    async def serve(self, reservation: Reservation, send: Send, *, heartbeat_s: float) -> None:
        """Hold a stream open until its client or the server goes away."""

        async def write(words: bytes) -> None:
            await send({"type": "http.response.body", "body": words, "more_body": True})

        try:
            async with reservation.open(write):
                await reservation.say(sse.HEARTBEAT)
                while not await self._stops_within(heartbeat_s):
                    await reservation.say(sse.HEARTBEAT)
                with suppress(TimeoutError):
                    async with asyncio.timeout(limits.STREAM_CLOSE_S):
                        await reservation.finished()
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._reservations.forget(reservation)

    async def _stops_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                return await self._streams.stopping.wait()
        except TimeoutError:
            return False

    def _end(self, reservation: Reservation, operation_id: str | None) -> None:
        if not operation_id:
            raise BadRequest("Which operation is to end? Send its id as the parameter operationId of the URL.")
        reservation.end(operation_id)


@dataclass(frozen=True, slots=True)
class EventStream:
    """The response that is a reserved stream."""

    reservation: Reservation
    streams: SingleConnections
    heartbeat_s: float
    headers: Mapping[str, str]

    async def write(self, send: Send) -> None:
        """Write what its operations bring."""
        await send(response_start(200, f"{sse.MEDIA_TYPE}; charset=utf-8".encode(), self.headers))
        await self.streams.serve(self.reservation, send, heartbeat_s=self.heartbeat_s)


class _Anybody:
    """Holds everybody."""

    def __contains__(self, holder: object) -> bool:
        return True


def _holder(caller: Caller) -> Hashable:
    """Whose a stream is: a signed-in caller's, or of whoever has its token."""
    return (caller.issuer, caller.subject) if caller.authenticated else None


def _opens(arrived: Arrived) -> bool:
    return accepted(arrived.headers.get("accept")).ways[:1] == ("events",)


def _parameter(arrived: Arrived, name: str) -> str | None:
    given = parse_qs(arrived.scope["query_string"].decode("latin-1")).get(name)
    return given[0] if given else None


def _told(arrived: Arrived) -> Mapping[str, str]:
    return {REQUEST_ID: arrived.request_id}
