"""Everybody's screen: a WebSocket to the router with the subscription of one's notifications, and when each of them was there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import aiohttp
import orjson

from benchmarks.transfers.people import Person

SUBSCRIPTION = (
    "subscription { notifications { id cursor kind title body happenedAt createdAt transfer { id } reward { id } } }"
)
PATIENCE_S = 60.0
LOOK_EVERY_S = 0.05
SETTLE_S = 1.0  # behind the router's word that all subscriptions are there: each stream's place is read meanwhile


class NotShown(Exception):
    """Somebody's screen lacks a notification, shows one twice, or went dark."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One notification on a screen. `happened_at`, `created_at`, `shown_at`: seconds since 1970, by one machine's clock."""

    reader: int
    kind: str
    subject: str  # the reward's id, or the transfer's
    happened_at: float
    created_at: float
    shown_at: float


class Screens:
    """What all screens have shown so far, in the order in which it came."""

    def __init__(self) -> None:
        self.shown: list[Shown] = []
        self._ids: set[tuple[int, str]] = set()

    def show(self, reader: int, said: bytes) -> None:
        """Raises NotShown for a repeat and for an error."""
        shown_at = time.time()
        match orjson.loads(said):
            case {"type": "next", "payload": {"data": {"notifications": notification}}}:
                if (reader, notification["id"]) in self._ids:
                    raise NotShown(f"a notification came twice: {notification}")
                self._ids.add((reader, notification["id"]))
                self.shown.append(_shown(reader, notification, shown_at))
            case {"type": "ping" | "pong"}:
                return
            case other:
                raise NotShown(f"instead of a notification: {other}")

    async def have(self, number: int) -> None:
        """Return when so many have been shown in all. Raises NotShown."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while len(self.shown) < number:  # noqa: ASYNC110  a look now and then costs the measured nothing
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            raise NotShown(f"{len(self.shown)} of {number} notifications have been shown") from None


@asynccontextmanager
async def lit_screens(port: int, people: Sequence[Person]) -> AsyncIterator[Screens]:
    """A screen for each of the people while the block runs; each shows what comes from now on."""
    screens = Screens()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session, asyncio.TaskGroup() as watching:
        sockets = await asyncio.gather(*(_subscribed(session, person) for person in people))
        await _all_listen(session, len(people))
        watched = [watching.create_task(_watch(socket, reader, screens)) for reader, socket in enumerate(sockets)]
        yield screens
        for task in watched:
            task.cancel()


async def _subscribed(session: aiohttp.ClientSession, person: Person) -> aiohttp.ClientWebSocketResponse:
    socket = await session.ws_connect("/graphql", protocols=["graphql-transport-ws"])
    await socket.send_json({"type": "connection_init", "payload": {"Authorization": f"Bearer {person.token}"}})
    acknowledged = await socket.receive_json(timeout=PATIENCE_S)
    if acknowledged["type"] != "connection_ack":
        raise NotShown(f"instead of connection_ack: {acknowledged}")
    await socket.send_json({"id": "1", "type": "subscribe", "payload": {"query": SUBSCRIPTION}})
    return socket


async def _all_listen(session: aiohttp.ClientSession, number: int) -> None:
    """A subscription is not acknowledged: the router is asked how many there are."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            async with session.get("/metrics") as answer:
                if f"router_subscriptions {number}.0" in await answer.text():
                    break
            await asyncio.sleep(LOOK_EVERY_S)
    await asyncio.sleep(SETTLE_S)


async def _watch(socket: aiohttp.ClientWebSocketResponse, reader: int, screens: Screens) -> None:
    async for frame in socket:
        screens.show(reader, frame.data)
    raise NotShown(f"a screen went dark: {socket.close_code}")


def _shown(reader: int, notification: dict[str, object], shown_at: float) -> Shown:
    match notification:
        case {"reward": {"id": str(subject)}} | {"transfer": {"id": str(subject)}}:
            happened_at, created_at = _seconds(notification["happenedAt"]), _seconds(notification["createdAt"])
            return Shown(reader, str(notification["kind"]), subject, happened_at, created_at, shown_at)
    raise NotShown(f"about nothing: {notification}")


def _seconds(instant: object) -> float:
    return datetime.fromisoformat(str(instant)).timestamp()
