"""The bytes of multipart answers: Apollo's subscription protocol 1.0, and incremental delivery as of 2022-08-24.

Both are `multipart/mixed` (RFC 2046, section 5.1) whose parts are JSON. A boundary follows each part at once: clients show a part
when they have read the boundary behind it, which would otherwise come with the next one.
"""

from __future__ import annotations

from typing import Final

import msgspec

from router.exchange import ClientResponse

MEDIA_TYPE: Final = "multipart/mixed"
SUBSCRIPTION: Final = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0'
DEFERRED: Final = 'multipart/mixed;boundary="graphql";deferSpec=20220824'

OPENING: Final = b"\r\n--graphql"
"""What comes before the first part."""

CLOSING: Final = b"--\r\n"
"""What makes the boundary behind the last part the final one."""

_HEAD: Final = b"\r\ncontent-type: application/json\r\n\r\n"
_BOUNDARY: Final = b"\r\n--graphql"


def part(json: bytes) -> bytes:
    """A part, and the boundary behind it."""
    return b"".join((_HEAD, json, _BOUNDARY))


HEARTBEAT: Final = part(b"{}")
"""A part without a payload, which clients of the subscription protocol pass over."""


def event(response: ClientResponse) -> bytes:
    """The part of one event; a refusal is the protocol's fatal error, which ends the stream."""
    if response.refusal is None:
        return b"".join((_HEAD, b'{"payload":', response.json(), b"}", _BOUNDARY))
    errors = msgspec.json.encode(response.refusal.formatted())
    return b"".join((_HEAD, b'{"payload":null,"errors":', errors, b"}", _BOUNDARY))
