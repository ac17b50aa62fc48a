"""Shared subscriptions as clients of a running router see them, and its subgraphs: one source, everything to everybody."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from router.app import create_app
from router.config import ConfigSource
from tests.router.serving import serving
from tests.router.subscriptions.news import News, newsroom, supergraph_sdl

QUERY = "subscription { headlines { id title comment } }"


class Client:
    """One WebSocket with one subscription."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def begin(self, query: str) -> None:
        """Greet and subscribe."""
        await self._socket.send_json({"type": "connection_init"})
        assert (await self._socket.receive_json())["type"] == "connection_ack"
        await self._socket.send_json({"id": "1", "type": "subscribe", "payload": {"query": query}})

    async def events(self, most: int) -> list[Any]:
        """The data of the next events."""
        told: list[Any] = []
        async with asyncio.timeout(10):
            while len(told) < most:
                message = await self._socket.receive_json()
                if message["type"] != "ping":
                    assert message["type"] == "next", message
                    assert "errors" not in message["payload"], message
                    told.append(message["payload"]["data"])
        return told

    async def errors(self) -> Any:
        """The errors of the next event."""
        async with asyncio.timeout(10):
            while (message := await self._socket.receive_json())["type"] != "next":
                pass
        return message["payload"]["errors"]

    async def ending(self) -> Any:
        """What is told in place of an event, after however many."""
        async with asyncio.timeout(10):
            while (message := await self._socket.receive_json())["type"] in ("ping", "next"):
                pass
        return message

    async def leave(self) -> None:
        """Close the socket."""
        await self._socket.close()


class Site:
    """A router before the newsroom, and clients of it."""

    def __init__(self, news: News, folder: Path, http: aiohttp.ClientSession, **settings: Any) -> None:
        self.news = news
        self.supergraph = folder / "supergraph.graphql"
        self.supergraph.write_text(supergraph_sdl(news))
        self.config = folder / "router.yaml"
        self.address = ""
        self._http = http
        fixed = {
            "supergraph": "supergraph.graphql",
            "authorization": {"anonymous_only": True},
            "reload": {"interval_s": 0.02},
        }
        self.config.write_text(json.dumps({**fixed, **settings}))

    async def client(self, query: str = QUERY, **headers: str) -> Client:
        """A new client that has subscribed."""
        address = f"ws://{self.address}/graphql"
        client = Client(await self._http.ws_connect(address, protocols=("graphql-transport-ws",), headers=headers))
        await client.begin(query)
        return client

    async def clients(self, count: int, query: str = QUERY) -> Sequence[Client]:
        """Several of them, who all listen by now."""
        before = await self.metric("router_subscriptions")
        clients = [await self.client(query) for _ in range(count)]
        await self.until_listening(before + count)
        return clients

    async def until_listening(self, count: int) -> None:
        """Wait until the router serves as many subscriptions."""
        async with asyncio.timeout(10):
            while await self.metric("router_subscriptions") != count:
                await asyncio.sleep(0.01)

    async def reloaded(self) -> None:
        """Wait until another gate serves."""
        async with asyncio.timeout(10):
            while 'router_reloads_total{outcome="applied"} 1.0' not in await self._metrics():
                await asyncio.sleep(0.01)

    async def metric(self, name: str) -> int:
        """What /metrics says."""
        line = next(line for line in (await self._metrics()).splitlines() if line.startswith(f"{name} "))
        return round(float(line.split()[1]))

    async def _metrics(self) -> str:
        async with self._http.get(f"http://{self.address}/metrics") as answer:
            return await answer.text()


@asynccontextmanager
async def running(folder: Path, **settings: Any) -> AsyncIterator[Site]:
    """The router with these settings."""
    async with AsyncExitStack() as open_:
        news = await open_.enter_async_context(newsroom())
        http = await open_.enter_async_context(aiohttp.ClientSession())
        site = Site(news, folder, http, **settings)
        site.address = await open_.enter_async_context(serving(create_app(ConfigSource(site.config))))
        yield site


def headline(number: int) -> dict[str, Any]:
    """The event of a headline, completed."""
    return {"headlines": {"id": str(number), "title": f"Headline {number}", "comment": f"So much for {number}"}}


@pytest.mark.parametrize("protocol", ["graphql-transport-ws", "sse", "multipart"])
async def test_everybody_gets_every_event_and_the_subgraphs_are_asked_once(tmp_path: Path, protocol: str) -> None:
    """One subscription at the source, one comment asked per event, all events to all in order; nothing is left open."""
    async with running(tmp_path, subgraphs={"news": {"subscriptions": {"protocol": protocol}}}) as site:
        clients = await site.clients(20)
        for number in range(1, 6):
            await site.news.listening(1)
            site.news.publish(number)
        told = await asyncio.gather(*(client.events(5) for client in clients))

        assert told == [[headline(number) for number in range(1, 6)]] * 20
        assert (site.news.opened, site.news.commented) == (1, 5)
        assert await site.metric("router_subgraph_subscriptions") == 1

        for client in clients:
            await client.leave()
        await site.news.listening(0)


