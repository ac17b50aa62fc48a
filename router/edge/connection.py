"""One HTTP/1.1 connection of a client, with bounds on what it may make the server keep, and for how long.

uvicorn's parser keeps a head of any size for any time; here a head too large or too slow is refused before an application sees
it. Statuses are those of RFC 9110 (408, 414) and RFC 6585 (431).
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from http import HTTPStatus
from typing import Any, Final, cast

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from router.config import HttpSettings
from router.errors import BadRequest

# What a client does wrong is told to it. A line for each in the log would let anybody fill the disk; faults of applications stay.
_LOG: Final = logging.getLogger("uvicorn.connection")
_LOG.setLevel(logging.ERROR)
_LOG.addFilter(lambda record: record.levelno >= logging.ERROR)  # holds whoever sets the levels of all loggers later

_MALFORMED: Final = BadRequest("The request is not HTTP/1.1 that can be read.")


def bounded(settings: HttpSettings) -> type[asyncio.Protocol]:
    """The protocol for a server to make connections of."""
    return cast("type[asyncio.Protocol]", partial(BoundedConnection, settings))


class BoundedConnection(HttpToolsProtocol):
    """uvicorn's connection, bounded. At any time it awaits the rest of a message until a deadline, or nothing."""

    def __init__(self, settings: HttpSettings, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.logger = _LOG
        self.url = b""
        self._settings = settings
        self._refusal = _MALFORMED
        self._awaits_head = True
        self._awaits_body = False
        self._arrived_bytes = 0  # of the head, with what came in the same packets
        self._packet_bytes = 0
        self._deadline: asyncio.TimerHandle | None = None

    # ── what uvicorn tells ──────────────────────────────────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self._deadline = self.loop.call_later(self._settings.head_timeout_s, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        self._meet_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._packet_bytes = len(data)
        if self._awaits_head:
            self._arrived_bytes += len(data)
        super().data_received(data)
        if self._awaits_head and self._arrived_bytes > self._settings.header_bytes + self._settings.url_bytes:
            self._refuse(self._too_long() or _headers_too_large(self._settings))
        elif self._deadline is None and not self.transport.is_closing():
            self._set_deadline()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._awaits_head, self._arrived_bytes = True, self._packet_bytes

    def on_headers_complete(self) -> None:
        self._awaits_head, self._awaits_body = False, True
        self._meet_deadline()
        if (refusal := self._too_long() or self._too_many()) is not None:
            self._refusal = refusal
            raise refusal  # which the parser takes for malformed input, and has `send_400_response` called
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._awaits_body = False
        self._meet_deadline()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._awaits_head = self._awaits_body = False  # what comes now is another protocol's
        super().handle_websocket_upgrade()

    def _should_upgrade(self) -> bool:
        # A WebSocket begins with a GET (RFC 6455, section 4.1); with any other method uvicorn would wait for it for ever.
        return self.parser.get_method() == b"GET" and super()._should_upgrade()

    def send_400_response(self, msg: str) -> None:
        self._refuse(self._refusal)

    # ── what is too much ────────────────────────────────────────────────────────────────────────────────────────────

    def _too_long(self) -> BadRequest | None:
        if len(self.url) > self._settings.url_bytes:
            most = self._settings.url_bytes
            return BadRequest(f"The URL is longer than {most} bytes: send the operation by POST.", status=414)
        return None

    def _too_many(self) -> BadRequest | None:
        if len(self.headers) > self._settings.headers_max:
            most = self._settings.headers_max
            return BadRequest(f"The request has {len(self.headers)} headers, more than {most}.", status=431)
        # Only a head that came in large packets can be over the bound, so that the others need not be added up.
        is_suspect = self._arrived_bytes > self._settings.header_bytes
        if is_suspect and sum(map(_size, self.headers)) > self._settings.header_bytes:
            return _headers_too_large(self._settings)
        return None

    # ── what is too late ────────────────────────────────────────────────────────────────────────────────────────────

    def _set_deadline(self) -> None:
        if self._awaits_body:
            self._deadline = self.loop.call_later(self._settings.body_timeout_s, self._body_is_late)
        elif self._awaits_head or self._is_idle():
            self._deadline = self.loop.call_later(self._settings.head_timeout_s, self._head_is_late)

    def _is_idle(self) -> bool:
        """Whether something came after an answered request that begins no other one: an empty line, say."""
        return self.cycle is not None and self.cycle.response_complete

    def _meet_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _head_is_late(self) -> None:
        if self._arrived_bytes == 0:
            self.transport.close()  # browsers open connections ahead of need
        else:
            seconds = self._settings.head_timeout_s
            self._refuse(BadRequest(f"The request's headers did not arrive within {seconds:g} s.", status=408))

    def _body_is_late(self) -> None:
        seconds = self._settings.body_timeout_s
        self._refuse(BadRequest(f"The request's body did not arrive within {seconds:g} s.", status=408))

    def _refuse(self, refusal: BadRequest) -> None:
        """Answer in place of any application, and hang up: what follows on this connection cannot be told apart."""
        self._meet_deadline()
        is_answering = self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete
        if is_answering or self.transport.is_closing():
            self.transport.close()
            return
        body = msgspec.json.encode({"errors": refusal.formatted()})
        head = (
            f"HTTP/1.1 {refusal.status} {HTTPStatus(refusal.status).phrase}\r\n"
            "content-type: application/json; charset=utf-8\r\n"
            f"content-length: {len(body)}\r\n"
            "cache-control: no-store\r\n"
            "connection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()


def _headers_too_large(settings: HttpSettings) -> BadRequest:
    return BadRequest(f"The request's headers are larger than {settings.header_bytes} bytes.", status=431)


def _size(header: tuple[bytes, bytes]) -> int:
    name, value = header
    return len(name) + len(value)
