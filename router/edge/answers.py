"""Sends an answer over HTTP: its status, its headers, and its body, compressed where the client likes that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from starlette.types import Send

from router.edge.arrived import Arrived
from router.edge.compression import coding_for, compressed
from router.edge.gate import REQUEST_ID
from router.edge.negotiation import GRAPHQL_RESPONSE, JSON, MediaType
from router.exchange import ClientResponse

RawHeader: TypeAlias = tuple[bytes, bytes]

METHODS: Final = "DELETE, GET, HEAD, OPTIONS, POST, PUT"

_CONTENT_TYPES: Final[Mapping[MediaType, RawHeader]] = {
    "application/json": (b"content-type", b"application/json; charset=utf-8"),
    "application/graphql-response+json": (b"content-type", b"application/graphql-response+json; charset=utf-8"),
}
_REQUEST_ID: Final = REQUEST_ID.encode()
_VARY: Final[RawHeader] = (b"vary", b"accept")
_VARY_CODING: Final[RawHeader] = (b"vary", b"accept, accept-encoding")
_NOT_STORED: Final[RawHeader] = (b"cache-control", b"no-store")
_HEADERS_BY_STATUS: Final[Mapping[int, Mapping[str, str]]] = {
    401: {"www-authenticate": "Bearer"},
    405: {"allow": METHODS},
    415: {"accept-post": JSON, "accept-encoding": "gzip, deflate"},
    503: {"retry-after": "2"},
}


async def send_answer(answered: ClientResponse | Sequence[ClientResponse], arrived: Arrived, send: Send) -> None:
    """Send one answer, or those of a batch as a list."""
    media_type = arrived.media_type or "application/json"
    if isinstance(answered, ClientResponse):
        status, body, added = status_of(answered, media_type), answered.json(), answered.reply.headers
        cookies = answered.reply.cookies
    else:
        status = status_of_batch(answered, media_type)
        body = b"".join((b"[", b",".join(each.json() for each in answered), b"]"))
        added = {name: value for each in answered for name, value in each.reply.headers.items()}
        added.pop("cache-control", None)  # what one of them allows is not for the others to allow
        cookies = [cookie for each in answered for cookie in each.reply.cookies]
    compression = arrived.gate.config.compression
    headers = [
        _CONTENT_TYPES[media_type],
        (_REQUEST_ID, arrived.request_id.encode()),
        _VARY_CODING if compression.enabled else _VARY,
    ]
    if compression.enabled and len(body) >= compression.minimum_bytes:
        body = await _packed(body, arrived, headers)
    headers.append((b"content-length", b"%d" % len(body)))
    if "cache-control" not in added:
        headers.append(_NOT_STORED)
    if by_status := _HEADERS_BY_STATUS.get(status):
        added = {**by_status, **added}
    if added or cookies:
        headers += [(name.encode("latin-1"), value.encode("latin-1")) for name, value in added.items()]
        headers += [(b"set-cookie", cookie.encode("latin-1")) for cookie in cookies]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def send_methods(send: Send) -> None:
    """The answer to an OPTIONS that is no preflight of CORS."""
    headers = [(b"allow", METHODS.encode()), (b"accept-post", JSON.encode())]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body"})


def status_of(response: ClientResponse, media_type: MediaType) -> int:
    """The HTTP status: 200 once an operation ran, whatever its errors, or that of a subgraph where it is to be passed on; else that
    of the refusal.

    In plain JSON a well-formed request that is refused (it does not validate, say) also gets 200, for the clients of old that
    take any other status for a broken network.
    """
    if response.refusal is None:
        return response.reply.status
    return response.refusal.status if response.refusal.always or media_type == GRAPHQL_RESPONSE else 200


def status_of_batch(responses: Sequence[ClientResponse], media_type: MediaType) -> int:
    """200 as soon as one operation ran, for each has its own errors; where none did, the gravest of their statuses."""
    if any(response.refusal is None for response in responses):
        return 200
    return max(status_of(response, media_type) for response in responses)


async def _packed(body: bytes, arrived: Arrived, headers: list[RawHeader]) -> bytes:
    """The body in the coding that its client likes, which the headers then name."""
    coding = coding_for(arrived.headers.get("accept-encoding"))
    if coding is None:
        return body
    headers.append((b"content-encoding", coding.encode()))
    return await compressed(body, coding)