async def test_callers_share_nothing(tmp_path: Path) -> None:
    """Whoever comes with another token has a source of their own, and comments of their own."""
    async with running(tmp_path) as site:
        tokens = ["Bearer ann", "Bearer bob", "Bearer ann"]
        clients = [await site.client(authorization=token) for token in tokens]
        await site.until_listening(3)
        await site.news.listening(2)
        site.news.publish(1)

        assert [await client.events(1) for client in clients] == [[headline(1)]] * 3
        assert sorted(map(str, site.news.callers)) == ["Bearer ann", "Bearer bob"]
        assert (site.news.opened, site.news.commented) == (2, 2)
        for client in clients:
            await client.leave()


async def test_different_operations_share_what_they_listen_to(tmp_path: Path) -> None:
    """The source is asked for the same, whatever each makes of it; each gets what it asked for."""
    async with running(tmp_path) as site:
        other = "subscription { headlines { id title said: comment } }"
        clients = [*await site.clients(2), *await site.clients(1, other)]
        await site.news.listening(1)
        site.news.publish(1)

        [[aliased]] = [await client.events(1) for client in clients[2:]]
        assert [await client.events(1) for client in clients[:2]] == [[headline(1)]] * 2
        assert aliased == {"headlines": {"id": "1", "title": "Headline 1", "said": "So much for 1"}}
        assert (site.news.opened, site.news.commented) == (1, 2), "one source, and comments for each operation"
        for client in clients:
            await client.leave()


async def test_the_first_to_come_may_leave(tmp_path: Path) -> None:
    """The others hear on, over the source that was opened for it."""
    async with running(tmp_path) as site:
        leader, *others = await site.clients(3)
        await site.news.listening(1)
        await leader.leave()
        await site.until_listening(2)
        site.news.publish(1)

        assert [await client.events(1) for client in others] == [[headline(1)]] * 2
        assert site.news.opened == 1
        for client in others:
            await client.leave()


async def test_a_source_outlives_a_reload(tmp_path: Path) -> None:
    """Under a new supergraph the old clients hear on, and new ones join the same source; both by the new plan."""
    async with running(tmp_path) as site:
        old = await site.clients(2)
        await site.news.listening(1)
        site.news.publish(1)
        assert [await client.events(1) for client in old] == [[headline(1)]] * 2

        site.supergraph.write_text(site.supergraph.read_text().replace("paper", "journal"))
        await site.reloaded()
        new = await site.clients(2)
        site.news.publish(2)

        assert [await client.events(1) for client in (*old, *new)] == [[headline(2)]] * 4
        assert (site.news.opened, site.news.commented) == (1, 2)
        for client in (*old, *new):
            await client.leave()


async def test_who_needs_the_present_state_joins_at_the_start_only(tmp_path: Path) -> None:
    """With `share: at_start`, a field that begins with what is now tells it to those who come later, too."""
    query = "subscription { latest }"
    async with running(tmp_path, subgraph_subscriptions={"share": "at_start"}) as site:
        site.news.latest = 7
        early = await site.client(query)
        assert await early.events(1) == [{"latest": 7}]
        late = await site.client(query)
        assert await late.events(1) == [{"latest": 7}]

        await site.news.listening(2)
        site.news.publish(8)
        assert [await client.events(1) for client in (early, late)] == [[{"latest": 8}]] * 2
        for client in (early, late):
            await client.leave()


async def test_events_that_come_faster_than_they_can_be_completed(tmp_path: Path) -> None:
    """The source waits for nobody: the row of what is not completed yet is bounded, too, and its end has its code."""
    async with running(tmp_path, subscriptions={"queue_events": 3}) as site:
        [client] = await site.clients(1)
        await site.news.listening(1)
        for number in range(100):
            site.news.publish(number)

        message = await client.ending()

        assert message["type"] == "error"
        assert [error["extensions"]["code"] for error in message["payload"]] == ["SUBSCRIPTION_TOO_SLOW"]
        assert await site.metric("router_subgraph_events_dropped") >= 4
        await site.news.listening(0)
        await client.leave()


async def test_a_subgraph_that_goes_away_is_told_to_everybody(tmp_path: Path) -> None:
    """Where nothing is opened again, all clients get the error of the subgraph, and then the end."""
    async with running(tmp_path, subgraph_subscriptions={"reconnect": {"tries": 0}}) as site:
        clients = await site.clients(3)
        await site.news.listening(1)
        await site.news.sockets[0].close(code=1012)

        for client in clients:
            [error] = await client.errors()
            assert error["extensions"]["code"] == "DOWNSTREAM_SERVICE_ERROR"
            assert error["message"] == 'Subgraph "news" broke off the subscription.'
            assert await client.ending() == {"id": "1", "type": "complete"}
            await client.leave()


async def test_a_subgraph_that_comes_back_is_noticed_by_nobody(tmp_path: Path) -> None:
    """The subscription is opened again, and clients hear on."""
    async with running(tmp_path, subgraph_subscriptions={"reconnect": {"first_s": 0.01}}) as site:
        clients = await site.clients(3)
        await site.news.listening(1)
        await site.news.sockets[0].close(code=1012)
        await site.news.opened_again(2)
        site.news.publish(1)

        assert [await client.events(1) for client in clients] == [[headline(1)]] * 3
        for client in clients:
            await client.leave()
