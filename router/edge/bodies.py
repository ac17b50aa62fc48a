"""Reads the body of a request, up to a bound, whether its length was announced or not."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Receive

from router.errors import BadRequest


async def read_body(headers: Mapping[str, str], receive: Receive, *, bytes_max: int) -> bytes:
    """The whole body as it was sent. Raises BadRequest where it is too large, or the client went away."""
    announced = headers.get("content-length", "0")
    if announced.isascii() and announced.isdigit() and int(announced) > bytes_max:
        raise too_large(bytes_max)
    message = await receive()
    if not message.get("more_body") and message["type"] == "http.request":
        whole: bytes = message.get("body", b"")
        if len(whole) > bytes_max:
            raise too_large(bytes_max)
        return whole
    return await _collected(message, receive, bytes_max)


async def _collected(message: Mapping[str, object], receive: Receive, bytes_max: int) -> bytes:
    body = bytearray()
    while True:
        if message["type"] == "http.disconnect":
            raise BadRequest("The request body ended too early.")
        part = message.get("body", b"")
        assert isinstance(part, bytes | bytearray)
        body += part
        if len(body) > bytes_max:
            raise too_large(bytes_max)
        if not message.get("more_body"):
            return bytes(body)
        message = await receive()


def too_large(bytes_max: int) -> BadRequest:
    """For a body over the bound."""
    return BadRequest(f"The request body is larger than {bytes_max} bytes.", status=413)
