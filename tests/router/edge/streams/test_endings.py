"""What becomes of open streams when another generation takes over, when a session ends, and when the server stops."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from websockets.asyncio.client import connect

from router.app import RouterApp, create_app
from router.config import ConfigSource
from router.security.caller import Caller
from tests.router.blog import Blog, supergraph_sdl
from tests.router.edge.streams.reading import DEFERRED_PARTS, EVENTS, SUBSCRIPTION_PARTS, events, parts
from tests.router.edge.test_websocket import PROTOCOL, Client
from tests.router.security.tokens import AUDIENCE, ISSUER, KeyServer, SigningKey
from tests.router.serving import serving

CONFIG = """
supergraph: supergraph.graphql
authorization: {anonymous_only: true}
reload: {interval_s: 0.02, drain_s: 0.1}
"""
PUBLISHED = "subscription { published { title author { name } } }"
DEFERRED = "{ hello ... @defer { slow } }"
KEY = SigningKey("k1")


class Site:
    """A router that watches its files."""

    def __init__(self, folder: Path) -> None:
        self.blog = Blog()
        self.revoked: set[str] = set()
        self.client: aiohttp.ClientSession
        self.app: RouterApp
        self.address = ""
        self._folder = folder
        self._generation = 0

    def configure(self, text: str = "") -> None:
        (self._folder / "router.yaml").write_text(CONFIG + text)

    def compose(self, old: str = "", new: str = "") -> None:
        """Write the supergraph with something else in place of what matches."""
        (self._folder / "supergraph.graphql").write_text(
            re.sub(old, new, supergraph_sdl()) if old else supergraph_sdl()
        )

    async def serve(self, stack: AsyncExitStack) -> None:
        source = ConfigSource(self._folder / "router.yaml")
        self.app = create_app(source, transport=self.blog.transport(), revoked=self._is_revoked)
        self.address = await stack.enter_async_context(serving(self.app))
        self.client = await stack.enter_async_context(aiohttp.ClientSession())

    async def _is_revoked(self, caller: Caller) -> bool:
        return caller.subject in self.revoked

    async def reloaded(self, times: int = 1) -> None:
        """Wait until so many reloads were taken up."""
        async with asyncio.timeout(10):
            while f'router_reloads_total{{outcome="applied"}} {times}.0' not in await self.metrics():
                await asyncio.sleep(0.01)

    async def metrics(self) -> str:
        async with self.client.get(f"http://{self.address}/metrics") as response:
            return await response.text()

    async def stream(self, stack: AsyncExitStack, accept: str, query: str, **headers: str) -> aiohttp.ClientResponse:
        """The response to an operation, which is open until the stack is left."""
        asked = self.client.post(
            f"http://{self.address}/graphql", json={"query": query}, headers={"accept": accept, **headers}
        )
        return await stack.enter_async_context(asked)

    async def socket(self, stack: AsyncExitStack) -> Client:
        """A socket that may subscribe."""
        socket = connect(f"ws://{self.address}/graphql", subprotocols=[PROTOCOL])
        client = Client(await stack.enter_async_context(socket))
        await client.say("connection_init")
        await client.hear()
        return client


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
async def site(tmp_path: Path, stack: AsyncExitStack) -> Site:
    site = Site(tmp_path)
    site.configure()
    site.compose()
    await site.serve(stack)
    return site


async def soon(event: asyncio.Event) -> None:
    await asyncio.wait_for(event.wait(), 10)


def code(body: dict[str, Any]) -> str:
    found: str = body["errors"][0]["extensions"]["code"]
    return found


# ── another generation ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_unchanged_subscription_lives_on(site: Site, stack: AsyncExitStack) -> None:
    """Over the source that is open, with what it had already told, and by the plan of the generation that serves now."""
    told = parts(await site.stream(stack, SUBSCRIPTION_PARTS, PUBLISHED))
    await soon(site.blog.listening)
    requests = site.blog.requests.count("posts")
    before = site.app.streams.serving.gate

    site.compose(r"\bdraft\b", "sketch")
    await site.reloaded()
    site.blog.published.put_nowait("After")

    assert await anext(told) == {"payload": {"data": {"published": {"title": "After", "author": {"name": "Ada"}}}}}
    assert site.blog.requests.count("posts") == requests
    assert not site.blog.closed.is_set()
    async with asyncio.timeout(10):
        while before.in_use:  # nothing holds what the old generation is made of
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("query", "old", "new"),
    [
        ("subscription { published { id title } }", r"\btitle\b", "headline"),
        (PUBLISHED, r"author: User!?", "author: String"),
    ],
    ids=["invalid now", "another type"],
)
async def test_a_changed_subscription_is_told_why_it_ends(
    site: Site, stack: AsyncExitStack, query: str, old: str, new: str
) -> None:
    """Where it does not validate any more."""
    site.configure("subscriptions: {reload_spread_s: 0}")
    await site.reloaded()
    told = parts(await site.stream(stack, SUBSCRIPTION_PARTS, query))
    await soon(site.blog.listening)
    site.compose(old, new)
    last = await anext(told)
    assert (last["payload"], code(last)) == (None, "SUBSCRIPTION_SCHEMA_RELOAD")
    assert [piece async for piece in told] == []
    await soon(site.blog.closed)


async def test_a_subscription_with_another_source_is_told_why_it_ends(site: Site, stack: AsyncExitStack) -> None:
    """Other headers for its subgraph make it another, which may be somebody else's."""
    site.configure("subscriptions: {reload_spread_s: 0}")
    await site.reloaded()
    told = events(await site.stream(stack, EVENTS, PUBLISHED, **{"x-tenant": "a"}))
    await soon(site.blog.listening)
    rules = "headers: {all: {request: [{propagate: {named: x-tenant}}]}}"
    site.configure(f"subscriptions: {{reload_spread_s: 0}}\n{rules}")
    kind, body = await anext(told)
    assert (kind, code(body)) == ("next", "SUBSCRIPTION_CONFIG_RELOAD")
    assert await anext(told) == ("complete", None)


