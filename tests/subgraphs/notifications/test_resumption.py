"""A client that is cut off again and again, while replicas and Redis die: every notification reaches it once, in order."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from uuid import UUID

import aiohttp
import pytest

from payflow.dev.testing import private_temporary_folder
from payflow.dev.valkey import ValkeyServer, prepare_valkey, valkey_part
from payflow.kernel.db import Database
from payflow.kernel.hints import RedisHints
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from payflow.kernel.settings import Settings
from subgraphs.notifications import store
from subgraphs.notifications.domain import on_transfer_completed
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.harness import Keys
from tests.subgraphs.notifications.mortal import Mortal, alive, replica, router_before
from tests.subgraphs.notifications.world import cause, service, transfer

NOTIFICATIONS = 2_000
CUTS = 50
READ_MAX = NOTIFICATIONS // CUTS - 1  # what a connection delivers before it is cut, so that there are more than CUTS
WRITTEN_PER_S = 200
TOGETHER_MAX = 8  # written by one transaction, as the consumer does
SUBSCRIBE = "subscription ($after: String) { notifications(after: $after) { cursor title } }"
START = "MA"  # the cursor before the first notification of a stream
PATIENCE_S = 1.5  # a client that hears nothing for so long hangs up and comes again
PAUSE_S = 0.05  # before a replica that is away is asked again


@dataclass
class World:
    """Replicas, the doors at which clients come in, and who writes."""

    database: Database
    hints: RedisHints
    valkey: Mortal
    replicas: Sequence[Mortal]
    doors: Sequence[Mortal]
    reader: UUID
    written: int = 0

    async def write(self) -> None:
        """All notifications of the reader, of $1.00, $2.00 … in that order."""
        chance = random.Random(11)
        while self.written < NOTIFICATIONS:
            number = min(chance.randint(1, TOGETHER_MAX), NOTIFICATIONS - self.written)
            paid = [transfer((self.written + 1 + one) * 100, payee_id=self.reader) for one in range(number)]
            notices = [notice for each in paid for notice in on_transfer_completed(cause(), each)]
            async with self.database.unit_of_work() as work:
                await service(self.hints).tell(notices, work)
            self.written += number
            await asyncio.sleep(number / WRITTEN_PER_S)

    async def disturb(self) -> None:
        """Kill everything in turn while notifications are written, and start it again."""
        one, two = self.replicas
        for at, mortal in ((200, self.valkey), (500, one), (800, two), (1100, self.valkey), (1400, self.doors[0])):
            while self.written < at:
                await asyncio.sleep(0.02)
            await mortal.kill()
            await asyncio.sleep(0.3)
            await mortal.start()


@dataclass
class Client:
    """Somebody with a bad connection. `cuts` counts how often one broke that had delivered something."""

    urls: Sequence[str]
    token: str
    titles: list[str] = field(default_factory=list)
    cursor: str = START
    cuts: int = 0
    _chance: random.Random = field(default_factory=lambda: random.Random(7))

    async def read(self, number: int) -> None:
        """Subscribe, be cut off, and subscribe again with the last cursor, until so many have come; a last look finds no more."""
        while len(self.titles) < number:
            await self._connect_and_read(min(self._chance.randint(1, READ_MAX), number - len(self.titles)))
        await self._connect_and_read(1)

    async def _connect_and_read(self, most: int) -> None:
        """Read so many, unless the connection is lost before, and hang up without a word."""
        before = len(self.titles)
        headers = {"authorization": f"Bearer {self.token}"}
        async with aiohttp.ClientSession() as http:
            try:
                url = self._chance.choice(self.urls)
                socket = await http.ws_connect(url, protocols=["graphql-transport-ws"], headers=headers)
                await self._subscribe(socket)
                while len(self.titles) < before + most and await self._took_one(socket):
                    pass
            except (aiohttp.ClientError, aiohttp.WSMessageTypeError, TimeoutError):
                await asyncio.sleep(PAUSE_S)
        self.cuts += len(self.titles) > before

    async def _subscribe(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        await socket.send_json({"type": "connection_init", "payload": {"authorization": f"Bearer {self.token}"}})
        assert (await socket.receive_json(timeout=5))["type"] == "connection_ack"
        payload = {"query": SUBSCRIBE, "variables": {"after": self.cursor}}
        await socket.send_json({"id": "1", "type": "subscribe", "payload": payload})

    async def _took_one(self, socket: aiohttp.ClientWebSocketResponse) -> bool:
        """Whether there was one; errors and the end of the subscription are none."""
        while (message := await socket.receive_json(timeout=PATIENCE_S))["type"] in ("ping", "pong"):
            await socket.send_json({"type": "pong"})
        if message["type"] != "next" or "errors" in message["payload"]:
            return False
        notification = message["payload"]["data"]["notifications"]
        self.titles.append(notification["title"])
        self.cursor = notification["cursor"]
        return True


@pytest.fixture
async def world(request: pytest.FixtureRequest, make_settings: MakeSettings) -> AsyncIterator[World]:
    async with AsyncExitStack() as closing:
        folder = closing.enter_context(private_temporary_folder())
        server = ValkeyServer(folder / "valkey", folder / "run", password=secrets.token_hex(16))
        prepare_valkey(server)
        settings = await make_settings("notifications", redis_url=server.url())
        replicas = [Mortal(replica(settings, f"replica-{number}"), folder) for number in (1, 2)]
        routers = [Mortal(router_before(each.part, settings), folder) for each in replicas] if request.param else []
        valkey, database, hints = Mortal(valkey_part(server), folder), *_writer(settings)
        closing.push_async_callback(database.close)
        closing.push_async_callback(hints.close)
        await closing.enter_async_context(alive(valkey, *replicas, *routers))
        yield World(database, hints, valkey, replicas, routers or replicas, reader=new_id())


def _writer(settings: Settings) -> tuple[Database, RedisHints]:
    """What the consumer's process has."""
    return Database(settings.database_url("notifications")), RedisHints(settings.redis_url)


@pytest.mark.parametrize("world", [False, True], ids=["replicas", "behind-routers"], indirect=True)
async def test_every_notification_once_and_in_order(world: World, keys: Keys) -> None:
    """Two thousand are written; the client is cut off fifty times, and replicas, a router and Redis are killed meanwhile."""
    urls = [f"ws://127.0.0.1:{door.part.port}/graphql" for door in world.doors]
    client = Client(urls, keys.user_token(world.reader))

    async with asyncio.timeout(90):
        await asyncio.gather(world.write(), world.disturb(), client.read(NOTIFICATIONS))

    assert client.titles == [
        f"You received {Money(number * 100, 'USD').formatted}" for number in range(1, NOTIFICATIONS + 1)
    ]
    assert client.cuts > CUTS
    async with world.database.read() as connection:
        assert await store.unread_counts(connection, [world.reader]) == {world.reader: NOTIFICATIONS}
