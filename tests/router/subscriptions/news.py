"""A graph whose subscriptions are worth sharing: headlines go to all who listen, and comments on them come from elsewhere.

Both subgraphs are Strawberry's, behind a real server, and take subscriptions by every protocol.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import strawberry
from strawberry.asgi import GraphQL
from strawberry.types import Info

from router.composition import Composed, SubgraphInput, compose
from tests.router.transport.subgraphs import PROTOCOLS, served


@dataclass
class News:
    """What the subgraphs share with the test: who listens, how often comments were asked for, and as whom."""

    urls: dict[str, str] = field(default_factory=dict)
    opened: int = 0
    commented: int = 0
    callers: list[str | None] = field(default_factory=list)
    sockets: list[Any] = field(default_factory=list)
    listeners: list[asyncio.Queue[int]] = field(default_factory=list)
    latest: int = 0

    def publish(self, number: int) -> None:
        """Tell everybody."""
        self.latest = number
        for listener in self.listeners:
            listener.put_nowait(number)

    async def opened_again(self, times: int) -> None:
        """Wait until a subscription is open that is at least the so manieth."""
        async with asyncio.timeout(10):
            while self.opened < times or not self.listeners:
                await asyncio.sleep(0.01)

    async def listening(self, sources: int) -> None:
        """Wait until as many subscriptions are open here."""
        async with asyncio.timeout(10):
            while len(self.listeners) != sources:
                await asyncio.sleep(0.01)


def _news(info: Info[Any, Any]) -> News:
    news: News = info.context["request"].scope["state"]["news"]
    return news


@strawberry.federation.type(keys=["id"])
class Headline:
    id: strawberry.ID
    title: str


@strawberry.type
class Query:
    @strawberry.field
    def paper(self) -> str:
        return "Ahoy"


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def headlines(self, info: Info[Any, Any]) -> AsyncGenerator[Headline, None]:
        """Those to come."""
        async for number in _heard(info):
            yield Headline(id=strawberry.ID(str(number)), title=f"Headline {number}")

    @strawberry.subscription
    async def latest(self, info: Info[Any, Any]) -> AsyncGenerator[int, None]:
        """The present one first."""
        yield _news(info).latest
        async for number in _heard(info):
            yield number


async def _heard(info: Info[Any, Any]) -> AsyncGenerator[int, None]:
    news, queue = _news(info), asyncio.Queue[int]()
    news.opened += 1
    news.sockets.append(info.context["request"])
    news.callers.append(info.context["request"].headers.get("authorization"))
    news.listeners.append(queue)
    try:
        while True:
            yield await queue.get()
    finally:
        news.listeners.remove(queue)


@strawberry.federation.type(name="Headline", keys=["id"])
class Commented:
    id: strawberry.ID

    @strawberry.field
    async def comment(self, info: Info[Any, Any]) -> str:
        """Takes a moment, in which others may want the same."""
        _news(info).commented += 1
        await asyncio.sleep(0.01)
        return f"So much for {self.id}"

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Commented:  # noqa: A002 - the key's name in the schema
        return cls(id=id)


@strawberry.type
class CommentsQuery:
    @strawberry.field
    def tone(self) -> str:
        return "dry"


NEWS = strawberry.federation.Schema(Query, subscription=Subscription, types=[Headline])
COMMENTS = strawberry.federation.Schema(CommentsQuery, types=[Commented])


def supergraph_sdl(news: News) -> str:
    """The graph, at the addresses where it is served."""
    schemas = {"news": NEWS, "comments": COMMENTS}
    composed = compose([SubgraphInput(name, schema.as_str(), news.urls[name]) for name, schema in schemas.items()])
    assert isinstance(composed, Composed), composed
    return composed.sdl


@asynccontextmanager
async def newsroom() -> AsyncIterator[News]:
    """Serve both subgraphs."""
    news = News()

    def mounted(schema: strawberry.Schema) -> Any:
        inner = GraphQL[Any, Any](schema, subscription_protocols=PROTOCOLS)

        async def app(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("state", {})["news"] = news
            await inner(scope, receive, send)

        return app

    async with served({"news": mounted(NEWS), "comments": mounted(COMMENTS)}) as news.urls:
        yield news
