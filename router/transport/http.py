"""Subgraphs over HTTP: queries and mutations by POST on pooled keep-alive connections, subscriptions as each subgraph wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Mapping
from typing import Protocol, TypedDict

import yarl

from router.errors import SubgraphFailure
from router.limits import (
    CONNECTION_INIT_TIMEOUT_S,
    SUBGRAPH_CONNECTIONS_MAX,
    SUBGRAPH_RESPONSE_BYTES_MAX,
    SUBGRAPH_TIMEOUT_S,
)
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse
from router.transport.body import unknown_subgraph, unreachable
from router.transport.http1 import Bounds, Http1Client
from router.transport.streams import SubgraphStreams, Target


class Client(Protocol):
    """Asks some of the subgraphs: those of one scheme."""

    def send(self, request: SubgraphRequest) -> Awaitable[SubgraphAnswer]:
        """The answer to come; it fails with SubgraphFailure."""
        ...

    async def close(self) -> None:
        """Close every connection. Idempotent; a later request opens new ones."""
        ...


class HttpTransport:
    """Reaches each subgraph at its URL, where it takes subscriptions too unless `targets` says otherwise.

    Plain http goes through the router's own client, https through a library that also speaks HTTP/2. `timeout_s` bounds a
    whole request, waiting for a connection included; `connections_max` how many requests to one host run at once;
    `response_bytes_max` an answer after decompression; `bounds` takes their place for single subgraphs. With `compressed`, answers
    may come compressed: that saves bytes on the wire and costs a multiple of the time that reading them takes otherwise. In
    `timeout_header` a subgraph reads how many milliseconds it has; with `answer_headers`, answers have their headers. `ca` is a
    PEM text with authorities to trust beside the system's. `streams` holds the connections of subscriptions; one that is given
    stays open when this transport is closed.
    To be used and closed in one event loop.
    """

    def __init__(
        self,
        urls: Mapping[str, str],
        *,
        timeout_s: float = SUBGRAPH_TIMEOUT_S,
        connections_max: int = SUBGRAPH_CONNECTIONS_MAX,
        response_bytes_max: int = SUBGRAPH_RESPONSE_BYTES_MAX,
        init_timeout_s: float = CONNECTION_INIT_TIMEOUT_S,
        bounds: Mapping[str, Bounds] | None = None,
        compressed: bool = False,
        timeout_header: str | None = None,
        answer_headers: bool = False,
        ca: bytes | None = None,
        targets: Mapping[str, Target] | None = None,
        streams: SubgraphStreams | None = None,
    ) -> None:
        self._urls = {name: yarl.URL(url) for name, url in urls.items()}
        by_url = {name: Target(url, timeout_s=init_timeout_s) for name, url in self._urls.items()}
        self._targets = by_url | dict(targets or {})
        usual = Bounds(timeout_s=timeout_s, connections_max=connections_max, response_bytes_max=response_bytes_max)
        bounded = {name: (bounds or {}).get(name, usual) for name in urls}
        told: OnTheWire = {"compressed": compressed, "timeout_header": timeout_header, "answer_headers": answer_headers}
        # Subgraphs on one host share its connections where their bounds are the same.
        self._clients: dict[str, Client] = {}
        for each in dict.fromkeys(bounded.values()):
            alike = {name: url for name, url in self._urls.items() if bounded[name] == each}
            self._clients |= _clients(alike, each, told, ca=ca)
        self._streams = streams or SubgraphStreams(ca=ca)
        self._owns_streams = streams is None

    def send(self, request: SubgraphRequest) -> Awaitable[SubgraphAnswer]:
        """POST the request. Redirects are not followed."""
        client = self._clients.get(request.subgraph)
        return client.send(request) if client is not None else _failed(self._no_way(request.subgraph))

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Open the subscription by the protocol of the subgraph's target."""
        if request.subgraph not in self._clients:
            return _failing(self._no_way(request.subgraph))
        return self._streams.subscribe(self._targets[request.subgraph], request)

    def target(self, subgraph: str) -> Target | None:
        """Where and how a subgraph takes subscriptions."""
        return self._targets.get(subgraph)

    async def close(self) -> None:
        """Close every connection. Idempotent; a later request opens new ones."""
        for client in set(self._clients.values()):
            await client.close()
        if self._owns_streams:
            await self._streams.close()

    def _no_way(self, subgraph: str) -> SubgraphFailure:
        if subgraph not in self._urls:
            return unknown_subgraph(subgraph)
        return unreachable(subgraph, f'"{self._urls[subgraph]}" is no address in HTTP')


class OnTheWire(TypedDict):
    """What is said to subgraphs, and kept of what they say, beside bodies and forwarded headers."""

    compressed: bool
    timeout_header: str | None
    answer_headers: bool


def _clients(urls: Mapping[str, yarl.URL], bounds: Bounds, told: OnTheWire, *, ca: bytes | None) -> dict[str, Client]:
    """The client for each subgraph. One whose URL is of neither scheme gets none: it fails when it is asked."""
    plain = {name: url for name, url in urls.items() if url.scheme == "http" and url.host}
    secure = {name: url for name, url in urls.items() if url.scheme == "https" and url.host}
    clients: dict[str, Client] = dict.fromkeys(plain, Http1Client(plain, bounds, **told))
    if secure:
        # Imported where it is needed: most routers stand beside their subgraphs and need neither TLS nor these megabytes.
        from router.transport.reqwest import ReqwestClient

        clients |= dict.fromkeys(secure, ReqwestClient(secure, bounds, **told, ca=ca))
    return clients


def _failed(failure: SubgraphFailure) -> asyncio.Future[SubgraphAnswer]:
    answer: asyncio.Future[SubgraphAnswer] = asyncio.get_running_loop().create_future()
    answer.set_exception(failure)
    return answer


async def _failing(failure: SubgraphFailure) -> AsyncGenerator[SubgraphResponse, None]:
    raise failure
    yield  # what makes this a generator
