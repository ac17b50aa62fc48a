"""Subgraphs by https, in HTTP/2 where they speak it: pyreqwest (hyper and rustls) behind the same port as our own client."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import yarl
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import (
    BodyDecodeError,
    DecodeError,
    DetailedPyreqwestError,
    PyreqwestError,
    RequestTimeoutError,
)
from pyreqwest.request import StreamRequest
from pyreqwest.response import Response, ResponseBodyReader

from router.errors import SubgraphFailure
from router.limits import (
    HTTP2_CONNECTION_WINDOW_BYTES,
    HTTP2_PING_S,
    HTTP2_PONG_S,
    HTTP2_STREAM_WINDOW_BYTES,
)
from router.transport.base import SubgraphAnswer, SubgraphRequest
from router.transport.body import not_graphql, not_sent, too_large, unreachable
from router.transport.headers import for_request
from router.transport.http1 import Bounds
from router.transport.patience import patience_for

END_OF_CERTIFICATE = b"-----END CERTIFICATE-----"


class ReqwestClient:
    """Asks the subgraphs at `urls`; each origin has connections of its own. `ca` is a PEM text to trust as well.

    Over HTTP/2 `connections_max` bounds the streams, which share a connection. In `timeout_header` a subgraph reads how many
    milliseconds it has. With `answer_headers`, answers have their headers.
    """

    def __init__(
        self,
        urls: Mapping[str, yarl.URL],
        bounds: Bounds,
        *,
        compressed: bool = False,
        timeout_header: str | None = None,
        answer_headers: bool = False,
        ca: bytes | None = None,
    ) -> None:
        self._urls = dict(urls)
        self._bounds = bounds
        self._timeout_header = timeout_header
        self._answer_headers = answer_headers
        self._compressed = compressed
        self._ca = ca
        self._origins: dict[yarl.URL, _Origin] = {}

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        """POST the request. Redirects are not followed, cookies not kept."""
        url = self._urls[request.subgraph]
        origin = self._origin(url.origin())
        if origin.is_full:
            raise not_sent(request.subgraph, f"{url}: {origin.under_way} requests are under way already")
        patience = patience_for(request, self._bounds.timeout_s)
        origin.under_way += 1
        try:
            async with asyncio.timeout(patience.seconds):
                return await self._exchange(origin.client, request, url, seconds=patience.seconds)
        except (TimeoutError, RequestTimeoutError):
            raise patience.over() from None
        except PyreqwestError as error:
            raise _failure(request.subgraph, url, error) from None
        finally:
            origin.under_way -= 1

    async def close(self) -> None:
        """Close every connection. Idempotent; a later request opens new ones."""
        origins, self._origins = self._origins, {}
        for origin in origins.values():
            await origin.client.close()

    def _origin(self, origin: yarl.URL) -> _Origin:
        if origin not in self._origins:
            client = _client(self._bounds, compressed=self._compressed, ca=self._ca)
            self._origins[origin] = _Origin(client, self._bounds.connections_max + self._bounds.waiting_max)
        return self._origins[origin]

    async def _exchange(
        self, client: Client, request: SubgraphRequest, url: yarl.URL, *, seconds: float
    ) -> SubgraphAnswer:
        headers = for_request(request.headers, timeout_header=self._timeout_header, seconds=seconds)
        async with _post(client, request, url, headers) as response:
            body = await _read(response.body_reader, bytes_max=self._bounds.response_bytes_max)
        if body is None:
            raise too_large(request.subgraph, self._bounds.response_bytes_max)
        return SubgraphAnswer(response.status, body, _headers(response) if self._answer_headers else ())


class _Origin:
    """The client of one origin, and how many requests it has in hand."""

    def __init__(self, client: Client, under_way_max: int) -> None:
        self.client = client
        self.under_way = 0
        self._under_way_max = under_way_max

    @property
    def is_full(self) -> bool:
        return self.under_way >= self._under_way_max


def _client(bounds: Bounds, *, compressed: bool, ca: bytes | None) -> Client:
    builder = (
        ClientBuilder()
        .http2(True)
        .http2_initial_stream_window_size(HTTP2_STREAM_WINDOW_BYTES)
        .http2_initial_connection_window_size(HTTP2_CONNECTION_WINDOW_BYTES)
        .http2_keep_alive_interval(timedelta(seconds=HTTP2_PING_S))
        .http2_keep_alive_timeout(timedelta(seconds=HTTP2_PONG_S))
        .http2_max_header_list_size(bounds.head_bytes_max)
        .max_connections(bounds.connections_max)
        .timeout(timedelta(seconds=bounds.timeout_s))  # beside ours: what we cancel runs on in the library until then
        .pool_timeout(timedelta(seconds=bounds.timeout_s))
        .pool_idle_timeout(timedelta(seconds=bounds.idle_s))
        .gzip(compressed)
        .deflate(compressed)
        .brotli(compressed)
        .zstd(compressed)
        .follow_redirects(False)
        .referer(False)
        .no_proxy()  # the environment's proxies are for the way out of the house, not to its own subgraphs
    )
    for certificate in _certificates(ca or b""):
        builder = builder.add_root_certificate_pem(certificate)
    return builder.build()


def _certificates(pem: bytes) -> list[bytes]:
    *certificates, _ = pem.split(END_OF_CERTIFICATE)
    return [certificate + END_OF_CERTIFICATE for certificate in certificates]


def _post(client: Client, request: SubgraphRequest, url: yarl.URL, headers: Mapping[str, str]) -> StreamRequest:
    try:
        builder = client.post(str(url)).headers(headers)
    except ValueError:  # its message quotes the header, which may be a token
        raise not_sent(request.subgraph, "a header holds characters that no header may") from None
    return builder.body_bytes(request.body).build_streamed()


def _headers(response: Response) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.headers.items())


async def _read(reader: ResponseBodyReader, *, bytes_max: int) -> bytes | None:
    """The body after decompression, or None where it is too long; then the rest is left unread."""
    chunks: list[bytes] = []
    size = 0
    while (chunk := await reader.read_chunk()) is not None:
        size += len(chunk)
        if size > bytes_max:
            return None
        chunks.append(bytes(chunk))
    return b"".join(chunks)


def _failure(subgraph: str, url: yarl.URL, error: PyreqwestError) -> SubgraphFailure:
    """What is no HTTP counts as an answer that is no GraphQL; anything else as no answer."""
    causes = (error.details.get("causes") or []) if isinstance(error, DetailedPyreqwestError) else []
    reason = causes[-1]["message"] if causes else error.message
    if isinstance(error, DecodeError) and not isinstance(error, BodyDecodeError):
        return not_graphql(subgraph, f"not an answer in HTTP: {reason}")
    return unreachable(subgraph, f"{url.with_user(None)}: {reason}")
