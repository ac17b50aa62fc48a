"""The reader of HTTP/1.1 answers, without sockets: every framing, in every way that a network may cut it up."""

from __future__ import annotations

import gzip
import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.transport.base import SubgraphAnswer
from router.transport.http1.coding import Oversize
from router.transport.http1.reader import AnswerReader, BadAnswer

BODY = b'{"data":{"name":"Zo\xc3\xab"}}' * 40
PLAIN = b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    + b"".join(b"%x;note=1\r\n%b\r\n" % (len(part), part) for part in (BODY[:7], BODY[7:500], BODY[500:]))
    + b"0\r\nchecksum: 1\r\nContent-Encoding: gzip\r\n\r\n"
)
EARLY_HINTS = b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\ncontent-encoding: br\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"


def coded(coding: str, body: bytes) -> bytes:
    """An answer whose body is compressed."""
    return b"HTTP/1.1 200 OK\r\nContent-Encoding: %b\r\nContent-Length: %d\r\n\r\n%b" % (
        coding.encode(),
        len(body),
        body,
    )


def raw_deflate(body: bytes) -> bytes:
    """Deflate without the header of zlib's format, as some servers send it."""
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(body) + stream.flush()


ANSWERS = {
    "content-length": (PLAIN, SubgraphAnswer(200, BODY)),
    "chunked": (CHUNKED, SubgraphAnswer(200, BODY)),
    "informational": (EARLY_HINTS + PLAIN, SubgraphAnswer(200, BODY)),
    "no content": (NO_CONTENT, SubgraphAnswer(204, b"")),
    "gzip": (coded("gzip", gzip.compress(BODY, mtime=0)), SubgraphAnswer(200, BODY)),
    "gzip in members": (coded("x-gzip", gzip.compress(BODY[:9]) + gzip.compress(BODY[9:])), SubgraphAnswer(200, BODY)),
    "deflate": (coded("deflate", zlib.compress(BODY)), SubgraphAnswer(200, BODY)),
    "raw deflate": (coded("Deflate", raw_deflate(BODY)), SubgraphAnswer(200, BODY)),
    "identity": (coded("identity", BODY), SubgraphAnswer(200, BODY)),
    "empty": (b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n", SubgraphAnswer(500, b"")),
}


def reader(body_bytes_max: int = 10_000, head_bytes_max: int = 1_000) -> AnswerReader:
    """A reader with small limits."""
    return AnswerReader(head_bytes_max=head_bytes_max, body_bytes_max=body_bytes_max)


def cut(data: bytes, at: set[int]) -> list[bytes]:
    """The data in pieces."""
    return [data[start:end] for start, end in pairwise(sorted({0, len(data), *(i % len(data) for i in at)}))]


@pytest.mark.parametrize("name", ANSWERS)
def test_reads_every_framing(name: str) -> None:
    """A whole answer is read, the connection may go on, and the reader is ready for the next one."""
    data, expected = ANSWERS[name]
    reading = reader()

    for _ in range(3):
        assert reading.feed(data)
        assert reading.reusable
        assert reading.take() == expected


@given(st.lists(st.sampled_from(sorted(ANSWERS)), min_size=1, max_size=4), st.sets(st.integers(0, 10_000), max_size=60))
def test_cuts_do_not_matter(names: list[str], at: set[int]) -> None:
    """However the bytes of several answers, one after another, are cut up, the same answers are read."""
    reading = reader()
    for name in names:
        data, expected = ANSWERS[name]
        *first, last = cut(data, at)

        assert not any(reading.feed(piece) for piece in first)
        assert reading.feed(last)
        assert reading.take() == expected


def test_reads_byte_by_byte() -> None:
    """The extreme of it."""
    for data, expected in ANSWERS.values():
        reading = reader()
        assert [reading.feed(data[i : i + 1]) for i in range(len(data))] == [False] * (len(data) - 1) + [True]
        assert reading.take() == expected


@pytest.mark.parametrize("version", [b"HTTP/1.0", b"HTTP/1.1"])
def test_a_body_without_a_length_ends_with_the_connection(version: bytes) -> None:
    """Only the end completes it, and then nothing can follow."""
    reading = reader()

    assert not reading.feed(version + b" 200 OK\r\n\r\n" + BODY)
    assert reading.end()
    assert not reading.reusable
    assert reading.take() == SubgraphAnswer(200, BODY)


@pytest.mark.parametrize("until", [0, 10, 60, len(PLAIN) - 1])
def test_half_an_answer_is_none(until: int) -> None:
    """The end of the connection does not complete what has a length."""
    reading = reader()
    if until:
        reading.feed(PLAIN[:until])

    assert not reading.end()


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    ],
)
def test_knows_when_nothing_may_follow(head: bytes) -> None:
    """`Connection: close`, and HTTP/1.0 without keep-alive."""
    reading = reader()

    assert reading.feed(head)
    assert not reading.reusable
    assert reading.take() == SubgraphAnswer(200, b"{}")


def test_http_1_0_may_be_kept_alive() -> None:
    """If the server says so."""
    reading = reader()

    assert reading.feed(b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n{}")
    assert reading.reusable


@pytest.mark.parametrize("surplus", [b"H", b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", b"garbage", PLAIN])
def test_a_connection_that_says_more_than_was_asked_is_not_reused(surplus: bytes) -> None:
    """The answer counts; what comes after it could be taken for the answer to somebody else."""
    reading = reader()

    assert reading.feed(PLAIN + surplus)
    assert not reading.reusable
    assert reading.take() == SubgraphAnswer(200, BODY)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n", "Expected HTTP/"),
        (b"\x15\x03\x01\x00\x02\x02P", "Expected HTTP/"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n", "Content-Length"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n", "Content-Length"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n", "chunk size"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n", "transfer coding"),
        (b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n", "another protocol"),
        (b"HTTP/1.1 200 OK\r\nx: " + b"a" * 1_000, "head of the answer"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 50, "head of the answer"),
    ],
)
def test_tells_what_is_no_answer(data: bytes, why: str) -> None:
    """Other protocols, broken framing and endless heads are refused, with a reason for the log."""
    with pytest.raises(BadAnswer, match=why):
        reader().feed(data)


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 50000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 10_001,
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2711\r\n" + b"x" * 10_001,
    ],
)
def test_refuses_a_body_past_the_limit(data: bytes) -> None:
    """Also one that only announces its length: none of it is read."""
    with pytest.raises(Oversize):
        reader().feed(data)


def test_a_bomb_stops_at_the_limit() -> None:
    """What is small on the wire and large after decompression is refused without being unpacked."""
    reading = reader(body_bytes_max=10_000)
    assert reading.feed(coded("gzip", gzip.compress(bytes(1_000_000))))

    with pytest.raises(Oversize):
        reading.take()


@pytest.mark.parametrize(
    ("coding", "body", "why"),
    [
        ("br", b"x", 'coding "br" was not asked for'),
        ("gzip", b"no gzip", "incorrect header check"),
        ("gzip", gzip.compress(BODY, mtime=0)[:-9], "ends too early"),
        ("deflate", zlib.compress(BODY)[:-3], "ends too early"),
    ],
)
def test_refuses_a_coding_it_cannot_undo(coding: str, body: bytes, why: str) -> None:
    """Unknown codings, damaged and truncated ones."""
    reading = reader()
    assert reading.feed(coded(coding, body))

    with pytest.raises(BadAnswer, match=why):
        reading.take()
