"""A subscription as one long answer to a POST: what both kinds of event streams over HTTP have in common."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import ClassVar, Protocol

import aiohttp

from router.errors import SubgraphFailure
from router.limits import SUBGRAPH_RESPONSE_BYTES_MAX
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse
from router.transport.body import decode_response, not_graphql, refused, too_large, too_slow, unreachable
from router.transport.close_codes import broken_off
from router.transport.headers import forwarded
from router.transport.interruption import passing
from router.transport.streams.target import Target

JSON_MEDIA = ("application/json", "application/graphql-response+json")


class Format(Protocol):
    """How events stand in the body: knows no I/O."""

    accept: ClassVar[str]
    media: ClassVar[str]

    def __init__(self, subgraph: str, content_type: str) -> None:
        """Raises SubgraphFailure where the body could not be read by what its type says."""
        ...

    def read(self, chunk: bytes) -> Iterator[SubgraphResponse]:
        """The events that another piece of the body completes. Raises SubgraphFailure."""
        ...

    @property
    def is_complete(self) -> bool:
        """Whether the subgraph has said that no more events come."""
        ...


@asynccontextmanager
async def streamed(
    session: aiohttp.ClientSession,
    target: Target,
    request: SubgraphRequest,
    media: type[Format],
) -> AsyncIterator[AsyncGenerator[SubgraphResponse, None]]:
    """Ask for the stream, and close the connection on the way out. Raises SubgraphFailure."""
    answer = await _asked(session, target, request, accept=media.accept)
    events = None
    try:
        content_type = answer.headers.get("content-type", "")
        if answer.status == HTTPStatus.OK and content_type.lower().startswith(media.media):
            events = _events(answer, request.subgraph, media(request.subgraph, content_type))
        else:
            events = _one(await _refusal(answer, request.subgraph, content_type, timeout_s=target.timeout_s))
        yield events
    finally:
        if events is not None:
            await events.aclose()
        answer.close()


async def _asked(
    session: aiohttp.ClientSession, target: Target, request: SubgraphRequest, *, accept: str
) -> aiohttp.ClientResponse:
    headers: Mapping[str, str] = {
        **forwarded(request.headers),
        "accept": accept,
        "accept-encoding": "identity",  # events are small, and a compressor might hold one back
        "content-type": "application/json",
    }
    patience = aiohttp.ClientTimeout(total=None, sock_read=target.silence_s)
    try:
        async with asyncio.timeout(target.timeout_s):
            return await session.post(
                target.address, data=request.body, headers=headers, allow_redirects=False, timeout=patience
            )
    except TimeoutError:
        raise passing(too_slow(request.subgraph, target.timeout_s)) from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise passing(unreachable(request.subgraph, str(error))) from None


async def _events(
    answer: aiohttp.ClientResponse, subgraph: str, body: Format
) -> AsyncGenerator[SubgraphResponse, None]:
    async for chunk in _chunks(answer, subgraph):
        for event in body.read(chunk):
            yield event
        if body.is_complete:
            return
    raise broken_off(subgraph, None, "the stream ended before it was complete")


async def _chunks(answer: aiohttp.ClientResponse, subgraph: str) -> AsyncGenerator[bytes, None]:
    try:
        async for chunk in answer.content.iter_any():
            yield chunk
    except TimeoutError as error:
        raise broken_off(subgraph, None, f"silence: {error}") from None
    except (aiohttp.ClientError, OSError) as error:
        raise broken_off(subgraph, None, repr(error)) from None


async def _one(event: SubgraphResponse) -> AsyncGenerator[SubgraphResponse, None]:
    yield event


async def _refusal(
    answer: aiohttp.ClientResponse, subgraph: str, content_type: str, *, timeout_s: float
) -> SubgraphResponse:
    """An answer that is no stream, and has GraphQL errors at best. Raises SubgraphFailure."""
    if not content_type.lower().startswith(JSON_MEDIA):
        detail = f"HTTP {answer.status} of the type {content_type!r}"
        raise (
            refusal(subgraph, answer.status, detail)
            if answer.status != HTTPStatus.OK
            else not_graphql(subgraph, detail)
        )
    body = b""
    try:
        async with asyncio.timeout(timeout_s):
            async for chunk in _chunks(answer, subgraph):
                body += chunk
                if len(body) > SUBGRAPH_RESPONSE_BYTES_MAX:
                    raise too_large(subgraph, SUBGRAPH_RESPONSE_BYTES_MAX)
    except TimeoutError:
        raise passing(too_slow(subgraph, timeout_s)) from None
    return decode_response(subgraph, SubgraphAnswer(answer.status, body))


def refusal(subgraph: str, status: int, detail: str) -> SubgraphFailure:
    """An HTTP status without GraphQL: one of the subgraph's own faults may be over soon."""
    failure = refused(subgraph, status, detail)
    return passing(failure) if status >= HTTPStatus.INTERNAL_SERVER_ERROR else failure
