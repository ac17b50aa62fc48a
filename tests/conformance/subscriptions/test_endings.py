"""What the client libraries tell their users when the router reloads or stops. Each test has a router of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.conformance.subscriptions.clients import running
from tests.conformance.subscriptions.stage import STARTS_WITHIN_S, Stage, routing
from tests.conformance.subscriptions.test_streams import WAYS, begun, without_typenames
from tests.router.blog import Blog

PUBLISHED = "subscription { published { title } }"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    blog = Blog()
    async with running() as clients, routing(blog, tmp_path) as router:
        yield Stage(router, blog, clients)


async def subscriptions_open(stage: Stage, number: int) -> None:
    """Wait until the router has this many."""
    async with aiohttp.ClientSession() as client, asyncio.timeout(STARTS_WITHIN_S):
        while True:
            async with client.get(stage.router.url.replace("/graphql", "/metrics")) as response:
                if f"\nrouter_subscriptions {number}.0\n" in await response.text():
                    return
            await asyncio.sleep(0.02)


async def test_a_reload_ends_only_what_it_changes(stage: Stage) -> None:
    """A field gets another name: a subscription that has it is told why it ends, and one without it lives on."""
    name = "draft"
    for number, way in enumerate(WAYS):
        living = await begun(stage, way, PUBLISHED)
        changed = await begun(stage, way, f"subscription {{ published {{ id {name} }} }}")
        await subscriptions_open(stage, 2)

        stage.router.rewrite(rf"\b{name}\b", f"draft{number}")
        name = f"draft{number}"

        assert "SUBSCRIPTION_SCHEMA_RELOAD" in str(await changed.next())
        await subscriptions_open(stage, 1)
        await stage.publish("After")
        assert without_typenames((await living.result())["data"]) == {"published": {"title": "After"}}
        for operation in (living, changed):
            await operation.stop()
            await operation.dispose()
        await subscriptions_open(stage, 0)


async def test_a_router_that_stops_says_so(stage: Stage) -> None:
    """Sockets are closed as going away, which clients answer by connecting again; other streams end with an error that says why."""
    operations = {way: await begun(stage, way, PUBLISHED) for way in WAYS}
    await subscriptions_open(stage, len(WAYS))

    stage.router.terminate()

    told = {way: await operation.next() for way, operation in operations.items()}
    assert (told["graphql-ws"]["event"], told["graphql-ws"]["code"]) == ("error", 1001)
    assert "1001" in str(told["@apollo/client ws"])
    for way in ("graphql-sse", "graphql-sse single", "@apollo/client"):
        assert "SUBSCRIPTION_SERVER_SHUTDOWN" in str(told[way])
        assert (await operations[way].next())["event"] == "complete"
    assert await asyncio.wait_for(stage.router.process.wait(), STARTS_WITHIN_S) == 0
