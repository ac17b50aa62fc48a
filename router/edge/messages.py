"""The messages of graphql-transport-ws: what a client may say, read from text, and what the server says, as text.

Source: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, TypeAlias

import orjson

from router.edge.parameters import Parameters, from_mapping
from router.errors import BadRequest
from router.exchange import ClientResponse
from router.limits import SOCKET_MESSAGE_BYTES_MAX

SUBPROTOCOL: Final = "graphql-transport-ws"
_REASON_BYTES_MAX: Final = 123  # a close frame holds 125, two of them for the code (RFC 6455, section 5.5)


class CloseCode(IntEnum):
    """Why a socket is closed. 44xx are the protocol's own; a standard client tries again only after FORBIDDEN and 10xx."""

    GOING_AWAY = 1001
    TRY_AGAIN_LATER = 1013
    BAD_REQUEST = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    SUBPROTOCOL_NOT_ACCEPTABLE = 4406
    INITIALISATION_TIMEOUT = 4408
    SUBSCRIBER_EXISTS = 4409
    TOO_MANY_INITIALISATIONS = 4429
    INTERNAL_ERROR = 4500


class CloseSocket(Exception):
    """The conversation is over: close with this code and reason."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:_REASON_BYTES_MAX].decode(errors="ignore")


@dataclass(frozen=True, slots=True)
class ConnectionInit:
    """The first message. Its payload may carry the access token."""

    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Run an operation of any kind under an id of the client's choice."""

    id: str
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class Complete:
    """The client wants no more of this operation."""

    id: str


@dataclass(frozen=True, slots=True)
class Ping:
    """Are you there? The payload comes back with the pong."""

    payload: Any


@dataclass(frozen=True, slots=True)
class Pong:
    """The answer to a ping of ours."""


ClientMessage: TypeAlias = ConnectionInit | Subscribe | Complete | Ping | Pong


def read_message(text: str | None) -> ClientMessage:
    """What the client said. Raises CloseSocket with BAD_REQUEST where it is none of the protocol's messages."""
    if text is None:
        raise _invalid("messages are text, not binary")
    if len(text) > SOCKET_MESSAGE_BYTES_MAX:
        raise _invalid(f"a message has at most {SOCKET_MESSAGE_BYTES_MAX} bytes")
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise _invalid("not JSON") from None
    match message:
        case {"type": "connection_init"} if isinstance(message.get("payload"), dict | None):
            return ConnectionInit(message.get("payload") or {})
        case {"type": "subscribe", "id": str(operation_id), "payload": payload} if operation_id:
            return Subscribe(operation_id, _parameters(payload))
        case {"type": "complete", "id": str(operation_id)}:
            return Complete(operation_id)
        case {"type": "ping"}:
            return Ping(message.get("payload"))
        case {"type": "pong"}:
            return Pong()
    raise _invalid("not a message of graphql-transport-ws")


def connection_ack() -> str:
    """The client may subscribe now."""
    return '{"type":"connection_ack"}'


def ping() -> str:
    """Are you there?"""
    return '{"type":"ping"}'


def pong(payload: Any) -> str:
    """Yes, I am."""
    return _text({"type": "pong"} if payload is None else {"type": "pong", "payload": payload})


def response(operation_id: str, answer: ClientResponse) -> str:
    """One result of an operation; a refusal ends it."""
    if answer.refusal is not None:
        return _text({"id": operation_id, "type": "error", "payload": answer.refusal.formatted()})
    return _text({"id": operation_id, "type": "next", "payload": orjson.Fragment(answer.json())})


def complete(operation_id: str) -> str:
    """The operation is over."""
    return _text({"id": operation_id, "type": "complete"})


def _parameters(payload: Any) -> Parameters:
    try:
        return from_mapping(payload)
    except BadRequest as error:
        raise CloseSocket(CloseCode.BAD_REQUEST, str(error)) from None


def _invalid(why: str) -> CloseSocket:
    return CloseSocket(CloseCode.BAD_REQUEST, f"Invalid message: {why}.")


def _text(message: dict[str, Any]) -> str:
    return orjson.dumps(message).decode()
