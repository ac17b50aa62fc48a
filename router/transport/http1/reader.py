"""Reads HTTP/1.x answers off a stream of bytes, one after another; knows nothing of sockets (RFC 9112).

httptools (llhttp) finds the frames; what is kept of an answer is its status, its body, and whether the connection lives on.
"""

from __future__ import annotations

import httptools

from router.transport.base import SubgraphAnswer
from router.transport.http1.coding import Oversize, UnreadableCoding, decoded

INFORMATIONAL_MAX = 199  # 1xx answers come before the one that counts (RFC 9110 section 15.2)

_CONTENT_LENGTH = b"content-length"
_CONTENT_ENCODING = b"content-encoding"
_TRANSFER_ENCODING = b"transfer-encoding"
_LENGTHS_THAT_MATTER = frozenset(map(len, (_CONTENT_LENGTH, _CONTENT_ENCODING, _TRANSFER_ENCODING)))


class BadAnswer(Exception):
    """What came is not an answer in HTTP/1.x, or not one that may be read on. The message says why, for the log."""


class AnswerReader:
    """Feed it bytes until it says that an answer is whole, then take the answer; it is then ready for the next.

    `begun` says whether a byte of the answer has come; `reusable`, once it is whole, whether another may follow it.
    """

    __slots__ = (
        "_body_bytes",
        "_body_bytes_max",
        "_coding",
        "_failure",
        "_framed",
        "_head_bytes",
        "_head_bytes_max",
        "_headed",
        "_parser",
        "_pieces",
        "_status",
        "_whole",
        "begun",
        "reusable",
    )

    def __init__(self, *, head_bytes_max: int, body_bytes_max: int) -> None:
        self._head_bytes_max = head_bytes_max
        self._body_bytes_max = body_bytes_max
        self._parser = httptools.HttpResponseParser(self)
        self._forget()

    def _forget(self) -> None:
        self.begun = self.reusable = self._whole = self._headed = self._framed = False
        self._pieces: list[bytes] = []
        self._status = self._head_bytes = self._body_bytes = 0
        self._coding: str | None = None
        self._failure: Exception | None = None

    def feed(self, data: bytes) -> bool:
        """Read on; true when an answer is whole. Raises BadAnswer or Oversize."""
        self.begun = True
        if not self._headed:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            raise BadAnswer("it switched to another protocol") from None
        except httptools.HttpParserError as error:
            if not self._whole:
                raise BadAnswer(str(error)) from None
            self.reusable = False
        if self._failure is not None:
            raise self._failure
        if not self._headed and self._head_bytes > self._head_bytes_max:
            raise BadAnswer(f"the head of the answer has more than {self._head_bytes_max} bytes")
        return self._whole

    def end(self) -> bool:
        """The stream has ended. True where that is what completes the answer (RFC 9112 section 6.3, the last rule)."""
        self.reusable = False
        self._whole = self._whole or (self._headed and not self._framed)
        return self._whole

    def take(self) -> SubgraphAnswer:
        """The whole answer, without its content coding. Raises BadAnswer or Oversize."""
        pieces, status, coding = self._pieces, self._status, self._coding
        self._forget()
        body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        if coding is None:
            return SubgraphAnswer(status, body)
        try:
            return SubgraphAnswer(status, decoded(body, coding, bytes_max=self._body_bytes_max))
        except UnreadableCoding as error:
            raise BadAnswer(str(error)) from None

    # ── what httptools calls ────────────────────────────────────────────────────────────────────────────────────────

    def on_message_begin(self) -> None:
        if self._whole:  # more came than was asked for: what follows on this connection could be anybody's answer
            self.reusable = False

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(name) in _LENGTHS_THAT_MATTER and not self._headed:
            self._look_at(name.lower(), value)

    def _look_at(self, name: bytes, value: bytes) -> None:
        if name == _CONTENT_LENGTH:
            self._framed = True
            # The parser refuses what is no number, but only after this call.
            if value.isdigit() and int(value) > self._body_bytes_max:
                self._failure = Oversize()
        elif name == _TRANSFER_ENCODING:
            self._framed = True
            if value.strip().lower() != b"chunked":
                self._failure = BadAnswer(f"the transfer coding {value!r} is not known")
        elif name == _CONTENT_ENCODING:
            self._coding = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        if self._whole:
            return
        self._status = self._parser.get_status_code()
        self._headed = self._status > INFORMATIONAL_MAX
        if not self._headed:
            self._framed, self._coding = False, None

    def on_body(self, body: bytes) -> None:
        if self._whole:
            return
        self._body_bytes += len(body)
        if self._body_bytes > self._body_bytes_max:
            self._failure = Oversize()
        else:
            self._pieces.append(body)

    def on_message_complete(self) -> None:
        if self._headed and not self._whole:
            self._whole = True
            self.reusable = self._parser.should_keep_alive()


class HeadedAnswerReader(AnswerReader):
    """The same, and answers have their headers: pairs as they came, names in lower case."""

    __slots__ = ("_headers",)

    def _forget(self) -> None:
        super()._forget()
        self._headers: list[tuple[bytes, bytes]] = []

    def take(self) -> SubgraphAnswer:
        headers = tuple(self._headers)
        return super().take()._replace(headers=headers)

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        if not self._headed:
            self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        if not self._headed:  # of an answer before the answer
            self._headers.clear()
