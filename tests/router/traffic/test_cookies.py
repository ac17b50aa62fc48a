"""What is shared between clients never hands one of them the cookie that was made for another."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from itertools import count
from typing import Any

import pytest

from router.assembly import Given, assemble
from router.config import AuthorizationSettings, RouterConfig
from router.exchange import ClientRequest
from router.pipeline import answer
from router.supergraph import load_supergraph
from router.transport import FakeTransport
from router.transport.base import SubgraphAnswer, SubgraphRequest
from tests.router.blog import supergraph_sdl

SUPERGRAPH = load_supergraph(supergraph_sdl())
COOKIES = {"response": [{"propagate": {"named": "set-cookie"}}]}


async def cookies(headers: Mapping[str, Any], traffic: Mapping[str, Any]) -> list[list[str]]:
    """Those that two clients get who ask the same at one time, of a subgraph that begins a session for each request."""
    sessions = count(1)

    async def begin_session(_: SubgraphRequest) -> SubgraphAnswer:
        number = next(sessions)
        await asyncio.sleep(0.02)
        return SubgraphAnswer(200, b'{"data":{"hello":"you"}}', ((b"set-cookie", b"session=%d" % number),))

    config = RouterConfig.model_validate({"headers": headers, "traffic": traffic})
    config = config.model_copy(update={"authorization": AuthorizationSettings(anonymous_only=True)})
    gate = assemble(config, SUPERGRAPH, given=Given(FakeTransport({"people": begin_session})))
    answers = await asyncio.gather(*(answer(ClientRequest("{ hello }"), gate.router) for _ in range(2)))
    await gate.parts.close()
    return sorted(each.reply.cookies for each in answers)


@pytest.mark.parametrize("traffic", [{}, {"dedupe_client_requests": True}])
@pytest.mark.parametrize(
    "headers",
    [
        {"all": COOKIES},
        {"subgraphs": {"people": COOKIES}},
        {"all": {"response": [{"propagate": {"matching": "cookie"}}]}},
    ],
)
async def test_cookies_are_for_one(headers: Mapping[str, Any], traffic: Mapping[str, Any]) -> None:
    """Where clients are told them, each has its own request, whatever else is shared."""
    assert await cookies(headers, traffic) == [["session=1"], ["session=2"]]