async def test_subscriptions_that_end_do_not_end_at_once(site: Site, stack: AsyncExitStack) -> None:
    """Each at a moment of its own, so that their clients do not come back at one moment."""
    site.configure("subscriptions: {reload_spread_s: 0.5}")
    await site.reloaded()
    client = await site.socket(stack)
    for number in range(20):
        await client.subscribe(str(number), "subscription { published { title } }")
    await soon(site.blog.listening)
    site.compose(r"\btitle\b", "headline")
    ends = []
    for _ in range(20):
        message = await client.hear()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "SUBSCRIPTION_SCHEMA_RELOAD")
        ends.append(asyncio.get_running_loop().time())
    assert 0.1 < ends[-1] - ends[0] < 2


async def test_a_deferred_answer_comes_to_its_end(site: Site, stack: AsyncExitStack) -> None:
    """By the plan that it began with."""
    told = parts(await site.stream(stack, DEFERRED_PARTS, DEFERRED))
    await anext(told)
    site.compose(r"\bslow\b", "lazy")
    await site.reloaded()
    site.blog.slow_goes_on.set()
    assert (await anext(told))["incremental"][0]["data"] == {"slow": "at last"}


# ── the end of a session ────────────────────────────────────────────────────────────────────────────────────────────


class TestRevoked:
    """A caller whose session is ended before its token expires."""

    @pytest.fixture
    async def site(self, tmp_path: Path, stack: AsyncExitStack) -> Site:
        keys = await stack.enter_async_context(KeyServer(KEY).serving())
        site = Site(tmp_path)
        accepted = f"{{issuer: {ISSUER}, audiences: [{AUDIENCE}], jwks_url: {keys.url}}}"
        text = CONFIG.replace("authorization: {anonymous_only: true}\n", "")
        (tmp_path / "router.yaml").write_text(
            f"{text}jwt: {{issuers: [{accepted}], revocation: {{recheck_s: 0.05}}}}\n"
        )
        site.compose()
        await site.serve(stack)
        return site

    async def test_its_streams_end(self, site: Site, stack: AsyncExitStack) -> None:
        """With the code of that reason."""
        token = KEY.token(sub="ada", jti="1")
        told = parts(await site.stream(stack, SUBSCRIPTION_PARTS, PUBLISHED, authorization=f"Bearer {token}"))
        await soon(site.blog.listening)
        site.revoked.add("ada")
        last = await anext(told)
        assert (last["payload"], code(last)) == (None, "SUBSCRIPTION_SESSION_REVOKED")
        await soon(site.blog.closed)


# ── the end of the server ───────────────────────────────────────────────────────────────────────────────────────────


async def test_a_server_that_stops_says_so(site: Site, stack: AsyncExitStack) -> None:
    """Subscriptions over HTTP end with an error, sockets are closed as going away, and no subscription begins any more."""
    multipart = parts(await site.stream(stack, SUBSCRIPTION_PARTS, PUBLISHED))
    sse = events(await site.stream(stack, EVENTS, PUBLISHED))
    socket = await site.socket(stack)
    await socket.subscribe("s", PUBLISHED)
    async with asyncio.timeout(10):
        while "\nrouter_subscriptions 3.0\n" not in await site.metrics():
            await asyncio.sleep(0.01)

    await site.app.leave()

    assert code(await anext(multipart)) == "SUBSCRIPTION_SERVER_SHUTDOWN"
    assert [piece async for piece in multipart] == []
    assert [code(body) if body else kind async for kind, body in sse] == ["SUBSCRIPTION_SERVER_SHUTDOWN", "complete"]
    assert await socket.closed() == (1001, "The router is shutting down: connect again.")
    late = await site.stream(stack, EVENTS, PUBLISHED)
    assert (late.status, code(await late.json())) == (503, "SUBSCRIPTION_SERVER_SHUTDOWN")


async def test_a_deferred_answer_may_be_finished_by_a_server_that_stops(site: Site, stack: AsyncExitStack) -> None:
    """It is near its end."""
    told = parts(await site.stream(stack, DEFERRED_PARTS, DEFERRED))
    await anext(told)
    leaving = asyncio.create_task(site.app.leave())
    await asyncio.sleep(0)
    site.blog.slow_goes_on.set()
    assert (await anext(told))["incremental"][0]["data"] == {"slow": "at last"}
    await leaving


async def test_why_streams_end_is_counted(site: Site, stack: AsyncExitStack) -> None:
    """By themselves, by their client, or by a code."""
    async with AsyncExitStack() as visit:
        await (await site.stream(visit, EVENTS, "subscription { count(to: 2) }")).read()
        await site.stream(visit, EVENTS, PUBLISHED)
        await soon(site.blog.listening)
    await soon(site.blog.closed)
    waiting = await site.stream(stack, EVENTS, PUBLISHED)
    await waiting.content.readany()
    await site.app.leave()
    told = await site.metrics()
    for reason in ("completed", "client", "SUBSCRIPTION_SERVER_SHUTDOWN"):
        assert f'router_streams_ended_total{{reason="{reason}"}} 1.0' in told
