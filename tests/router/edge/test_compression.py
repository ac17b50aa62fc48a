"""Compressed answers, and request bodies that unfold within a bound."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from router import limits
from router.config import CompressionSettings, RouterConfig
from router.edge.compression import COMPRESSORS, coding_for, compressed, unfolded
from router.errors import BadRequest
from tests.router.edge.served import Served

LARGE = {"query": "{ " + " ".join(f"hello_number_{number}: hello" for number in range(180)) + " }"}


def raw_deflate(body: bytes) -> bytes:
    """Without zlib's header, as some clients send it."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


# ── which coding ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("accept_encoding", "expected"),
    [
        (None, None),
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("gzip;q=0", None),
        ("deflate, nonsense", None),
        ("gzip;q=0.2, identity;q=0.9", None),
        ("gzip;q=x", None),
        ("*;q=0, gzip", "gzip"),
        ("*;q=0", None),
    ],
)
def test_the_client_says_which_coding_it_takes(accept_encoding: str | None, expected: str | None) -> None:
    """RFC 9110's weights: 0 forbids, and who likes the plain answer better gets it."""
    assert coding_for(accept_encoding) == expected


def test_any_coding_is_the_cheapest_there_is() -> None:
    """Which ones there are depends on the installation; gzip always is."""
    assert coding_for("*") == next(iter(COMPRESSORS))
    assert "gzip" in COMPRESSORS


def _zstd(body: bytes) -> bytes:
    restored: bytes = pytest.importorskip("zstandard").ZstdDecompressor().decompress(body)
    return restored


def _brotli(body: bytes) -> bytes:
    restored: bytes = pytest.importorskip("brotli").decompress(body)
    return restored


@pytest.mark.parametrize("size", [10_000, limits.COMPRESSED_ASIDE_BYTES_MIN + 1])
@pytest.mark.parametrize(("coding", "restore"), [("gzip", gzip.decompress), ("zstd", _zstd), ("br", _brotli)])
async def test_what_is_compressed_can_be_restored(coding: str, restore: Callable[[bytes], bytes], size: int) -> None:
    """Small ones at once and large ones in a thread, and smaller than before."""
    if coding not in COMPRESSORS:
        pytest.skip(f"nothing here compresses to {coding}")
    body = json.dumps(list(range(size)))[:size].encode()

    packed = await compressed(body, coding)

    assert restore(packed) == body
    assert len(packed) < len(body) / 2


# ── answers over HTTP ───────────────────────────────────────────────────────────────────────────────────────────────


async def exchange(served: Served, body: Any, accept_encoding: str) -> tuple[bytes, dict[str, str]]:
    """The body as it travelled, and the headers."""
    async with served.client.post(served.url, json=body, headers={"accept-encoding": accept_encoding}) as response:
        headers = {name.lower(): value for name, value in response.headers.items()}
        return await response.read(), headers


@pytest.fixture
async def raw(served: Served) -> Served:
    """The client leaves bodies as they came."""
    served.client._auto_decompress = False
    return served


async def test_a_large_answer_is_compressed(raw: Served) -> None:
    """The client gets what it would have got, in fewer bytes, and caches learn what that depended on."""
    plain, without = await exchange(raw, LARGE, "identity")
    packed, headers = await exchange(raw, LARGE, "gzip")

    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == plain
    assert int(headers["content-length"]) == len(packed) < len(plain) / 4
    assert headers["vary"] == without["vary"] == "accept, accept-encoding"
    assert "content-encoding" not in without


async def test_a_small_answer_is_not(raw: Served) -> None:
    """It would not travel any faster; what it depends on is said all the same."""
    body, headers = await exchange(raw, {"query": "{ hello }"}, "gzip")

    assert body == b'{"data":{"hello":"Hello you"}}'
    assert headers["vary"] == "accept, accept-encoding"


class TestOff:
    """Where a proxy compresses."""

    @pytest.fixture
    def config(self, config: RouterConfig) -> RouterConfig:
        return config.model_copy(update={"compression": CompressionSettings(enabled=False)})

    async def test_nothing_is_compressed(self, raw: Served) -> None:
        """However large."""
        _, headers = await exchange(raw, LARGE, "gzip")

        assert "content-encoding" not in headers
        assert headers["vary"] == "accept"


# ── request bodies ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("X-GZIP", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("identity", bytes),
    ],
)
async def test_a_compressed_request_is_read(served: Served, coding: str, pack: Callable[[bytes], bytes]) -> None:
    """Each coding that is understood, deflate also as some clients misread it."""
    headers = {"content-type": "application/json", "content-encoding": coding}
    async with served.client.post(served.url, data=pack(b'{"query": "{ hello }"}'), headers=headers) as response:
        assert await response.json() == {"data": {"hello": "Hello you"}}


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "nonsense"])
async def test_another_coding_is_415(served: Served, coding: str) -> None:
    """The answer says which ones are understood."""
    headers = {"content-type": "application/json", "content-encoding": coding}
    async with served.client.post(served.url, data=b"{}", headers=headers) as response:
        body = await response.json()

    assert (response.status, response.headers["accept-encoding"]) == (415, "gzip, deflate")
    assert f'"{coding}" is not understood' in body["errors"][0]["message"]


async def test_a_bomb_is_413(served: Served) -> None:
    """A body of a kilobyte that unfolds to a megabyte is as large as what it unfolds to."""
    bomb = gzip.compress(b'{"query": "{ hello }", "x": "' + b" " * limits.REQUEST_BYTES_MAX + b'"}')
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    async with served.client.post(served.url, data=bomb, headers=headers) as response:
        assert len(bomb) < 2_000
        assert response.status == 413


@pytest.mark.parametrize(
    "body", [b"", b"not gzip", gzip.compress(b"{}", mtime=0)[:-5], gzip.compress(b"{}", mtime=0) + b"more"]
)
def test_a_broken_body_is_refused(body: bytes) -> None:
    """Also one that breaks off, or has something after its end."""
    with pytest.raises(BadRequest, match="not valid gzip"):
        unfolded(body, "gzip", bytes_max=1_000)


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, raw_deflate])
def test_the_bound_is_met_to_the_byte(pack: Callable[[bytes], bytes]) -> None:
    """What just fits passes."""
    coding = "gzip" if pack is gzip.compress else "deflate"
    assert unfolded(pack(b"x" * 1_000), coding, bytes_max=1_000) == b"x" * 1_000
    with pytest.raises(BadRequest, match="larger than 999 bytes"):
        unfolded(pack(b"x" * 1_000), coding, bytes_max=999)
