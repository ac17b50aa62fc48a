"""Subgraphs by https: the version that is agreed on, whose certificates are believed, and what several streams at once need."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from router.errors import SubgraphFailure
from router.transport import HttpTransport, SubgraphAnswer, SubgraphRequest
from tests.router.transport.subgraphs import certified, served

VERSIONS: dict[str, dict[str, bool]] = {"1.1": {"tls": True}, "2": {"http2": True}}
BIG = b"x" * 3_000_000


async def version(scope: Any, _receive: Any, send: Any) -> None:
    """An application that answers with the version of HTTP it was asked in."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["http_version"].encode()})


async def big(_scope: Any, _receive: Any, send: Any) -> None:
    """An application whose answers are larger than any window of flow control."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": BIG})


ASK = SubgraphRequest("version", b"{}")


@pytest.mark.parametrize("spoken", VERSIONS)
async def test_speaks_the_best_version_that_the_server_has(spoken: str) -> None:
    """HTTP/2 is agreed on by ALPN; a server without it is asked in HTTP/1.1."""
    async with served({"version": version}, **VERSIONS[spoken]) as urls:
        transport = HttpTransport(urls, ca=certified().ca)
        assert await transport.send(ASK) == SubgraphAnswer(200, spoken.encode())
        await transport.close()


@pytest.mark.parametrize("spoken", VERSIONS)
async def test_a_certificate_that_nobody_vouches_for_is_refused(spoken: str) -> None:
    """Nothing is sent to a server that may be anybody's; the log says why."""
    async with served({"version": version}, **VERSIONS[spoken]) as urls:
        transport = HttpTransport(urls)
        with pytest.raises(SubgraphFailure, match="cannot be reached") as caught:
            await transport.send(ASK)
        assert "certificate" in caught.value.detail.lower()
        await transport.close()


async def test_a_certificate_for_another_name_is_refused() -> None:
    """Whoever has signed it."""
    async with served({"version": version}, tls=True) as urls:
        elsewhere = {name: url.replace("localhost", "127.0.0.1") for name, url in urls.items()}
        transport = HttpTransport(elsewhere, ca=certified().ca)
        with pytest.raises(SubgraphFailure, match="cannot be reached"):
            await transport.send(ASK)
        await transport.close()


async def test_several_authorities_are_believed() -> None:
    """A file may hold more than one."""
    async with served({"version": version}, tls=True) as urls:
        transport = HttpTransport(urls, ca=certified(1).ca + certified().ca)
        assert await transport.send(ASK) == SubgraphAnswer(200, b"1.1")
        await transport.close()


async def test_large_answers_side_by_side() -> None:
    """Streams that share a connection do not hold each other up for good."""
    async with served({"big": big}, http2=True) as urls:
        transport = HttpTransport(urls, ca=certified().ca)
        answers = await asyncio.gather(*(transport.send(ASK._replace(subgraph="big")) for _ in range(8)))
        assert [answer.body == BIG for answer in answers] == [True] * 8
        await transport.close()
