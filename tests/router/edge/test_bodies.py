"""Bodies of requests, whatever server hands them on."""

from __future__ import annotations

import pytest

from router.edge.bodies import read_body
from router.errors import BadRequest


async def read(announced: str, body: bytes) -> bytes:
    """A body of at most ten bytes that came with this content-length."""

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    return await read_body({"content-length": announced}, receive, bytes_max=10)


@pytest.mark.parametrize("announced", ["²", "٣", "-1", "", "3, 3", "1e9"])
async def test_a_length_that_is_no_number_is_passed_over(announced: str) -> None:
    """What came is what counts: no digit of another script makes the router fail."""
    assert await read(announced, b"abc") == b"abc"
    with pytest.raises(BadRequest):
        await read(announced, b"a" * 11)
